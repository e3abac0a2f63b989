"""The age of each answer: a blood pressure is of its day, whoever saves the case again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from ketatui.cases.lenient import day_of
from ketatui.cases.model import Case
from ketatui.cases.saved_assessment import assessed_day
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS

_FIRST = ""
"""What was never changed: it is as old as the first revision."""


def recorded(case: Case) -> Iterator[str]:
    """Name the questions that a case records something of.

    Args:
        case: Any case.

    Yields:
        Ids of questions that are answered, half answered, marked unknown, or have rows.
    """
    yield from case.answers
    yield from (ident for ident in case.scale_items if ident not in case.answers)
    yield from sorted(case.unknown)
    if case.trials:
        yield TRIALS
    if case.medications:
        yield MEDICATIONS
    yield from (ident for ident, rows in case.tables.items() if rows)


def assessed_on(case: Case) -> dt.date | None:
    """Return the day a case was assessed for, which is the clinician's own day; None without."""
    return assessed_day(case.assessment)


def answered_on(case: Case) -> dt.date | None:
    """Return the day the answers of a saved case are from, unless they say another themselves.

    Args:
        case: The case.

    Returns:
        The day of its saved assessment; else the day it was saved; None where neither is known.
    """
    day = assessed_on(case)
    if day is None and case.record.saved_at is not None:
        day = case.record.saved_at.date()
    return day


def days_of(case: Case) -> dict[str, dt.date]:
    """Tell of each answer the day it was given.

    Args:
        case: A case as read, or one that is being worked on.

    Returns:
        The day by question id, for what is recorded and has a day: from ``[dates]``; else that
        of the assessment. A case without ``[dates]`` that was amended on a later day is not
        newer for it: its revisions tell when each answer changed.
    """
    last = answered_on(case)
    if last is None or case.dates:
        known: Mapping[str, dt.date] = case.dates
        found = {ident: known.get(ident, last) for ident in recorded(case)}
        return {ident: day for ident, day in found.items() if day is not None}
    changed = _changed(case, last)
    return {ident: _since(ident, changed) for ident in recorded(case)}


def given_on(case: Case) -> dict[str, dt.date]:
    """Tell of each answer of a case that is about to be saved the day it was given.

    Args:
        case: What a consultation has come to: its ``dates`` leave out the day it is assessed for,
            and nothing else.

    Returns:
        The day by question id; empty for a case without an assessment.
    """
    on = assessed_on(case)
    found = {ident: case.dates.get(ident, on) for ident in recorded(case)}
    return {ident: day for ident, day in found.items() if day is not None}


def dated(case: Case, otherwise: dt.date) -> Case:
    """Write down the day of each answer of a case that is to be gone on with.

    Args:
        case: A saved case, or one from elsewhere.
        otherwise: The day of an answer of which no day is known: when it was taken over.

    Returns:
        The same with the day of everything recorded in its ``dates``.
    """
    days = days_of(case)
    return case.replaced(dates={ident: days.get(ident, otherwise) for ident in recorded(case)})


def without_day(case: Case, on: dt.date) -> Case:
    """Leave out of ``dates`` what the assessment says, and what is of no answer.

    Args:
        case: What a consultation has come to.
        on: The day it is assessed for.

    Returns:
        The case as its file says it.
    """
    known = set(recorded(case))
    kept = {ident: day for ident, day in case.dates.items() if day != on and ident in known}
    return case.replaced(dates=kept)


def _since(ident: str, changed: Mapping[str, dt.date]) -> dt.date:
    kinds = (f"answers.{ident}", f'dates."{ident}"', f"dates.{ident}")
    rows = (what for what in changed if what.startswith(ident)) if "." not in ident else ()
    found = [changed[what] for what in (*kinds, *rows) if what in changed]
    return max(found, default=changed[_FIRST])


def _changed(case: Case, last: dt.date) -> dict[str, dt.date]:
    """Return the day each path of the file was last changed.

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
