"""One case in every form it can leave the program in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from ketatui.cases.identifiers import AGE, is_case_id
from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Case
from ketatui.engine import Knowledge
from ketatui.reports.blocks import Report
from ketatui.reports.cases_csv import row, table
from ketatui.reports.consent_record import consent_report, page_report
from ketatui.reports.fhir import bundle, resources
from ketatui.reports.markdown import markdown
from ketatui.reports.note import note_report
from ketatui.reports.pdf import Paper, pdf
from ketatui.reports.plain_text import plain_text
from ketatui.reports.short_note import short_note
from ketatui.reports.visit_exports import visit_line, visit_report
from ketatui.reports.visits_csv import visit_rows, visit_table
from ketatui.structs import Frozen

Format = Literal["md", "txt", "pdf", "csv", "visits", "fhir"]
Kind = Literal["note", "summary", "consent", "page", "worksheet", "going-home", "line"]
"""The note of one screen, the long record, the consent record, the page for the patient; of the
last visit: the worksheet, the page to take home, the line for a chart."""
SUFFIX: dict[Format, str] = {
    "md": "md",
    "txt": "txt",
    "pdf": "pdf",
    "csv": "csv",
    "visits": "csv",
    "fhir": "json",
}


_MAKE: dict[Kind, Callable[[Knowledge, CaseReading, dt.date], Report]] = {
    "note": short_note,
    "summary": note_report,
    "consent": consent_report,
    "page": page_report,
}


class Export(Frozen, frozen=True):
    """A form a case can leave in: the format of the file and, for a document, which one."""

    format: Format
    kind: Kind = "summary"


def exported(
    knowledge: Knowledge,
    reading: CaseReading,
    today: dt.date,
    what: Export,
    paper: Paper = "letter",
) -> bytes:
    """Write one case in a form.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for, where the case holds none.
        what: The form.
        paper: The size of pages.

    Returns:
        The content of the file.

    Raises:
        NoPdfError: The pages cannot be made.
        ValueError: There is no such paper of this case; the text says why.
        PackError: It is of a visit, and the criteria cannot judge any.
    """
    if what.kind == "line":
        return f"{visit_line(knowledge, reading, today)}\n".encode()
    match what.format:
        case "csv":
            return table(knowledge.pack, [row(knowledge, reading, today)]).encode()
        case "visits":
            return visit_table(knowledge.pack, visit_rows(knowledge, reading, today)).encode()
        case "fhir":
            return bundle(knowledge.pack, resources(knowledge, reading, today)).encode()
    if what.kind in ("worksheet", "going-home"):
        report = visit_report(knowledge, reading, today, what.kind)
    else:
        report = _MAKE[what.kind](knowledge, reading, today)
    if what.format == "pdf":
        return pdf(report, paper=paper)
    write = plain_text if what.format == "txt" else markdown
    return write(report.blocks).encode()


def export_name(path: Path, case: Case, what: Export) -> str:
    """Return what the file of an export is called.

    Args:
        path: The file of the case.
        case: The case; an id from a file is never trusted as a file's name.
        what: The form.

    Returns:
        The name, without a folder.
    """
    stem = case.id if is_case_id(case.id) else Path(path.name.removesuffix(AGE)).stem
    kind = {"summary": "", "page": "-patient"}.get(what.kind, f"-{what.kind}")
    if what.format == "visits":
        kind = "-visits"
    return f"{stem}{kind}.{SUFFIX[what.format]}"
