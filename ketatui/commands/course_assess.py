"""``ketatui course assess``: a visit of a course assessed without the app."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import NoReturn

from ketatui.cases.courses import Course, Visit
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.model import Case
from ketatui.cases.remarks import remarks_data
from ketatui.commands.altered import altered, altered_data, altered_text
from ketatui.commands.inputs import (
    STDIN,
    Unusable,
    case_name,
    course_of,
    read_and_look,
    say_errors,
)
from ketatui.course import CourseKnowledge, assess_visit
from ketatui.reports.visit_summary import visit_summary


def run(args: argparse.Namespace) -> int:
    """Assess a visit of each file; those that can be read are printed even if others cannot.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria or the arguments cannot be used.
    """
    if args.files.count(STDIN) > 1:
        raise Unusable("ketatui course assess: standard input can be read only once")
    knowledge = course_of(args)
    status, printed = 0, False
    for file in args.files:
        try:
            text = _assessed(knowledge, file, args)
        except CaseError as error:
            say_errors(str(error).splitlines())
            status = 2
            continue
        if printed and not args.json:
            print("\n" + "=" * 80 + "\n")
        print(text)
        printed = True
    return status


def _assessed(knowledge: CourseKnowledge, file: str, args: argparse.Namespace) -> str:
    on = args.on or dt.date.today()
    case, remarks = read_and_look(file, knowledge.screening.pack, on)
    course, visit = chosen_visit(case, file, args.course, args.visit)
    say_errors(remarks)
    assessment = assess_visit(knowledge, case, course, visit, on)
    assessment = assessment.replaced(case=case_name(case, file))
    reading = altered(case, knowledge.screening.pack)
    if args.json:
        # ASCII only: no character of a file can then act on a terminal.
        marked: dict[str, object] = {"practice": True} if case.practice else {}
        marked |= remarks_data(case, knowledge.screening.pack, on)
        return json.dumps({**assessment.to_data(), **marked, **altered_data(reading)})
    return altered_text(reading) + visit_summary(knowledge, case, course, visit, assessment)


def chosen_visit(
    case: Case, file: str, course_id: str | None, number: int | None
) -> tuple[Course, Visit]:
    """Find the visit that a command line means.

    Args:
        case: The case.
        file: Its file, for errors.
        course_id: The course; the last one when None.
        number: The visit; the last one of the course when None.

    Returns:
        The course and the visit.

    Raises:
        CaseError: There is none.
    """
    if not case.courses:
        _refuse(file, "courses", "the case has no course of treatment")
    ids = [item.id for item in case.courses]
    if course_id is None:
        course = case.courses[-1]
    elif course_id in ids:
        course = case.courses[ids.index(course_id)]
    else:
        _refuse(file, "courses", f"there is no course {course_id!r}; allowed: {', '.join(ids)}")
    if not course.visits:
        _refuse(file, "courses", f"the course {course.id} has no visit yet")
    if number is None:
        return course, course.in_order[-1]
    visit = course.visit(number)
    if visit is None:
        known = ", ".join(str(item.number) for item in course.in_order)
        _refuse(file, "courses", f"{course.id} has no visit {number}; allowed: {known}")
    return course, visit


def _refuse(file: str, where: str, message: str) -> NoReturn:
    raise CaseError(file, [Problem(None, where, message)])
