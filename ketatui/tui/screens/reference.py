"""What the criteria say about one thing: a medicine, a document, a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.consultation.palette import Place
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.reference import reference_lines


class ReferenceScreen(ReaderScreen):
    """One thing that the palette found, with the rules that read it."""

    CONTEXTS = ("reader_page", "reader")
    HELP_TITLE = "Reference"
    HELP_TEXT = (
        "What the criteria know about a medicine, a document or a question, and which rules read "
        "it. Nothing here is about a patient."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("reader_page"))

    def __init__(self, place: Place) -> None:
        """Args: what it is about."""
        super().__init__()
        self.place = place

    def page_title(self) -> str:
        """Return the title."""
        return self.place.title

    def lines(self, width: int) -> Sequence[Line]:
        """Return what there is to say."""
        knowledge = self.keta.resources.knowledge
        assert knowledge is not None
        return reference_lines(knowledge, self.place, width)
