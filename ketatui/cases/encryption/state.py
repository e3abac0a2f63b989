"""For whom a folder is encrypted: a small plain file in it, with public keys only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, get_args

from ketatui.cases.atomic import read_bytes_limited, sync_folder, write_atomically
from ketatui.cases.errors import CaseError, Problem, shown
from ketatui.cases.identifiers import SEALED_SUFFIX
from ketatui.cases.toml_text import decode, parse, render
from ketatui.structs import Frozen

NAME = ".ketatui-encryption.toml"
SCHEMA = 1
_LARGEST = 100_000
_ABOUT = """\
# The cases in this folder are encrypted with age (https://age-encryption.org).
# These are public keys: whoever has the secret key of one of them can read the cases.
# Change them with: ketatui cases rekey
"""

_MET: set[Path] = set()
"""Folders that were encrypted when this program looked."""

Kind = Literal["encrypt", "decrypt", "rekey"]


class State(Frozen, frozen=True):
    """How the files of a folder are to be written.

    Attributes:
        recipients: Public keys.
        converting: What was begun and is not finished; None for a settled folder.
    """

    recipients: tuple[str, ...]
    converting: Kind | None = None


def is_locked(folder: Path) -> bool:
    """Tell whether a folder is encrypted, or being so.

    One that was stays so for this program, unless it decrypts it: a disk or a share that goes
    away leaves an empty folder, and nothing may be written there for everybody to read.

    Args:
        folder: The folder of cases.

    Returns:
        Whether it says so, or said so before; what it says may still be unusable.
    """
    if has_state(folder):
        _MET.add(folder.absolute())
    return folder.absolute() in _MET


def has_state(folder: Path) -> bool:
    """Tell whether the file is there that says for whom a folder is encrypted.

    Args:
        folder: The folder of cases.

    Returns:
        Whether there is anything of that name.
    """
    return os.path.lexists(folder / NAME)


def read_state(folder: Path) -> State | None:
    """Read for whom a folder is encrypted.

    Args:
        folder: The folder of cases.

    Returns:
        What its file says; None for a folder that is not encrypted.

    Raises:
        CaseError: If the file cannot be used, or is missing beside encrypted cases. Nothing
            may be written then: it might be written for everybody to read.
    """
    path = folder / NAME
    was_locked = is_locked(folder)
    if not has_state(folder):
        if holds_sealed(folder):
            why = "is missing, though cases here are encrypted; write it anew with: "
            raise _refused(path, f"{why}ketatui cases rekey --recipient …")
        if was_locked:
            why = "is missing, though this folder was encrypted: is its disk or share away? "
            raise _refused(path, f"{why}If it was decrypted, start the program again")
        return None
    data = parse(decode(read_bytes_limited(path, _LARGEST), str(path)), str(path))
    recipients, converting = data.get("recipients"), data.get("converting")
    if data.get("schema") != SCHEMA:
        raise _refused(path, f"{shown(data.get('schema'))} is no version known here; allowed: 1")
    if not (
        isinstance(recipients, list)
        and recipients
        and all(isinstance(item, str) for item in recipients)
    ):
        raise _refused(
            path, "recipients is no list of keys; allowed: public keys in quotes, one or more"
        )
    if converting not in (None, *get_args(Kind)):
        allowed = ", ".join(get_args(Kind))
        raise _refused(path, f"converting: {shown(converting)} is not known; allowed: {allowed}")
    return State(tuple(recipients), converting)


def write_state(folder: Path, state: State) -> None:
    """Say for whom a folder is encrypted.

    Args:
        folder: The folder of cases.
        state: What to say.

    Raises:
        OSError: If the disk refuses; the file is then as it was.
    """
    data: dict[str, object] = {"schema": SCHEMA, "recipients": list(state.recipients)}
    if state.converting is not None:
        data["converting"] = state.converting
    write_atomically(folder / NAME, (_ABOUT + render(data)).encode())


def remove_state(folder: Path) -> None:
    """Say that a folder is not encrypted any more.

    Args:
        folder: The folder of cases.

    Raises:
        OSError: If the disk refuses.
    """
    (folder / NAME).unlink()
    _MET.discard(folder.absolute())
    sync_folder(folder)


def holds_sealed(folder: Path) -> bool:
    """Tell whether there is an encrypted case in a folder, by its name.

    Args:
        folder: The folder of cases.

    Returns:
        Whether there is one.
    """
    try:
        return any(name.endswith(SEALED_SUFFIX) for name in os.listdir(folder))  # noqa: PTH208
    except OSError:
        return False


def is_secret(folder: Path) -> bool:
    """Tell whether nothing of the cases of a folder may be written where all can read it.

    Args:
        folder: The folder of saved cases.

    Returns:
        True for an encrypted folder, and for one that holds encrypted cases and does not say so,
        as one to which they were copied.
    """
    return is_locked(folder) or holds_sealed(folder)


def _refused(path: Path, why: str) -> CaseError:
    return CaseError(str(path), [Problem(None, "", why)])
