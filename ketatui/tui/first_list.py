"""What the list of saved cases looks like when it is opened: kept for the next start."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import ketatui
from ketatui.first_frame import is_kept, keep_at_key
from ketatui.first_keys import LIST, forget_lists, stamps, unchanged
from ketatui.tui.actions import named
from ketatui.tui.session import now
from ketatui.tui.terminal_output import as_written

if TYPE_CHECKING:
    from textual.app import App
    from textual.geometry import Offset

    from ketatui.cases.library import Library
    from ketatui.tui.host import Host
    from ketatui.tui.library_work import LibraryWork
    from ketatui.tui.views.library import Picked
    from ketatui.tui.widgets.line_view import LineView

_ZONE = Path("/etc/localtime")
"""By what times are shown where no TZ is set."""


class CasesList(Protocol):
    """The list of saved cases, as this knows it."""

    @property
    def is_mounted(self) -> bool:
        """Whether it is put together."""

    @property
    def work(self) -> LibraryWork:
        """What keeps the library up."""

    @property
    def view(self) -> LineView:
        """The list itself."""

    @property
    def picked(self) -> Picked | None:
        """What the focused line stands for."""

    def open_anew(self) -> None:
        """Begin anew as in the beginning, whatever was shown before."""

    def redraw(self) -> None:
        """Ask the library again if anything changed."""

    def painted_ahead(self, cursor: Offset) -> str:
        """Return what will paint all of it when it is opened as it stands."""


def keep_first_list(app: App[int], host: Host, read: Sequence[Path]) -> None:
    """Keep the first page of the list, if there is nothing on it but what the index holds.

    Args:
        app: The app; it is about to be left.
        host: The same, as screens know it.
        read: The files by which it shows what it shows; none where they have changed since.
    """
    resources = host.resources
    if not resources.settings.welcomed or host.warning or not app.is_screen_installed("cases"):
        return
    (cases,) = named("home.cases")
    key, library = cases.character_with(resources.settings.keymap), resources.library
    if key and read and library is not None:
        # Without it the next start is as quick, and only looks slower.
        with suppress(OSError, ValueError):
            _keep(app, library, key, [*read, *_places(resources.cases)])


def _places(cases: Path) -> list[Path]:
    """Return what says whether it is the same folder, as it was: without its cases."""
    chosen = Path(*ketatui.__path__).parent / "saved_cases"
    return [cases, cases / "drafts", chosen, _ZONE]


def _keep(app: App[int], library: Library, key: str, hangs_on: list[Path]) -> None:
    from ketatui.cases.library.index import log_of

    version = library.version
    index = library.settled()
    if index is None:
        return
    log = log_of(index)
    today = str(now().date())
    holds = stamps([index, log, *hangs_on], today, today)
    size = app.size
    if _has_content(log) or is_kept(LIST, sys.argv[1:], size, key, holds):
        return
    page = _first_page(cast("CasesList", app.get_screen("cases")))
    # Asked after the stamps: what has changed before them is in neither, or in both.
    if not page or library.version != version:
        return
    keep_at_key(LIST, sys.argv[1:], size, key, holds, as_written(page))
    if unchanged(holds, str(now().date())) is None or not index.is_file():
        # The folder may have been encrypted meanwhile, from another window.
        forget_lists(index.parent)


def _first_page(screen: CasesList) -> str:
    """Return what will paint the list; empty where there is more on it than its index holds."""
    work = screen.work
    if not screen.is_mounted or work.said or work.problem:
        return ""
    screen.open_anew()
    screen.redraw()
    picked = screen.picked
    # Its first line looks other while something else has the focus. An empty list is there to say
    # why it is empty, which hangs on more than the index.
    if picked is None or picked.draft or not screen.view.has_focus:
        return ""
    return screen.painted_ahead(screen.view.cursor_place())


def _has_content(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0
