"""The forms in which a case leaves the program: the one table of command, dialog and records.

Imports nothing, as the parser of the command line does: what makes the content of a form is a
function, named as ``module:function`` below `ketatui.reports` and imported when it is wanted.
"""

from __future__ import annotations


class Content:
    """What a file says: a document on one case, or data on any number of them.

    Attributes:
        make: Of a document from ``(knowledge, reading, today)`` to a report or a line of text, of
            data from ``(knowledge, readings, today)`` to the text.
        about: What it is, in the help of the command; nothing: the app alone offers it.
        end: What the name of its file has behind the id of the case.
        suffix: Of the file; that of a document is the layout.
        of_visit: Whether it is of the visits of a course.
    """

    def __init__(
        self, make: str, about: str = "", end: str = "", suffix: str = "", of_visit: bool = False
    ) -> None:
        """Args: as the attributes."""
        self.make, self.about, self.end = make, about, end
        self.suffix, self.of_visit = suffix, of_visit


LAYOUTS = ("md", "txt", "pdf")
"""Formats of a document, which are the suffixes of its files."""
WHOLE = "summary"
"""The document that is meant where none is named."""
DOCUMENTS = {
    WHOLE: Content("note:note_report", "the whole record"),
    "note": Content("short_note:short_note", "a note of one screen", "-note"),
    "consent": Content("consent_record:consent_report", "the consent record", "-consent"),
    "page": Content("consent_record:page_report", "the page for the patient", "-patient"),
    "worksheet": Content("visit_exports:last_worksheet", end="-worksheet", of_visit=True),
    "going-home": Content("visit_exports:last_going_home", end="-going-home", of_visit=True),
    "line": Content("visit_exports:visit_line", end="-line", of_visit=True),
}
DATA = {
    "csv": Content("cases_csv:cases_table", "a row a case", suffix="csv"),
    "visits": Content("visits_csv:visits_table", "a row a visit, CSV", "-visits", "csv", True),
    "fhir": Content("fhir.bundle:cases_bundle", "a FHIR R4 bundle", suffix="json"),
}
TABLES = tuple(name for name, content in DATA.items() if content.suffix == "csv")
"""What spreadsheets open, which know UTF-8 by a byte-order mark."""
NOTES = ("note", WHOLE)
"""Documents that may be the note in a patient's record, the first where none is named."""


def in_words(names: tuple[str, ...]) -> str:
    """Return names as one lists them."""
    *first, last = names
    return f"{', '.join(first)} or {last}"


def content_of(format_: str, kind: str) -> Content:
    """Return what a format and, of a document, a kind stand for."""
    return DATA[format_] if format_ in DATA else DOCUMENTS[kind]


class Way:
    """A line of the export dialog.

    Attributes:
        id: Of the line.
        title: What it writes.
        about: What that is for, in a line.
        format: One of `LAYOUTS` or `DATA`.
        kind: Of a document, which.
        clipboard: Whether it goes to the clipboard instead of a file.
    """

    def __init__(
        self,
        ident: str,
        title: str,
        about: str,
        format_: str,
        kind: str = WHOLE,
        *,
        clipboard: bool = False,
    ) -> None:
        """Args: as the attributes."""
        self.id, self.title, self.about = ident, title, about
        self.format, self.kind, self.clipboard = format_, kind, clipboard

    @property
    def of_visit(self) -> bool:
        """Whether it is offered only of a case with a visit."""
        return content_of(self.format, self.kind).of_visit


WAYS = (
    Way("clip", "Note to the clipboard", "one screen", "txt", "note", clipboard=True),
    Way("md", "Record as a file", "Markdown, in full", "md"),
    Way("pdf", "Record to print", "PDF", "pdf"),
    Way("consent", "Consent record to print", "PDF, with lines to sign", "pdf", "consent"),
    Way("fhir", "FHIR R4 bundle", "the answers, for another system", "fhir"),
    Way("csv", "Table row", "CSV with a header, for a registry", "csv"),
    Way("visits", "Table of visits", "CSV, a row each visit", "visits"),
    Way("line", "Line on the last visit to the clipboard", "for a chart kept elsewhere",
        "txt", "line", clipboard=True),
    Way("worksheet", "Worksheet for the REMS form", "PDF, of the last session with a dose",
        "pdf", "worksheet"),
    Way("going-home", "Page to take home", "PDF in large print, for the patient",
        "pdf", "going-home"),
    Way("note", "Note as a file", "plain text, one screen", "txt", "note"),
    Way("page", "Page for the patient", "PDF, large print, two pages", "pdf", "page"),
)  # fmt: skip
"""In the order of the dialog; a digit picks one of the first ten."""
