"""Explain: why each pathway has its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.consultation.consultation import Consultation
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.explain import explain_lines
from ketatui.tui.views.lines import Line
from ketatui.tui.widgets.line_view import LineView


class ExplainScreen(ReaderScreen):
    """One pathway at a time, every line with its source."""

    CONTEXTS = ("explain", "reader")
    HELP_TITLE = "Explain"
    HELP_TEXT = (
        "Every finding opens to the rule in plain words, the values it read, what to do, who says "
        "so, the source and how well it is supported; then what is still open, what would lift "
        "the verdict, and the evidence for the indication."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("explain"))

    def __init__(self, consultation: Consultation, pathway: str | None = None) -> None:
        """Args: the consultation, and the pathway to begin with (the best ranked by default)."""
        super().__init__()
        self.consultation = consultation
        self.assessment = consultation.explained
        self.knowledge = consultation.knowledge
        self.pathway = pathway or self.assessment.ranked[0].id
        self.by_authority = False

    def who(self) -> str:
        """Say whom it is about."""
        return self.consultation.who

    def page_title(self) -> str:
        """Return the title."""
        return "Explain: " + ("by authority" if self.by_authority else "by effect")

    def lines(self, width: int) -> Sequence[Line]:
        """Return the explanation of the pathway."""
        return explain_lines(
            self.knowledge, self.assessment, self.pathway, width, by_authority=self.by_authority
        )

    def action_pathway(self, step: int) -> None:
        """Turn to another pathway."""
        ids = [item.id for item in self.assessment.pathways]
        self._turn_to(ids[(ids.index(self.pathway) + step) % len(ids)])

    def action_digit(self, digit: int) -> None:
        """Go to a pathway by its number."""
        pathways = self.assessment.pathways
        if 0 < digit <= len(pathways):
            self._turn_to(pathways[digit - 1].id)

    @on(LineView.Pressed, "#body")
    def _tab_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self._turn_to(event.target)

    def _turn_to(self, pathway: str) -> None:
        self.pathway = pathway
        self.body.top = 0
        self.redraw()

    def action_group(self) -> None:
        """Group by authority or by effect."""
        self.by_authority = not self.by_authority
        self.body.top = 0
        self.redraw()
