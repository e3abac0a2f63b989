"""Closed visits judged again: what was said of each when it was closed, and what is said now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.knowledge import CourseKnowledge
from ketatui.engine.causes import Circumstances
from ketatui.engine.difference import Difference, compare
from ketatui.structs import Frozen

_KEPT = ("schema", "on", "pack", "contradictions", "next")
"""What a closed visit keeps of its judgment beside the decisions: the rest is in the answers."""


class VisitAgain(Frozen, frozen=True):
    """A closed visit, judged again.

    Attributes:
        course: Its course.
        visit: The visit.
        assessment: As it is judged now.
        difference: From the judgment it was closed with; a decision is to it what a pathway is.
    """

    course: Course
    visit: Visit
    assessment: VisitAssessment
    difference: Difference


def judgment_data(assessment: VisitAssessment) -> dict[str, Any]:
    """Return what a visit keeps of its assessment when it is closed.

    Args:
        assessment: Of the visit as it is closed.

    Returns:
        JSON data: day, criteria, contradictions, and each decision with its findings and open
        rules. Calculated facts follow from the answers, and are left out.
    """
    data = assessment.to_data()
    kept = {key: data[key] for key in _KEPT}
    leave = ("changes",)
    kept["decisions"] = [
        {key: value for key, value in item.items() if key not in leave}
        for item in data["decisions"]
    ]
    return kept


def visits_again(knowledge: CourseKnowledge, case: Case, on: dt.date) -> tuple[VisitAgain, ...]:
    """Judge every closed visit again that kept its judgment.

    Args:
        knowledge: The compiled course.
        case: The case as saved.
        on: The day; what changes from day to day is judged for the day of each visit, as then.

    Returns:
        Each visit with what differs and why, in the order of courses and days. A visit of an
        older file, which kept no judgment, is left out.
    """
    return tuple(
        visit_again(knowledge, case, course, visit, on)
        for course in case.courses
        for visit in course.in_order
        if visit.assessment is not None
    )


def visit_again(
    knowledge: CourseKnowledge, case: Case, course: Course, visit: Visit, on: dt.date
) -> VisitAgain:
    """Judge one closed visit again; arguments as `visits_again`."""
    now = assess_visit(knowledge, case, course, visit, on, with_changes=False)
    told = [item.id for item in decided_at(knowledge.pack, visit, now.decisions)]
    judged = knowledge.pathways[course.pathway]
    before = _as_pathways(visit.assessment or {}, told)
    after = _as_pathways(judgment_data(now), told)
    return VisitAgain(course, visit, now, compare(before, after, Circumstances(knowledge=judged)))


def _as_pathways(data: dict[str, Any], told: list[str]) -> dict[str, Any]:
    """Return a judgment in the form of a screening's assessment, with what is told of such a visit.

    Its form is not certain: the file may be altered, or another program's.
    """
    rows = data.get("decisions")
    if not isinstance(rows, list | tuple):
        return data
    kept = [row for row in rows if not isinstance(row, dict) or row.get("id") in told]
    return {**data, "pathways": kept}
