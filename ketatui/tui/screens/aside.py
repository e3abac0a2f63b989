"""`AsideScreen`: a form that has something to read beside it where the screen is wide."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.lines import WIDEST, Line
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.painting import Panes


class AsideScreen(KetaScreen):
    """A form, and beside it what the line under the cursor is about; subclasses say what."""

    def compose_panes(self) -> ComposeResult:
        """Lay out the form and the pane beside it."""
        with Panes(id="panes"):
            yield FormList(self, id="form", classes="takes-keys")
            yield LineView(id="aside")

    @property
    def form(self) -> FormList:
        """The form."""
        return self.query_one("#form", FormList)

    def aside_lines(self, width: int) -> Sequence[Line]:
        """Return what stands beside the form.

        Args:
            width: Cells available.
        """
        raise NotImplementedError

    @property
    def focused_key(self) -> str:
        """The line under the cursor; empty while there is none."""
        return self.form.item.key if self.form.item is not None else ""

    def draw_aside(self) -> None:
        """Draw it, unless a key is being dealt with: it is then drawn once, at its end."""
        if not self.is_painted_later:
            self.draw_waiting()

    def draw_waiting(self) -> None:
        """Draw it where the cursor stands now."""
        super().draw_waiting()
        if self.is_mounted:
            aside = self.query_one("#aside", LineView)
            if aside.display and aside.content_size.width:
                aside.show(self.aside_lines(min(aside.content_size.width - 1, WIDEST)))

    def form_moved(self, key: str) -> None:
        """Another line is another thing to read about."""
        super().form_moved(key)
        super().form_moved(key)
        self.draw_aside()
