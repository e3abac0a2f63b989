"""What a screen may ask of the app. Screens know this and never the app itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from ketatui.consultation.privacy import Kept
from ketatui.practice.run import PracticeRun
from ketatui.settings import Settings
from ketatui.tui.library_work import LibraryWork
from ketatui.tui.session import OpenCase, Resources


class Host(Protocol):
    """The app, as its screens see it.

    Attributes:
        resources: Folders, settings and, once loaded, the criteria.
        open_case: The consultation being worked on.
        open_run: The practice run being worked on.
        kept_identifiers: What looked like an identifier and was to be kept.
        library_work: What keeps the library up with its folder.
        warning: What is amiss since the start; empty for nothing.
        recent: Where somebody went by the palette, the latest first.
    """

    resources: Resources
    open_case: OpenCase | None
    open_run: PracticeRun | None
    kept_identifiers: set[Kept]
    library_work: LibraryWork
    warning: str
    recent: list[str]

    def went_to(self, name: str) -> None:
        """Remember where somebody went by the palette."""

    def go(self, route: str, *given: Any, **named: Any) -> None:
        """Open a screen over this one.

        Args:
            route: Its name in `ketatui.tui.routes`.
            given: What its class takes.
            named: The same, by name.
        """

    def switch(self, route: str, *given: Any, **named: Any) -> None:
        """Open a screen in place of this one; the arguments are those of `go`."""

    def back_to(self, route: str) -> None:
        """Close all screens above the topmost one of that name."""

    def uncover(self, screen: object) -> None:
        """Close all screens above one that is open."""

    def begins_new(self) -> None:
        """Take note that a consultation without an answer is opened next."""

    def prepare(self, route: str) -> None:
        """Put a screen together that is kept for good, before somebody waits for it."""

    def go_home(self, remark: str = "") -> None:
        """Close all screens above home, and say something there."""

    def resume_draft(self, path: Path) -> None:
        """Go home and on with a draft from there."""

    def load_knowledge(self) -> object:
        """Load the criteria in a thread; the screens are told."""

    def change_settings(self, settings: Settings) -> str:
        """Put settings into force and keep them; return what went wrong, if anything."""

    def close_case(self) -> None:
        """Leave the open consultation or run; its draft stays unless nothing was entered."""

    def used(self) -> None:
        """Take note that somebody is there."""

    def action_leave(self) -> None:
        """Quit; every answer is on disk already."""


class Home(Protocol):
    """The first screen, as the app sees it."""

    @property
    def begins(self) -> bool:
        """Whether a consultation begins as soon as the criteria are loaded."""

    def remark(self, text: str) -> None:
        """Say something on the hint line, once the screen is drawn again."""

    def resume(self, path: Path) -> None:
        """Resume a draft by its file."""
