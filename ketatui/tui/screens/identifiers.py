"""Identifiers: what was seen before a case is saved or exported, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.model import Case
from ketatui.consultation.privacy import kept_as
from ketatui.privacy import Sighting
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.identifiers import identifier_lines
from ketatui.tui.views.lines import Line

GoOn = Callable[[Sequence[Sighting]], None]
"""Goes on with what was being done; told what is to be replaced first, which may be nothing."""


class IdentifiersScreen(ReaderScreen):
    """A list of what was seen, with three ways on."""

    CONTEXTS = ("identifiers", "reader")
    HELP_TITLE = "Identifiers"
    HELP_TEXT = (
        "Names, places, dates, numbers and addresses do not belong in a case. What looks like one "
        "is listed here; the patterns can be wrong both ways. y replaces everything listed, n "
        "keeps it and does not ask about it again until the app is left, Esc goes back."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("identifiers"))

    def __init__(self, case: Case, found: Sequence[Sighting], leaving: str, go_on: GoOn) -> None:
        """Args: the case, what was seen in it, what is about to be done, and how to go on."""
        super().__init__()
        self._case = case
        self._found = tuple(found)
        self._leaving = leaving
        self._go_on = go_on

    def lines(self, width: int) -> Sequence[Line]:
        """Return the list."""
        knowledge = self.keta.resources.knowledge
        assert knowledge is not None
        return identifier_lines(knowledge.pack, self._case, self._found, self._leaving, width)

    def action_replace(self) -> None:
        """Replace everything listed, and go on."""
        self._leave_with(self._found)

    def action_keep(self) -> None:
        """Keep everything as it is, remember that, and go on."""
        self.keta.kept_identifiers.update(kept_as(item) for item in self._found)
        self._leave_with(())

    def _leave_with(self, found: Sequence[Sighting]) -> None:
        self.app.pop_screen()
        # After the screen below has drawn itself anew, which would wipe what is said there.
        self.app.screen.call_later(self._go_on, found)
