"""What a case keeps of the judgment of each closed visit, as it is saved."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.nulls import without_nulls


def with_judgments(consultation: Consultation, case: Case) -> Case:
    """Return a case whose closed visits say how they were judged.

    Judged is what was closed or changed since the case was opened; what was judged before stays as
    it was said then.

    Args:
        consultation: What was done.
        case: The case as it is to be saved.
    """
    before = consultation.states()[0]
    changed = {
        (course.id, visit.number)
        for course in case.courses
        for visit in course.visits
        if visit.closed_at is not None and visit != _visit_of(before, course.id, visit.number)
    }
    if not changed:
        return case
    return judged(consultation, case, changed, consultation.today)


def _visit_of(case: Case, course: str, number: int) -> Visit | None:
    found = next((item for item in case.courses if item.id == course), None)
    return found.visit(number) if found else None


def judged(
    consultation: Consultation, case: Case, which: set[tuple[str, int]], on: dt.date
) -> Case:
    """Return a case in which some visits say how they are judged on a day."""
    # Imported only to save what was done in a course.
    from ketatui.course.assessing import assess_visit
    from ketatui.course.knowledge import compile_course
    from ketatui.course.reassessment import judgment_data, with_criteria

    knowledge = compile_course(consultation.knowledge)

    def of(course: Course, visit: Visit) -> Visit:
        if (course.id, visit.number) not in which:
            return visit
        found = assess_visit(knowledge, case, course, visit, on, with_changes=False)
        return visit.replaced(assessment=without_nulls(judgment_data(found)))

    def kept(course: Course) -> Course:
        if all(ident != course.id for ident, _ in which):
            return course
        visits = tuple(of(course, visit) for visit in course.visits)
        return course.replaced(visits=visits, criteria=with_criteria(knowledge, course))

    return case.replaced(courses=tuple(map(kept, case.courses)))
