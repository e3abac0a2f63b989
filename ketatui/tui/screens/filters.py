"""Filters of the library: states, decisions, criteria and more, with how many cases each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.library import FACETS
from ketatui.tui.actions import bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.filters import Choice, filter_lines
from ketatui.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from ketatui.cases.library import Query

_MOST = 12
"""Values shown of one facet; the most frequent, and those that are chosen."""


class Filtered(Protocol):
    """A list that can be filtered.

    Attributes:
        query_now: Which of all it shows.
    """

    query_now: Query


class FiltersList(LineView, can_focus=True):
    """The list itself; it has the focus so that the terminal's cursor follows the row."""


class FiltersScreen(KetaScreen):
    """What can be chosen; values of one kind add up, kinds narrow each other down."""

    CONTEXTS = ("filters", "list")
    HELP_TITLE = "Filters"
    HELP_TEXT = (
        "Space chooses a value or takes it back; several of one kind are all shown, and each "
        "kind narrows the others down. The number behind a value counts the cases that the "
        "other kinds leave. Whether a case is different today is known once w was pressed in "
        "the list."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("filters", "list"))

    def __init__(self, cases: Filtered) -> None:
        """Args: the list that is filtered."""
        super().__init__()
        self._cases = cases
        self._choices: list[Choice] = []
        self._cursor = 0

    def compose(self) -> ComposeResult:
        """Lay out title, choices and hints."""
        yield LineView(id="title", classes="bar")
        yield FiltersList(id="list", classes="takes-keys")
        yield LineView(id="hint", classes="bar")

    def redraw(self) -> None:
        """Count and show."""
        if not self.is_mounted:
            return
        library, knowledge = self.keta.resources.library, self.keta.resources.knowledge
        assert library is not None
        assert knowledge is not None
        query = self._cases.query_now
        self._choices = []
        for facet in FACETS:
            wanted = query.chosen.get(facet, frozenset())
            counted = library.facet(facet, query)
            if not wanted and all(not code for code, _ in counted):
                continue  # Nothing to choose between.
            missing = [(code, 0) for code in sorted(wanted - {code for code, _ in counted})]
            shown = [item for item in counted[_MOST:] if item[0] in wanted]
            for code, count in (*counted[:_MOST], *shown, *missing):
                self._choices.append(Choice(facet, code, count, code in wanted))
        self._show()

    def _show(self) -> None:
        knowledge = self.keta.resources.knowledge
        library = self.keta.resources.library
        assert knowledge is not None
        assert library is not None
        view = self.query_one(FiltersList)
        lines = filter_lines(knowledge.pack, self._choices, max(view.size.width, 40))
        self._cursor = max(0, min(self._cursor, len(self._choices) - 1))
        at = [item.target for item in lines].index(str(self._cursor)) if self._choices else 0
        left = library.count(self._cases.query_now)
        self.show_title(f"Filters: {left:,} {'case is' if left == 1 else 'cases are'} left")
        view.show(lines, at if self._choices else None)
        # With the heading above it.
        view.keep_in_sight(max(at - 1, 0), at)
        self.show_hint()

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self._cursor += step
        self._show()

    def action_page(self, step: int) -> None:
        """Move by a screen."""
        self.action_move(step * max(self.query_one(FiltersList).size.height - 2, 1))

    def action_edge(self, step: int) -> None:
        """Move to the first or last value."""
        self.action_move(step * len(self._choices))

    def action_choose(self) -> None:
        """Choose the value, or take it back."""
        if not self._choices:
            return
        choice = self._choices[self._cursor]
        query = self._cases.query_now
        wanted = query.chosen.get(choice.facet, frozenset()) ^ {choice.code}
        chosen = {facet: codes for facet, codes in query.chosen.items() if facet != choice.facet}
        if wanted:
            chosen[choice.facet] = wanted
        self._cases.query_now = query.replaced(chosen=chosen)
        self.redraw()
        place = [(item.facet, item.code) for item in self._choices]
        self._cursor = place.index((choice.facet, choice.code))
        self._show()

    def action_clear(self) -> None:
        """Take all filters back."""
        self._cases.query_now = self._cases.query_now.replaced(chosen={})
        self.redraw()

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss()

    @on(LineView.Pressed, "#list")
    def _pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self._cursor = int(event.target)
        self.action_choose()
