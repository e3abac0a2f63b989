"""The visits of a case judged under two packs: which come out otherwise, and by which rule."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.reassessment import (
    SCREENING,
    as_pathways,
    judgment_data,
    screened_otherwise,
)
from ketatui.engine.case_status import CaseStatus, read_case_status
from ketatui.engine.causes import Circumstances
from ketatui.engine.difference import Difference, compare
from ketatui.structs import Frozen


class VisitUnderBoth(Frozen, frozen=True):
    """A visit judged under two packs.

    Attributes:
        course: Its course.
        visit: The visit.
        difference: From the first pack to the second; a decision is to it what a pathway is.
    """

    course: Course
    visit: Visit
    difference: Difference


def visits_under_both(
    before: CourseKnowledge, after: CourseKnowledge, cases: tuple[Case, Case], on: dt.date
) -> tuple[VisitUnderBoth, ...]:
    """Judge every visit of a case under two packs.

    Args:
        before: The first pack's course, compiled.
        after: The second's.
        cases: The case as each of them reads it.
        on: The day, the same for both.

    Returns:
        Each visit with what differs and why, in the order of courses and days. A course of a
        pathway that only one of the packs has is left out.
    """
    found = []
    for one, other in zip(cases[0].courses, cases[1].courses, strict=True):
        if one.pathway not in before.pathways or one.pathway not in after.pathways:
            continue
        for visit, again in zip(one.in_order, other.in_order, strict=True):
            first = assess_visit(before, cases[0], one, visit, on, with_changes=False)
            second = assess_visit(after, cases[1], other, again, on, with_changes=False)
            then, now = _status(before, one, visit, first), _status(after, other, again, second)
            known = Circumstances(
                knowledge=after.pathways[other.pathway], given=_screened(after, first, second)
            )
            found.append(VisitUnderBoth(other, again, compare(then, now, known)))
    return tuple(found)


def _status(
    knowledge: CourseKnowledge, course: Course, visit: Visit, found: VisitAssessment
) -> CaseStatus:
    told = [item.id for item in decided_at(knowledge.pack, visit, found.decisions)]
    data = as_pathways(judgment_data(found), told)
    return read_case_status(data, knowledge.pathways[course.pathway])


def _screened(
    knowledge: CourseKnowledge, first: VisitAssessment, second: VisitAssessment
) -> dict[str, str]:
    then, now = (str(item.values.get(SCREENING) or "") for item in (first, second))
    return screened_otherwise(knowledge, then, now)
