"""The debrief: yours beside the pack's, each difference down to rule, values and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.practice.attempts import Attempt
from ketatui.practice.debrief import debrief
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.stages import Part
from ketatui.practice.whole import Appraisals, Done
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.views.practice.debrief import (
    Told,
    WholeTold,
    debrief_items,
    score_text,
)
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
        parts: Sequence[Part],
        done: Sequence[Done],
        attempt: Attempt,
        found: Appraisals,
        *,
        changed: bool = False,
    ) -> None:
        """Args: the case, the run, and whether either case or criteria changed since."""
        super().__init__()
        self._title = attempt.title
        rubric = library.rubric
        told = (
            Told(
                part.knowledge,
                library,
                part.case,
                item,
                each,
                debrief(part.knowledge, rubric, part.case, item, each),
                library.peers.get((attempt.case, part.id)),
            )
            for part, item, each in zip(parts, done, found.parts, strict=True)
        )
        self._told = WholeTold(tuple(told), attempt, found, changed)

    def compose(self) -> ComposeResult:
        """Lay out title, form and hints."""
        yield LineView(id="title", classes="bar")
        yield FormList(self, id="form", classes="takes-keys")
        yield LineView(id="hint", classes="bar")

    def available(self, action: Action) -> bool:
        """Nothing is answered here."""
        return action.context != "form" or action.id in _MOVING

    def _hints(self) -> list[str]:
        return ["↑↓ opens a line", *(it for it in super()._hints() if it[:6] != "Enter ")]

    def begin(self) -> None:
        """Show the debrief."""
        self.query_one(FormList).set_items(debrief_items(self._told), fresh=True)

    def redraw(self) -> None:
        """Show title and hints; the form draws itself."""
        if self.is_mounted:
            score = f"{score_text(self._told)} "
            self.show_title(f"Debrief: {self._title}", ((score, "strong"),))
            self.show_hint()

    def form_activated(self, key: str) -> None:
        """The line is open already."""

    def action_back(self) -> None:
        """Go back to the practice cases."""
        self.dismiss()
