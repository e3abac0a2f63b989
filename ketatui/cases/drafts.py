"""The drafts that wait to be resumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.group_folders import closed_folder
from ketatui.cases.identifiers import begun_text
from ketatui.cases.journal import lock_of, read_journal
from ketatui.cases.locks import Timeout
from ketatui.cases.model import Case
from ketatui.structs import Frozen


class DraftEntry(Frozen, frozen=True):
    """A draft as the home screen shows it."""

    path: Path
    case_id: str
    label: str
    """What the case is called, as of the last change."""
    practice: bool
    last_at: dt.datetime
    """When something was last added."""
    count: int
    """Number of events."""
    in_use: bool
    """Whether a living process has it open."""
    timed: bool
    """Whether a session was begun in it, or before it: its clock may be running."""
    problem: str | None
    """What is damaged, if anything is; what is before the damage can still be resumed."""

    @property
    def called(self) -> str:
        """What a person knows it by: its label, else when it was begun."""
        return self.label or begun_text(self.case_id, self.last_at.astimezone().date())


def list_drafts(folder: Path) -> list[DraftEntry]:
    """List the drafts that wait to be resumed.

    Args:
        folder: The folder of saved cases.

    Returns:
        Drafts, last touched first.

    Raises:
        CaseError: If the folder cannot be read.
    """
    try:
        paths = [path for path in (folder / "drafts").iterdir() if _is_draft(path)]
    except FileNotFoundError:
        return []
    except PermissionError:
        said = f"drafts cannot be listed: {closed_folder(folder / 'drafts')}"
        raise CaseError(str(folder), [Problem(None, "", said)]) from None
    except OSError as error:
        raise CaseError(str(folder), [Problem(None, "", error.strerror or str(error))]) from None
    entries = []
    for path in paths:
        # Another window may discard it between the listing and here.
        with suppress(FileNotFoundError):
            entries.append(_draft(path))
    return sorted(entries, key=lambda entry: (entry.last_at, entry.case_id), reverse=True)


def _is_draft(path: Path) -> bool:
    return path.suffix == ".jsonl" and not path.name.startswith(".")


def _draft(path: Path) -> DraftEntry:
    last_at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    content = read_journal(path)
    snapshot = content.header.snapshot if content.header else Case()
    return DraftEntry(
        path=path,
        case_id=path.stem,
        label=_label(snapshot.label, content.events),
        practice=snapshot.practice,
        last_at=last_at,
        count=len(content.events),
        in_use=is_in_use(path),
        timed=_is_timed(snapshot, content.events),
        problem=content.problem,
    )


def _label(begun_as: str, events: Sequence[Mapping[str, Any]]) -> str:
    """Return the label as of the last event that carries one."""
    for event in reversed(events):
        label = event.get("label")
        if isinstance(label, str):
            return label
    return begun_as


def _is_timed(begun_as: Case, events: Sequence[Mapping[str, Any]]) -> bool:
    visits = (visit for course in begun_as.courses for visit in course.visits)
    if any(visit.first_dose_at and not visit.closed_at for visit in visits):
        return True
    edits = (event.get("visit") for event in events)
    return any(isinstance(edit, Mapping) and edit.get("do") == "clock" for edit in edits)


def is_in_use(path: Path) -> bool:
    """Tell whether a draft is open in some window.

    Args:
        path: The draft.
    """
    lock = lock_of(path)
    if not (lock.path.exists() or lock.stand_in.exists()):
        return False
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    except OSError:
        # A disk that can only be read: nobody can have it open for writing.
        return False
    lock.release()
    return False
