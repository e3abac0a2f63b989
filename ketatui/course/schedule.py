"""The schedule of a course: what was given, what was missed, and when the next session would be.

Proposals only: nothing is caught up, and what a clinician plans otherwise stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from ketatui.cases.courses import Course, Visit
from ketatui.course.calculations import phase_at, week_of
from ketatui.course.missed import IntervalsBefore, interval_on, missed_sessions
from ketatui.course.past import dose_of
from ketatui.course.scores import any_of, standings
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import Phase
from ketatui.structs import Frozen

EntryKind = Literal["given", "held", "review", "not_recorded", "missed", "planned", "proposed"]


class Proposal(Frozen, frozen=True):
    """When the next session would be.

    Attributes:
        earliest: The first day that fits the schedule.
        latest: The last such day; from the day after on the session is late.
        phase: The phase it would be in.
    """

    earliest: dt.date
    latest: dt.date
    phase: str


class Entry(Frozen, frozen=True):
    """One line of a course's timeline.

    Attributes:
        date: The day; of missed sessions the last day that they stand for.
        kind: What it is.
        visit: The visit's number, where there is one.
        dose_mg: As recorded.
        week: Week of the course; None before the first dose.
        phase: Phase of that week or session.
        count: How many sessions it stands for.
    """

    date: dt.date
    kind: EntryKind
    visit: int | None = None
    dose_mg: float | None = None
    week: int | None = None
    phase: str = ""
    count: int = 1


class StepBack(Frozen, frozen=True):
    """A shorter interval to offer after a session was missed and the score got worse."""

    from_days: int
    to_days: tuple[int, ...]


def doses_until(course: Course, on: dt.date) -> tuple[Visit, ...]:
    """Return the sessions up to a day that were, or may have been, doses: all but held ones.

    One whose dose was not recorded counts only where a later one was given.
    """
    sessions = [item for item in course.in_order if item.kind == "session" and item.date <= on]
    given = [place for place, item in enumerate(sessions) if dose_of(item)]
    upto = sessions[: given[-1] + 1] if given else []
    return tuple(item for item in upto if dose_of(item) != 0)


def next_session(pack: CoursePack, course: Course, on: dt.date) -> Proposal | None:
    """Propose when the next session would be.

    Args:
        pack: The course of the pack.
        course: The course.
        on: Today; later visits do not count as given.

    Returns:
        The days; None for a course that is stopped by then, has not begun, or has no schedule now.
        One whose sessions were all held has begun: the first dose is still to come.
    """
    doses = doses_until(course, on)
    if course.has_ended(on):
        return None
    if not doses:
        return _after_held(pack, course, on)
    first, last = doses[0].date, doses[-1].date
    session = len(doses) + 1
    phase = phase_at(pack, course, _week(first, last), session)
    if phase is None:
        return None
    days = [last + dt.timedelta(days=step) for step in intervals(phase, course)]
    fitting = [
        day
        for day in days
        if phase_at(pack, course, _week(first, day), session) == phase
        and _room(phase, doses, first, day)
    ]
    if not fitting:
        following = _following(pack, course, phase, first, last, session)
        if following is None:
            return None
        phase, fitting = following
    return Proposal(min(fitting), max(fitting), phase.id)


def late_from(
    pack: CoursePack, course: Course, on: dt.date, before: IntervalsBefore = ()
) -> dt.date | None:
    """Return the last day on which the next session was in time, by what was planned at the time.

    An interval that was shortened after the last dose asks for nothing before the day on which it
    was: a session late by the plan of then is late since then, another one since the change.

    Args:
        pack: The course of the pack.
        course: The course.
        on: Today.
        before: Intervals of the plan before the present one.

    Returns:
        The day; None without a proposal.
    """
    proposal, doses = next_session(pack, course, on), doses_until(course, on)
    if proposal is None or not doses:
        return None if proposal is None else proposal.latest
    last = doses[-1].date
    phase = next(item for item in pack.schedule.phases if item.id == proposal.phase)
    if phase.interval:
        return proposal.latest
    due = dt.date.max
    for since in (last, *(day for day, _ in before if day > last)):
        if due < since:
            break  # It was late before the plan was changed.
        days = interval_on(course, since, before) or phase.usual_interval
        due = proposal.latest if days is None else max(last + dt.timedelta(days=days), since)
    return max(due, proposal.latest)


def _after_held(pack: CoursePack, course: Course, on: dt.date) -> Proposal | None:
    """Propose when the first dose would be, after a session that was held."""
    sessions = [item for item in course.visits if item.kind == "session" and item.date <= on]
    held = max((item.date for item in sessions if dose_of(item) == 0), default=None)
    phase = phase_at(pack, course, 1, 1)
    if held is None or phase is None:
        return None
    # What it was held for can be put right within a day; the schedule only says until when.
    steps = intervals(phase, course) or (pack.schedule.due.held_days,)
    days = dt.timedelta(days=1), dt.timedelta(days=max(steps))
    return Proposal(held + days[0], held + days[1], phase.id)


def intervals(phase: Phase, course: Course) -> tuple[int, ...]:
    """Return the days from one session to the next in a phase, of a course as it is planned."""
    if phase.interval:
        return phase.interval
    planned = course.interval_days or phase.usual_interval
    return () if planned is None or not phase.planned_interval else (planned,)


def _following(
    pack: CoursePack, course: Course, phase: Phase, first: dt.date, last: dt.date, session: int
) -> tuple[Phase, list[dt.date]] | None:
    """Return the phase after this one, and the days it would put the next session on."""
    for days in range(1, 15):
        later = phase_at(pack, course, _week(first, last + dt.timedelta(days=days)), session)
        if later is not None and later != phase:
            found = [last + dt.timedelta(days=step) for step in intervals(later, course)]
            return (later, found) if found else None
    return None


def _room(phase: Phase, doses: Sequence[Visit], first: dt.date, day: dt.date) -> bool:
    """Tell whether the week of a day has room for another session."""
    if phase.sessions_a_week is None:
        return True
    week = _week(first, day)
    return sum(_week(first, item.date) == week for item in doses) < phase.sessions_a_week


def _week(first: dt.date, day: dt.date) -> int:
    return week_of((day - first).days + 1)


def timeline(
    pack: CoursePack, course: Course, on: dt.date, before: IntervalsBefore = ()
) -> tuple[Entry, ...]:
    """Lay a course out in time: what was, what was missed, and what comes next.

    Args:
        pack: The course of the pack.
        course: The course.
        on: Today.
        before: Intervals of the plan before the present one.

    Returns:
        Entries by date.
    """
    doses = doses_until(course, on)
    first = doses[0].date if doses else None
    given = 0
    entries = []
    for visit in course.in_order:
        dose = dose_of(visit)
        week = _week(first, visit.date) if first and visit.date >= first else None
        phase = phase_at(pack, course, week, given + 1) if week else None
        entries.append(
            Entry(
                visit.date,
                _kind(visit, on),
                visit.number,
                None if dose is None else float(dose),
                week,
                phase.id if phase else "",
            )
        )
        given += bool(dose and visit.kind == "session")
    entries += [
        Entry(item.until, "missed", None, None, item.week, item.phase, item.count)
        for item in missed_sessions(pack, course, on, before)
    ]
    proposal = next_session(pack, course, on)
    if proposal is not None and not any(entry.kind == "planned" for entry in entries):
        week = _week(first, proposal.latest) if first else None
        entries.append(Entry(proposal.latest, "proposed", None, None, week, proposal.phase))
    return tuple(sorted(entries, key=_place))


def _place(entry: Entry) -> tuple[dt.date, bool, int]:
    """Sort by day; of one day what happened comes before what did not."""
    return entry.date, entry.visit is None, entry.visit or 0


def _kind(visit: Visit, on: dt.date) -> EntryKind:
    if visit.kind == "review":
        return "review"
    dose = dose_of(visit)
    if dose is None:
        return "planned" if visit.date >= on else "not_recorded"
    return "given" if dose else "held"


def step_back(
    pack: CoursePack, course: Course, on: dt.date, before: IntervalsBefore = ()
) -> StepBack | None:
    """Offer a shorter interval after a missed session, if the score got worse.

    Args:
        pack: The course of the pack.
        course: The course.
        on: Today.
        before: Intervals of the plan before the present one.

    Returns:
        The step; None while no session was missed, nothing got worse, there is no step, or one
        was taken since the last dose already.
    """
    proposal, doses = next_session(pack, course, on), doses_until(course, on)
    if proposal is None or not doses or on <= proposal.latest:
        return None
    phase = next(item for item in pack.schedule.phases if item.id == proposal.phase)
    if course.pathway not in phase.pathways or not phase.planned_interval:
        return None
    limits = pack.threshold_values
    rows = standings(course, pack.instruments, doses[0].date, on)
    if not any_of([*(row.worse(limits) for row in rows), *(row.relapse(limits) for row in rows)]):
        return None
    days = intervals(phase, course)[0]
    planned = interval_on(course, doses[-1].date, before) or phase.usual_interval
    if planned is not None and days < planned:
        return None
    shorter = [item for item in _steps(pack, course.pathway) if max(item) < days]
    return StepBack(days, max(shorter, key=max)) if shorter else None


def _steps(pack: CoursePack, pathway: str) -> list[tuple[int, ...]]:
    phases = [item for item in pack.schedule.phases if pathway in item.pathways]
    return [item.interval for item in phases if item.interval]
