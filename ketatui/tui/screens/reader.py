"""`ReaderScreen`: a screen that is one long text to scroll through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.tui.actions import bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt


class ReaderScreen(KetaScreen):
    """Lines of text; subclasses say which."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("reader_page", "reader")
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("reader"))

    def compose(self) -> ComposeResult:
        """Lay out title, text and hints."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="body", classes="page")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    @property
    def body(self) -> LineView:
        """The text."""
        return self.query_one("#body", LineView)

    @property
    def page_width(self) -> int:
        """Cells available for text."""
        return max(self.body.content_size.width - 1, 20)

    def lines(self, width: int) -> Sequence[Line]:
        """Return the text, wrapped to a width."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Show title, text and hints."""
        if self.is_mounted:
            self.show_title(self.page_title())
            # Before the first layout there is no width to wrap to: no text for another size.
            if self.body.content_size.width:
                self.body.show(self.lines(self.page_width))
            self.show_hint()

    def page_title(self) -> str:
        """Return what the title bar says."""
        return self.HELP_TITLE

    def action_scroll_by(self, step: int) -> None:
        """Scroll by lines."""
        self.body.scroll_lines_to(self.body.top + step)

    def action_scroll_page(self, step: int) -> None:
        """Scroll by screens, keeping two lines in sight."""
        self.action_scroll_by(step * max(self.body.size.height - 2, 1))

    def action_scroll_edge(self, step: int) -> None:
        """Scroll to the top or the end."""
        self.body.scroll_lines_to(0 if step < 0 else len(self.body.lines))

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()
