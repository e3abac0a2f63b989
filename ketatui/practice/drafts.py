"""Beginning a practice run, and going on with one that was interrupted."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

from ketatui.cases.drafts import DraftEntry, list_drafts
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.identifiers import new_case_id, new_token
from ketatui.cases.journal import Journal
from ketatui.cases.journal_file import read_journal
from ketatui.cases.model import Case, Record
from ketatui.cases.writing import write_checked
from ketatui.consultation.completing import pack_name, program
from ketatui.engine import Knowledge
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.run import EVENT, Clock, PracticeRun
from ketatui.practice.stages import parts_of


def begin(
    folder: Path,
    library: PracticeLibrary,
    case: PracticeCase,
    knowledge: Knowledge,
    *,
    now: dt.datetime,
    timed: bool = True,
    clock: Clock = time.monotonic,
) -> PracticeRun:
    """Begin a run; its draft is on disk when this returns.

    Raises:
        CaseError: The folder cannot be made, or a stage of the case is faulty.
        OSError: The disk refuses.
    """
    # What is wrong with a stage is told before anything is on disk.
    parts_of(knowledge, case)
    snapshot = Case(
        id=new_case_id(now, new_token()),
        label=case.name,
        practice=True,
        record=Record(created_at=now, program=program()),
    )
    journal = Journal.create(folder, snapshot, pack=pack_name(knowledge), base=None, now=now)
    try:
        run = PracticeRun(library, case, knowledge, journal, snapshot, now, clock=clock)
        journal.append({EVENT: {"timed": timed}, "of": case.id, "digest": case.digest})
        run.timed = timed
    except BaseException:
        journal.close()
        raise
    return run


def resume(
    path: Path, library: PracticeLibrary, knowledge: Knowledge, *, clock: Clock = time.monotonic
) -> tuple[PracticeRun, tuple[str, ...]]:
    """Open a run that was left.

    Args:
        path: Its draft, as `unfinished` names it.
        library: The practice cases.
        knowledge: The compiled pack.
        clock: Measures seconds.

    Returns:
        The run as it was, and what there is to say about it.

    Raises:
        CaseError: It cannot be read, or its case is not there any more; it is left as it is.
        DraftInUseError: It is open in another window.
        OSError: The disk refuses.
    """
    journal, content = Journal.resume(path)
    try:
        assert content.header is not None  # Journal.resume raises without one
        ident, digest = _named(content.events)
        case = library.cases.get(ident)
        if case is None:
            message = f"the practice case {ident or '(unnamed)'} is not there any more"
            raise CaseError(str(path), [Problem(None, "", message)])
        header = content.header
        run = PracticeRun(
            library, case, knowledge, journal, header.snapshot, header.started, clock=clock
        )
        _replay(run, content.events, path)
        write_checked(run.consultation.case, run.knowledge.pack, str(path))
    except BaseException:
        journal.close()
        raise
    notices = []
    if content.torn:
        notices.append("The last change was cut off while it was written; check the last answer.")
    if content.problem is not None:
        notices.append(f"The draft was damaged: {content.problem}. The file was kept aside.")
    if digest != case.digest:
        notices.append("The case was changed since this run began.")
    return run, tuple(notices)


def _replay(run: PracticeRun, events: tuple[dict[str, Any], ...], path: Path) -> None:
    for number, event in enumerate(events, start=1):
        try:
            run.replay(event)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            message = f"change {number} does not fit this case ({type(error).__name__})"
            raise CaseError(str(path), [Problem(None, "", message)]) from error


def _named(events: tuple[dict[str, Any], ...]) -> tuple[str, str]:
    first = events[0] if events else {}
    return str(first.get("of", "")), str(first.get("digest", ""))


def unfinished(folder: Path) -> dict[str, DraftEntry]:
    """Return the runs that wait to be resumed, the latest one of each practice case.

    Raises:
        CaseError: The folder cannot be read.
    """
    found: dict[str, DraftEntry] = {}
    for draft in list_drafts(folder):
        ident, _ = _named(read_journal(draft.path).events[:1])
        if ident:
            found.setdefault(ident, draft)
    return found
