"""What all screens of practice share: they say that they are practice, before anything else."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.lines import Span, safe, sides
from ketatui.tui.widgets.line_view import LineView

MARK = "PRACTICE"


class PracticePage(KetaScreen):
    """A screen marked as practice in its title."""

    def show_title(self, text: str, right: Sequence[Span] = ()) -> None:
        """Show the title bar with the mark."""
        left = ((" KetaTUI  ", "title"), (f"{MARK}  ", "caution"), (safe(text), "strong"))
        self.query_one("#title", LineView).show([sides(left, right, self.app.size.width)])
