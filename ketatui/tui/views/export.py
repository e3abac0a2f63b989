"""The forms in which a case can be handed on, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.cases.model import Case
from ketatui.reports.forms import WAYS, Way
from ketatui.reports.pdf import Paper
from ketatui.tui.views.lines import Span, line, wrap
from ketatui.tui.views.pages import MARK, Row, Section, heading, pair

PAPERS: dict[Paper, str] = {"letter": "Letter", "a4": "A4"}


def ways_of(case: Case) -> tuple[Way, ...]:
    """Return the ways out of a case, those of every case first: each has one digit always."""
    visits = any(course.visits for course in case.courses)
    ways = (way for way in WAYS if visits or not way.of_visit)
    return tuple(sorted(ways, key=lambda way: way.of_visit))


PAPER = "paper"
SEND = "send"
"""The line that leads into a patient's record."""
_TO_RECORD = "Into a patient's record"
_BESIDE = 5
"""Cells of a label for its digit and what parts it from what is said of it."""
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
    ways = ways_of(reading.case)
    column = max([cell_len(way.title) for way in ways] + [len(_TO_RECORD)]) + _BESIDE
    for number, way in enumerate(ways, start=1):
        digit = str(number % 10) if number <= _DIGITS else " "
        label = (f"{digit}  {way.title}", "strong")
        rows.append(pair(way.id, label, way.about, width, role="muted", label_width=column))
    rows.append(
        pair(PAPER, "v  Paper of a PDF", PAPERS[paper], width, role="strong", label_width=column)
    )
    if may_be_sent(reading.case):
        about = "FHIR server; asks where and for whom"
        rows.append(pair(SEND, f"   {_TO_RECORD}", about, width, role="muted", label_width=column))
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
