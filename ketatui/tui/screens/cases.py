"""Saved cases and drafts: find one, open it read-only, or resume it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.cases import Row, case_row, draft_row, filtered, head_line
from ketatui.tui.views.lines import EMPTY, line
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt


class CasesList(LineView, can_focus=True):
    """The list itself; it has the focus so that the terminal's cursor follows the row."""


class CasesScreen(KetaScreen):
    """A list that filters as one types."""

    CONTEXTS = ("cases",)
    HELP_TITLE = "Saved cases"
    HELP_TEXT = (
        "Drafts first (~), then saved cases, newest first. A file that can not be read is listed "
        "with the reason (✗) and is never overwritten. Enter opens a case read-only as it stood "
        "when it was saved, or resumes a draft."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("cases"))

    def __init__(self) -> None:
        """Begin without a filter."""
        super().__init__()
        self._rows: list[Row] = []
        self._shown: list[Row] = []
        self._filter = ""
        self._cursor = 0

    def compose(self) -> ComposeResult:
        """Lay out title, heading, list and hints."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="columns", classes="bar")
        yield CasesList(id="list", classes="takes-keys")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    @property
    def view(self) -> CasesList:
        """The list."""
        return self.query_one(CasesList)

    @property
    def row(self) -> Row | None:
        """The focused row."""
        return self._shown[self._cursor] if self._cursor < len(self._shown) else None

    def available(self, action: Action) -> bool:
        """Only drafts can be discarded."""
        return action.id != "cases.discard" or (self.row is not None and self.row.draft)

    def redraw(self) -> None:
        """Read the folder and show it."""
        if not self.is_mounted:
            return
        resources = self.keta.resources
        assert resources.store is not None
        assert resources.knowledge is not None
        width = max(self.view.size.width, 40)
        try:
            drafts = [draft for draft in list_drafts(resources.cases) if draft.count]
            entries = resources.store.list()
        except (CaseError, OSError) as error:
            self.show_hint((str(error).splitlines()[0], "problem"))
            return
        pack = resources.knowledge.pack
        self._rows = [draft_row(draft, width) for draft in drafts]
        self._rows += [case_row(pack, entry, width) for entry in entries]
        self.query_one("#columns", LineView).show([head_line(width)])
        self._show()

    def _show(self) -> None:
        self._shown = filtered(self._rows, self._filter)
        self._cursor = max(0, min(self._cursor, len(self._shown) - 1))
        found = f"{len(self._shown)} of {len(self._rows)}" if self._filter else len(self._rows)
        said = f", filter “{self._filter}”" if self._filter else ""
        self.show_title(f"Saved cases: {found}{said}")
        lines = [row.line for row in self._shown]
        if not lines:
            text = "No case matches." if self._filter else "No case has been saved yet."
            lines = [EMPTY, line((f"  {text}", "muted"))]
        self.view.show(lines, self._cursor if self._shown else None)
        self.view.keep_in_sight(self._cursor, self._cursor)
        self.show_hint()

    # --- intents ----------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self._cursor = max(0, min(self._cursor + step, len(self._shown) - 1))
        self._show()

    def action_page(self, step: int) -> None:
        """Move by a screen."""
        self.action_move(step * max(self.view.size.height - 1, 1))

    def action_edge(self, step: int) -> None:
        """Move to the first or last row."""
        self.action_move(step * len(self._shown))

    def action_find(self) -> None:
        """Filter as one types."""

        def typing(text: str) -> None:
            self._filter = text
            self._cursor = 0
            self._show()

        def done(text: str | None) -> None:
            if text is None:
                typing("")
            self.view.focus()

        self.query_one(Prompt).ask("Filter", self._filter, done, typing=typing)

    def action_open(self) -> None:
        """Open the row."""
        row = self.row
        if row is None:
            return
        if row.draft:
            self.keta.resume_draft(row.path)
            return
        from ketatui.tui.screens.case import CaseScreen

        assert self.keta.resources.store is not None
        try:
            loaded = self.keta.resources.store.load(row.path)
        except (CaseError, OSError) as error:
            self.show_hint((str(error).splitlines()[0], "problem"))
            return
        self.app.push_screen(CaseScreen(loaded))

    def action_discard(self) -> None:
        """Throw a draft away, after asking."""
        row = self.row
        if row is None or not row.draft:
            return

        def answered(text: str | None) -> None:
            self.view.focus()
            if (text or "").strip().casefold() in ("y", "yes"):
                self._discard(row.path)
            self.redraw()

        self.query_one(Prompt).ask("Throw this draft away for good? (y/n)", "", answered, limit=3)

    def _discard(self, path: Path) -> None:
        from ketatui.cases.errors import DraftInUseError
        from ketatui.cases.journal import Journal

        try:
            journal, _ = Journal.resume(path)
            journal.discard()
        except (CaseError, DraftInUseError, OSError) as error:
            self.show_hint((str(error).splitlines()[0], "problem"))

    def action_back(self) -> None:
        """Take the filter away, then go home."""
        if self._filter:
            self._filter = ""
            self._show()
        else:
            self.dismiss()

    @on(LineView.Pressed, "#list")
    def _pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        for index, row in enumerate(self._shown):
            if row.line.target == event.target:
                if index == self._cursor:
                    self.action_open()
                else:
                    self._cursor = index
                    self._show()
                return
