"""Help: the keys of the screen below, what is focused there, and how to read a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.tui.actions import bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.help import ACTION, help_lines
from ketatui.tui.views.lines import Line
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView


class HelpScreen(ReaderScreen):
    """Keys and help for another screen."""

    CONTEXTS = ("reader_page", "reader")
    HELP_TITLE = "Help"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("reader_page"))

    def __init__(self, about: KetaScreen) -> None:
        """Args: the screen that help is wanted for."""
        super().__init__()
        self.about = about

    def page_title(self) -> str:
        """Return the title."""
        return f"Help: {self.about.HELP_TITLE}"

    @on(LineView.Pressed, "#body")
    def _key_pressed(self, event: LineView.Pressed) -> None:
        """Leave the page, and do what was clicked."""
        event.stop()
        self.dismiss()
        self.about.call_after_refresh(self.about.perform, event.target.removeprefix(ACTION))

    def lines(self, width: int) -> Sequence[Line]:
        """Return the help page."""
        forms = self.about.query(FormList)
        item = forms.first().item if forms else None
        knowledge = self.keta.resources.knowledge
        return help_lines(
            self.about.HELP_TEXT,
            self.about.actions(),
            item,
            knowledge.pack if knowledge else None,
            width,
            self.keta.resources.settings.keymap,
        )
