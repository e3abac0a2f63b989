"""What home tells of the folder of cases: drafts, how many cases, what is due, what is amiss."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from ketatui.tui.error_text import said_of
from ketatui.tui.views.lines import Span

if TYPE_CHECKING:
    from pathlib import Path

    from ketatui.cases.drafts import DraftEntry
    from ketatui.cases.library import Library
    from ketatui.tui.session import Resources

_AWAITING = {"state": frozenset({"awaiting_review"})}
_WEEK = dt.timedelta(days=7)


class InFolder(NamedTuple):
    """What is in the folder.

    Attributes:
        drafts: Those with something in them, last touched first; None where they cannot be listed.
        cases: How many cases are saved.
        awaiting: How many of them await review.
        due: How many things in courses of treatment are overdue, and due within a week.
        practice: How many attempts there are, and runs not finished.
        secrecy: What is said of their being encrypted, with a comma before it.
        amiss: What is wrong, the worst if several things are.
    """

    drafts: list[DraftEntry] | None
    cases: int
    awaiting: int
    due: tuple[int, int]
    practice: tuple[int, int]
    secrecy: str
    amiss: Span | None


def look_into(resources: Resources, library: Library, problem: str, today: dt.date) -> InFolder:
    """Look into the folder of cases.

    Args:
        resources: What the app works with.
        library: The index of the folder.
        problem: Why the index cannot be kept; empty where it can.
        today: The day, for what is due.
    """
    from ketatui.cases.drafts import list_drafts
    from ketatui.cases.encryption.contents import plain_remark
    from ketatui.cases.encryption.sealing import problem_of
    from ketatui.cases.errors import CaseError
    from ketatui.cases.library import Query

    folder = resources.cases
    amiss: Span | None = None
    drafts, practice = None, (0, 0)
    try:
        drafts = [draft for draft in list_drafts(folder) if draft.count or draft.problem]
        practice = resources.practice_tally()
    except (CaseError, OSError) as error:
        amiss = (said_of(error), "problem")
    if problem:
        amiss = (problem, "problem")
    if said := plain_remark(folder):
        amiss = (f"! {said}", "caution")
    if said := problem_of(folder):
        amiss = (said, "problem")
    return InFolder(
        drafts=drafts,
        cases=library.count(),
        awaiting=library.count(Query(chosen=_AWAITING)),
        due=due_in(library, today),
        practice=practice,
        secrecy=_secrecy(folder),
        amiss=amiss,
    )


def due_in(library: Library, today: dt.date) -> tuple[int, int]:
    """Count what in treatment is overdue, and what is due within a week."""
    return library.due.counts(today, today + _WEEK)


def _secrecy(folder: Path) -> str:
    from ketatui.cases.encryption.keys import identity_file
    from ketatui.cases.encryption.sealing import is_locked

    if is_locked(folder):
        return ", encrypted"
    # Whoever has a key may believe so: of a folder that is away, or another one.
    return ", not encrypted" if identity_file() is not None else ""
