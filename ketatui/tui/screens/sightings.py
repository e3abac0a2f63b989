"""A look at a case for identifiers of persons, before it is saved or exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ketatui.cases.model import Case
from ketatui.consultation.privacy import kept_as, seen_before_saving
from ketatui.privacy import Sighting, look_through, replaced_in
from ketatui.tui.screens.base import KetaScreen

GoOn = Callable[[Sequence[Sighting]], None]
"""Goes on with what was being done; told what is to be replaced first, which may be nothing."""


def before_saving(screen: KetaScreen, case: Case, go_on: GoOn) -> bool:
    """Show what should be asked about before a case is saved.

    Args:
        screen: Where saving was asked for.
        case: What is to be saved.
        go_on: Called with what is to be replaced once that was decided.

    Returns:
        Whether there is anything to ask; without it `go_on` is not called.
    """
    scanner = screen.keta.resources.scanner
    assert scanner is not None
    found = seen_before_saving(scanner, case, screen.keta.kept_identifiers)
    if found:
        screen.keta.go("identifiers", case, found, "before it is saved", go_on)
    return bool(found)


def before_export(screen: KetaScreen, case: Case, go_on: Callable[[Case], None]) -> None:
    """Go on with an export, after a look at what the case's texts hold.

    Args:
        screen: Where the export was asked for.
        case: What is to be exported; it stays as it is.
        go_on: Called once with what is to be written: the case, or a copy in which everything
            that was seen is replaced. Not called if the person goes back.
    """
    scanner = screen.keta.resources.scanner
    assert scanner is not None
    kept = screen.keta.kept_identifiers
    found = [
        item
        for item in look_through(scanner, case)
        if "changes" not in item.place and kept_as(item) not in kept
    ]
    if not found:
        go_on(case)
        return

    def decided(replace: Sequence[Sighting]) -> None:
        go_on(replaced_in(case, replace))

    screen.keta.go("identifiers", case, found, "before it is exported", decided)
