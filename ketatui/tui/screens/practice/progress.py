"""Progress: scores over time and by topic, what is missed, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.practice.attempts import Attempt
from ketatui.practice.drilling import RuleStanding
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.screening_and_visits import questions_of, rules_of
from ketatui.tui.actions import bindings, named
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.session import now
from ketatui.tui.views.lines import Line
from ketatui.tui.views.practice.progress import progress_lines


class ProgressScreen(PracticePage, ReaderScreen):
    """All attempts on one page."""

    CONTEXTS = ("reader_page", "reader")
    HELP_TITLE = "Progress"
    HELP_TEXT = (
        "Each column is an attempt, the newest at the right. By topic the latest try of each "
        "case counts. The next case is suggested by what was missed and how long ago."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(
        bindings("reader_page", also=named("practice_cases.progress"))
    )

    def __init__(
        self,
        library: PracticeLibrary,
        attempts: Sequence[Attempt],
        rules: Sequence[RuleStanding] = (),
    ) -> None:
        """Args: the practice cases, what was done, oldest first, and how rules stand."""
        super().__init__()
        self.rules = rules
        self.library = library
        self.attempts = attempts

    def page_title(self) -> str:
        """Return the title."""
        count = len(self.attempts)
        return f"Progress: {count} attempt{'' if count == 1 else 's'}"

    def lines(self, width: int) -> Sequence[Line]:
        """Return the page."""
        return progress_lines(self.library, self.attempts, self._label, now(), width, self.rules)

    def _label(self, question: str) -> str:
        knowledge = self.keta.resources.knowledge
        if knowledge is None:
            return question
        known, rule = questions_of(knowledge.pack).get(question), rules_of(knowledge.pack)
        if known is None and question in rule:
            return rule[question].title
        return known.label if known is not None else question

    def action_progress(self) -> None:
        """Close it with the key that opened it."""
        self.dismiss()
