"""The story on a page of its own, for where there is no room beside the questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.practice.run import PracticeRun
from ketatui.tui.actions import bindings, named
from ketatui.tui.screens.practice.page import PracticePage
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.practice.story import story_lines

_WIDEST = 92


class StoryScreen(PracticePage, ReaderScreen):
    """The story as far as it is known."""

    CONTEXTS = ("reader_page", "reader")
    HELP_TITLE = "Story"
    HELP_TEXT = (
        "What is known about the patient so far: the letter, what was told when asked, hints."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(
        bindings("reader_page", also=named("commit.story"))
    )

    def __init__(self, run: PracticeRun) -> None:
        """Args: the run."""
        super().__init__()
        self.run = run

    def page_title(self) -> str:
        """Return what the case is called."""
        return self.run.case.name

    def lines(self, width: int) -> Sequence[Line]:
        """Return the story."""
        return story_lines(self.run, min(width, _WIDEST))

    def action_story(self) -> None:
        """Close it with the key that opened it."""
        self.dismiss()
