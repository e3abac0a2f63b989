"""Paused: what is shown instead of a screen that nobody has used for a while."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.tui.actions import bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.hooks import Typed
from ketatui.tui.views.lines import Line, line
from ketatui.tui.widgets.line_view import LineView

PAUSED = "KetaTUI is paused · press Enter to continue"


class PausedScreen(KetaScreen):
    """One line, and nothing of any case."""

    CONTEXTS = ("paused",)
    HELP_TITLE = "Paused"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("paused"))

    def compose(self) -> ComposeResult:
        """Lay out the one line."""
        yield LineView(id="body", classes="page")

    def redraw(self) -> None:
        """Show it in the middle."""
        if self.is_mounted:
            width, height = self.app.size
            above = [Line()] * max(height // 2 - 1, 0)
            self.query_one(LineView).show([*above, line((PAUSED.center(width).rstrip(), "strong"))])

    async def take_key(self, event: Typed) -> None:
        """Let Enter show the screen again and Ctrl+Q quit; all else was meant for nobody."""
        if isinstance(event, events.Key) and event.key in ("enter", "ctrl+q"):
            await super().take_key(event)

    def on_click(self) -> None:
        """A click wakes it too."""
        self.action_wake()

    def action_wake(self) -> None:
        """Show the screen again."""
        if self.app.screen is self:
            self.app.pop_screen()
            self.keta.used()
