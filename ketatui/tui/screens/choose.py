"""Choose what a case is compared with: type to filter, Enter takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.errors import CaseError
from ketatui.cases.history import revision_of
from ketatui.cases.library import Query
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation.who import saved_on, who_of
from ketatui.engine import Knowledge
from ketatui.tui.actions import Action, bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.session import now
from ketatui.tui.views.case_comparison import Side, in_order
from ketatui.tui.views.case_history import REVISION
from ketatui.tui.views.choose import FILE, choice_sections, entry_row, path_of, revision_rows
from ketatui.tui.views.lines import safe
from ketatui.tui.views.pages import Section
from ketatui.tui.widgets.prompt import Prompt

_MOST = 200
"""Cases that are listed; typing finds the others."""
_NOT_HERE = ("page.find", "page.open", "page.all", "page.back")


class ChooseScreen(PageScreen):
    """Revisions of the case, then the other cases of the folder."""

    CONTEXTS = ("choose", "page")
    WHOLE = True
    HELP_TITLE = "Compare with"
    HELP_TEXT = (
        "Type part of a label, a diagnosis, a drug, a rule or a note; ↑ and ↓ choose, Enter "
        "compares. Revisions of the case itself come first, then other cases, newest first."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("choose"))

    def __init__(self, side: Side, loaded: Loaded, knowledge: Knowledge, store: CaseStore) -> None:
        """Args: what is compared, its file, and where other cases are."""
        super().__init__()
        self.side = side
        self.loaded = loaded
        self.knowledge = knowledge
        self.store = store
        self._text = ""

    def who(self) -> str:
        """Say whom it is about."""
        return who_of(self.knowledge, self.loaded.case, saved_on(self.loaded.case, now().date()))

    def page_title(self) -> str:
        """Return the title."""
        return "Compare this case with …"

    def available(self, action: Action) -> bool:
        """Rows are chosen here, not opened."""
        return action.id not in _NOT_HERE and super().available(action)

    def sections(self, width: int) -> Sequence[Section]:
        """Return what can be chosen."""
        pack, library = self.knowledge.pack, self.keta.resources.library
        assert library is not None
        query = Query(text=self._text)
        found = library.page(query, 0, _MOST + 1)
        others = [
            entry
            for entry in found
            if entry.problem is None and entry.path.absolute() != self.loaded.stamp.path
        ]
        rows = tuple(entry_row(pack, entry, width) for entry in others[:_MOST])
        more = library.count(query) - len(found) + max(len(others) - _MOST, 0)
        revisions = revision_rows(self.loaded.case, self.side.number, self._text, width)
        return choice_sections(revisions, rows, more, filtered=bool(self._text))

    def begin(self) -> None:
        """Look what changed in the folder, and ask for a filter."""
        self.keta.library_work.follow()
        self._ask("")

    def library_moved(self) -> None:
        """Show what the library has taken in meanwhile."""
        self.renew()

    def _ask(self, text: str) -> None:
        def typing(text: str) -> None:
            self._text = text
            self.renew()

        def done(text: str | None) -> None:
            self.body.focus()
            if text is None:
                self.dismiss()
            else:
                self.action_pick()

        self.query_one(Prompt).ask("Filter", text, done, typing=typing)

    def action_pick(self) -> None:
        """Compare with the row."""
        key = self.cursor
        path = self.loaded.stamp.path
        pack = self.knowledge.pack
        try:
            if key.startswith(REVISION):
                number = int(key.removeprefix(REVISION))
                unknown = bool(self.loaded.reading.unknown_here)
                then = revision_of(self.loaded.case, number, pack, path.name, as_saved=unknown)
                other = Side.of(self.loaded.reading.of(then), path, len(self.loaded.case.revisions))
                a, b = in_order(self.side, other)
            elif key.startswith(FILE):
                found = self.store.load(path_of(key))
                other = Side.of(found.reading, found.stamp.path, len(found.case.revisions))
                a, b = self.side, other
            else:
                self._ask(self._text)
                return
        except (CaseError, OSError) as error:
            self.say((f"✗ {safe(said_of(error))}", "problem"))
            self._ask(self._text)
            return
        self.keta.switch("case_comparison", a, b, self.knowledge)

    def action_open(self) -> None:
        """A click chooses too."""
        self.action_pick()

    def action_back(self) -> None:
        """Go back without choosing."""
        self.dismiss()
