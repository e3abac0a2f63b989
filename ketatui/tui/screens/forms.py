"""`FormScreen`: a screen that is one form working on the open case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from ketatui.consultation.edits import Edit
from ketatui.tui.screens.aside import AsideScreen
from ketatui.tui.screens.changing import ChangingScreen
from ketatui.tui.session import OpenCase
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.pathway_summary import strip_line
from ketatui.tui.views.questions import title_line
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt


class FormScreen(ChangingScreen, AsideScreen):
    """Title, fit in a line, one form, what stands beside it, and hints."""

    def __init__(self, opened: OpenCase) -> None:
        """Args: the open case."""
        super().__init__()
        self.opened = opened
        self.consultation = opened.consultation

    def compose(self) -> ComposeResult:
        """Lay out the bars and the form."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="fit-bar", classes="bar")
        yield from self.compose_panes()
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    def begin(self) -> None:
        """Show the form for the first time."""
        self.form.set_items(self.items(), fresh=True)

    def items(self) -> Sequence[FormItem]:
        """Return the form."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw everything from the state."""
        if not self.is_mounted:
            return
        width = self.app.size.width
        kept = f"NOT KEPT: {self.opened.failed}" if self.opened.failed else self.HELP_TITLE
        self.query_one("#title", LineView).show([title_line(self.consultation, kept, width)])
        self.query_one("#fit-bar", LineView).show([strip_line(self.consultation, width)])
        self.form.set_items(self.items())
        self.draw_aside()
        self.show_hint()

    def do(self, edit: Edit) -> bool:
        """Make an edit; return whether it is on disk."""
        return self.keep(lambda: self.consultation.do(edit))

    def typed_again(self, key: str, text: str) -> None:
        """Offer a text again that could not be kept, where it was typed; it says why above."""
        said = self._remark
        if self.form.focus_on(key):
            self.form.begin_typing()
            self.form.retype(text)
            self.show_hint(said)

    def ask(self, question: str, text: str, done: Callable[[str], bool]) -> None:
        """Ask for a text at the foot of the screen; nothing happens on Esc.

        Args:
            question: What is asked.
            text: What it begins with.
            done: Keeps the answer, and says whether it could: else it is asked again.
        """

        def closed(answer: str | None) -> None:
            self.form.focus()
            if answer is not None and not done(answer):
                said = self._remark
                again(answer)
                self.show_hint(said)

        def again(begun: str) -> None:
            prompt = self.query_one(Prompt)
            prompt.ask(question, begun, closed, remark=self.show_remark_on, kept=text)

        again(text)

    def action_undo(self) -> None:
        """Take back the last change."""
        self.keep(self.consultation.undo)

    def action_redo(self) -> None:
        """Make it again."""
        self.keep(self.consultation.redo)

    def action_explain(self) -> None:
        """Explain the verdicts."""
        self.keta.go("explain", self.consultation)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()
