"""Again, today: a saved case under the criteria at hand, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.consultation.who import who_of
from ketatui.course.reassessment import reassess_visits
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge
from ketatui.engine.reassessment import reassess
from ketatui.reports.changes_since import Since
from ketatui.tui.actions import bindings
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.session import now
from ketatui.tui.views.lines import safe
from ketatui.tui.views.pages import Section
from ketatui.tui.views.reassessment import again_sections
from ketatui.tui.views.visits_again import visit_sections


class ReassessmentScreen(PageScreen):
    """The saved answers assessed for today."""

    CONTEXTS = ("again", "page_only", "page")
    HELP_TITLE = "Again, today"
    HELP_TEXT = (
        "The saved answers under the criteria and the local policy of today, and for today: per "
        "pathway how it stood and how it stands, and every change with what caused it. Answers "
        "that are too old to count (a blood pressure is of its day) are listed with their age "
        "and count as unanswered. Nothing is saved."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("again", "page_only"))

    def __init__(self, reading: CaseReading, knowledge: Knowledge) -> None:
        """Args: the case as read, and the criteria at hand."""
        super().__init__()
        self.reading = reading
        self.case = reading.case
        self.knowledge = knowledge
        self.keep_old = False
        self._course_problems: tuple[str, ...] = ()
        try:
            self._visits = reassess_visits(knowledge, reading.counted, now().date())
        except PackError as error:
            self._visits = ()
            self._course_problems = tuple(str(item) for item in error.problems)

    def who(self) -> str:
        """Say whom it is about."""
        return who_of(self.knowledge, self.case, now().date())

    def page_title(self) -> str:
        """Return the title."""
        old = ", old answers counted" if self.keep_old else ""
        return f"Again, today{old}: {safe(self.case.label or self.case.id)}"

    def sections(self, width: int) -> Sequence[Section]:
        """Return what differs."""
        on = now().date()
        kept = reassess(self.knowledge, self.case, on, keep_stale=True)
        again = kept if self.keep_old else reassess(self.knowledge, self.case, on)
        since = Since(self.knowledge, self.reading.saved)
        warnings = [*integrity_lines(self.reading), *self._course_problems]
        return (
            *again_sections(since, self.case, again, kept, width, warnings=warnings),
            *visit_sections(self.knowledge, self._visits, width),
        )

    def action_keep_old(self) -> None:
        """Count old answers too, or leave them out again."""
        self.keep_old = not self.keep_old
        self.renew()
