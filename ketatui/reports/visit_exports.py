"""The papers of the visit that was last: worksheet, page to take home, line for the chart."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Course, Visit
from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Case
from ketatui.course.edits import is_untouched
from ketatui.course.going_home import going_home, why_no_page
from ketatui.course.knowledge import compile_course
from ketatui.course.past import dose_of
from ketatui.course.worksheet import why_no_worksheet, worksheet
from ketatui.engine import Knowledge
from ketatui.reports.blocks import Report
from ketatui.reports.chart_line import chart_line
from ketatui.reports.visit_papers import going_home_report, worksheet_report


def last_visit(case: Case, today: dt.date, *, dosed: bool) -> tuple[Course, Visit] | None:
    """Return the visit that papers are written of: the last one up to today, if there is one.

    Args:
        case: The case.
        today: The day.
        dosed: Whether it has to be a session in which a dose was, or may have been, given.
    """
    for course in reversed(case.courses):
        for visit in reversed(course.in_order):
            held = visit.date <= today and not is_untouched(visit)
            session = visit.kind == "session" and dose_of(visit) != 0
            if held and (session or not dosed):
                return course, visit
    return None


def visit_line(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> str:
    """Say the last visit in one line for a chart.

    Raises:
        ValueError: There is no visit yet.
        PackError: The criteria have no course of treatment, or it cannot be used.
    """
    found = last_visit(reading.case, today, dosed=False)
    if found is None:
        raise ValueError("nothing is recorded of a visit yet")
    return chart_line(compile_course(knowledge), reading.counted, *found, today)


def last_going_home(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Report:
    """Write the page to take home of the last session with a dose.

    Raises:
        ValueError: There is no such session, or no page is sent for it; the text says which.
        PackError: As `visit_line`.
    """
    course, visit = _last_session(reading.case, today)
    compiled = compile_course(knowledge)
    page = going_home(compiled, reading.counted, course, visit, today)
    if page is None:
        raise ValueError(why_no_page(compiled, visit))
    return going_home_report(reading, page)


def last_worksheet(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Report:
    """Write the worksheet of the last session with a dose.

    Raises:
        ValueError: There is no such session, or no form is sent for it; the text says which.
        PackError: As `visit_line`.
    """
    course, visit = _last_session(reading.case, today)
    compiled = compile_course(knowledge)
    filled = worksheet(compiled, reading.counted, course, visit, today)
    if filled is None:
        raise ValueError(why_no_worksheet(compiled, visit))
    return worksheet_report(compiled, reading, course, visit, filled, today)


def _last_session(case: Case, today: dt.date) -> tuple[Course, Visit]:
    found = last_visit(case, today, dosed=True)
    if found is None:
        raise ValueError("no session with a dose is recorded yet")
    return found
