"""Explain a visit: why each decision has its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.consultation.treatment import Treatment
from ketatui.tui.actions import bindings
from ketatui.tui.screens.explanation import ExplanationScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.visit import decided
from ketatui.tui.views.visit_explain import explain_decision


class VisitExplainScreen(ExplanationScreen):
    """One decision at a time, every line with its source."""

    CONTEXTS = ("visit_explain", "reader")
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("visit_explain"))
    HELP_TITLE = "Explain a visit"
    HELP_TEXT = (
        "Every finding of a decision opens to the rule in plain words, the values it read, what "
        "to do, who says so and the source; then what is still open and what would lift the "
        "verdict. Nothing here tells anybody to give a dose: the clinician decides."
    )

    def __init__(self, treatment: Treatment, decision: str | None = None) -> None:
        """Args: the visit, and the decision to begin with (the first by default)."""
        known = (item.id for item in decided(treatment) if item.id == decision)
        super().__init__(next(known, decided(treatment)[0].id))
        self.treatment = treatment

    def who(self) -> str:
        """Say whom it is about."""
        return self.treatment.consultation.who

    def subjects(self) -> Sequence[str]:
        """Return the decisions of the visit."""
        return [item.id for item in decided(self.treatment)]

    def lines(self, width: int) -> Sequence[Line]:
        """Return the explanation of the decision."""
        return explain_decision(self.treatment, self.subject, width, by_authority=self.by_authority)
