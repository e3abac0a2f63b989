"""Consultation: what its keys and clicks mean."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.consultation.edits import SetLabel
from ketatui.tui.actions import bindings
from ketatui.tui.screens.answering import AnsweringScreen
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt


class ConsultationScreen(AnsweringScreen):
    """The main screen."""

    CONTEXTS = ("form", "consultation")
    HELP_TITLE = "Consultation"
    HELP_TEXT = (
        "One line a question; the focused one opens. Answering moves on to the next line. Every "
        "answer is on disk before the next key. On the right (or in the line under the title) "
        "stands what the criteria say about each pathway so far; . jumps to the question that "
        "matters next, e explains every verdict."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("consultation"))

    @on(LineView.Pressed, "#fit, #strip")
    def _fit_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target == "next":
            self.action_next()
        else:
            self.action_explain(event.target.removeprefix("pathway:"))

    def contradictions_pressed(self) -> None:
        """Explain, where contradictions are told in full."""
        self.action_explain()

    def action_next(self) -> None:
        """Jump to the question that matters next."""
        upcoming = self.consultation.assessment.next
        if upcoming is None:
            self.say("Nothing unanswered can change a verdict.")
        else:
            self.go_to(upcoming.question)

    def action_why(self) -> None:
        """Show or hide why the focused question is asked, and its sources."""
        self.why = not self.why
        self.form.set_items(self._items())

    def action_label(self) -> None:
        """Label the case."""

        def done(text: str | None) -> None:
            self.form.focus()
            if text is not None and not self.do(SetLabel(text=text)):
                ask(text)

        def ask(text: str) -> None:
            self.query_one(Prompt).ask(
                "Label (no names)", text, done, limit=80, remark=self.show_remark_on, kept=kept
            )

        kept = self.consultation.case.label
        ask(kept)

    def action_explain(self, pathway: str | None = None) -> None:
        """Explain the verdicts."""
        known = pathway if pathway in self.consultation.pack.pathways else None
        self.keta.go("explain", self.consultation, known)

    def action_compare(self) -> None:
        """Show the pathways side by side."""
        self.keta.go("pathway_comparison", self.consultation)

    def action_consent(self) -> None:
        """Open the consent conversation."""
        self.keta.go("consent", self.opened)

    def action_decide(self) -> None:
        """Open the decision."""
        self.keta.go("decide", self.opened)

    def action_record(self) -> None:
        """Open what a patient's record proposes."""
        self.keta.go("proposals", self.opened)

    def action_save(self) -> None:
        """Save the case as it stands: as a draft while nothing is decided."""
        # Not needed for the first question; imported a little later (`ketatui.tui.routes.LATER`).
        from ketatui.tui.screens.saving import save_case

        save_case(self, self.opened)
