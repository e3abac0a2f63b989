"""What every explanation shares: one subject at a time, its findings by effect or by authority."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on

from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.widgets.line_view import LineView


class ExplanationScreen(ReaderScreen):
    """Pathways or decisions, one at a time; subclasses say which, and what is said of one."""

    def __init__(self, subject: str) -> None:
        """Args: the id of what is explained first."""
        super().__init__()
        self.subject = subject
        self.by_authority = False

    def subjects(self) -> Sequence[str]:
        """Return the ids of what can be explained, in order."""
        raise NotImplementedError

    def page_title(self) -> str:
        """Return the title."""
        return "Explain: " + ("by authority" if self.by_authority else "by effect")

    def action_pathway(self, step: int) -> None:
        """Turn to the next subject, or the one before."""
        ids = self.subjects()
        self._turn_to(ids[(ids.index(self.subject) + step) % len(ids)])

    def action_digit(self, digit: int) -> None:
        """Go to one by its number."""
        ids = self.subjects()
        if 0 < digit <= len(ids):
            self._turn_to(ids[digit - 1])

    @on(LineView.Pressed, "#body")
    def _tab_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self._turn_to(event.target)

    def _turn_to(self, subject: str) -> None:
        self.subject = subject
        self.body.top = 0
        self.redraw()

    def action_group(self) -> None:
        """Group by authority or by effect."""
        self.by_authority = not self.by_authority
        self.body.top = 0
        self.redraw()
