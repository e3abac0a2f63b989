"""Drafts: every answer is on disk before the next key is read.

A draft is a file of JSON lines in ``drafts/`` beside the saved cases; each line is encrypted where
the folder is. While a window has it
open, it holds a lock; the lock of a process that died is free again.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from ketatui.cases.atomic import sweep, sync_folder, write_atomically
from ketatui.cases.encryption.sealing import Seal, is_sealed_draft, seal_of
from ketatui.cases.errors import CaseError, DraftInUseError, Problem
from ketatui.cases.folders import prepare_folder, refuse_link
from ketatui.cases.identifiers import is_case_id
from ketatui.cases.journal_file import (
    Header,
    JournalContent,
    event_line,
    folder_of_draft,
    header_line,
    read_journal,
)
from ketatui.cases.locks import Lock, Timeout
from ketatui.cases.model import Case
from ketatui.cases.store import Stamp

__all__ = ["Header", "Journal", "JournalContent", "draft_path", "lock_of", "read_journal"]

_PATIENCE = 0.5
"""Seconds: a list of drafts holds each lock for an instant, to see whether it is free."""


class Journal:
    """A draft that is open for writing. Made by ``create`` or ``resume``."""

    def __init__(self, path: Path, lock: Lock, seal: Seal) -> None:
        """Open a journal whose lock is held.

        Args:
            path: The file; it exists and ends with a whole line.
            lock: Its lock, to be given up when closed.
            seal: How its lines are written; while the lock is held, nobody converts the draft.
        """
        self.path = path
        self._lock = lock
        self._seal = seal
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
        self._size = os.fstat(self._file).st_size
        self._torn = False

    @classmethod
    def create(
        cls, folder: Path, case: Case, *, pack: str, base: Stamp | None, now: dt.datetime
    ) -> Self:
        """Begin a draft.

        Args:
            folder: The folder of saved cases; drafts are in ``drafts/`` within.
            case: The case as it is now; its id names the draft.
            pack: What to call the criteria pack in use.
            base: The saved case being amended; None for a new one.
            now: The moment, with its time zone.

        Returns:
            The open draft.

        Raises:
            CaseError: If there is a draft of this case already, or the id is none of ours.
            DraftInUseError: If it is open in another window.
            OSError: If the disk refuses.
        """
        path = draft_path(folder, case.id)
        # Before a folder is made in the place of an encrypted one that is away.
        seal_of(folder)
        prepare_folder(folder)
        prepare_folder(path.parent, ours=True)
        lock = _locked(path)
        try:
            if path.exists() or path.is_symlink():
                message = "there is a draft of this case already; resume or discard it"
                raise CaseError(str(path), [Problem(None, "", message)])
            try:
                line = header_line(Header(case.id, pack, now, base, case))
                return cls(path, lock, _begun(path, line))
            except OSError:
                # It holds nothing yet, and would stand in the way of the next attempt.
                with suppress(OSError):
                    path.unlink()
                raise
        except BaseException:
            lock.release()
            raise

    @classmethod
    def resume(cls, path: Path) -> tuple[Self, JournalContent]:
        """Open a draft that was left.

        A torn last line is cut off. A journal damaged further up is kept aside under another
        name, and goes on with what was before the damage.

        Args:
            path: The draft.

        Returns:
            The open draft, and what it held.

        Raises:
            CaseError: If not even its header can be read; the file is left as it is.
            DraftInUseError: If it is open in another window.
            OSError: If the disk refuses.
        """
        refuse_link(path.parent)
        if not path.parent.is_dir():
            raise CaseError(str(path), [Problem(None, "", "this draft is not there any more")])
        lock = _locked(path)
        try:
            if path.is_symlink():
                raise CaseError(str(path), [Problem(None, "", "this is a symbolic link")])
            sweep(path)
            content = read_journal(path)
            if content.header is None:
                raise CaseError(str(path), [Problem(None, "", content.problem or "unreadable")])
            seal = seal_of(folder_of_draft(path))
            if not seal.recipients and is_sealed_draft(path):
                why = "this draft is encrypted, and its folder is not: nothing of it may go on"
                how = "copy .ketatui-encryption.toml from where it was, too"
                raise CaseError(str(path), [Problem(None, "", f"{why} in plain; {how}")])
            seal.check_keys()
            _mend(path, content)
            return cls(path, lock, seal), content
        except BaseException:
            lock.release()
            raise

    def append(self, event: Mapping[str, Any]) -> None:
        """Add an event. It is on disk when this returns.

        Args:
            event: Anything the caller will understand later; values as a case holds them.

        Raises:
            TypeError: If it has no JSON form.
            OSError: If the disk refuses; what was there before stays whole, and another
                attempt may succeed. Also if the journal is closed, as by a terminal that went
                away while keys were still waiting.
        """
        if self._file < 0:
            raise OSError(errno.EBADF, "the draft is closed")
        line = self._seal.line(event_line(event))
        self._check_whole()
        try:
            _write_all(self._file, line)
            os.fsync(self._file)
        except OSError:
            # Half a line of an attempt that failed would damage the next one.
            self._torn = True
            self._mend_own()
            raise
        self._size += len(line)

    def _check_whole(self) -> None:
        """Refuse to write to a file that is gone, or that somebody else has written to.

        Raises:
            OSError: Saying which of the two it is.
        """
        if self._torn:
            self._mend_own()
        ours = os.fstat(self._file)
        try:
            named = self.path.stat()
        except OSError as error:
            message = "the draft's file is gone; save the case, or go back and begin anew"
            raise OSError(error.errno, message) from None
        if (named.st_dev, named.st_ino) != (ours.st_dev, ours.st_ino):
            raise OSError(errno.ESTALE, "the draft's file was replaced by another")
        if ours.st_size != self._size:
            raise OSError(errno.ESTALE, "the draft's file was changed by another window")

    def _mend_own(self) -> None:
        """Cut off what an own attempt that failed has left."""
        with suppress(OSError):
            os.ftruncate(self._file, self._size)
            self._torn = False

    def close(self) -> None:
        """Leave the draft for later. Closing twice does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self._lock.release()

    def discard(self) -> None:
        """Remove the draft: its case was saved, or thrown away on purpose.

        Raises:
            OSError: If the file cannot be removed; the draft is then still open.
        """
        self.path.unlink(missing_ok=True)
        sync_folder(self.path.parent)
        # While it is held: whoever waits for it sees that it is gone and makes a new one.
        with suppress(OSError):
            self.path.with_suffix(".lock").unlink()
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def draft_path(folder: Path, case_id: str) -> Path:
    """Return the file of a draft.

    Args:
        folder: The folder of saved cases.
        case_id: The case's id.

    Returns:
        Its path, whether or not it exists.

    Raises:
        CaseError: If it is no id of ours; ids are never trusted as paths.
    """
    if not is_case_id(case_id):
        raise CaseError(str(folder), [Problem(None, "id", "this case has no id of ours")])
    return folder / "drafts" / f"{case_id}.jsonl"


