"""The sessions of a course that were missed: said, and never caught up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from ketatui.cases.courses import Course
from ketatui.cases.model import Case
from ketatui.course.calculations import counts_sessions, phase_at, week_of
from ketatui.course.past import dose_of
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import Phase
from ketatui.structs import Frozen

_WEEK = dt.timedelta(days=7)

IntervalsBefore = tuple[tuple[dt.date, int | None], ...]
"""Until before which day the plan had which interval, oldest first."""


class Missed(Frozen, frozen=True):
    """Sessions that were not given.

    Attributes:
        until: The last day they stand for.
        week: Week of the course of that day.
        phase: Phase of that week.
        count: How many.
    """

    until: dt.date
    week: int
    phase: str
    count: int


def intervals_before(case: Case, course: Course, on: dt.date) -> IntervalsBefore:
    """Return what the plan said of the interval before it was changed, by the case's history.

    Args:
        case: The case as saved last.
        course: One of its courses as it is now, with changes that are not saved yet.
        on: Today.

    Returns:
        The day of each change and the interval up to it.
    """
    saved = {item.id: (place, item) for place, item in enumerate(case.courses)}
    if course.id not in saved:
        return ()
    place, known = saved[course.id]
    what = f"courses[{place}].interval_days"
    found = [
        (item.at.date(), days if isinstance(days := change.get("old"), int) else None)
        for item in case.revisions
        for change in item.changes
        if change.get("what") == what
    ]
    if known.interval_days != course.interval_days:
        found.append((on, known.interval_days))
    return tuple(found)


def interval_on(course: Course, day: dt.date, before: IntervalsBefore) -> int | None:
    """Return the interval that was planned on a day; None where the plan said nothing of it."""
    return next((old for until, old in before if day < until), course.interval_days)


def missed_sessions(
    pack: CoursePack, course: Course, on: dt.date, before: IntervalsBefore = ()
) -> list[Missed]:
    """Find the sessions that the schedule had room for and that were not given.

    A session whose dose was not recorded may have been one and counts as given; a held one does
    not. Racemic courses have no schedule that a session could be missed in.

    Args:
        pack: The course of the pack.
        course: The course.
        on: Today.
        before: Intervals of the plan before the present one, as `intervals_before`.

    Returns:
        Of phases with so many sessions a week, those of each week that is over; of phases that go
        by the plan's interval, those of each gap of two intervals and more.
    """
    end = min(on, course.stopped or on)
    sessions = [item for item in course.in_order if item.kind == "session" and item.date <= end]
    given = [item for item in sessions if dose_of(item) != 0]
    if not any(map(dose_of, given)) or counts_sessions(pack, course.pathway):
        return []
    days = [item.date for item in given]
    return [*_by_week(pack, course, days, end), *_by_interval(pack, course, days, end, before)]


def _by_week(
    pack: CoursePack, course: Course, days: list[dt.date], end: dt.date
) -> Iterator[Missed]:
    first = days[0]
    for week in range(1, _week(first, end)):
        phase = phase_at(pack, course, week, 0)
        if phase is None or not phase.interval or phase.sessions_a_week is None:
            continue
        given = sum(_week(first, day) == week for day in days)
        if given < phase.sessions_a_week:
            until = first + _WEEK * week - dt.timedelta(days=1)
            yield Missed(until, week, phase.id, phase.sessions_a_week - given)


def _by_interval(
    pack: CoursePack, course: Course, days: list[dt.date], end: dt.date, before: IntervalsBefore
) -> Iterator[Missed]:
    first = days[0]
    for day, following in pairwise((*days, end)):
        planned = interval_on(course, day, before)
        due, step, phase = _first_due(pack, course, first, day, following, planned)
        if phase is None:
            continue
        # Late is not missed: only where the one after it would have been due as well.
        count = (following - due).days // step
        if count > 0:
            until = due + dt.timedelta(days=step * (count - 1))
            yield Missed(until, _week(first, until), phase.id, count)


def _first_due(
    pack: CoursePack,
    course: Course,
    first: dt.date,
    day: dt.date,
    before: dt.date,
    planned: int | None,
) -> tuple[dt.date, int, Phase | None]:
    """Return the first day after a dose that the plan's interval puts a session on, and the step.

    While the phases go by the week, a session a week is taken for given: `_by_week` tells those.
    """
    while day < before:
        phase = phase_at(pack, course, _week(first, day + _WEEK), 0)
        if phase is None:
            break
        step = planned or phase.usual_interval
        if phase.planned_interval and step:
            return day + dt.timedelta(days=step), step, phase
        day += _WEEK
    return before, 1, None


def _week(first: dt.date, day: dt.date) -> int:
    return week_of((day - first).days + 1)
