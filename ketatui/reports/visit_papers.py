"""The papers of a session: the worksheet for the monitoring form, and the page to take home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ketatui.cases.courses import Course, Visit
from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.course.going_home import Page, day_text
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.naming import course_name
from ketatui.course.worksheet import Line, Worksheet
from ketatui.engine.assessment import plain
from ketatui.reports.blocks import (
    Banner,
    Blank,
    Block,
    Bullet,
    Heading,
    Paragraph,
    Report,
    report_on,
)
from ketatui.reports.visit_summary import value_of
from ketatui.reports.words import PRACTICE

_LEFT = "in the chart; never kept here"
_MISSING = "NOT RECORDED, and the form asks for it"
_UNKNOWN = "not recorded"


def worksheet_report(
    knowledge: CourseKnowledge,
    reading: CaseReading,
    course: Course,
    visit: Visit,
    worksheet: Worksheet,
    on: dt.date,
) -> Report:
    """Return the worksheet of a session as blocks, for whoever fills in the form.

    Args:
        knowledge: The compiled course.
        reading: The case as read.
        course: The visit's course.
        visit: The visit.
        worksheet: Its worksheet, filled in.
        on: Today.
    """
    sheet, pack = worksheet.form, knowledge.screening.pack
    sent = visit.papers.get(sheet.paper)
    name = course_name(reading.case.courses, course).lower()
    blocks = [
        *_head(reading, sheet.title),
        Paragraph(sheet.note),
        Bullet(f"{visit.number} of {visit.date}, {name}", "Visit"),
        Bullet(f"sent on {sent}" if sent else f"due by {worksheet.due}", "Form"),
        Heading("Fields"),
        *(block for line in worksheet.lines for block in _field(knowledge, line)),
        Heading("Sources"),
        *(Bullet(pack.source_text(source)) for source in sheet.sources),
    ]
    info = knowledge.pack.info
    return report_on(reading, "Worksheet", f"{info.id} {info.version}", on.isoformat(), blocks)


def _head(reading: CaseReading, title: str) -> Iterator[Block]:
    if reading.case.practice:
        yield Banner(PRACTICE)
    for line in integrity_lines(reading):
        yield Banner(line)
    yield Heading(title, 1)
    yield Bullet(reading.case.id or reading.case.label or "without an id", "Case")


def _field(knowledge: CourseKnowledge, line: Line) -> Iterator[Block]:
    star = " *" if line.field.required else ""
    yield Bullet(_value(knowledge, line), f"{line.field.label}{star}")
    said = f"{line.field.since}; {line.field.confidence} confidence"
    yield Bullet(said, "On the form since", 1)


def _value(knowledge: CourseKnowledge, line: Line) -> str:
    if line.field.chart:
        return _LEFT
    if line.missing:
        return _MISSING
    if all(value is None for value in line.values.values()):
        return _UNKNOWN
    if len(line.values) == 1:
        ((ident, value),) = line.values.items()
        return value_of(knowledge, ident, value)
    # Two values are the two parts of a pressure.
    parts = ["?" if value is None else str(plain(value)) for value in line.values.values()]
    return f"{'/'.join(parts)} mmHg"


def worksheet_data(name: str, course: Course, visit: Visit, worksheet: Worksheet) -> dict[str, Any]:
    """Return the worksheet in the JSON form of the public contract."""
    form = worksheet.form
    sent = visit.papers.get(form.paper)
    return {
        "schema": 1,
        "case": name,
        "course": course.id,
        "visit": visit.number,
        "title": form.title,
        "due": worksheet.due.isoformat(),
        "sent": sent.isoformat() if sent else None,
        "fields": [
            {
                "id": line.field.id,
                "label": line.field.label,
                "required": line.field.required,
                "since": line.field.since,
                "confidence": line.field.confidence,
                "chart": line.field.chart,
                "missing": line.missing,
                "values": {ident: plain(value) for ident, value in line.values.items()},
            }
            for line in worksheet.lines
        ],
        "sources": list(form.sources),
    }


def going_home_report(reading: CaseReading, page: Page) -> Report:
    """Return the page that a patient takes home: plain words, and nothing that is for a file.

    Args:
        reading: The case as read.
        page: What it says.
    """
    said = page.said
    blocks: list[Block] = [Banner(PRACTICE)] if reading.case.practice else []
    blocks += [Heading(said.title, 1), Paragraph(page.begin)]
    for title, lines in page.sections:
        blocks.append(Heading(title))
        blocks += [Bullet(line.text) for line in lines]
    if page.next_visit is None:
        blocks.append(Blank(said.not_planned))
    else:
        blocks.append(Paragraph(said.planned.format(medicine="", date=day_text(page.next_visit))))
    blocks += [Blank(said.telephone), Blank(said.after_hours)]
    return Report(
        title=said.title,
        practice=reading.case.practice,
        moment=reading.case.record.saved_at,
        blocks=tuple(blocks),
        for_patient=True,
    )
