"""Drills: one fact is otherwise, and which verdict now?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.errors import CaseError
from ketatui.criteria.models import Verdict
from ketatui.practice.drill_session import Drilling
from ketatui.tui.actions import Action, bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.session import now
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.practice.drill import NEXT, VERDICT, drill_items
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView


class DrillScreen(PracticePage):
    """One drill after the other; the answer is on disk before anything is told."""

    CONTEXTS = ("form", "drill")
    HELP_TITLE = "Practice rules"
    HELP_TEXT = (
        "A patient, or a visit, with nothing against it; then one thing is different. Say which "
        "verdict the criteria give now. Drills are made from the rules, and each rule comes "
        "back when it is likely to be forgotten (FSRS). Now and then the rule just does not apply."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("drill"))

    def __init__(self, sitting: Drilling) -> None:
        """Args: the sitting, with its first drill."""
        super().__init__()
        self.sitting = sitting

    def available(self, action: Action) -> bool:
        """There is nothing here that cannot be established, or is taken away."""
        return action.id not in ("form.unknown", "form.yes", "form.no", "form.clear")

    def compose(self) -> ComposeResult:
        """Lay out title, form and hints."""
        yield LineView(id="title", classes="bar")
        yield FormList(self, id="form", classes="takes-keys")
        yield LineView(id="hint", classes="bar")

    def begin(self) -> None:
        """Show the first drill."""
        self._show(VERDICT)

    @property
    def form(self) -> FormList:
        """The form."""
        return self.query_one(FormList)

    def _items(self) -> Sequence[FormItem]:
        again = self.sitting.came_to(now()) if self.sitting.said is not None else ""
        return drill_items(self.sitting, again)

    def _show(self, key: str) -> None:
        self.form.set_items(self._items(), fresh=True)
        self.form.focus_on(key)
        self.redraw()

    def redraw(self) -> None:
        """Show title and hints; the form draws itself."""
        if self.is_mounted:
            count, right = self.sitting.count, self.sitting.right
            score = f"{right} of {count} right " if count else ""
            self.show_title("Rules", ((score, "strong"),))
            self.show_hint()

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take a verdict, and tell."""
        if key != VERDICT or not isinstance(value, str) or self.sitting.said is not None:
            return
        try:
            self.sitting.answer(cast(Verdict, value), now())
        except (CaseError, OSError) as error:
            self.show_hint((f"Not kept, so not taken: {said_of(error)}", "problem"))
            return
        self._show(NEXT)

    def form_activated(self, key: str) -> None:
        """Go on to the next drill."""
        if key == NEXT:
            self.sitting.go_on(now())
            self._show(VERDICT)

    def form_cleared(self, key: str) -> None:
        """An answer stays."""

    def form_moved(self, key: str) -> None:
        """Nothing hangs on the line."""

    def action_back(self) -> None:
        """Back to the practice cases."""
        self.dismiss()
