"""``ketatui course worksheet``, ``line`` and ``going-home``: what is written after a session."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import NoReturn

from ketatui.cases.courses import Course, Visit
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.integrity import CaseReading
from ketatui.cases.kept import NEVER_OVER_A_CASE, is_kept_case
from ketatui.cases.store import CaseStore
from ketatui.commands.course_assess import chosen_visit
from ketatui.commands.inputs import (
    Unusable,
    case_name,
    course_of,
    folder_of,
    path_of,
    read_reading,
    say_errors,
    scanner_for,
)
from ketatui.commands.output import write_new
from ketatui.commands.secrecy import seal_for
from ketatui.course import CourseKnowledge
from ketatui.course.going_home import going_home, why_no_page
from ketatui.course.worksheet import why_no_worksheet, worksheet
from ketatui.printable import printable
from ketatui.reports.blocks import Report
from ketatui.reports.chart_line import chart_line
from ketatui.reports.markdown import markdown
from ketatui.reports.pdf import NoPdfError, pdf
from ketatui.reports.plain_text import plain_text
from ketatui.reports.visit_papers import going_home_report, worksheet_data, worksheet_report


def run(args: argparse.Namespace) -> int:
    """Write one of the papers of a visit.

    Returns:
        0.

    Raises:
        Unusable: The criteria or the arguments cannot be used.
        CaseError: The case cannot be read, or there is no such paper of this visit.
    """
    _check(args)
    knowledge = course_of(args)
    store = CaseStore(folder_of(args), knowledge.screening.pack)
    path = path_of(store, args.name)
    reading = read_reading(str(path), knowledge.screening.pack)
    course, visit = chosen_visit(reading.case, str(path), args.course, args.visit)
    data = _written(args, knowledge, reading, course, visit, str(path))
    if args.out is None:
        print(data.decode(), end="")
        return 0
    seal = seal_for(args, [path])
    if is_kept_case(args.out, store.folder):
        raise Unusable(f"{args.out}: {NEVER_OVER_A_CASE}")
    write_new(args.out, seal.data(data), force=args.force)
    print(printable(f"Written: {args.out}"))
    return 0


def _check(args: argparse.Namespace) -> None:
    if args.format == "pdf" and args.out is None:
        raise Unusable("a PDF is not for the terminal: name a file with --out")
    if args.out is not None and args.out.is_dir():
        raise Unusable(f"{args.out}: this is a folder; name a file")


def _written(
    args: argparse.Namespace,
    knowledge: CourseKnowledge,
    reading: CaseReading,
    course: Course,
    visit: Visit,
    file: str,
) -> bytes:
    case, on = reading.counted, args.on or dt.date.today()
    if args.action == "line":
        _say_identifiers(args, knowledge, visit, file)
        return f"{chart_line(knowledge, case, course, visit, on)}\n".encode()
    if args.action == "going-home":
        page = going_home(knowledge, case, course, visit, on)
        if page is None:
            _refuse(file, why_no_page(knowledge, visit))
        return _drawn(args, going_home_report(reading, page))
    filled = worksheet(knowledge, case, course, visit, on)
    if filled is None:
        _refuse(file, why_no_worksheet(knowledge, visit))
    if args.format == "json":
        # ASCII only: no character of a file can then act on a terminal.
        said = worksheet_data(case_name(case, file), course, visit, filled)
        marked = {"practice": True} if case.practice else {}
        return f"{json.dumps({**said, **marked})}\n".encode()
    return _drawn(args, worksheet_report(knowledge, reading, course, visit, filled, on))


def _say_identifiers(
    args: argparse.Namespace, knowledge: CourseKnowledge, visit: Visit, file: str
) -> None:
    """Say if what is typed of an event, which the line repeats, looks like a person's."""
    scanner = scanner_for(knowledge.screening, args)
    typed = [text for event in visit.events for text in (event.term, event.action)]
    if any(scanner.scan(text) for text in typed):
        say_errors([f"{file}: an event looks like it names a person; read the line before it goes"])


def _drawn(args: argparse.Namespace, report: Report) -> bytes:
    if args.format == "pdf":
        try:
            return pdf(report, paper=args.paper)
        except NoPdfError as error:
            raise Unusable(str(error)) from None
    return (markdown if args.format == "md" else plain_text)(report.blocks).encode()


def _refuse(file: str, message: str) -> NoReturn:
    raise CaseError(file, [Problem(None, "courses", message)])
