"""Saving from any screen of the open case: asking where it has to, and saying what happened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.consultation import saving
from ketatui.consultation.decision import what_is_missing
from ketatui.consultation.reach import decider, is_amendment
from ketatui.consultation.reviewing import meanwhile, meanwhile_text
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.sightings import before_saving
from ketatui.tui.session import OpenCase, now
from ketatui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ketatui.tui.screens.base import KetaScreen


def save_case(screen: KetaScreen, opened: OpenCase) -> None:
    """Save the open case and leave it, or say what is missing.

    A file that changed meanwhile is never overwritten: the person is asked whether to keep
    both.
    """
    missing = what_is_missing(opened.consultation)
    if missing:
        screen.show_hint((f"Not saved yet; needed first: {'; '.join(missing)}", "problem"))
        return
    if before_saving(screen, opened.consultation, partial(save_case, screen, opened)):
        return
    here = screen.keta.resources.settings.by
    if is_amendment(opened.consultation, opened.base):
        _ask_who_and_why(screen, opened)
    else:
        _save(screen, opened, decider(opened.consultation) or here, "saved")


def _ask_who_and_why(screen: KetaScreen, opened: OpenCase) -> None:
    """Ask who amends and why; what was typed is offered again until the case is saved."""
    prompt = screen.query_one(Prompt)

    def called_off() -> None:
        screen.redraw()
        screen.show_hint(("Not saved. The draft is still on disk.", "caution"))

    def named(text: str | None) -> None:
        if text is None:
            called_off()
        elif not text.strip():
            screen.show_hint(("An amendment carries a name; nothing is saved yet.", "problem"))
            ask_who()
        else:
            opened.amended_by = text.strip()
            prompt.ask("Why is it amended?", opened.why, reasoned, remark=screen.show_remark_on)

    def reasoned(text: str | None) -> None:
        if text is None:
            called_off()
        elif not text.strip():
            screen.show_hint(("An amendment says why; nothing is saved yet.", "problem"))
            prompt.ask("Why is it amended?", "", reasoned, remark=screen.show_remark_on)
        else:
            opened.why = text.strip()
            _save(screen, opened, opened.amended_by, opened.why)

    def ask_who() -> None:
        usual = decider(opened.consultation) or screen.keta.resources.settings.by
        prompt.ask("Amended by (your name or initials)", opened.amended_by or usual, named)

    ask_who()


def _save(screen: KetaScreen, opened: OpenCase, by: str, why: str) -> None:
    store = screen.keta.resources.store
    assert store is not None
    try:
        loaded = saving.save(
            opened.consultation,
            store,
            opened.journal,
            by=by,
            why=why,
            now=now(),
            base=opened.base,
        )
    except ChangedOnDisk as changed:
        _ask_to_keep_both(screen, opened, by, f"{changed.path.name}: {changed.what}")
        return
    except (CaseError, OSError) as error:
        screen.show_hint((f"Not saved: {said_of(error)}. The draft is still on disk.", "problem"))
        return
    came = meanwhile(opened.consultation.case, loaded.case)
    # First what may need a look: the path at the end may not fit the line.
    _done(screen, opened, ". ".join((*map(meanwhile_text, came), f"Saved: {loaded.stamp.path}")))


def _ask_to_keep_both(screen: KetaScreen, opened: OpenCase, by: str, said: str) -> None:
    prompt = screen.query_one(Prompt)

    def answered(yes: bool) -> None:
        if not yes:
            screen.redraw()
            screen.show_hint(("Not saved. The draft is still on disk.", "caution"))
            return
        store = screen.keta.resources.store
        assert store is not None
        try:
            loaded = saving.save_copy(
                opened.consultation, store, opened.journal, by=by, why="kept both", now=now()
            )
        except (CaseError, OSError) as error:
            screen.show_hint((f"Not saved: {said_of(error)}", "problem"))
            return
        _done(screen, opened, f"Saved: {loaded.stamp.path}")

    screen.show_hint((said, "problem"))
    prompt.ask_yes_or_no("Keep both, this one as a new case?", answered)


def _done(screen: KetaScreen, opened: OpenCase, said: str) -> None:
    """Leave the consultation and say what became of it."""
    app = screen.keta
    app.open_case = None
    # Nothing is lost by a draft that stays; it is the same case once more.
    stays = "; its draft could not be removed" if opened.journal.path.exists() else ""
    app.go_home(f"{said}{stays}")
