"""`PagedForm`: a form that shows one page at a time; one of them finds a question as one types."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Container, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from ketatui.criteria.models import Question
from ketatui.tui.screens.changing import SpeakingScreen
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import shortened
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.painting import Panes
from ketatui.tui.widgets.prompt import Prompt

_NAME = 30
"""Cells of a question's label in the name of its note."""


class PagedForm(SpeakingScreen):
    """A screen with a form of pages: its questions, a search, what else there is to answer.

    Attributes:
        FIRST_PAGE: The page of its questions.
        BARS: The lines above the panes.
        SIDE: What stands beside the form.
        FURTHER: What stands beside that where there is room.
        page: The page that is shown.
    """

    FIRST_PAGE: ClassVar[str]
    BARS: ClassVar[tuple[str, ...]] = ("title", "strip", "crumbs")
    SIDE: ClassVar[str] = "fit"
    FURTHER: ClassVar[tuple[str, ...]] = ()
    page: str
    _search: str
    """What is looked for on the page that finds."""

    def compose(self) -> ComposeResult:
        """Lay out the bars and the panes."""
        for bar in self.BARS:
            yield LineView(id=bar, classes="bar")
        with Panes(id="panes"):
            yield LineView(id="sections")
            yield FormList(self, id="form", classes="takes-keys")
            for pane in (self.SIDE, *self.FURTHER):
                yield LineView(id=pane)
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    @property
    def form(self) -> FormList:
        """The form in the middle."""
        return self.query_one("#form", FormList)

    @abstractmethod
    def _items(self) -> Sequence[FormItem]:
        """Return the items of the page."""

    def show_page(self, page: str = "", *, fresh: bool = False) -> None:
        """Turn the form to a page, to that of its questions where none is said."""
        page = page or self.FIRST_PAGE
        changed = fresh or page != self.page
        self.page = page
        if changed:
            self.form.steady = page == self.FIRST_PAGE
            self.form.set_items(self._items(), fresh=True)
        self.redraw()

    def has_found(self) -> None:
        """Say beside the form of what was found what there is to say; screens say what."""

    def find_as_one_types(
        self, questions: Container[str], go_to: Callable[[str, str], None]
    ) -> None:
        """Show the page that finds, and ask for words.

        Args:
            questions: Ids of what can be gone to.
            go_to: Goes to the id that was found; told the words too.
        """
        self._search = ""
        self.show_page("find", fresh=True)

        def typing(text: str) -> None:
            self._search = text
            self.form.set_items(self._items(), fresh=True)
            self.has_found()

        def done(text: str | None) -> None:
            self.form.focus()
            item = self.form.item
            if text is None or item is None or item.key not in questions:
                self.show_page()
            else:
                go_to(item.key, text)

        self.query_one(Prompt).ask("Find", "", done, typing=typing)

    def ask_note(self, question: Question, kept: str, keep: Callable[[str], bool]) -> None:
        """Ask for the note on a question.

        Args:
            question: The question.
            kept: The note that it has.
            keep: Keeps what was typed; tells whether it could, else it is asked for again.
        """

        def done(text: str | None) -> None:
            self.form.focus()
            if text is not None and not keep(text):
                ask(text)

        def ask(text: str) -> None:
            asked = f"Note on “{shortened(question.label, _NAME)}” (no names)"
            self.query_one(Prompt).ask(asked, text, done, remark=self.show_remark_on, kept=kept)

        ask(kept)
