"""Criteria: the pack in use, to be read and searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.criteria import Block, criteria_blocks, criteria_lines
from ketatui.tui.views.lines import Line
from ketatui.tui.widgets.prompt import Prompt


class CriteriaScreen(ReaderScreen):
    """Thresholds, rules, evidence and sources in one long text."""

    CONTEXTS = ("criteria", "reader_page", "reader")
    HELP_TITLE = "Criteria"
    HELP_TEXT = (
        "Everything the criteria hold, with sources and how far each was verified: thresholds, "
        "rules in the order of the consultation, evidence by indication, documents."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("reader_page", "criteria"))

    def __init__(self) -> None:
        """Begin without a search."""
        super().__init__()
        self._search = ""
        self._wrapped: tuple[int, list[Block]] | None = None

    def page_title(self) -> str:
        """Return the title."""
        return f"Criteria: “{self._search}”" if self._search else "Criteria"

    def lines(self, width: int) -> Sequence[Line]:
        """Return what matches."""
        knowledge = self.keta.resources.knowledge
        assert knowledge is not None
        # Wrapped for a width once, and not at every letter of what is looked for.
        if self._wrapped is None or self._wrapped[0] != width:
            self._wrapped = width, criteria_blocks(knowledge.pack, width)
        return criteria_lines(knowledge.pack, self._wrapped[1], self._search, width)

    def action_find(self) -> None:
        """Search as one types."""

        def typing(text: str) -> None:
            self._search = text
            self.body.top = 0
            self.redraw()

        def done(text: str | None) -> None:
            if text is None:
                typing("")

        self.query_one(Prompt).ask("Find", self._search, done, typing=typing)
