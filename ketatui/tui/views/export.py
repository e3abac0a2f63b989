"""The forms in which a case can be handed on, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.cases.model import Case
from ketatui.reports.exports import Export
from ketatui.reports.pdf import Paper
from ketatui.structs import Frozen
from ketatui.tui.views.lines import Span, line, wrap
from ketatui.tui.views.pages import MARK, Row, Section, heading, pair

PAPERS: dict[Paper, str] = {"letter": "Letter", "a4": "A4"}


class Way(Frozen, frozen=True):
    """A way out.

    Attributes:
        about: What it is for, in a line.
        clipboard: Whether it goes to the clipboard instead of a file.
    """

    id: str
    title: str
    about: str
    what: Export
    clipboard: bool = False


WAYS: tuple[Way, ...] = (
    Way("clip", "Note to the clipboard", "one screen", Export("txt", "note"), clipboard=True),
    Way("md", "Record as a file", "Markdown, in full", Export("md")),
    Way("pdf", "Record to print", "PDF", Export("pdf")),
    Way("consent", "Consent record to print", "PDF, with lines to sign", Export("pdf", "consent")),
    Way("fhir", "FHIR R4 bundle", "the answers, for another system", Export("fhir")),
    Way("csv", "Table row", "CSV with a header, for a registry", Export("csv")),
)
"""In the order of the page; a digit picks one."""
VISIT_WAYS: tuple[Way, ...] = (
    Way("visits", "Table of visits", "CSV, a row each visit", Export("visits")),
    Way("line", "Line on the last visit to the clipboard", "for a chart kept elsewhere",
        Export("txt", "line"), clipboard=True),
    Way("worksheet", "Worksheet for the REMS form", "PDF, of the last session with a dose",
        Export("pdf", "worksheet")),
    Way("going-home", "Page to take home", "PDF in large print, for the patient",
        Export("pdf", "going-home")),
)  # fmt: skip
"""Further ones of a case with a course of treatment."""
SHORT_WAYS: tuple[Way, ...] = (
    Way("note", "Note as a file", "plain text, one screen", Export("txt", "note")),
    Way("page", "Page for the patient", "PDF, large print, two pages", Export("pdf", "page")),
)


def ways_of(case: Case) -> tuple[Way, ...]:
    """Return the ways out of a case."""
    visits = any(course.visits for course in case.courses)
    return (*WAYS, *(VISIT_WAYS if visits else ()), *SHORT_WAYS)


PAPER = "paper"
SEND = "send"
"""The line that leads into a patient's record."""
_DIGITS = 10
"""Lines that a digit picks; the others are gone to."""


def export_sections(
    reading: CaseReading, paper: Paper, written: Sequence[Span], width: int
) -> tuple[Section, ...]:
    """Return the page.

    Args:
        reading: What is handed on.
        paper: The size of pages.
        written: What has been handed on so far.
        width: Cells available.
    """
    rows = [
        Row("", tuple(wrap(text, width - MARK, role="problem")))
        for text in integrity_lines(reading)
    ]
    marks = [name for name, holds in _marks(reading.case) if holds]
    if marks:
        text = f"Marked on every export: {' and '.join(marks)}."
        rows.append(Row("", tuple(wrap(text, width - MARK, role="caution"))))
    for number, way in enumerate(ways_of(reading.case), start=1):
        digit = str(number % 10) if number <= _DIGITS else " "
        label = (f"{digit}  {way.title}", "strong")
        rows.append(pair(way.id, label, way.about, width, role="muted", label_width=30))
    rows.append(
        pair(PAPER, "v  Paper of a PDF", PAPERS[paper], width, role="strong", label_width=30)
    )
    if may_be_sent(reading.case):
        about = "FHIR server; asks where and for whom"
        rows.append(
            pair(SEND, "   Into a patient's record", about, width, role="muted", label_width=30)
        )
    if written:
        rows.append(heading("Exported"))
    for place, (text, role) in enumerate(written):
        rows.append(Row(f"written:{place}", tuple(wrap(text, width - MARK, role=role))))
    if not written:
        text = "What others typed (labels, notes, teach-backs) goes along: read it first."
        rows += [Row("", (line(("", "muted")),)), heading(text)]
    return (Section("ways", "Export as", tuple(rows)),)


def may_be_sent(case: Case) -> bool:
    """Tell whether a case may be written into a patient's record."""
    return not case.practice and case.state != "draft"


def _marks(case: Case) -> tuple[tuple[str, bool], ...]:
    return (("practice", case.practice), ("draft", case.state == "draft"))
