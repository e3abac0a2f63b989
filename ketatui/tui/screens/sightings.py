"""A look at a case for identifiers of persons, before it is saved or exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.privacy import kept_as, replace_seen, seen_before_saving
from ketatui.privacy import Sighting, look_through, replaced_in
from ketatui.tui.screens.base import KetaScreen


def before_saving(
    screen: KetaScreen, consultation: Consultation, go_on: Callable[[], None]
) -> bool:
    """Show what should be asked about before a case is saved.

    Args:
        screen: Where saving was asked for.
        consultation: What is to be saved.
        go_on: Called once that was decided, and what is to be replaced has been.

    Returns:
        Whether there is anything to ask; without it `go_on` is not called.
    """
    scanner = screen.keta.resources.scanner
    assert scanner is not None
    found = seen_before_saving(scanner, consultation.case, screen.keta.kept_identifiers)

    def decided(replace: Sequence[Sighting]) -> None:
        try:
            replace_seen(consultation, replace)
        except OSError as error:
            said = error.strerror or type(error).__name__
            screen.show_hint((f"Not saved, and not all replaced: {said}", "problem"))
        else:
            go_on()

    if found:
        screen.keta.go("identifiers", consultation.case, found, "before it is saved", decided)
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
