"""The page for the patient: written as PDF and as text by opening it, and read here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from ketatui.cases.atomic import write_new
from ketatui.cases.encryption.sealing import Seal, seal_of
from ketatui.cases.encryption.state import is_secret
from ketatui.cases.errors import CaseError
from ketatui.cases.folders import EXPORTS, prepare_folder
from ketatui.cases.identifiers import AGE, is_case_id
from ketatui.consultation.consultation import Consultation
from ketatui.reports.blocks import Report
from ketatui.reports.patient_page import patient_report
from ketatui.reports.pdf import NoPdfError, pdf
from ketatui.reports.plain_text import plain_text
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.consent import hidden_items
from ketatui.tui.views.lines import Line, Span
from ketatui.tui.views.patient_page import page_lines

_NONE = "These criteria word no page for the patient."


class PatientPageScreen(ReaderScreen):
    """The page, and where it was written to."""

    CONTEXTS = ("reader_page", "reader")
    HELP_TITLE = "The patient's page"
    HELP_TEXT = (
        "What the patient takes along: plain words, large print, one or two pages, with room for "
        "the next visit and telephone numbers. Nothing on it names the case or a person. It was "
        "written as PDF and as text when this page opened."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("reader_page"))

    def __init__(self, consultation: Consultation, pathways: Sequence[str]) -> None:
        """Args: the consultation, and the pathways talked about."""
        super().__init__()
        self.consultation = consultation
        self.pathways = tuple(pathways)
        self._report: Report | None = None
        self._written: Span = ("", "info")

    def begin(self) -> None:
        """Write the page."""
        words = self.keta.resources.patient_page
        if words is None:
            self._written = (_NONE, "caution")
            return
        self._report = patient_report(
            self.consultation.pack,
            words,
            self.pathways,
            hidden=hidden_items(self.consultation),
            practice=self.consultation.case.practice,
        )
        self._written = ("Writing …", "info")
        self._write(self._report)

    def lines(self, width: int) -> Sequence[Line]:
        """Return where it was written to, and the page."""
        return page_lines(self._report.blocks if self._report else (), self._written, width)

    @work(thread=True, exclusive=True)
    def _write(self, report: Report) -> None:
        """Write it as text and as PDF; pages take a moment."""
        folder = (self.keta.resources.cases / EXPORTS).absolute()
        written: list[str] = []
        role = "good"
        try:
            prepare_folder(folder, ours=True)
            text = plain_text(report.blocks).encode()
            written.append(f"Written: {self._put(folder, 'txt', text)}")
            written.append(f"and {self._put(folder, 'pdf', pdf(report)).name}")
        except NoPdfError as error:
            written.append(f". No PDF: {error}")
            role = "caution"
        except (OSError, ValueError, CaseError) as error:
            written.append(f" ✗ not written: {str(error).splitlines()[0]}")
            role = "problem"
        self.app.call_from_thread(self._done, (" ".join(written).strip(), role))

    def _put(self, folder: Path, suffix: str, data: bytes) -> Path:
        """Write a file under a name that is free; encrypted where the cases are."""
        cases = self.keta.resources.cases
        locked = is_secret(cases)
        seal = seal_of(cases) if locked else Seal(folder)
        ident = self.consultation.case.id
        stem = f"{ident}-patient" if is_case_id(ident) else "patient"
        number = 1
        while True:
            more = f"-{number}" if number > 1 else ""
            path = folder / f"{stem}{more}.{suffix}{AGE if locked else ''}"
            try:
                write_new(path, seal.data(data))
            except FileExistsError:
                number += 1
            else:
                return path

    def _done(self, written: Span) -> None:
        self._written = written
        self.redraw()
