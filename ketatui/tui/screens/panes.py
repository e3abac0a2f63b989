"""The panes of the consultation: what they show, how an edit reaches them, where one is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.css.query import NoMatches

from ketatui.consultation.edits import Edit
from ketatui.criteria.models import Question
from ketatui.engine import Assessment
from ketatui.tui.actions import hints_of
from ketatui.tui.screens.paged_form import PagedForm
from ketatui.tui.session import OpenCase
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import EMPTY, Line, Span
from ketatui.tui.views.one_change import change_lines
from ketatui.tui.views.pathway_summary import fit_lines, strip_line, worsened
from ketatui.tui.views.question_lists import (
    found_items,
    pasted_items,
    remaining_items,
    section_items,
)
from ketatui.tui.views.questions import (
    breadcrumb,
    optional_questions,
    question_items,
    section_lines,
    title_line,
    turnover_text,
)
from ketatui.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from ketatui.tui.screens.table_editors import TableEditor

_BELOW = 4
"""The part of the fit pane that is kept for what one change would do: a quarter."""


REST = 0.15
"""Seconds that the cursor stays on a line before it is said what its answers would do."""


class ConsultationPanes(PagedForm):
    """Sections, form and fit of one open case.

    The form in the middle shows one *page*: the questions of a section, a table, a scale item
    by item, the search, the list of sections, or what "all remaining no" would answer.
    """

    FIRST_PAGE = "section"
    FURTHER: ClassVar[tuple[str, ...]] = ("changes",)

    def __init__(self, opened: OpenCase, notice: str = "") -> None:
        """Args: the open case, and something to say at first."""
        super().__init__()
        self.opened = opened
        self.consultation = opened.consultation
        self.section = self.consultation.pack.sections[0].id
        self.page = self.FIRST_PAGE
        self.editor: TableEditor | None = None
        self.why = False
        self._search = ""
        self._left = self._pasted = self._answered = self._held = ""
        self._held_at = 0.0
        self._resting: asyncio.TimerHandle | None = None
        self._side_waits = self._hurries = False
        self._notice = (notice, "caution") if notice else None

    def begin(self) -> None:
        """Begin behind the last answer of a draft; else where the first question is open."""
        left = self.consultation.last_question
        if left is not None and self.consultation.assessment.asked[left] is not False:
            self.go_to(left)
            if self.consultation.status(left) in ("answered", "unknown"):
                self.advance()
            return
        for section in self.consultation.pack.sections:
            if self.first_open(section.id) is not None:
                self.section = section.id
                break
        self.show_page(fresh=True)
        self.to_first_open()

    # --- drawing ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw all panes from the state."""
        if not self.is_mounted:
            return
        consultation = self.consultation
        width = self.app.size.width
        self.query_one("#title", LineView).show([title_line(consultation, self.kept(), width)])
        sections = self.query_one("#sections", LineView)
        if sections.display:
            sections.show(
                section_lines(consultation, self.section, max(sections.content_size.width, 12))
            )
        self._side_waits = True
        if not self.is_painted_later:
            self.draw_waiting()
        crumbs = self.query_one("#crumbs", LineView)
        if crumbs.display:
            crumbs.show([breadcrumb(consultation, self.section, width)])
        self.form.steady = self.page == "section"
        self.form.set_items(self._items())
        self.show_hint(self._notice)

    def draw_waiting(self) -> None:
        """Draw the side once the cursor stands where a key has brought it."""
        if self._side_waits and self.is_mounted:
            self._side_waits = False
            self.draw_side()

    def draw_side(self) -> None:
        """Draw the fit, beside the form or in the line above it."""
        self._draw_fit()
        strip = self.query_one("#strip", LineView)
        if strip.display:
            strip.show([strip_line(self.consultation, self.app.size.width)])

    def _draw_fit(self) -> None:
        """Draw the fit and what one change would do: below it, or in a pane of its own."""
        fit, changes = self.query_one("#fit", LineView), self.query_one("#changes", LineView)
        if not fit.display:
            return
        (width, height), question = fit.content_size, self.focused_question()
        width = max(width, 20)
        if changes.display:
            place = changes.content_size
            changes.show(self._change_lines(question, *place))
            fit.show(fit_lines(self.consultation, width, height))
            return
        below = height // _BELOW
        lines = fit_lines(self.consultation, width, height, below)
        room = height - len(lines) - 1
        under = self._change_lines(question, width, room) if room > 1 else []
        fit.show([*lines, EMPTY, *under] if under else lines)

    def _change_lines(self, question: Question | None, width: int, height: int) -> list[Line]:
        """Return what one change would do; nothing while the cursor only passes by.

        What stood there before an answer does not hold any more, and is not left standing.
        """
        if self._hurries:
            return []
        return change_lines(self.consultation, question, width, height)

    def rest(self) -> None:
        """Draw what the line under the cursor would do, once the cursor rests on it."""
        if self._resting is not None:
            self._resting.cancel()
        if REST:
            # A timer of Textual's is a task of its own: too much for what the next key takes back.
            loop = asyncio.get_running_loop()
            self._resting = loop.call_later(REST, self.call_next, self._rested)
        else:
            self._rested()

    def _rested(self) -> None:
        self._resting = None
        self._hurries = False
        if self.is_mounted and not self.consultation.blind:
            # While the screen is going its widgets are gone before it is.
            with suppress(NoMatches), self.painted_at_once():
                self._side_waits = True

    def has_found(self) -> None:
        """Say what the first question found would do, once nobody types on."""
        self.rest()

    def kept(self) -> str:
        """Say whether the last change is on disk."""
        return self.opened.kept

    def _items(self) -> list[FormItem]:
        match self.page:
            case "find":
                return found_items(self.consultation, self._search)
            case "sections":
                return section_items(self.consultation)
            case "pasted":
                question = self.consultation.pack.questions.get(self._left)
                return pasted_items(self._pasted, question.label if question else "")
            case "remaining":
                return remaining_items(self.consultation, self.section)
            case "table" if self.editor is not None:
                return self.editor.items()
            case _:
                return question_items(self.consultation, self.section, why=self.why)

    def show_page(self, page: str = "", *, fresh: bool = False) -> None:
        """Turn the form to a page; a table is left with it."""
        self._answered = ""
        if page != "table":
            self.editor = None
        super().show_page(page, fresh=fresh)

    # --- changing ---------------------------------------------------------------------------

    def do(self, edit: Edit) -> bool:
        """Make an edit and draw what changed; return whether it is on disk."""
        return self.keep(lambda: self.consultation.do(edit))

    def keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first; say what came of it.

        Returns:
            False when it could not be kept: nothing has changed then.
        """
        before = self.consultation.assessment
        if not self.on_disk(change):
            return False
        self._notice = self._what_came_of_it(before)
        self.why = False
        self._hurries = True
        self.redraw()
        self.rest()
        return True

    def _what_came_of_it(self, before: Assessment) -> Span | None:
        """Say what an answer did that is not on the screen: verdicts where there is no pane."""
        if not self.consultation.blind and self.query_one("#strip", LineView).display:
            worse = worsened(self.consultation.pack, before, self.consultation.assessment)
            if worse is not None:
                return worse
        came_and_went = turnover_text(self.consultation, before.asked)
        return (came_and_went, "info") if came_and_went else None

    # --- moving -----------------------------------------------------------------------------

    def advance(self) -> None:
        """Answering moves on: to the next line, at the end to the next section."""
        if self.page == "section" and not self.form.advance():
            self.action_section(1, wrap=False)

    def open_table(self, ident: str) -> None:
        """Turn the form to a table, or a scale item by item."""
        # Not needed for the first question; imported a little later (`ketatui.tui.routes.LATER`).
        from ketatui.tui.screens.editors import editor_of

        self.editor = editor_of(self, ident)
        self.page = "table"
        self.form.steady = False
        self.form.set_items(self._items(), fresh=True)
        self.editor.start()
        self.redraw()

    def close_table(self) -> None:
        """Return from a table to its line among the questions."""
        ident = self.editor.question.id if self.editor else ""
        self.show_page()
        self.form.focus_on(ident)
        if self.consultation.status(ident) == "answered":
            self.advance()

    def go_to(self, ident: str) -> None:
        """Go to a question, whichever section it is in."""
        self.section = self.consultation.pack.section_of[ident]
        self.show_page(fresh=True)
        self.form.focus_on(ident)

    def go_to_section(self, section: str) -> None:
        """Go to a section, to its first open question."""
        self.section = section
        self.show_page(fresh=True)
        self.to_first_open()

    def first_open(self, section: str) -> str | None:
        """Return the first question of a section that still wants an answer."""
        optional = optional_questions(self.consultation)
        for question in self.consultation.asked(section):
            status = self.consultation.status(question.id)
            if status == "partial" or (status == "open" and question.id not in optional):
                return question.id
        return None

    def to_first_open(self) -> None:
        """Put the cursor on the first open question of the section."""
        ident = self.first_open(self.section)
        if ident is not None:
            self.form.focus_on(ident)

    def asked(self) -> tuple[Question, ...]:
        """Return the questions of the section that are asked now."""
        return self.consultation.asked(self.section)

    def focused_question(self) -> Question | None:
        """Return the question under the cursor, if it is one."""
        item = self.form.item
        return self.consultation.pack.questions.get(item.key) if item is not None else None

    def action_section(self, step: int, wrap: bool = True) -> None:
        """Go to another section."""
        ids = [
            section.id
            for section in self.consultation.pack.sections
            if section.id == self.section or self.consultation.asked(section.id)
        ]
        place = ids.index(self.section) + step
        if wrap or 0 <= place < len(ids):
            self.go_to_section(ids[place % len(ids)])
        else:
            self.say(self.at_the_end())

    def at_the_end(self) -> str:
        """Say what can be done at the end of the questions."""
        upcoming = self.consultation.assessment.next
        if upcoming is None:
            return "That was the last question."
        label = self.consultation.pack.questions[upcoming.question].label
        return f"End of the list; still open: “{label}”"

    def offered(self, said: str) -> Sequence[str]:
        """Offer what follows the last question."""
        if said != self.at_the_end():
            return ()
        keymap = self.keta.resources.settings.keymap
        if self.consultation.assessment.next is None:
            return hints_of(keymap, "consultation.consent", "consultation.decide")
        return hints_of(keymap, "consultation.next")
