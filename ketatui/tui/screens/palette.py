"""The palette: type what you are after, Enter goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.consultation.palette import PaletteIndex, Place
from ketatui.tui.actions import bindings
from ketatui.tui.places import case_place, draft_place, present_places
from ketatui.tui.reaching import reach
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.views.lines import safe
from ketatui.tui.views.palette import HINT, palette_lines
from ketatui.tui.widgets.entry_line import EntryLine
from ketatui.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from ketatui.cases.drafts import DraftEntry

_MOST = 60
"""Lines that are shown at most; typing on narrows them down."""
_CASES = 8
"""Saved cases among them."""
_LONGEST = 80
"""Letters that are taken."""


class PaletteScreen(KetaScreen):
    """One line to type into, and what it finds."""

    CONTEXTS = ("palette",)
    HELP_TITLE = "Palette"
    HELP_TEXT = (
        "Type any word for a question, an answer, a saved case, a medicine, a source, a screen, a "
        "setting or a key; every word has to begin a word there, and slips of typing are forgiven "
        "where nothing else is found. Where you went last stands first. An answer is gone to, "
        "never given."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("palette"))

    def __init__(self, about: KetaScreen) -> None:
        """Args: the screen below."""
        super().__init__()
        self.about = about
        self.found: list[Place] = []
        self.cursor = 0
        self._present: PaletteIndex | None = None
        self._drafts: list[DraftEntry] | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, line, what was found, and hints."""
        yield LineView(id="title", classes="bar")
        yield EntryLine(id="entry", classes="takes-keys bar", most=_LONGEST)
        yield LineView(id="list")
        yield LineView(id="hint", classes="bar")

    @property
    def entry(self) -> EntryLine:
        """The line to type into."""
        return self.query_one(EntryLine)

    def begin(self) -> None:
        """Show what there is before anything is typed."""
        self.entry.draw(HINT)
        self._look()

    def types_text(self) -> bool:
        """Every letter is text here."""
        return True

    async def _act_on(self, event: events.Key) -> None:
        """Let the line have what is text."""
        before = self.entry.text
        if self.entry.take(event):
            if self.entry.text != before:
                self._look()
                self._show()
        else:
            await super()._act_on(event)

    def take_paste(self, text: str) -> None:
        """Put a pasted text into the line."""
        self.entry.insert(" ".join(safe(text).split())[: _LONGEST - len(self.entry.text)])
        self._look()
        self._show()

    # --- finding ------------------------------------------------------------------------------

    def _look(self) -> None:
        """Look for what was typed."""
        text, resources = self.entry.text, self.keta.resources
        if self._present is None:
            places = present_places(
                self.about.actions(), of_case=self._of_case(), words=resources.palette_words
            )
            self._present = PaletteIndex(places)
        recent = self.keta.recent
        now = self._present.find(text, _MOST, recent, forgiving=False)
        if not text.strip() and not now:
            now = list(self._present.places)
        index = resources.palette
        found = list(now)
        if index is not None:
            found += index.find(text, _MOST, recent, forgiving=not now)
        if text.strip():
            before = {name: number for number, name in enumerate(recent)}
            found.sort(key=lambda place: before.get(place.name, len(before)))
        cases = self._cases(text)
        if not text.strip():
            known = {place.name for place in found}
            cases = [place for place in cases if place.name not in known]
        self.found = [*found[: _MOST - len(cases)], *cases]
        self.cursor = 0

    def _of_case(self) -> bool:
        """Tell whether a consultation is open that may be looked at from all sides."""
        opened = self.keta.open_case
        return opened is not None and not opened.consultation.blind

    def _cases(self, text: str) -> list[Place]:
        from ketatui.cases.drafts import list_drafts
        from ketatui.cases.errors import CaseError
        from ketatui.cases.library import Query

        library = self.keta.resources.library
        if library is None or not text.strip():
            return []
        if self._drafts is None:
            try:
                self._drafts = [d for d in list_drafts(self.keta.resources.cases) if d.count]
            except (CaseError, OSError):
                self._drafts = []
        words = text.casefold().split()
        drafts = [
            draft_place(draft)
            for draft in self._drafts
            if all(word in f"{draft.called} {draft.case_id} draft".casefold() for word in words)
        ]
        saved = [case_place(entry) for entry in library.page(Query(text=text), 0, _CASES)]
        return [*drafts, *saved][:_CASES]

    # --- drawing ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show the line and what it finds."""
        if self.is_mounted:
            self.show_title("Go to …")
            self.entry.draw()
            self._show()
            self.show_hint()

    def _show(self) -> None:
        view = self.query_one("#list", LineView)
        width = max(view.content_size.width - 1, 20)
        view.show(palette_lines(self.found, self.cursor, width, self.entry.text))
        view.keep_in_sight(self.cursor, self.cursor)

    def _hints(self) -> list[str]:
        moved = self.keta.resources.settings.keymap
        hints = [action.hint_with(moved) for action in self.actions()]
        return [hint for hint in hints if hint and not hint.endswith("keys")]

    # --- going --------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Choose another line."""
        self.cursor = max(0, min(self.cursor + step, len(self.found) - 1))
        self._show()

    def action_pick(self) -> None:
        """Go to what is chosen."""
        if not self.found:
            return
        place = self.found[self.cursor]
        self.keta.went_to(place.name)
        self.dismiss()
        self.about.call_after_refresh(reach, self.about, place)

    @on(LineView.Pressed, "#list")
    def _pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self.cursor = int(event.target)
        self.action_pick()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()
