"""Answers that are too old to count: a blood pressure is of its day."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.model import Case
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.standing import day_of
from ketatui.structs import Frozen


class StaleAnswer(Frozen, frozen=True):
    """An answer that counts no longer.

    Attributes:
        question: Its id.
        since: The day it is from.
        days: How many days it counts, that day being the first.
    """

    question: str
    since: dt.date
    days: int


def answered_on(case: Case) -> dt.date | None:
    """Return the day the answers of a saved case are from.

    Args:
        case: The case.

    Returns:
        The day of its saved assessment, which is the clinician's own day; else the day it was
        saved; None where neither is known.
    """
    day = day_of(case.assessment.get("on")) if case.assessment else None
    if day is None and case.record.saved_at is not None:
        day = case.record.saved_at.date()
    return day


def stale_answers(knowledge: Knowledge, case: Case, on: dt.date) -> tuple[StaleAnswer, ...]:
    """Find the answers that are too old on a day.

    Args:
        knowledge: The compiled pack; its questions say how long an answer counts.
        case: A saved case. A question marked unknown was answered for that day too.
        on: The day.

    Returns:
        Them, in the order of the consultation; none where the case has no date.
    """
    last = answered_on(case)
    if last is None:
        return ()
    days = _days(case, last)
    return tuple(
        StaleAnswer(ident, since, question.stale_after)
        for ident, question in knowledge.pack.questions.items()
        if question.stale_after is not None
        and (ident in case.answers or ident in case.unknown)
        and (on - (since := days.get(f"answers.{ident}", days[_FIRST]))).days
        >= question.stale_after
    )


_FIRST = ""
"""What was never changed: it is as old as the first revision."""


def _days(case: Case, last: dt.date) -> dict[str, dt.date]:
    """The day each path of the file was last changed; a case amended later is not newer for it.

    Each revision tells the day it was assessed for by what it changed that day from.
    """
    days: dict[str, dt.date] = {}
    day = last
    for revision in reversed(case.revisions):
        before = day
        for change in revision.changes:
            days.setdefault(str(change.get("what")), day)
            if change.get("what") == "assessment.on":
                before = day_of(change.get("old")) or day
        day = before
    return {**days, _FIRST: day}


def without_stale(
    knowledge: Knowledge, case: Case, on: dt.date
) -> tuple[Case, tuple[StaleAnswer, ...]]:
    """Take away the answers that are too old on a day, as if they had not been asked.

    Args:
        knowledge: The compiled pack.
        case: A saved case; it stays as it is.
        on: The day.

    Returns:
        The case without them, and what was taken away.
    """
    stale = stale_answers(knowledge, case, on)
    if not stale:
        return case, ()
    gone = {item.question for item in stale}
    update = {
        "answers": {key: value for key, value in case.answers.items() if key not in gone},
        "scale_items": {key: value for key, value in case.scale_items.items() if key not in gone},
        "unknown": case.unknown - gone,
    }
    return case.replaced(**update), stale
