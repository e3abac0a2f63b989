"""The practice cases: begin a run, go on with one, look back at the last."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.journal import Journal
from ketatui.practice.attempts import (
    AttemptEntry,
    done_of,
    finished,
    list_attempts,
    load_attempt,
)
from ketatui.practice.drafts import begin, resume, unfinished
from ketatui.practice.drill_session import Drilling
from ketatui.practice.drilling import NoSchedulerError, Schedule, read_answers
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.progress import by_case, suggest
from ketatui.practice.stages import parts_of
from ketatui.practice.whole import appraise_run
from ketatui.tui.actions import Action, bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.session import now
from ketatui.tui.views.lines import EMPTY, Span, line
from ketatui.tui.views.practice.cases import (
    CasesState,
    case_line,
    foot_lines,
    head_line,
    ordered,
)
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt


class PracticeList(LineView, can_focus=True):
    """The list itself; the terminal's cursor follows its row."""


class PracticeCasesScreen(PracticePage):
    """All practice cases, those begun and the one suggested first."""

    CONTEXTS = ("practice_cases",)
    HELP_TITLE = "Practice"
    HELP_TEXT = (
        "Written cases to learn from. Read the story, answer the questions of the consultation "
        "as it tells, commit to a verdict and reasons for each pathway and to a plan; then see "
        "where the criteria differ, and why. Nothing of it comes near the clinical cases."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("practice_cases"))

    def __init__(self, library: PracticeLibrary) -> None:
        """Args: the practice cases."""
        super().__init__()
        self.library = library
        self._state = CasesState(library, {}, (), None, now())
        self._shown: list[PracticeCase] = []
        self._entries: list[AttemptEntry] = []
        self._focused = ""
        self._said: Span | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, heading, list, remark and hints."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="columns", classes="bar")
        yield PracticeList(id="list", classes="takes-keys")
        yield LineView(id="about")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    @property
    def view(self) -> PracticeList:
        """The list."""
        return self.query_one(PracticeList)

    @property
    def case(self) -> PracticeCase | None:
        """The focused case."""
        return self.library.cases.get(self._focused)

    def available(self, action: Action) -> bool:
        """Looking back needs an attempt, discarding an unfinished run."""
        if action.id == "practice_cases.debrief":
            return self._focused in self._state.done
        if action.id == "practice_cases.discard":
            return self._focused in self._state.begun
        return True

    def redraw(self) -> None:
        """Read the attempts and show the list."""
        if not self.is_mounted:
            return
        folder = self.keta.resources.attempts_folder
        try:
            self._entries = list_attempts(folder)
            begun = unfinished(folder)
        except (CaseError, OSError) as error:
            self._said = (said_of(error), "problem")
            self._entries, begun = [], {}
        attempts = finished(self._entries)
        self._state = CasesState(
            self.library, by_case(attempts), begun, suggest(self.library, attempts, now()), now()
        )
        self._shown = ordered(self._state)
        if self.case is None and self._shown:
            self._focused = self._shown[0].id
        self._show()

    def _show(self) -> None:
        width = max(self.view.size.width, 40)
        tried = len(self._state.done)
        self.show_title(f"Practice: {len(self._shown)} cases, {tried} done")
        self.query_one("#columns", LineView).show([head_line(width)])
        lines = [case_line(self._state, case, width) for case in self._shown]
        place = next((n for n, case in enumerate(self._shown) if case.id == self._focused), None)
        if not lines:
            lines = [EMPTY, line(("  These criteria bring no practice cases.", "muted"))]
        self.view.show(lines, place)
        if place is not None:
            self.view.keep_in_sight(place, place)
        case = self.case
        about = [] if case is None else foot_lines(self._state, case, width)
        self.query_one("#about", LineView).show(about)
        problems = [*self.library.problems, *(e.problem for e in self._entries if e.problem)]
        said = self._said or ((problems[0], "problem") if problems else None)
        self.show_hint(said)

    # --- intents ------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        ids = [case.id for case in self._shown]
        if ids:
            place = ids.index(self._focused) + step
            self._focused = ids[max(0, min(place, len(ids) - 1))]
            self._said = None
            self._show()

    def action_page(self, step: int) -> None:
        """Move by a screen."""
        self.action_move(step * max(self.view.size.height - 1, 1))

    def action_edge(self, step: int) -> None:
        """Move to the first or last case."""
        self.action_move(step * len(self._shown))

    def action_suggested(self) -> None:
        """Go to the case that is suggested."""
        if self._state.suggestion is not None:
            there = self._focused == self._state.suggestion.case
            self._focused = self._state.suggestion.case
            self._show()
            if there:
                self.show_hint(("This is the case that is suggested.", "info"))

    def action_open(self) -> None:
        """Begin a run of the focused case, or go on with the one begun."""
        case, knowledge = self.case, self.keta.resources.knowledge
        if case is None or knowledge is None:
            return
        due, tried = self.library.assigned(case.id), self._state.done.get(case.id)
        tries = due.tries if due is not None else None
        if tries is not None and tried is not None and tried.tried >= tries:
            self.show_hint(("Assigned, and no try is left. e shows the last debrief.", "caution"))
            return
        folder = self.keta.resources.attempts_folder
        notices: tuple[str, ...] = ()
        try:
            draft = unfinished(folder).get(case.id)
            if draft is not None:
                run, notices = resume(draft.path, self.library, knowledge)
            else:
                timed = self.keta.resources.settings.practice_timer
                run = begin(folder, self.library, case, knowledge, now=now(), timed=timed)
        except (CaseError, DraftInUseError, OSError) as error:
            self.show_hint((said_of(error), "problem"))
            return
        self._said = None
        self.keta.open_run = run
        notice = " ".join(notices)
        if run.locked:
            self.keta.go("practice.commit", run, notice)
        else:
            self.keta.go("practice.run", run, notice)

    def action_debrief(self) -> None:
        """Show the debrief of the last attempt at the focused case once more."""
        case, knowledge = self.case, self.keta.resources.knowledge
        mine = [
            entry
            for entry in self._entries
            if entry.attempt is not None and entry.attempt.case == self._focused
        ]
        if case is None or knowledge is None or not mine:
            return
        latest = max(mine, key=lambda entry: entry.path.name)
        try:
            answers, attempt = load_attempt(latest.path, knowledge.pack)
        except (CaseError, OSError) as error:
            self.show_hint((said_of(error), "problem"))
            return
        try:
            parts = parts_of(knowledge, case)
        except CaseError as error:
            self.show_hint((said_of(error), "problem"))
            return
        done = done_of(parts, answers, attempt)
        found = appraise_run(self.library.rubric, parts, done)
        changed = attempt.case_digest != case.digest or (
            attempt.pack_digest != knowledge.pack.digest
        )
        self.keta.go("practice.debrief", self.library, parts, done, attempt, found, changed=changed)

    def action_drill(self) -> None:
        """Drill rules, one fact at a time."""
        knowledge = self.keta.resources.knowledge
        if knowledge is None:
            return
        try:
            drills = Drilling.begin(
                knowledge, self.library.rubric, self.keta.resources.attempts_folder, now()
            )
        except (CaseError, OSError, NoSchedulerError) as error:
            said = str(error) if isinstance(error, NoSchedulerError) else said_of(error)
            self.show_hint((said, "problem"))
            return
        if drills.drill is None:
            self.show_hint((drills.nothing_due(now()), "info"))
        else:
            self.keta.go("practice.drill", drills)

    def action_progress(self) -> None:
        """Show scores over time and by topic."""
        try:
            answers = read_answers(self.keta.resources.attempts_folder)
            rules = Schedule(answers).standing(now()) if answers else ()
        except (OSError, NoSchedulerError):
            rules = ()
        self.keta.go("practice.progress", self.library, finished(self._entries), rules)

    def action_discard(self) -> None:
        """Throw the unfinished run of the focused case away, after asking."""
        ident = self._focused
        if ident not in self._state.begun:
            return

        def answered(yes: bool) -> None:
            self.view.focus()
            if yes:
                self._discard(ident)
            self.redraw()

        self.query_one(Prompt).ask_yes_or_no("Throw this run away for good?", answered)

    def _discard(self, ident: str) -> None:
        try:
            draft = unfinished(self.keta.resources.attempts_folder)[ident]
            journal, _ = Journal.resume(draft.path)
            journal.discard()
        except (CaseError, DraftInUseError, OSError) as error:
            self._said = (said_of(error), "problem")

    def action_back(self) -> None:
        """Go home."""
        self.dismiss()

    @on(LineView.Pressed, "#list")
    def _pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target == self._focused:
            self.action_open()
        else:
            self._focused = event.target
            self._show()
