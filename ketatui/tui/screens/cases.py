"""Saved cases: find one among many, open it read-only, or resume a draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError
from ketatui.cases.library import SORTS, Query
from ketatui.tui.actions import Action, bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.session import now
from ketatui.tui.views.case_preview import draft_preview, preview_lines
from ketatui.tui.views.cases import (
    WITH_PREVIEW,
    column_at,
    columns,
    head_line,
    list_width,
    mark_words,
    matches,
)
from ketatui.tui.views.filters import chosen_words
from ketatui.tui.views.library import LibraryLines, Picked
from ketatui.tui.views.lines import EMPTY, Line, Span, safe, wrap
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.painting import Panes
from ketatui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ketatui.cases.drafts import DraftEntry
    from ketatui.tui.library_work import LibraryWork

_RISING = frozenset(
    {"label", "diagnosis", "decision", "verdict", "worst", "state", "treatment", "reviewer"}
)
"""What begins with the smallest: names from A on, findings from the worst on."""
_TODAY = {"today": frozenset({"differs", "stale"})}


class CasesList(LineView, can_focus=True):
    """The list itself; it has the focus so that the terminal's cursor follows the row."""

    def place_cursor(self, place: Region | None = None) -> None:
        """Leave the cursor to the screen on top while the list waits to be opened."""
        if self.screen.is_current:
            super().place_cursor(place)


