"""Overview: the cases of the list counted, and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.lines import Line
from ketatui.tui.views.overview import overview_lines

if TYPE_CHECKING:
    from ketatui.cases.library import Query


class OverviewScreen(ReaderScreen):
    """What was decided, found, overridden and disagreed on, and when."""

    CONTEXTS = ("overview", "reader")
    HELP_TITLE = "Overview"
    HELP_TEXT = (
        "Counts of the cases that the list shows: by decision, by the verdict of the pathway that "
        "was chosen, by worst finding, by what was overridden and why, how often reviewers "
        "disagreed, and by month. Every bar's whole is the number of cases at the top."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("overview"))

    def __init__(self, query: Query) -> None:
        """Args: which cases."""
        super().__init__()
        self._query = query

    def lines(self, width: int) -> Sequence[Line]:
        """Return the counts, drawn."""
        library, knowledge = self.keta.resources.library, self.keta.resources.knowledge
        assert library is not None
        assert knowledge is not None
        found = library.overview(self._query)
        return overview_lines(knowledge.pack, found, self._query, width)

    def library_moved(self) -> None:
        """Count again."""
        self._redraw_if_up()
