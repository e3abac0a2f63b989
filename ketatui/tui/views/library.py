"""The library as lines: one for each case, read only when it is looked at."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

from ketatui.structs import Frozen
from ketatui.tui.views.cases import case_line, draft_line
from ketatui.tui.views.lines import Line

if TYPE_CHECKING:
    from ketatui.cases.drafts import DraftEntry
    from ketatui.cases.entries import Entry
    from ketatui.cases.library import Library, Query
    from ketatui.criteria.pack import Pack

_PAGE = 48
"""Cases read at once: as many as most screens show."""
_PAGES = 20
"""Pages kept: enough to scroll about in without asking again."""


class Picked(Frozen, frozen=True):
    """What a line of the list stands for.

    Attributes:
        path: The file.
        draft: Whether it is a draft, to be resumed instead of opened.
    """

    path: Path
    draft: bool = False


class _Page:
    """Some cases in a row, and those of their lines that have been looked at."""

    __slots__ = ("entries", "lines")

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.lines: dict[int, Line] = {}


class LibraryLines(Sequence[Line]):
    """Drafts first, then the cases of a query."""

    def __init__(
        self,
        pack: Pack,
        library: Library,
        query: Query,
        drafts: Sequence[DraftEntry],
        width: int,
        on: dt.date,
    ) -> None:
        """Count the cases; read none yet.

        Args:
            pack: For the words.
            library: Where the cases are found.
            query: Which, and in what order.
            drafts: Shown before them.
            width: Cells available.
            on: Today, by which something is overdue.
        """
        self._pack = pack
        self._library = library
        self._query = query
        self._drafts = drafts
        self._width = width
        self._on = on
        self._pages: OrderedDict[int, _Page] = OrderedDict()
        self.cases = library.count(query)

    def __len__(self) -> int:
        """Count the lines."""
        return len(self._drafts) + self.cases

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        """Return a line, or some of them."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        place = index - len(self._drafts)
        if place < 0:
            return draft_line(self._drafts[index], self._width, target=str(index))
        page, within = self._page_of(place)
        found = page.lines.get(within)
        if found is None:
            found = Line()
            # A case may have gone since the cases were counted.
            if within < len(page.entries):
                entry = page.entries[within]
                found = case_line(self._pack, entry, self._width, self._on, str(index))
            page.lines[within] = found
        return found

    def picked(self, index: int) -> Picked | None:
        """Say what a line stands for; None where there is none."""
        if not 0 <= index < len(self):
            return None
        place = index - len(self._drafts)
        if place < 0:
            return Picked(self._drafts[index].path, draft=True)
        entry = self._entry(place)
        return None if entry is None else Picked(entry.path)

    def entry_at(self, index: int) -> Entry | None:
        """Return the case of a line; None for a draft."""
        place = index - len(self._drafts)
        return self._entry(place) if 0 <= place < self.cases else None

    def draft_at(self, index: int) -> DraftEntry | None:
        """Return the draft of a line; None for a case."""
        return self._drafts[index] if 0 <= index < len(self._drafts) else None

    def place_of(self, picked: Picked) -> int | None:
        """Find the line of a draft or case; None if it is not among them."""
        for index, draft in enumerate(self._drafts):
            if picked.draft and draft.path == picked.path:
                return index
        if picked.draft:
            return None
        place = self._library.position(self._query, picked.path)
        return None if place is None else place + len(self._drafts)

    def _entry(self, place: int) -> Entry | None:
        page, within = self._page_of(place)
        return page.entries[within] if within < len(page.entries) else None

    def _page_of(self, place: int) -> tuple[_Page, int]:
        """Return the page that holds a case, and where it stands there."""
        number, within = divmod(place, _PAGE)
        page = self._pages.get(number)
        if page is None:
            page = _Page(self._library.page(self._query, number * _PAGE, _PAGE))
            self._pages[number] = page
            if len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return page, within
