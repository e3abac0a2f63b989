"""Committing: verdicts, reasons and a plan, before anything is revealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.errors import CaseError
from ketatui.practice.reasons import MOST_NAMED
from ketatui.practice.run import PracticeRun
from ketatui.tui.actions import Action, bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.session import now
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.practice.commit import COMMIT, commit_items
from ketatui.tui.views.practice.story import time_text
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView


class CommitScreen(PracticePage):
    """One form; every line of it is on disk before the next key."""

    CONTEXTS = ("form", "commit")
    HELP_TITLE = "Commit"
    HELP_TEXT = (
        "The facts are locked. For each pathway a verdict, and up to three reasons that set it. "
        "Of the reasons on the list some hold and others do not apply; a pathway that fits needs "
        "none. Then the pathway you would go on with, and the plan. After you commit nothing can "
        "be changed. Esc leaves for the list, and the run resumes from here."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("commit"))

    def __init__(self, run: PracticeRun, notice: str = "") -> None:
        """Args: the run, its facts locked, and something to say at first."""
        super().__init__()
        self.run = run
        self._notice = notice
        self._sure = False

    def available(self, action: Action) -> bool:
        """There is nothing here that cannot be established."""
        return action.id != "form.unknown"

    def compose(self) -> ComposeResult:
        """Lay out title, form and hints."""
        yield LineView(id="title", classes="bar")
        yield FormList(self, id="form", classes="takes-keys")
        yield LineView(id="hint", classes="bar")

    def begin(self) -> None:
        """Show the form for the first time, at the first line that is still to be decided."""
        self.form.set_items(self.items(), fresh=True)
        for ident in self.run.offered:
            if ident not in self.run.judgment.verdicts:
                self.form.focus_on(f"verdict:{ident}")
                break
        if self._notice:
            self.form.say(self._notice, "caution")

    @property
    def form(self) -> FormList:
        """The form."""
        return self.query_one(FormList)

    def items(self) -> Sequence[FormItem]:
        """Return the form."""
        return commit_items(self.run)

    def redraw(self) -> None:
        """Draw everything from the state."""
        if self.is_mounted:
            self.show_title(self.run.case.name, ((f"{time_text(self.run)} ", "muted"),))
            self.form.set_items(self.items())
            self.show_hint()

    def _keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk; say so when it could not."""
        self._sure = False
        try:
            change()
        except OSError as error:
            self.redraw()
            why = error.strerror or type(error).__name__
            self.show_hint((f"Could not be written to disk, not taken: {why}", "problem"))
            return False
        self.redraw()
        return True

    # --- what the form says ---------------------------------------------------------------------

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take a verdict, a reason, the choice or the plan."""
        kind, _, rest = key.partition(":")
        run = self.run
        if kind == "reason":
            pathway, _, rule = rest.partition(":")
            taken: list[bool] = []
            named = value is True
            if self._keep(lambda: taken.append(run.name_reason(pathway, rule, named))):
                if taken[0]:
                    self.form.advance()
                else:
                    said = f"{MOST_NAMED} are named already; n takes one back."
                    self.form.say(said, "caution")
            return
        if not isinstance(value, str):
            return
        changes: dict[str, Callable[[], object]] = {
            "verdict": lambda: run.judge(rest, value),  # type: ignore[arg-type]
            "choice": lambda: run.choose(value),
            "plan": lambda: run.plan(value),
        }
        if kind in changes and self._keep(changes[kind]):
            self.form.advance()

    def form_cleared(self, key: str) -> None:
        """Take a verdict or reason back."""
        kind, _, rest = key.partition(":")
        pathway, _, rule = rest.partition(":")
        if kind == "verdict":
            self._keep(lambda: self.run.judge(rest, None))
        elif kind == "reason":
            self._keep(lambda: self.run.name_reason(pathway, rule, False))

    def form_activated(self, key: str) -> None:
        """Commit, once it was said that nothing can be changed afterwards."""
        if key != COMMIT:
            return
        missing = self.run.missing()
        if missing:
            self.form.say(f"Still needed: {'; '.join(missing)}.", "caution")
        elif not self._sure:
            self._sure = True
            said = "Enter once more commits; nothing can be changed after that."
            if not self.run.last:
                said = "Enter once more commits and continues; there is no way back."
            self.form.say(said, "caution")
        else:
            self._commit()

    def form_moved(self, key: str) -> None:
        """Another line: the question whether one is sure is over."""
        self._sure = False

    def _commit(self) -> None:
        resources = self.keta.resources
        run = self.run
        if not run.last:
            if self._keep(run.go_on):
                self.keta.switch("practice.run", run)
            return
        try:
            done = run.finish(resources.attempts_folder, by=resources.settings.by, now=now())
        except (CaseError, OSError) as error:
            self._sure = False
            self.show_hint((f"Not kept: {said_of(error)}", "problem"))
            return
        self.keta.open_run = None
        self.keta.back_to("practice")
        self.keta.go(
            "practice.debrief", run.library, run.parts, done.done, done.attempt, done.appraisal
        )

    # --- the other keys -------------------------------------------------------------------------

    def action_pathway(self, step: int) -> None:
        """Go to the verdict of another pathway."""
        last = "choice" if self.run.case.key.best else "plan"
        stops = [*(f"verdict:{ident}" for ident in self.run.offered), last]
        keys = [item.key for item in self.form.items]
        here = self.form.cursor
        passed = [stop for stop in stops if keys.index(stop) <= here]
        within = bool(passed) and keys.index(passed[-1]) < here
        # Back from among the reasons is to the verdict above them.
        place = len(passed) - 1 + (0 if within and step < 0 else step)
        self.form.focus_on(stops[max(0, min(place, len(stops) - 1))])

    def action_story(self) -> None:
        """Read the story on a page of its own."""
        self.keta.go("practice.story", self.run)

    def action_back(self) -> None:
        """Leave for the list, which offers to go on: the questions are behind the lock."""
        self.keta.close_case()
        self.dismiss()
