"""A practice run: the consultation without its fit, the story beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.practice.models import Reveal
from ketatui.practice.run import PracticeRun
from ketatui.tui.actions import Action, bindings, hints_of, in_context, named
from ketatui.tui.screens.answering import AnsweringScreen
from ketatui.tui.session import OpenCase
from ketatui.tui.views.practice.story import story_lines, time_text
from ketatui.tui.views.questions import progress
from ketatui.tui.widgets.line_view import LineView

_SHARED = named(
    "consultation.all_no",
    "consultation.find",
    "consultation.note",
    "consultation.previous_section",
    "consultation.next_section",
    "consultation.undo",
    "consultation.redo",
    "consultation.sections",
)
"""Keys of the consultation that answer and find; none of those that tell what the rules say."""


class PracticeScreen(AnsweringScreen):
    """Sections, questions and story of one run."""

    saves_apart = False
    CONTEXTS = ("form", "practice")
    HELP_TITLE = "Practice"
    HELP_TEXT = (
        "The same questions as in a consultation; what the criteria make of the answers is shown "
        "after you have committed. Answer as the story tells. On a question b asks the patient, "
        "or whoever knows: some things are told only then. What neither the story nor asking "
        "brings up is no, none or normal. d locks the facts; after that come verdicts, reasons "
        "and a plan, and no way back."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("practice", also=_SHARED))

    # Nothing tells the fit.
    BARS = ("title", "crumbs")
    SIDE = "story"
    FURTHER = ()

    def __init__(self, run: PracticeRun, notice: str = "") -> None:
        """Args: the run, and something to say at first."""
        super().__init__(OpenCase(run.consultation, run.journal), notice)
        self.run = run
        self._hint_offered = False
        self._lock_offered = False

    def available(self, action: Action) -> bool:
        """Return the story turns where it stands beside the questions."""
        if action.id == "practice.story_page":
            return self.story.display
        if action.id == "practice.hint":
            return self.run.hints < len(self.run.case.file.hint)
        return True

    def every_action(self) -> Sequence[Action]:
        """Return what works here: answering and finding too, and nothing that tells."""
        return (*in_context("form"), *in_context("practice"), *_SHARED, *in_context("app"))

    def shown(self) -> None:
        """Begin with the story where it has no room beside the questions."""
        if not self.story.display and not self.run.consultation.edits:
            self.action_story()

    # --- drawing ------------------------------------------------------------------------------

    @property
    def story(self) -> LineView:
        """The story beside the questions."""
        return self.query_one("#story", LineView)

    def draw_side(self) -> None:
        """Draw the story."""
        if self.story.display:
            self.story.show(story_lines(self.run, max(self.story.content_size.width - 1, 20)))

    def kept(self) -> str:
        """Say how long it has taken, and whether the last change is on disk."""
        return super().kept() if self.opened.failed else time_text(self.run)

    def at_the_end(self) -> str:
        """Say what comes after the last question."""
        return "That was the last question."

    def offered(self, said: str) -> Sequence[str]:
        """Offer to lock the facts behind the last question."""
        keymap = self.keta.resources.settings.keymap
        return hints_of(keymap, "practice.commit") if said == self.at_the_end() else ()

    # --- intents ------------------------------------------------------------------------------

    def action_ask(self) -> None:
        """Ask about the focused question."""
        question = self.focused_question()
        if question is None or self.page != "section":
            self.say("Go to a question to ask about it.")
            return
        told: list[Reveal] = []
        if not self.keep(lambda: told.extend(self.run.ask(question.id))):
            return
        if told:
            self.form.say(" ".join(f"{item.ask}: {item.text}" for item in told), "info")
            self._story_to_end()
        else:
            self.form.say("Asked; nothing comes up beyond what the story says.", "muted")

    def _story_to_end(self) -> None:
        if self.story.display:
            self.story.scroll_lines_to(len(self.story.lines))

    def action_story(self) -> None:
        """Read the story on a page of its own."""
        self.keta.go("practice.story", self.run)

    def action_story_page(self) -> None:
        """Turn the story a page on, after its end to the top."""
        story = self.story
        if story.display:
            at_end = story.top + story.size.height >= len(story.lines)
            story.scroll_lines_to(0 if at_end else story.top + max(story.size.height - 2, 1))

    def action_hint(self) -> None:
        """Take a hint, once it was said what it costs."""
        due = self.run.library.assigned(self.run.whole.id)
        if due is not None and not due.hints:
            self.say("This case is assigned without hints.", "caution")
            return
        left = len(self.run.case.file.hint) - self.run.hints
        if left <= 0:
            self.say("There is no further hint.")
            return
        cost = -self.run.library.rubric.points("hint", self.run.case.file.rubric)
        points = "1 point" if cost == 1 else f"{cost} points"
        if not self._hint_offered:
            self._hint_offered = True
            self.say(f"A hint costs {points} ({left} left). h again takes it.", "caution")
            return
        taken: list[str | None] = []
        if self.keep(lambda: taken.append(self.run.take_hint())):
            self._hint_offered = False
            self._story_to_end()
            self.form.say(f"Hint: {taken[0]}", "info")

    def form_moved(self, key: str) -> None:
        """Forget what was said about the line before."""
        super().form_moved(key)
        self._hint_offered = self._lock_offered = False

    def action_timer(self) -> None:
        """Switch the timer on or off, for the next runs too."""
        timed = not self.run.timed
        if self.keep(lambda: self.run.time_it(timed)):
            settings = self.keta.resources.settings
            self.keta.change_settings(settings.replaced(practice_timer=timed))
            self.say("Timer on." if timed else "Timer off.")

    def _left_open(self) -> int:
        """Count what has no answer, as the list of sections beside it does."""
        sections = self.consultation.pack.sections
        counted = (progress(self.consultation, section.id) for section in sections)
        return sum(asked - answered for answered, asked in counted)

    def action_commit(self) -> None:
        """Lock the facts, once it was said that nothing leads back; then go on."""
        if not self._lock_offered:
            self._lock_offered = True
            left = self._left_open()
            still = {0: "Every question has an answer.", 1: "One question has no answer."}
            said = still.get(left, f"{left} questions have no answer.")
            self.say(f"{said} d again locks the facts; there is no way back.", "caution")
            return
        self._lock_offered = False
        if self.keep(self.run.lock):
            self.keta.switch("practice.commit", self.run)
