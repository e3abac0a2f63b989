"""The debrief: yours beside the pack's, each difference down to rule, values and source."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.model import Case
from ketatui.practice.attempts import Attempt
from ketatui.practice.debrief import debrief
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.scoring import Appraisal
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.views.practice.debrief import Told, debrief_items, score_text
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView

_MOVING = ("form.up", "form.down", "form.page_up", "form.page_down", "form.first", "form.last")


class DebriefScreen(PracticePage):
    """A form to read: the line under the cursor opens."""

    CONTEXTS = ("form", "debrief")
    HELP_TITLE = "Debrief"
    HELP_TEXT = (
        "What you committed to beside what the criteria say. The line under the cursor opens to "
        "the rule, the values it read, and its source. The facts that decide were worked out "
        "from the rules; at the end stand the score line by line and what to read."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("debrief"))

    def __init__(
        self,
        library: PracticeLibrary,
        case: PracticeCase,
        mine: Case,
        attempt: Attempt,
        found: Appraisal,
        *,
        changed: bool = False,
    ) -> None:
        """Args: the case, the run, and whether either case or criteria changed since."""
        super().__init__()
        self._parts = (library, case, mine, attempt, found)
        self._changed = changed
        self._told: Told | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, form and hints."""
        yield LineView(id="title", classes="bar")
        yield FormList(self, id="form", classes="takes-keys")
        yield LineView(id="hint", classes="bar")

    def available(self, action: Action) -> bool:
        """Nothing is answered here."""
        return action.context != "form" or action.id in _MOVING

    def _hints(self) -> list[str]:
        return ["↑↓ opens a line", *super()._hints()]

    def begin(self) -> None:
        """Show the debrief."""
        library, case, mine, attempt, found = self._parts
        knowledge = self.keta.resources.knowledge
        assert knowledge is not None
        seen = debrief(knowledge, library.rubric, case, mine, attempt, found)
        self._told = Told(knowledge, library, case, mine, attempt, found, seen, self._changed)
        self.query_one(FormList).set_items(debrief_items(self._told), fresh=True)

    def redraw(self) -> None:
        """Show title and hints; the form draws itself."""
        if self.is_mounted:
            score = f"{score_text(self._told)} " if self._told is not None else ""
            self.show_title(f"Debrief: {self._parts[3].title}", ((score, "strong"),))
            self.show_hint()

    def form_activated(self, key: str) -> None:
        """The line is open already."""

    def action_back(self) -> None:
        """Go back to the practice cases."""
        self.dismiss()
