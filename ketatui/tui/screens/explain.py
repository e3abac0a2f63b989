"""Explain: why each pathway has its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.consultation.consultation import Consultation
from ketatui.tui.actions import bindings
from ketatui.tui.screens.explanation import ExplanationScreen
from ketatui.tui.views.explain import explain_lines
from ketatui.tui.views.lines import Line


class ExplainScreen(ExplanationScreen):
    """One pathway at a time, every line with its source."""

    CONTEXTS = ("explain", "reader")
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("explain"))
    HELP_TITLE = "Explain"
    HELP_TEXT = (
        "Every finding opens to the rule in plain words, the values it read, what to do, who says "
        "so, the source and how well it is supported; then what is still open, what would lift "
        "the verdict, and the evidence for the indication."
    )

    def __init__(self, consultation: Consultation, pathway: str | None = None) -> None:
        """Args: the consultation, and the pathway to begin with (the best ranked by default)."""
        super().__init__(pathway or consultation.explained.ranked[0].id)
        self.consultation = consultation
        self.assessment = consultation.explained
        self.knowledge = consultation.knowledge

    def who(self) -> str:
        """Say whom it is about."""
        return self.consultation.who

    def subjects(self) -> Sequence[str]:
        """Return the pathways."""
        return [item.id for item in self.assessment.pathways]

    def lines(self, width: int) -> Sequence[Line]:
        """Return the explanation of the pathway."""
        return explain_lines(
            self.knowledge, self.assessment, self.subject, width, by_authority=self.by_authority
        )
