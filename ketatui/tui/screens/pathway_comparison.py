"""Compare: the pathways side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.models import Question
from ketatui.criteria.site import place_question
from ketatui.engine import assess
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.pathway_comparison import Assumed, compare_lines
from ketatui.tui.widgets.line_view import LineView

_WIDE = 100
"""Cells from which all pathways fit side by side; below, two at a time."""


class PathwayComparisonScreen(ReaderScreen):
    """Verdict, evidence, findings and route facts of the pathways, in columns."""

    CONTEXTS = ("compare", "reader")
    HELP_TITLE = "Compare"
    HELP_TEXT = (
        "The pathways side by side, so that they can be talked through with a patient: verdict, "
        "evidence, findings, how the drug gets in, how long it lasts, who has to be there, how "
        "many visits, and what it costs. A pathway's number assumes another site for it (home, a "
        "clinic, a hospital) and shows what the criteria would say; the case stays as it is."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("compare"))

    def __init__(self, consultation: Consultation) -> None:
        """Args: the consultation."""
        super().__init__()
        self.consultation = consultation
        self.half = 0
        self.assumed: dict[str, Assumed] = {}

    def who(self) -> str:
        """Say whom it is about."""
        return self.consultation.who

    def available(self, action: Action) -> bool:
        """Turning pages is for narrow screens."""
        if action.is_digit:
            return self._place is not None
        return action.id != "compare.pathway" or self.app.size.width < _WIDE

    def lines(self, width: int) -> Sequence[Line]:
        """Return the columns that fit, best-ranked first."""
        assessment = self.consultation.assessment
        ids = [item.id for item in assessment.ranked]
        if width < _WIDE:
            start = self.half * 2 % len(ids)
            ids = ids[start : start + 2]
        return compare_lines(self.consultation.pack, assessment, ids, width, self.assumed)

    @property
    def _place(self) -> Question | None:
        return place_question(self.consultation.pack)

    @on(LineView.Pressed, "#body")
    def _head_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self.action_digit(int(event.target))

    def action_digit(self, digit: int) -> None:
        """Assume the next other site for a pathway; after the last one, that of the case."""
        place, ids = self._place, list(self.consultation.pack.pathways)
        if place is None or not 0 < digit <= len(ids):
            return
        case, ident = self.consultation.case, ids[digit - 1]
        others = [it for it in place.options if it.code != case.answers.get(place.id)]
        before = self.assumed.pop(ident, None)
        names = [option.label for option in others]
        at = names.index(before.site) + 1 if before is not None else 0
        if at < len(others):
            answers = {**case.answers, place.id: others[at].code}
            changed = case.replaced(answers=answers, unknown=case.unknown - {place.id})
            found = assess(
                self.consultation.knowledge, changed, self.consultation.today, with_changes=False
            )
            self.assumed[ident] = Assumed(names[at], found)
        self.redraw()
        if self.assumed:
            said = "Assumed for the comparison only; the case stays as it is."
            self.show_hint((said, "caution"))

    def action_turn(self) -> None:
        """Show the other pathways."""
        self.half += 1
        self.redraw()
