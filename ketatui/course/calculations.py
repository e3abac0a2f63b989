"""Facts of a course as it stands before a visit, each one object: its value, what it waits for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ketatui.cases.courses import Course, Visit
from ketatui.course.past import Past, past_of, visits_before
from ketatui.course.scores import Standing, any_of, chosen, standings
from ketatui.course.screening import Screening
from ketatui.course.vocabulary import DOSE, DOSING_WEIGHT, SCORES, SWALLOW, VISITS
from ketatui.cql import Value
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import Phase
from ketatui.structs import Frozen

_WEEK = 7


@dataclass
class State:
    """What calculations read, and the values found so far.

    Attributes:
        pack: The course of the pack.
        courses: All courses of the case.
        course: The visit's course.
        visit: The visit.
        on: Today.
        screening: What is read of the screening.
    """

    pack: CoursePack
    courses: tuple[Course, ...]
    course: Course
    visit: Visit
    on: dt.date
    screening: Screening

    @cached_property
    def past(self) -> Past:
        """The doses before this visit."""
        return past_of(self.courses, self.course, self.visit)

    @cached_property
    def standings(self) -> tuple[Standing, ...] | None:
        """The instruments with both scores; None while day 1 is not known."""
        if self.past.day_one is None:
            return None
        return standings(self.course, self.pack.instruments, self.past.day_one, self.visit.date)

    @cached_property
    def standing(self) -> Standing | None:
        """The instrument that benefit is judged by."""
        return chosen(self.course, self.standings or ())


class OfCourse(Frozen, frozen=True):
    """How a fact of the course comes about; no answer of the visit can change it.

    Attributes:
        value: From the state to its value.
        waits: While the value is null: the tables that can still settle it.
    """

    value: Callable[[State], Value]
    waits: Callable[[State], tuple[str, ...]]


def _of_course(value: Callable[[State], Value]) -> OfCourse:
    return OfCourse(value, lambda state: (VISITS,))


def _day(state: State) -> int | None:
    first = state.past.day_one
    return None if first is None else (state.visit.date - first).days + 1


def week_of(day: int) -> int:
    """Return the week of the course that a day of it lies in; both count from 1."""
    return (day - 1) // _WEEK + 1


def _week(state: State) -> int | None:
    day = _day(state)
    return None if day is None else week_of(day)


def _session(state: State) -> int | None:
    return None if state.past.own is None else len(state.past.own) + 1


def _days_since_last(state: State) -> int | None:
    doses = state.past.any
    if doses is None:
        return None
    return (state.visit.date - doses[-1].date).days if doses else 0


def _today(state: State) -> int | None:
    doses = state.past.any
    return None if doses is None else sum(item.date == state.visit.date for item in doses)


def _this_week(state: State) -> int | None:
    first, doses, week = state.past.day_one, state.past.own, _week(state)
    if first is None or doses is None:
        return None
    return sum(week_of((item.date - first).days + 1) == week for item in doses)


def counts_sessions(pack: CoursePack, pathway: str) -> bool:
    """Tell whether the phases of a pathway go by sessions, as racemic ones do, or by weeks."""
    return any(item.sessions for item in pack.schedule.phases if pathway in item.pathways)


def phase_at(pack: CoursePack, course: Course, week: int, session: int) -> Phase | None:
    """Return the phase of a course in a week, at a session."""
    planned = course.planned_sessions or pack.schedule.planned_sessions
    for phase in pack.schedule.phases:
        if course.pathway not in phase.pathways:
            continue
        if phase.bases and course.basis not in phase.bases:
            continue
        if phase.sessions is not None:
            fits = (session <= planned) is (phase.sessions == "planned")
        else:
            fits = (phase.first_week or 1) <= week
            fits = fits and (phase.last_week is None or week <= phase.last_week)
        if fits:
            return phase
    return None


def _phase(state: State) -> str | None:
    week, session = _week(state), _session(state)
    if week is None or session is None:
        return None
    phase = phase_at(state.pack, state.course, week, session)
    return None if phase is None else phase.id


def _benefit_reviewed(state: State) -> bool | None:
    first, doses = state.past.day_one, state.past.own
    if first is None or doses is None:
        return None
    course, visit, benefit = state.course, state.visit, state.pack.schedule.benefit
    reviews = [item.date for item in course.visits if item.kind == "review"]
    dates = [*(item.date for item in course.scores), *reviews]
    counts = state.pack.threshold_values[benefit.counts_for]
    recent = [day for day in dates if 0 <= (visit.date - day).days <= counts]
    if not counts_sessions(state.pack, course.pathway):
        return any((day - first).days + 1 >= benefit.from_day for day in recent)
    if len(doses) < benefit.after_session:
        return False
    after = doses[benefit.after_session - 1].date
    return any(day > after for day in recent)


def _weight(state: State) -> Value:
    """Return the weight taken last: in a visit of any course up to this one, or in the screening.

    A weight is no measurement that a session asks for anew; whoever takes it again says so. Where
    the day of the screening's weight is not known, that of a visit counts.
    """
    visit, screened = state.visit, state.screening.values.get(DOSING_WEIGHT)
    earlier = visits_before(state.courses, state.course, visit)
    last = next((item for item in (visit, *reversed(earlier)) if item.weight_kg is not None), None)
    if last is None:
        return screened
    weighed_on = state.screening.weighed_on
    if screened is not None and weighed_on and last.date < weighed_on <= visit.date:
        return screened
    return last.weight_kg


def _last_dose(state: State) -> Value:
    last = state.past.last
    return None if last is None else last.answers.get(DOSE)


def _last_swallow(state: State) -> Value:
    last = state.past.last
    return None if last is None else last.answers.get(SWALLOW)


def _worse(state: State) -> Value:
    limits = state.pack.threshold_values
    return any_of(item.worse(limits) for item in state.standings or ())


def _relapse(state: State) -> Value:
    limits = state.pack.threshold_values
    return any_of(item.relapse(limits) for item in state.standings or ())


def _wait_for_score(state: State) -> tuple[str, ...]:
    return (VISITS,) if state.standings is None else (SCORES,)


COURSE: Mapping[str, OfCourse] = {
    "course.pathway": _of_course(lambda state: state.course.pathway),
    "course.basis": _of_course(lambda state: state.course.basis),
    "course.site": _of_course(lambda state: state.course.site),
    "course.screening": _of_course(lambda state: state.screening.verdict),
    DOSING_WEIGHT: _of_course(_weight),
    "course.day": _of_course(_day),
    "course.week": _of_course(_week),
    "course.session": _of_course(_session),
    "course.earlier_doses": _of_course(
        lambda state: None if state.past.any is None else len(state.past.any)
    ),
    "course.days_since_last": _of_course(_days_since_last),
    "course.sessions_today": _of_course(_today),
    "course.sessions_this_week": _of_course(_this_week),
    "course.phase": _of_course(_phase),
    "course.benefit_reviewed": _of_course(_benefit_reviewed),
    "course.last_dose_mg": _of_course(_last_dose),
    "course.last_swallow": _of_course(_last_swallow),
    "visit.days_since": _of_course(lambda state: (state.on - state.visit.date).days),
}
"""Facts of the course as it stands before the visit, by id."""


def of_screening(ident: str) -> OfCourse:
    """Make the calculation of a fact that the screening gives."""
    return _of_course(lambda state: state.screening.values.get(ident))


def _of_standing(value: Callable[[State, Standing], Value]) -> OfCourse:
    """Make a calculation over the instrument that benefit is judged by."""
    return _of_score(lambda state: value(state, state.standing) if state.standing else None)


def _of_score(value: Callable[[State], Value]) -> OfCourse:
    return OfCourse(value, _wait_for_score)


SCORE: Mapping[str, OfCourse] = {
    "score.baseline": _of_standing(lambda state, item: item.baseline.value),
    "score.now": _of_standing(lambda state, item: item.now.value),
    "score.change_percent": _of_standing(lambda state, item: item.change_percent),
    "score.response": _of_standing(lambda state, item: item.response),
    "score.remission": _of_standing(
        lambda state, item: item.remission(state.pack.threshold_values)
    ),
    "score.worse": _of_score(_worse),
    "score.relapse": _of_score(_relapse),
}
"""Facts of the scores, by id."""
