"""Closed visits judged again: what was said of each when it was closed, and what is said now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.knowledge import CourseKnowledge, compile_course
from ketatui.criteria.course import has_course
from ketatui.engine import Knowledge
from ketatui.engine.case_status import read_case_status
from ketatui.engine.causes import Circumstances
from ketatui.engine.difference import Difference, compare
from ketatui.engine.fingerprints import criteria_data, roots_of
from ketatui.structs import Frozen

SCREENING = "course.screening"
"""The verdict of the screening, as a visit reads it."""
_ROWS = ("findings", "open")
"""What is said of single rules, each with its decision."""


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

    It is short, as a case may have many visits: what is said of every rule that is decided and does
    not apply follows from the answers.

    Args:
        assessment: Of the visit as it is closed.

    Returns:
        JSON data: day, criteria, the verdict of each decision, and as rows of their own, each with
        its decision, findings, open rules and contradictions; what is empty is left out.
    """
    data = assessment.to_data()
    decisions = data["decisions"]
    kept: dict[str, Any] = {
        "on": data["on"],
        "pack": data["pack"],
        "verdicts": {item["id"]: item["verdict"] for item in decisions},
    }
    for key in _ROWS:
        rows = [{"decision": item["id"], **row} for item in decisions for row in item[key]]
        if rows:
            # What is not said is false, or none.
            kept[key] = [{name: value for name, value in row.items() if value} for row in rows]
    for key in ("contradictions", "next"):
        if data[key]:
            kept[key] = data[key]
    if screening := data["derived"].get(SCREENING):
        kept["screening"] = screening
    return kept


def with_criteria(knowledge: CourseKnowledge, course: Course) -> dict[str, Any]:
    """Return the rules in short that the closed visits of a course were judged by.

    Args:
        knowledge: The compiled course, by which a visit was judged just now.
        course: Its course.

    Returns:
        What the course has of them, and those of this digest once.
    """
    digest = knowledge.pack.digest
    if digest in course.criteria:
        return course.criteria
    judged = knowledge.pathways[course.pathway]
    behind = roots_of(judged).rules.values()
    read: set[str] = set().union(*(item.thresholds for item in behind))
    data = criteria_data(judged)
    thresholds = {name: value for name, value in data["thresholds"].items() if name in read}
    short = {"rules": data["rules"], "thresholds": thresholds}
    return {**course.criteria, digest: short}


def reassess_visits(knowledge: Knowledge, case: Case, on: dt.date) -> tuple[VisitAgain, ...]:
    """Judge the closed visits of a case again; one without any needs no course compiled.

    Args:
        knowledge: The compiled pack; one without a course judges nothing.
        case: The case as saved.
        on: The day.

    Raises:
        PackError: The pack's course cannot be used.
    """
    judged = any(visit.assessment for course in case.courses for visit in course.visits)
    if not judged or not has_course(knowledge.pack):
        return ()
    return visits_again(compile_course(knowledge), case, on)


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
    then, today = visit.assessment or {}, judgment_data(now)
    before, after = as_pathways(then, told), as_pathways(today, told)
    if criteria := course.criteria.get(read_case_status(then).digest):
        before["criteria"] = criteria
    passed = (on - visit.date).days
    days = "1 day is over" if passed == 1 else f"{passed} days are over"
    known = Circumstances(
        knowledge=judged,
        given=screened_otherwise(knowledge, then.get("screening"), today.get("screening")),
        otherwise=f"{days} since the visit, or the case holds other answers now",
    )
    return VisitAgain(course, visit, now, compare(before, after, known))


def screened_otherwise(knowledge: CourseKnowledge, then: Any, now: Any) -> dict[str, str]:
    """Say where the screening itself comes out otherwise: a visit reads its verdict.

    Args:
        knowledge: The compiled course.
        then: The verdict as it was, if that is recorded; of any form.
        now: The verdict as it is, likewise.
    """
    if not isinstance(then, str) or not isinstance(now, str) or then == now:
        return {}
    words = {
        str(code): item.title for code, item in knowledge.screening.pack.wording.verdicts.items()
    }
    said = f"the screening said “{words.get(then, then)}” and says “{words.get(now, now)}”"
    return {SCREENING: said}


def as_pathways(data: dict[str, Any], told: list[str]) -> dict[str, Any]:
    """Return a judgment in the form of a screening's assessment.

    Args:
        data: What a visit keeps; its form is not certain: the file may be altered, or another
            program's.
        told: Ids of the decisions that are told of such a visit.
    """
    verdicts = data.get("verdicts")
    if not isinstance(verdicts, dict):
        return data
    rows = {key: _rows(data.get(key)) for key in _ROWS}
    pathways = [
        {
            "id": ident,
            "verdict": verdict,
            **{key: [row for row in found if row.get("decision") == ident]
               for key, found in rows.items()},
        }
        for ident, verdict in verdicts.items()
        if ident in told
    ]  # fmt: skip
    return {**{key: value for key, value in data.items() if key != "verdicts"},
            "pathways": pathways}  # fmt: skip


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list | tuple) else ()
    return [row for row in rows if isinstance(row, dict)]
