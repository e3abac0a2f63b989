"""How a course stands, on the whole width: for screens that are too narrow for a pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.consultation.treatment import Treatment
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.course_status import course_lines
from ketatui.tui.views.lines import Line
from ketatui.tui.views.visit_explain import explain_decision

_CHART = 14


class CourseStatusScreen(ReaderScreen):
    """Scores, what is due, and the reasons why the course goes on or does not."""

    HELP_TITLE = "How the course stands"
    HELP_TEXT = (
        "Scores against response and remission with sessions and doses under them, what is due, "
        "and every finding on whether the course goes on as planned."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("reader_page"))

    def __init__(self, treatment: Treatment) -> None:
        """Args: the course."""
        super().__init__()
        self.treatment = treatment

    def who(self) -> str:
        """Say whom it is about."""
        return self.treatment.consultation.who

    def lines(self, width: int) -> Sequence[Line]:
        """Return the course, and the explanation of its last visit's decision to go on."""
        lines = course_lines(self.treatment, min(width, 100), _CHART)
        if self.treatment.visit is None:
            return lines
        onward = self.treatment.pack.decision_of("continue")
        why = explain_decision(self.treatment, onward, width, by_authority=False)
        # Without the tabs: here is one decision only.
        return [*lines, Line(), *why[1:]]
