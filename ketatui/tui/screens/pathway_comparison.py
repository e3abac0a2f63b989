"""Compare: the pathways side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.consultation.consultation import Consultation
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.pathway_comparison import compare_lines

_WIDE = 100
"""Cells from which all pathways fit side by side; below, two at a time."""


class PathwayComparisonScreen(ReaderScreen):
    """Verdict, evidence, findings and route facts of the pathways, in columns."""

    CONTEXTS = ("compare", "reader")
    HELP_TITLE = "Compare"
    HELP_TEXT = (
        "The pathways side by side, so that they can be talked through with a patient: verdict, "
        "evidence, findings, how the drug gets in, how long it lasts, who has to be there, how "
        "many visits, and what it costs."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("compare"))

    def __init__(self, consultation: Consultation) -> None:
        """Args: the consultation."""
        super().__init__()
        self.consultation = consultation
        self.half = 0

    def who(self) -> str:
        """Say whom it is about."""
        return self.consultation.who

    def available(self, action: Action) -> bool:
        """Turning pages is for narrow screens."""
        return action.id != "compare.pathway" or self.app.size.width < _WIDE

    def lines(self, width: int) -> Sequence[Line]:
        """Return the columns that fit, best-ranked first."""
        assessment = self.consultation.assessment
        ids = [item.id for item in assessment.ranked]
        if width < _WIDE:
            start = self.half * 2 % len(ids)
            ids = ids[start : start + 2]
        return compare_lines(self.consultation.pack, assessment, ids, width)

    def action_turn(self) -> None:
        """Show the other pathways."""
        self.half += 1
        self.redraw()
