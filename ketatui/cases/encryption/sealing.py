"""How bytes of a case or a draft get to the disk and back: as they are, or encrypted.

Reading goes by what a file holds, so that an encrypted case opens wherever it lies. Writing
goes by what the folder says (``seal_of``).
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from pathlib import Path

from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.encryption.age import (
    MAGIC,
    DamagedError,
    NoKeyError,
    SealError,
    encrypted,
    is_encrypted,
    opened,
)
from ketatui.cases.encryption.keys import Identities, identities
from ketatui.cases.encryption.state import Kind, is_locked, read_state
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.identifiers import AGE
from ketatui.structs import Frozen

_LINE = base64.b64encode(MAGIC[:21])
"""How an encrypted line of a draft begins: 21 bytes are written as 28 letters whatever follows."""
_LINES_KEPT = 4096
_BEGIN = 4096
"""Bytes of a file that tell whether it is encrypted."""


class Seal(Frozen, frozen=True):
    """How the files of a folder are written.

    Attributes:
        folder: The folder of cases.
        recipients: Who can read them; empty where they are not encrypted.
        converting: What was begun with the folder and is not finished.
    """

    folder: Path
    recipients: tuple[str, ...] = ()
    converting: Kind | None = None

    def data(self, plain: bytes) -> bytes:
        """Make what a file holds.

        Args:
            plain: A case as text.

        Returns:
            The content of its file.

        Raises:
            CaseError: If a recipient's key cannot be used.
        """
        if not self.recipients:
            return plain
        try:
            return encrypted(plain, self.recipients)
        except SealError as error:
            raise self._refused(str(error)) from None

    def line(self, plain: bytes) -> bytes:
        """Make a line of a draft. Each is encrypted by itself, so that the file can grow.

        Args:
            plain: JSON with its line feed.

        Returns:
            A line with its line feed.

        Raises:
            CaseError: If a recipient's key cannot be used.
        """
        if not self.recipients:
            return plain
        return base64.b64encode(self.data(plain.rstrip(b"\n"))) + b"\n"

    def path(self, plain: Path) -> Path:
        """Name the file of a case.

        Args:
            plain: What it is called unencrypted, or either name.

        Returns:
            What it is called in this folder.
        """
        name = plain.name.removesuffix(AGE)
        return plain.with_name(f"{name}{AGE}" if self.recipients else name)

    def check_keys(self, what: str = "encrypted") -> None:
        """Make sure that what is written can be read again by who writes it.

        Args:
            what: What to say before the reason.

        Raises:
            CaseError: If there is no key here that opens it.
        """
        if not self.recipients:
            return
        try:
            opened(encrypted(b"", self.recipients), identities(self.folder))
        except SealError as error:
            raise self._refused(f"{what}; {error}") from None

    def check_settled(self) -> None:
        """Make sure that nobody saves into a folder that is half converted.

        Raises:
            CaseError: If it is.
        """
        if self.converting is not None:
            how = f"finish it with: ketatui cases {self.converting}"
            raise self._refused(f"a change of its encryption was interrupted; {how}")

    def check_no_plainer(self, path: Path) -> None:
        """Make sure that what takes the place of an encrypted file is encrypted as well.

        Args:
            path: The file; it need not exist.

        Raises:
            CaseError: If it is encrypted, and what is written would not be.
        """
        if not self.recipients and is_sealed_file(path):
            why = "is encrypted, and its folder is not: it would be saved for everybody to read"
            raise CaseError(str(path), [Problem(None, "", why)])

    def _refused(self, why: str) -> CaseError:
        return CaseError(str(self.folder), [Problem(None, "", why)])


def seal_of(folder: Path) -> Seal:
    """Return how the files of a folder are written; asked anew for every file.

    Args:
        folder: The folder of cases.

    Returns:
        Its seal.

    Raises:
        CaseError: If the folder is encrypted, and it cannot be known for whom.
    """
    state = read_state(folder)
    return Seal(folder, state.recipients, state.converting) if state else Seal(folder)


def problem_of(folder: Path) -> str:
    """Say why the cases of a folder cannot be opened here, or not be saved.

    Args:
        folder: The folder of cases.

    Returns:
        One line; empty for a folder that is not encrypted, or is so with nothing amiss.
    """
    if not is_locked(folder):
        return ""
    try:
        seal = seal_of(folder)
        opened(encrypted(b"", seal.recipients), identities(folder))
        seal.check_settled()
    except CaseError as error:
        return error.problems[0].said_of(Path(error.path).name)
    except SealError as error:
        return f"encrypted; {error}"
    return ""


def read_sealed(path: Path, limit: int) -> bytes:
    """Read a file, encrypted or not.

    Args:
        path: The file.
        limit: The most bytes that it may hold, encryption apart.

    Returns:
        What was written, before any encryption.

    Raises:
        CaseError: If it cannot be read or opened.
    """
    return read_and_told(path, limit)[0]


def read_and_told(path: Path, limit: int) -> tuple[bytes, bool]:
    """Read a file, and tell whether it is encrypted.

    Args:
        path: The file.
        limit: The most bytes that it may hold, encryption apart.

    Returns:
        What was written, before any encryption, and whether there is any.

    Raises:
        CaseError: If it cannot be read or opened.
    """
    if not path.name.endswith(AGE):
        data = read_bytes_limited(path, limit)
        return unsealed(data, path), is_encrypted(data)
    data = read_bytes_limited(path, _stored(limit))
    if not is_encrypted(data):
        why = "is not encrypted, though its name says so"
        raise CaseError(str(path), [Problem(None, "", why)])
    return unsealed(data, path), True


def _stored(limit: int) -> int:
    """Return how large a file may be that holds so much: the armored form is a third longer."""
    return limit * 3 // 2 + 10_000


def unsealed(data: bytes, path: Path) -> bytes:
    """Open what a file holds, if it is encrypted.

    Args:
        data: The content.
        path: The file, for errors.

    Returns:
        What was written, before any encryption.

    Raises:
        CaseError: If it cannot be opened.
    """
    if not is_encrypted(data):
        return data
    try:
        return opened(data, _identities(path.parent))
    except SealError as error:
        raise CaseError(str(path), [Problem(None, "", f"encrypted; {error}")]) from None


def _identities(folder: Path) -> Identities:
    return identities(folder if is_locked(folder) else None)


def _is_sealed_line(line: bytes) -> bool:
    """Tell whether a line of a draft is encrypted; JSON never begins so."""
    return line.startswith(_LINE)


def is_sealed_file(path: Path) -> bool:
    """Tell whether a file of a case is encrypted, by how it begins; not where it is missing."""
    try:
        with path.open("rb") as file:
            return is_encrypted(file.read(_BEGIN))
    except OSError:
        return False


def is_sealed_draft(path: Path) -> bool:
    """Tell whether a draft is encrypted, by how it begins.

    Args:
        path: The draft.

    Returns:
        Whether it is, or holds nothing that could be; also for one that cannot be read here.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(len(_LINE))
    except OSError:
        return True
    return not begin or _is_sealed_line(begin)


class LineOpener:
    """Opens the lines of a draft; those that are not encrypted are given back as they are."""

    def __init__(self, folder: Path) -> None:
        """Ask for no key yet: there may be nothing to open.

        Args:
            folder: The folder of cases.
        """
        self._folder = folder
        self._keys: Identities = ()

    def __call__(self, line: bytes) -> bytes:
        """Open a line.

        Args:
            line: The line.

        Returns:
            JSON.

        Raises:
            NoKeyError: If there is no key that opens it.
            DamagedError: If it was changed or cut off.
        """
        if not _is_sealed_line(line):
            return line
        self._keys = self._keys or _identities(self._folder)
        return _opened_line(line.rstrip(b"\n"), self._keys)


# The list of drafts reads each of them again whenever it is drawn.
@lru_cache(maxsize=_LINES_KEPT)
def _opened_line(line: bytes, keys: Identities) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except binascii.Error:
        raise DamagedError("damaged or changed: it cannot be opened") from None
    return opened(data, keys)


__all__ = [
    "DamagedError",
    "LineOpener",
    "NoKeyError",
    "Seal",
    "is_locked",
    "problem_of",
    "read_and_told",
    "read_sealed",
    "seal_of",
    "unsealed",
]
