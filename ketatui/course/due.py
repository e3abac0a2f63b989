"""What has to be done by when in the courses of a case; it knows no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ketatui.cases.courses import Course, Visit
from ketatui.cases.due_index import DueOf, order_told
from ketatui.cases.model import Case
from ketatui.course.calculations import counts_sessions
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.missed import IntervalsBefore, intervals_before
from ketatui.course.past import dose_of
from ketatui.course.schedule import doses_until, late_from
from ketatui.cql import Value, compile_expression, parse
from ketatui.criteria.course import CoursePack, has_course
from ketatui.criteria.models.course import Check, Form
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError
from ketatui.structs import Frozen

SERIOUS_EVENT, SESSION, REVIEW = "serious-event", "session", "review"
"""What is due in every course; forms and checks are those of the pack."""

_TITLES = {
    SERIOUS_EVENT: "Serious event to be reported",
    SESSION: "Session",
    REVIEW: "Review of benefit",
}


class Due(Frozen, frozen=True):
    """One thing that has to be done by a day.

    Attributes:
        case: What the case is called.
        course: The course's id.
        what: What is due: one of the three, or the id of a form or a check.
        for_visit: The visit it is about, if it is about one.
        by: The last day in time.
    """

    case: str
    course: str
    what: str
    for_visit: int | None
    by: dt.date

    def overdue(self, on: dt.date) -> bool:
        """Tell whether the day has passed."""
        return self.by < on

    def as_told(self) -> DueOf:
        """Return what the index of a folder tells of it."""
        return self.by.isoformat(), self.case, self.course, self.what, self.for_visit


def due_titles(pack: CoursePack) -> dict[str, str]:
    """Return what everything is called that can be due."""
    return _TITLES | {item.id: item.title for item in pack.schedule.errands}


def titles_of(pack: Pack) -> dict[str, str]:
    """Return the same of a pack; nothing of one whose course is missing or cannot be used."""
    try:
        return due_titles(pack.course) if has_course(pack) else {}
    except PackError:
        return {}


def due_in(
    knowledge: CourseKnowledge,
    case: Case,
    on: dt.date,
    name: str = "",
    before: IntervalsBefore | None = None,
) -> list[Due]:
    """Find what is due in the courses of a case.

    Args:
        knowledge: The compiled course.
        case: The case.
        on: Today; later visits do not count as held yet.
        name: What to call the case; its id where empty.
        before: Intervals of the last course's plan before the present one; by the history of the
            case where they are not given.

    Returns:
        Everything that has a day, soonest first. Papers and events of every course; sessions and
        checks of the last one only, up to the day on which it is stopped.
    """
    return due_rows(knowledge.pack, case, on, name, before)


def due_rows(
    pack: CoursePack,
    case: Case,
    on: dt.date,
    name: str = "",
    before: IntervalsBefore | None = None,
) -> list[Due]:
    """Find the same by a course that was not compiled; arguments and result as `due_in`."""
    found = list[Due]()
    for place, course in enumerate(case.courses):
        rows = [*_papers(pack, course)]
        if place == len(case.courses) - 1 and not course.has_ended(on):
            known = intervals_before(case, course, on) if before is None else before
            visits = [*_sessions(pack, course, on, known), *_checks(pack, course, on)]
            end = course.stopped or dt.date.max
            rows += [row for row in visits if row[2] <= end]
        found += [Due(name or case.id, course.id, what, visit, by) for what, visit, by in rows]
    return soonest_first(found)


def soonest_first(found: Iterable[Due]) -> list[Due]:
    """Return what is due by day, then by case, course and visit."""
    return sorted(found, key=lambda item: order_told(item.as_told()))


Row = tuple[str, int | None, dt.date]


def _sends(pack: CoursePack, course: Course, form: Form) -> bool:
    """Tell whether a form is sent in a course: whether that is asked about its sessions."""
    text = pack.questions[form.question].asked_when
    if text is None:
        return True
    facts: dict[str, Value] = {"course.pathway": course.pathway, "course.site": course.site}
    asked = compile_expression(text, parse(text), pack.threshold_values)
    return asked.value(facts) is not False


def _papers(pack: CoursePack, course: Course) -> Iterator[Row]:
    forms = [form for form in pack.schedule.forms if _sends(pack, course, form)]
    for visit in course.in_order:
        dose = dose_of(visit)
        for form in forms if dose else ():
            if visit.answers.get(form.question) is not True:
                yield form.id, visit.number, visit.date + dt.timedelta(days=form.days)
        unreported = any(item.serious and item.reported_on is None for item in visit.events)
        if unreported and dose != 0:
            yield SERIOUS_EVENT, visit.number, visit.date


def _sessions(
    pack: CoursePack, course: Course, on: dt.date, before: IntervalsBefore
) -> Iterator[Row]:
    """Yield the session that stands in the file without a dose, else the one proposed."""
    doses = doses_until(course, on)
    last = doses[-1].date if doses else dt.date.min
    waiting = [
        item
        for item in course.in_order
        if item.kind == "session" and dose_of(item) is None and item.date >= last
    ]
    if waiting:
        yield SESSION, waiting[0].number, waiting[0].date
    elif latest := late_from(pack, course, on, before):
        yield SESSION, None, latest


def _checks(pack: CoursePack, course: Course, on: dt.date) -> Iterator[Row]:
    doses = doses_until(course, on)
    if not doses:
        return
    review = _review(pack, course, doses, on)
    if review is not None:
        yield REVIEW, None, review
    for check in pack.schedule.checks:
        if course.pathway in (check.pathways or (course.pathway,)):
            last = _last_done(course, on, check) or doses[0].date
            yield check.id, None, last + dt.timedelta(days=check.days)


def _review(
    pack: CoursePack, course: Course, doses: tuple[Visit, ...], on: dt.date
) -> dt.date | None:
    """Return when benefit is to be looked at next; None while that day is not known."""
    schedule, first = pack.schedule, doses[0].date
    by_sessions = counts_sessions(pack, course.pathway)
    done = [item.date for item in course.scores]
    done += [item.date for item in course.visits if item.kind == "review"]
    if by_sessions:
        begin = schedule.benefit.after_session
        after = doses[begin - 1].date if len(doses) >= begin else None
        counts = [day for day in done if after is not None and after < day <= on]
    else:
        start = first + dt.timedelta(days=schedule.benefit.from_day - 1)
        counts = [day for day in done if start <= day <= on]
    if counts:
        return max(counts) + dt.timedelta(
            days=int(pack.threshold_values[schedule.benefit.counts_for])
        )
    if not by_sessions:
        return first + dt.timedelta(days=schedule.due.review_day - 1)
    sessions = schedule.due.review_after_session
    return doses[sessions - 1].date if len(doses) >= sessions else None


def _last_done(course: Course, on: dt.date, check: Check) -> dt.date | None:
    """Return the last day up to today on which a check was answered or recorded."""
    days = [
        item.date
        for item in course.visits
        if item.date <= on and item.answers.get(check.question) not in (None, check.unless)
    ]
    days += [day for item in course.visits if (day := item.papers.get(check.id)) and day <= on]
    return max(days, default=None)