def lock_of(path: Path) -> Lock:
    """Return the lock that whoever has a draft open holds.

    Args:
        path: The draft.

    Returns:
        The lock, not yet acquired.
    """
    return Lock(path.with_suffix(".lock"), _PATIENCE)


def _locked(path: Path) -> Lock:
    lock = lock_of(path)
    try:
        lock.acquire()
    except Timeout:
        raise DraftInUseError(path.stem) from None
    return lock


def _begun(path: Path, line: bytes) -> Seal:
    """Write the first line, and say how the next ones are to be written."""
    folder = folder_of_draft(path)
    while True:
        seal = seal_of(folder)
        seal.check_keys()
        write_atomically(path, seal.line(line))
        # Encrypting the folder may have begun in between, and not have seen this draft yet.
        if seal_of(folder) == seal:
            return seal


def _mend(path: Path, content: JournalContent) -> None:
    """Make the journal end with a whole line, so that events can follow."""
    whole = path.read_bytes()
    if content.problem is None and len(whole) == content.size:
        return
    if content.problem is not None:
        number = 1
        while (aside := path.with_name(f"{path.stem}.damaged-{number}")).exists():
            number += 1
        write_atomically(aside, whole)
    # Without damage or tear, what is beyond the whole lines is an event without its line feed.
    unfinished = content.problem is None and not content.torn
    write_atomically(path, whole + b"\n" if unfinished else whole[: content.size])


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
