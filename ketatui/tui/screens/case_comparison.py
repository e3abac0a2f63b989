"""Compare: two cases, or two revisions of one; only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.engine import Knowledge
from ketatui.tui.actions import bindings
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.session import now
from ketatui.tui.views.case_comparison import Side, comparison_sections
from ketatui.tui.views.pages import Section


class CaseComparisonScreen(PageScreen):
    """What two cases record otherwise, and how they stand."""

    CONTEXTS = ("comparison", "page_only", "page")
    HELP_TITLE = "Compare two cases"
    HELP_TEXT = (
        "Two revisions of a case, or two cases: answers, notes, trials, medicines, consent, "
        "decision and verdicts, and only what differs. A stands before the arrow, B behind it. "
        "A rule that changed opens to its reason and sources on both sides."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("comparison", "page_only"))

    def __init__(self, a: Side, b: Side, knowledge: Knowledge) -> None:
        """Args: the two, and the criteria at hand."""
        super().__init__()
        self.a = a
        self.b = b
        self.knowledge = knowledge

    def page_title(self) -> str:
        """Return the title."""
        if self.a.name == self.b.name and self.a.number != self.b.number:
            return f"Compare {self.a.name}: revision {self.a.number} (A), {self.b.number} (B)"
        return f"Compare {self.a.name} (A), {self.b.name} (B)"

    def sections(self, width: int) -> Sequence[Section]:
        """Return what differs."""
        return comparison_sections(self.knowledge, self.a, self.b, now().date(), width)

    def action_swap(self) -> None:
        """Exchange A and B."""
        self.a, self.b = self.b, self.a
        self.renew()
