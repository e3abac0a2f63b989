"""One case in every form it can leave the program in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from ketatui.cases.identifiers import AGE, is_case_id
from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Case
from ketatui.engine import Knowledge
from ketatui.reports.forms import DATA, DOCUMENTS, WHOLE, Content, content_of
from ketatui.reports.markdown import markdown
from ketatui.reports.pdf import Paper, pdf
from ketatui.reports.plain_text import plain_text
from ketatui.structs import Frozen


class Export(Frozen, frozen=True):
    """A form a case can leave in: the format of the file and, for a document, which one."""

    format: str
    kind: str = WHOLE


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
    if what.format in DATA:
        return together(knowledge, (reading,), today, what.format).encode()
    report = maker(DOCUMENTS[what.kind])(knowledge, reading, today)
    if isinstance(report, str):
        return f"{report}\n".encode()
    if what.format == "pdf":
        return pdf(report, paper=paper)
    write = plain_text if what.format == "txt" else markdown
    return write(report.blocks).encode()


def together(
    knowledge: Knowledge, readings: Iterable[CaseReading], today: dt.date, format_: str
) -> str:
    """Write any number of cases as one text for another program.

    Args:
        knowledge: The criteria of today.
        readings: The cases as read, taken one by one.
        today: The day a fresh assessment is made for, where a case holds none.
        format_: One of `DATA`.
    """
    text: str = maker(DATA[format_])(knowledge, readings, today)
    return text


def maker(content: Content) -> Callable[..., Any]:
    """Import what makes a content."""
    module, _, name = content.make.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"ketatui.reports.{module}"), name)
    return found


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
    content = content_of(what.format, what.kind)
    return f"{stem}{content.end}.{content.suffix or what.format}"
