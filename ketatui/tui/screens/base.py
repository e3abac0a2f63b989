"""What all screens share: a title, a hint line, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.screen import Screen

from ketatui.tui.actions import Action, in_context
from ketatui.tui.views.lines import Line, Span, fit, line
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from ketatui.tui.app import KetaApp


class KetaScreen(Screen[None]):
    """A screen with a title bar and a hint line.

    Attributes:
        CONTEXTS: Contexts of the action table that work here, in the order of the hint line.
        HELP_TITLE: What the help page calls the screen.
        HELP_TEXT: What the screen is for, in a few sentences.
    """

    AUTO_FOCUS = ""
    CONTEXTS: ClassVar[tuple[str, ...]] = ()
    HELP_TITLE: ClassVar[str] = ""
    HELP_TEXT: ClassVar[str] = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it so)
        (0, "-tiny"),
        (60, "-narrow"),
        (100, "-medium"),
        (120, "-wide"),
    ]

    @property
    def keta(self) -> KetaApp:
        """The app, typed."""
        return cast("KetaApp", self.app)

    def available(self, action: Action) -> bool:
        """Whether an action can do something now; a pure function of state."""
        return True

    def actions(self) -> Sequence[Action]:
        """Return the actions that work here now, for hint line, help and palette."""
        return [action for action in in_context(*self.CONTEXTS, "app") if self.available(action)]

    def show_title(self, text: str, right: Sequence[Span] = ()) -> None:
        """Show the title bar."""
        width = self.app.size.width
        bar = self.query_one("#title", LineView)
        taken = sum(len(piece) for piece, _ in right)
        left = fit(f" KetaTUI  {text}", width - taken - 1)
        gap = " " * max(width - len(left) - taken, 1)
        bar.show([line((left, "title"), gap, *right)])

    def on_form_list_entry(self, event: FormList.Entry) -> None:
        """While something is typed, other keys work."""
        self.show_hint()

    def _hints(self) -> list[str]:
        for form in self.query(FormList):
            if form.typing is not None:
                more = ["↓ suggestions"] if form.typing.suggestions else []
                return ["Enter takes it", *more, "Backspace deletes", "Esc leaves it"]
        return [action.hint for action in self.actions()]

    def show_hint(self, remark: Span | None = None) -> None:
        """Show the hint line: a remark, else the keys that work here."""
        width = self.app.size.width
        bar = self.query_one("#hint", LineView)
        if remark is not None:
            bar.show([line((fit(f" {remark[0]}", width), remark[1]))])
            return
        bar.show([hint_line(self._hints(), width)])

    def on_screen_resume(self) -> None:
        """Draw anew when the screen comes back to the top."""
        self.redraw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """Draw everything from the state; screens add their own part."""
        if self.is_mounted:
            self.show_hint()


def hint_line(hints: Sequence[str], width: int) -> Line:
    """Return as many hints as fit, each key set off; the last one ("? keys") always stays."""
    shown = [hint for hint in hints if hint]
    spans: list[Span] = []
    used = 1
    last = shown[-1] if shown else ""
    for hint in shown[:-1]:
        if used + len(hint) + 3 + len(last) > width:
            break
        used += len(hint) + 3
        spans += _hint_spans(hint)
    spans += _hint_spans(last)
    return line(" ", *spans)


def _hint_spans(hint: str) -> list[Span]:
    key, _, text = hint.rpartition(" ") if hint.startswith("[ ]") else hint.partition(" ")
    return [(key, "key"), (f" {text}   ", "muted")]
