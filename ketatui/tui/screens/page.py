"""`PageScreen`: a page of rows that open, in sections one can jump to and search through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.lines import Span, safe, wrap
from ketatui.tui.views.pages import (
    Laid,
    Section,
    crumb_of_sections,
    lay_out,
    list_of_sections,
)
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.painting import Panes
from ketatui.tui.widgets.prompt import Prompt

_MOST_SAID = 6
"""Lines of a notice that are shown; the page has to stay readable below it."""


class PageView(LineView, can_focus=True):
    """The page itself; it has the focus so that the terminal's cursor follows the row."""


class PageScreen(KetaScreen):
    """Rows that open; subclasses say which.

    Attributes:
        notice: What is said above the page until it no longer holds.
        WHOLE: Whether the page has the width to itself, and its sections no numbers.
    """

    WHOLE: ClassVar[bool] = False

    CONTEXTS: ClassVar[tuple[str, ...]] = ("page_only", "page")
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("page"))

    def __init__(self) -> None:
        """Begin at the top, with everything closed."""
        super().__init__()
        self.set_class(self.WHOLE, "-whole")
        self.notice: tuple[Span, ...] = ()
        self.cursor = ""
        self._opened: set[str] = set()
        self._openable: set[str] = set()
        self._words = ""
        self._width = 0
        self._sections: Sequence[Section] = ()
        self._laid = Laid((), {}, {}, {})
        self._laid_for: object = None

    def compose(self) -> ComposeResult:
        """Lay out the bars, the list of sections and the page."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="crumbs", classes="bar")
        yield LineView(id="notice", classes="bar")
        with Panes(id="panes"):
            yield LineView(id="sections")
            yield PageView(id="body", classes="page takes-keys")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    # --- what subclasses say ------------------------------------------------------------------

    def sections(self, width: int) -> Sequence[Section]:
        """Return the page, for a width."""
        raise NotImplementedError

    def page_title(self) -> str:
        """Return what the title bar says."""
        return self.HELP_TITLE

    def title_marks(self) -> Sequence[Span]:
        """Return what stands at the right of the title bar."""
        return ()

    # --- drawing ------------------------------------------------------------------------------

    @property
    def body(self) -> PageView:
        """The page."""
        return self.query_one("#body", PageView)

    @property
    def section(self) -> str:
        """The section the cursor is in."""
        return self._laid.sections.get(self.cursor, "")

    def available(self, action: Action) -> bool:
        """Only a line with more to it opens; a page of one section has nowhere to go to."""
        match action.id:
            case "page.open":
                return self.cursor in self._openable
            case "page.all":
                return not self._openable.isdisjoint(self._here())
            case "page.next_section" | "page.previous_section":
                return len(self._sections) > 1
            case _:
                return True

    def _here(self) -> set[str]:
        """Return the rows of the section the cursor is in."""
        return {key for key, section in self._laid.sections.items() if section == self.section}

    def redraw(self) -> None:
        """Show everything; the page is made anew for another width only."""
        if not self.is_mounted:
            return
        found: list[Span] = [(f"find “{safe(self._words)}”  ", "info")] if self._words else []
        self.show_title(self.page_title(), [*found, *self.title_marks()])
        self._show_notice()
        width = self.body.content_size.width - 1
        # Before the first layout there is no width to wrap to: no text for another size.
        if width > 0 and width != self._width:
            self._width = width
            self._sections = self.sections(max(width, 20))
            rows = (row for section in self._sections for row in section.rows)
            self._openable = {row.key for row in rows if row.detail}
        self._show()

    def renew(self) -> None:
        """Make the page anew: what it shows has changed."""
        self._width = 0
        self.redraw()

    def _show_notice(self) -> None:
        view = self.query_one("#notice", LineView)
        width = max(self.app.size.width - 2, 20)
        lines = [
            item for text, role in self.notice for item in wrap(text, width, role=role, indent=1)
        ]
        view.display = bool(lines)
        view.styles.height = max(min(len(lines), _MOST_SAID), 1)
        view.show(lines)

    def _show(self) -> None:
        if not self._sections:
            return
        wanted = (self._sections, frozenset(self._opened), self._width, self._words)
        if wanted != self._laid_for:
            self._laid = lay_out(
                self._sections, self._opened, self._width, self._words, numbered=not self.WHOLE
            )
            self._laid_for = wanted
        if self.cursor not in self._laid.places:
            self.cursor = next(iter(self._laid.places), "")
        focus = self._laid.places[self.cursor][0] if self.cursor else None
        self.body.show(self._laid.lines, focus)
        self._keep_in_sight()
        self._show_sections()
        self.show_hint()

    def _show_sections(self) -> None:
        pane, crumbs = self.query_one("#sections", LineView), self.query_one("#crumbs", LineView)
        if pane.display:
            pane.show(list_of_sections(self._sections, self.section, pane.content_size.width))
        if crumbs.display:
            crumbs.show([crumb_of_sections(self._sections, self.section, self.app.size.width)])

    def _keep_in_sight(self) -> None:
        if self.cursor:
            first, last = self._laid.places[self.cursor]
            # The heading above the first row of a section belongs to it.
            above = first - 1 if first - 1 in self._laid.heads.values() else first
            self.body.keep_in_sight(above, last)

    def _visible(self) -> tuple[int, int]:
        return self.body.top, self.body.top + max(self.body.size.height, 1) - 1

    # --- moving -------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Go to another row; one that is longer than the screen is read to its end first."""
        if not self.cursor:
            return
        first, last = self._laid.places[self.cursor]
        top, bottom = self._visible()
        half = max((bottom - top) // 2, 1)
        if step > 0 and first <= bottom < last:
            self.body.scroll_lines_to(top + min(half, last - bottom))
        elif step < 0 and first < top <= last:
            self.body.scroll_lines_to(top - min(half, top - first))
        else:
            keys = list(self._laid.places)
            place = max(0, min(keys.index(self.cursor) + step, len(keys) - 1))
            self.to_row(keys[place])

    def action_page(self, step: int) -> None:
        """Scroll by a screen; the cursor comes along."""
        top, bottom = self._visible()
        self.body.scroll_lines_to(top + step * max(bottom - top - 1, 1))
        moved, bottom = self._visible()
        if moved == top:
            self.action_edge(step)
            return
        inside = [key for key, (first, _) in self._laid.places.items() if moved <= first <= bottom]
        if inside:
            self.cursor = inside[0]
            self.body.show(self._laid.lines, self._laid.places[self.cursor][0])
            self._show_sections()
            self.show_hint()

    def action_edge(self, step: int) -> None:
        """Go to the first or last row."""
        keys = list(self._laid.places)
        if keys:
            self.to_row(keys[0 if step < 0 else -1])
            if step < 0:
                self.body.scroll_lines_to(0)

    def to_row(self, key: str) -> None:
        """Put the cursor on a row."""
        self.cursor = key
        self._show()

    def action_section(self, step: int) -> None:
        """Go to another section."""
        ids = list(self._laid.heads)
        if ids:
            place = ids.index(self.section) if self.section in ids else 0
            self.to_section(ids[(place + step) % len(ids)])

    def action_digit(self, digit: int) -> None:
        """Go to a section by its number."""
        place = (digit - 1) % 10
        if place < len(self._sections):
            self.to_section(self._sections[place].id)

    def to_section(self, ident: str) -> None:
        """Go to the first row of a section; its heading comes to the top."""
        rows = [key for key, section in self._laid.sections.items() if section == ident]
        if rows:
            self.to_row(rows[0])
            self.body.scroll_lines_to(self._laid.heads[ident])

    # --- opening and finding --------------------------------------------------------------------

    def action_open(self) -> None:
        """Open or close the row."""
        self._opened ^= {self.cursor} & self._openable
        self._show()
        if self.cursor not in self._openable:
            self.show_hint(("There is no more to this line than is shown.", "info"))

    def action_all(self) -> None:
        """Open every row of the section, or close them all."""
        rows = self._here()
        if rows <= self._opened:
            self._opened -= rows
        else:
            self._opened |= rows
        self._show()

    def action_find(self) -> None:
        """Show only what contains the words typed."""

        def typing(text: str) -> None:
            self._words = text
            self.redraw()

        def done(text: str | None) -> None:
            self.body.focus()
            if text is None:
                typing("")

        self.query_one(Prompt).ask("Find", self._words, done, typing=typing)

    def action_back(self) -> None:
        """Take the search away, then go back."""
        if self._words:
            self._words = ""
            self.redraw()
        else:
            self.dismiss()

    @on(LineView.Pressed, "#body")
    def _row_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self.cursor = event.target
        self.action_open()

    @on(LineView.Pressed, "#sections, #crumbs")
    def _section_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self.to_section(event.target)

    def say(self, *notice: Span) -> None:
        """Say something above the page, until something else is said."""
        self.notice = notice
        self.redraw()
