"""Going to what the palette found, from whatever screen is there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from textual.css.query import NoMatches

from ketatui.consultation.palette import Place
from ketatui.tui.at_home import AT_HOME
from ketatui.tui.screens.base import KetaScreen


@runtime_checkable
class _Asking(Protocol):
    """A screen on which questions are answered."""

    def go_to(self, ident: str) -> None:
        """Go to a question."""

    def go_to_section(self, section: str) -> None:
        """Go to a section."""


async def reach(about: KetaScreen, place: Place) -> None:
    """Go to a place.

    Args:
        about: The screen that was there before the palette.
        place: Where to.
    """
    if about not in about.app.screen_stack:
        return
    with suppress(NoMatches):
        match place.kind:
            case "action":
                await about.perform(place.key)
            case "screen":
                await _to_screen(about, place.key)
            case "question" | "answer" | "section":
                _to_question(about, place)
            case "setting":
                about.keta.go("settings", focus=place.key)
            case "case":
                _to_case(about, Path(place.key))
            case _:
                about.keta.go("reference", place)


async def _to_screen(about: KetaScreen, key: str) -> None:
    if key not in AT_HOME:
        asking = _asking(about)
        if asking is not None:
            about.keta.uncover(asking)
            await asking.run_action(key)
        return
    route = AT_HOME[key].over_case
    if route:
        about.keta.go(route)
        return
    about.keta.close_case()
    about.keta.go_home()
    home = about.app.screen
    home.call_after_refresh(home.run_action, key)


def _to_question(about: KetaScreen, place: Place) -> None:
    asking = _asking(about)
    if asking is None:
        about.keta.go("reference", place)
        return
    about.keta.uncover(asking)
    screen = cast("_Asking", asking)
    if place.kind == "section":
        screen.go_to_section(place.key)
    else:
        screen.go_to(place.key.partition("=")[0])


def _asking(about: KetaScreen) -> KetaScreen | None:
    """Return the topmost screen that asks the questions of a screening; None where none is."""
    opened, run = about.keta.open_case, about.keta.open_run
    if opened is None and run is None:
        return None
    for screen in reversed(about.app.screen_stack):
        if isinstance(screen, KetaScreen) and isinstance(screen, _Asking):
            return screen
    return None


def open_first(about: KetaScreen) -> None:
    """Open the case that the app was begun for, once everything is there; later not again."""
    resources = about.keta.resources
    if resources.store is not None and resources.settings.welcomed:
        path, resources.first_case = resources.store.path_of(resources.first_case), ""
        _to_case(about, path)


def _to_case(about: KetaScreen, path: Path) -> None:
    from ketatui.cases.errors import CaseError
    from ketatui.tui.error_text import said_of

    keta = about.keta
    if path.suffix == ".jsonl":
        keta.close_case()
        keta.resume_draft(path)
        return
    assert keta.resources.store is not None
    try:
        loaded = keta.resources.store.load(path)
    except (CaseError, OSError) as error:
        about.show_hint((said_of(error), "problem"))
        return
    # Its draft stays on disk; a case is opened from home, as from the list.
    keta.close_case()
    keta.go_home()
    keta.go("case", loaded)
