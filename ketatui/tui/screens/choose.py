"""Choose what a case is compared with: type to filter, Enter takes it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.worker import get_current_worker

from ketatui.cases.errors import CaseError
from ketatui.cases.history import revision_of
from ketatui.cases.store import CaseStore, Loaded
from ketatui.engine import Knowledge
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.comparison import ComparisonScreen
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.views.case_history import REVISION
from ketatui.tui.views.choose import FILE, choice_sections, entry_row, path_of, revision_rows
from ketatui.tui.views.comparison import Side
from ketatui.tui.views.lines import safe
from ketatui.tui.views.pages import Row, Section
from ketatui.tui.widgets.prompt import Prompt

_PAUSE = 0.25
"""Seconds between two times that cases just read are shown."""
_NOT_HERE = ("page.find", "page.open", "page.all", "page.back")


class ChooseScreen(PageScreen):
    """Revisions of the case, then the other cases of the folder."""

    CONTEXTS = ("choose", "page")
    WHOLE = True
    HELP_TITLE = "Compare with"
    HELP_TEXT = (
        "Type part of a label, an id or a decision; ↑ and ↓ choose, Enter compares. Revisions of "
        "the case itself come first, then the other cases of the folder, newest first."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("choose"))

    def __init__(self, side: Side, loaded: Loaded, knowledge: Knowledge, store: CaseStore) -> None:
        """Args: what is compared, its file, and where other cases are."""
        super().__init__()
        self.side = side
        self.loaded = loaded
        self.knowledge = knowledge
        self.store = store
        self._rows: list[Row] = []
        self._reading = True

    def page_title(self) -> str:
        """Return the title."""
        return f"Compare {self.side.name} with …"

    def available(self, action: Action) -> bool:
        """Rows are chosen here, not opened."""
        return action.id not in _NOT_HERE and super().available(action)

    def sections(self, width: int) -> Sequence[Section]:
        """Return what can be chosen."""
        revisions = revision_rows(self.loaded.case, self.side.number, width)
        return choice_sections(revisions, self._rows, reading=self._reading)

    def begin(self) -> None:
        """Ask for a filter, and read the folder meanwhile."""
        self._read(max(self.body.content_size.width - 1, 20))
        self._ask("")

    def _ask(self, text: str) -> None:
        def typing(text: str) -> None:
            self._words = text
            self.redraw()

        def done(text: str | None) -> None:
            self.body.focus()
            if text is None:
                self.dismiss()
            else:
                self.action_pick()

        self.query_one(Prompt).ask("Filter", text, done, typing=typing)

    @work(thread=True, exclusive=True)
    def _read(self, width: int) -> None:
        """Read the folder file by file; what was read is shown while the rest is."""
        worker = get_current_worker()
        shown_at = time.monotonic()
        rows: list[Row] = []
        problem = ""
        try:
            for entry in self.store.entries():
                if worker.is_cancelled:
                    return
                if entry.problem is None and entry.path.absolute() != self.loaded.stamp.path:
                    rows.append(entry_row(self.knowledge.pack, entry, width))
                if time.monotonic() - shown_at > _PAUSE:
                    self.app.call_from_thread(self._show_read, rows, True)
                    rows, shown_at = [], time.monotonic()
        except (CaseError, OSError) as error:
            problem = safe(str(error).splitlines()[0])
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_read, rows, False, problem)

    def _show_read(self, rows: Sequence[Row], more: bool, problem: str = "") -> None:
        self._rows = [*self._rows, *rows]
        self._reading = more
        if problem:
            self.notice = ((f"✗ {problem}", "problem"),)
        self.renew()

    def action_pick(self) -> None:
        """Compare with the row."""
        key = self.cursor
        path = self.loaded.stamp.path
        pack = self.knowledge.pack
        try:
            if key.startswith(REVISION):
                number = int(key.removeprefix(REVISION))
                then = revision_of(self.loaded.case, number, pack, path.name)
                other = Side.of(then, path, len(self.loaded.case.revisions))
                screen = ComparisonScreen.in_order(self.side, other, self.knowledge)
            elif key.startswith(FILE):
                found = self.store.load(path_of(key))
                other = Side.of(found.case, found.stamp.path, len(found.case.revisions))
                screen = ComparisonScreen(self.side, other, self.knowledge)
            else:
                self._ask(self._words)
                return
        except (CaseError, OSError) as error:
            self.say((f"✗ {safe(str(error).splitlines()[0])}", "problem"))
            self._ask(self._words)
            return
        self.app.switch_screen(screen)

    def action_open(self) -> None:
        """A click chooses too."""
        self.action_pick()

    def action_back(self) -> None:
        """Go back without choosing."""
        self.dismiss()
