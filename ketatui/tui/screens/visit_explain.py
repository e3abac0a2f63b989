"""Explain a visit: why each decision has its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.consultation.treatment import Treatment
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.visit import decided
from ketatui.tui.views.visit_explain import explain_decision
from ketatui.tui.widgets.line_view import LineView


class VisitExplainScreen(ReaderScreen):
    """One decision at a time, every line with its source."""

    CONTEXTS = ("explain", "reader")
    HELP_TITLE = "Explain a visit"
    HELP_TEXT = (
        "Every finding of a decision opens to the rule in plain words, the values it read, what "
        "to do, who says so and the source; then what is still open and what would lift the "
        "verdict. Nothing here tells anybody to give a dose: the clinician decides."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("explain"))

    def __init__(self, treatment: Treatment, decision: str | None = None) -> None:
        """Args: the visit, and the decision to begin with (the first by default)."""
        super().__init__()
        self.treatment = treatment
        ids = [item.id for item in decided(treatment)]
        self.decision = decision if decision in ids else ids[0]
        self.by_authority = False

    def who(self) -> str:
        """Say whom it is about."""
        return self.treatment.consultation.who

    def page_title(self) -> str:
        """Return the title."""
        return "Explain: " + ("by authority" if self.by_authority else "by effect")

    def lines(self, width: int) -> Sequence[Line]:
        """Return the explanation of the decision."""
        return explain_decision(
            self.treatment, self.decision, width, by_authority=self.by_authority
        )

    def action_pathway(self, step: int) -> None:
        """Turn to another decision."""
        ids = [item.id for item in decided(self.treatment)]
        self._turn_to(ids[(ids.index(self.decision) + step) % len(ids)])

    def action_digit(self, digit: int) -> None:
        """Go to a decision by its number."""
        found = decided(self.treatment)
        if 0 < digit <= len(found):
            self._turn_to(found[digit - 1].id)

    @on(LineView.Pressed, "#body")
    def _tab_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self._turn_to(event.target)

    def _turn_to(self, decision: str) -> None:
        self.decision = decision
        self.body.top = 0
        self.redraw()

    def action_group(self) -> None:
        """Group by authority or by effect."""
        self.by_authority = not self.by_authority
        self.body.top = 0
        self.redraw()