class CasesScreen(KetaScreen):
    """A list that filters as one types."""

    CONTEXTS = ("cases", "list")
    # It looks the same at most widths: a class for each would only have it styled once more.
    HORIZONTAL_BREAKPOINTS = [(0, "-alone"), (WITH_PREVIEW, "-beside")]  # noqa: RUF012 (as above)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-tall")]  # noqa: RUF012 (as above)
    HELP_TITLE = "Saved cases"
    HELP_TEXT = (
        "Drafts first (~), then saved cases. A digit, or a click on the heading, sorts by that "
        "column; once more turns the order round. Filtering looks through label, diagnosis, rules, "
        "drugs, notes and reasons: each word has to begin a word there. A file that cannot be "
        "read is listed with the reason (✗) and is never overwritten; x marks one that was "
        "changed outside the program, = one whose id stands in two files, ≠ one that comes out "
        "different under today's criteria, P practice. Enter opens a case read-only as it stood "
        "when it was saved, or resumes a draft."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("cases", "list"))

    def __init__(self, query: Query | None = None) -> None:
        """Begin with some cases; with all of them, the newest first, where none are named."""
        super().__init__()
        self.query_now = query or Query()
        self._rows: LibraryLines | None = None
        self._drafts: list[DraftEntry] = []
        self._asked: tuple[object, ...] = ()
        self._cursor = 0

    def compose(self) -> ComposeResult:
        """Lay out title, heading, list and hints."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="columns", classes="bar")
        with Panes(id="panes"):
            yield CasesList(id="list", classes="takes-keys")
            yield LineView(id="preview")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    @property
    def view(self) -> CasesList:
        """The list."""
        return self.query_one(CasesList)

    @property
    def work(self) -> LibraryWork:
        """What keeps the library up."""
        return self.keta.library_work

    @property
    def picked(self) -> Picked | None:
        """What the focused line stands for."""
        return self._rows.picked(self._cursor) if self._rows is not None else None

    def available(self, action: Action) -> bool:
        """Only drafts can be discarded."""
        picked = self.picked
        return action.id != "cases.discard" or (picked is not None and picked.draft)

    def open_anew(self, query: Query | None = None) -> None:
        """Begin anew as in the beginning, whatever was shown before."""
        for prompt in self.query(Prompt):
            if prompt.is_open:
                prompt.close(None)
        self.query_now = query or Query()
        self._cursor = 0
        self._remark = None
        if self._rows is not None:
            self._look()

    def on_mount(self) -> None:
        """Have the first rows ready: they are painted with the screen, and not after it."""
        self.redraw()

    def begin(self) -> None:
        """Be laid out, and its clock running, if it is put together before it is opened."""
        if not self.is_current:
            self.lay_out_ahead()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Draw anew, and look what changed meanwhile once that can be seen."""
        # In this order, and each once: what Textual lays out and paints is then up to date.
        self._redraw_if_up()
        super()._on_screen_resume(event)
        self.call_after_refresh(self.work.follow)

    def redraw(self) -> None:
        """Ask the library again if anything changed, and show the same case as before."""
        if self.is_mounted:
            before = self.picked
            if self._look():
                place = self._rows.place_of(before) if before and self._rows is not None else None
                self._cursor = self._cursor if place is None else place
            self._show()

    def library_moved(self) -> None:
        """Show what the library has taken in meanwhile."""
        self._redraw_if_up()

    def _look(self) -> bool:
        """Look after drafts, library and width; say whether there were other rows to ask for."""
        try:
            self._drafts = [d for d in list_drafts(self.keta.resources.cases) if d.count]
        except (CaseError, OSError) as error:
            self.show_hint((said_of(error), "problem"))
            self._drafts = []
        if self._rows is not None and self._state() == self._asked:
            return False
        self._ask()
        return True

    def _state(self) -> tuple[object, ...]:
        """Return all that the rows depend on."""
        resources = self.keta.resources
        assert resources.library is not None
        library = resources.library
        knowledge = resources.knowledge
        return library, library.version, knowledge, self.query_now, self._drafts, self._width

    def _ask(self) -> None:
        resources = self.keta.resources
        assert resources.library is not None
        assert resources.knowledge is not None
        # Said before it is asked: what changes in between is then asked for once more.
        self._asked = self._state()
        shown = [draft for draft in self._drafts if matches(draft, self.query_now)]
        self._rows = LibraryLines(
            resources.knowledge.pack,
            resources.library,
            self.query_now,
            shown,
            self._width,
            now().date(),
        )

    @property
    def _width(self) -> int:
        # The list is as wide as the screen lets it be, also before it is laid out.
        return list_width(max(self.app.size.width, 40))

    def _show(self) -> None:
        self.show_title(*self._title())
        self.query_one("#columns", LineView).show([head_line(self._width, self.query_now)])
        self._show_rows()

    def _show_rows(self) -> None:
        """Show the rows and what is to be said of the focused one; all else stays."""
        rows = self._rows
        assert rows is not None
        self._cursor = max(0, min(self._cursor, len(rows) - 1))
        if rows:
            self.view.show(rows, self._cursor)
        else:
            self.view.show([EMPTY, *self._nothing()], None)
        self.view.keep_in_sight(self._cursor, self._cursor)
        self._show_remark()
        self._show_preview()

    def _show_preview(self) -> None:
        """Show what is known of the focused case, where there is room beside the list."""
        pane = self.query_one("#preview", LineView)
        rows, knowledge = self._rows, self.keta.resources.knowledge
        if not pane.display or rows is None or knowledge is None:
            return
        width = max(pane.content_size.width, 20)
        draft, entry = rows.draft_at(self._cursor), rows.entry_at(self._cursor)
        if draft is not None:
            pane.show(draft_preview(draft, width))
        else:
            told = None if entry is None else self.keta.resources.with_due(entry)
            pane.show(preview_lines(knowledge.pack, told, width, now().date()) if told else [])

    def _nothing(self) -> list[Line]:
        filtered = not self.query_now.is_all
        text = "No case matches." if filtered else "No case has been saved yet."
        if self.work.said:
            text = "No case matches so far." if filtered else "The cases are being read …"
        folder = self.keta.resources.cases
        if not filtered and not folder.exists():
            text = f"No case has been saved yet: there is no folder {folder}. "
            text += "If it should hold some, its disk or share is away."
        return wrap(safe(text), self._width - 3, role="muted", indent=2)

    def _title(self) -> tuple[str, list[Span]]:
        library, knowledge = self.keta.resources.library, self.keta.resources.knowledge
        assert self._rows is not None
        assert library is not None
        assert knowledge is not None
        query = self.query_now
        found, drafts = f"{self._rows.cases:,}", len(self._rows) - self._rows.cases
        if not query.is_all:
            found += f" of {library.count():,}"
        found += {0: "", 1: ", 1 draft"}.get(drafts, f", {drafts} drafts")
        said = f", filter “{query.text}”" if query.text else ""
        chosen = "; ".join(chosen_words(knowledge.pack, query))
        said += f", {chosen}" if chosen else ""
        progress: list[Span] = [(f" {self.work.said} (Esc stops) ", "info")]
        return f"Saved cases: {found}{said}", progress if self.work.said else []

    def _show_remark(self) -> None:
        """Say what is wrong with the folder or the focused case; else which keys work."""
        if self.work.problem:
            self.show_hint((self.work.problem, "problem"), stays=False)
            return
        rows = self._rows
        entry = rows.entry_at(self._cursor) if rows is not None else None
        words = mark_words(entry) if entry is not None else ""
        self.show_hint((words, "caution") if words else None, stays=False)

    # --- intents ----------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        if self._rows is not None:
            self._cursor = max(0, min(self._cursor + step, len(self._rows) - 1))
            self._show_rows()

    def action_page(self, step: int) -> None:
        """Move by a screen."""
        self.action_move(step * max(self.view.size.height - 1, 1))

    def action_edge(self, step: int) -> None:
        """Move to the first or last row."""
        self.action_move(step * len(self._rows or ()))

    def action_find(self) -> None:
        """Filter as one types."""

        def typing(text: str) -> None:
            self.ask(self.query_now.replaced(text=text))

        def done(text: str | None) -> None:
            if text is None:
                typing("")
            self.view.focus()

        self.query_one(Prompt).ask("Filter", self.query_now.text, done, typing=typing)

    def ask(self, query: Query) -> None:
        """Show other cases, or the same in another order.

        Args:
            query: Which cases.
        """
        self.query_now = query
        self._cursor = 0
        self._ask()
        self._show()

    def action_sort(self, digit: int) -> None:
        """Sort by a column; by the same once more: the other way round."""
        shown = [name for name, _ in columns(self._width)]
        if digit > len(shown) or shown[digit - 1] not in SORTS:
            return
        sort = shown[digit - 1]
        query = self.query_now
        falling = not query.falling if sort == query.sort else sort not in _RISING
        self.ask(query.replaced(sort=sort, falling=falling))

    def action_filters(self) -> None:
        """Choose states, decisions, criteria and more."""
        self.keta.go("filters", self)

    def action_today(self) -> None:
        """Show only what would be different today, or all again."""
        wanted = self.query_now.chosen.get("today")
        chosen = {name: codes for name, codes in self.query_now.chosen.items() if name != "today"}
        if wanted:
            self.ask(self.query_now.replaced(chosen=chosen))
        else:
            self.ask(self.query_now.replaced(chosen=chosen | _TODAY))
            self.work.look_at_today()

    def action_overview(self) -> None:
        """Count the cases that are shown."""
        self.keta.go("overview", self.query_now)

    def action_open(self) -> None:
        """Open the row."""
        picked = self.picked
        if picked is None:
            return
        if picked.draft:
            self.keta.resume_draft(picked.path)
            return
        assert self.keta.resources.store is not None
        try:
            loaded = self.keta.resources.store.load(picked.path)
        except (CaseError, OSError) as error:
            self.show_hint((said_of(error), "problem"))
            self.work.follow()
            return
        self.keta.go("case", loaded)

    def action_discard(self) -> None:
        """Throw a draft away, after asking."""
        picked = self.picked
        if picked is None or not picked.draft:
            return

        def answered(yes: bool) -> None:
            self.view.focus()
            if yes:
                self._discard(picked.path)
            self.redraw()

        self.query_one(Prompt).ask_yes_or_no("Throw this draft away for good?", answered)

    def _discard(self, path: Path) -> None:
        from ketatui.cases.errors import DraftInUseError
        from ketatui.cases.journal import Journal

        try:
            journal, _ = Journal.resume(path)
            journal.discard()
        except (CaseError, DraftInUseError, OSError) as error:
            self.show_hint((said_of(error), "problem"))

    def action_back(self) -> None:
        """Stop what runs; else take the filter away; else go home."""
        if self.work.said:
            self.work.stop()
            self._show()
        elif not self.query_now.is_all:
            self.ask(self.query_now.replaced(text="", chosen={}))
        else:
            self.dismiss()

    @on(LineView.Pressed, "#list")
    def _pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        index = int(event.target)
        if index == self._cursor:
            self.action_open()
        else:
            self._cursor = index
            self._show_rows()

    @on(LineView.Pressed, "#columns")
    def _pressed_heading(self, event: LineView.Pressed) -> None:
        event.stop()
        digit = column_at(self._width, event.x)
        if digit is not None:
            self.action_sort(digit)
