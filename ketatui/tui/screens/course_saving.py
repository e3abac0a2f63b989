"""Saving what was done in a course: asking who and why, and saying what happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.store import Loaded
from ketatui.consultation.closing import close_visit, save_course
from ketatui.consultation.treatment import Treatment
from ketatui.course.naming import visit_name
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.sightings import before_saving
from ketatui.tui.session import OpenCase, now
from ketatui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ketatui.tui.screens.base import KetaScreen

Saved = Callable[[Loaded, str], None]
"""What is done once the case is saved: the case as written, and what to say of it."""


def close_and_save(
    screen: KetaScreen, opened: OpenCase, treatment: Treatment, saved: Saved
) -> None:
    """Close the visit and save the case with it, after asking who closes it."""
    visit = treatment.the_visit()

    def closed(by: str) -> Loaded:
        store = screen.keta.resources.store
        assert store is not None
        what = f"{visit_name(treatment.the_course(), visit)} of {visit.date}"
        why = f"{what}, added to after it was closed" if visit.closed_at else what
        return close_visit(
            treatment, store, opened.journal, by=by, why=why, now=now(), base=opened.base
        )

    _ask_and_save(
        screen, opened, "Visit closed by (your name or initials)", closed, saved, leaves=True
    )


def save_plan(screen: KetaScreen, opened: OpenCase, treatment: Treatment, saved: Saved) -> None:
    """Save the course as it stands, after asking who saves it."""

    def written(by: str) -> Loaded:
        store = screen.keta.resources.store
        assert store is not None
        return save_course(
            treatment,
            store,
            opened.journal,
            by=by,
            why="course of treatment",
            now=now(),
            base=opened.base,
        )

    _ask_and_save(screen, opened, "Saved by (your name or initials)", written, saved)


def _ask_and_save(
    screen: KetaScreen,
    opened: OpenCase,
    title: str,
    save: Callable[[str], Loaded],
    saved: Saved,
    *,
    leaves: bool = False,
) -> None:
    def replaced() -> None:
        screen.redraw()
        ask()

    def named(text: str | None) -> None:
        if text is None:
            screen.redraw()
            screen.show_hint(("Not saved. The draft is still on disk.", "caution"))
        elif not text.strip():
            screen.show_hint(("A revision carries a name; nothing is saved yet.", "problem"))
            ask()
        else:
            opened.amended_by = text.strip()
            _save(screen, partial(save, opened.amended_by), saved, leaves=leaves)

    def ask() -> None:
        usual = opened.amended_by or screen.keta.resources.settings.by
        screen.query_one(Prompt).ask(title, usual, named)

    if not before_saving(screen, opened.consultation, replaced):
        ask()


def _save(screen: KetaScreen, save: Callable[[], Loaded], saved: Saved, *, leaves: bool) -> None:
    try:
        loaded = save()
    except ChangedOnDisk as changed:
        said = f"{changed.path.name} {changed.what}"
    except (CaseError, OSError) as error:
        said = said_of(error)
    else:
        screen.keta.open_case = None
        number = loaded.case.revisions[-1].number
        saved(loaded, f"Saved: revision {number} of {loaded.stamp.path.name}")
        if leaves:
            screen.dismiss()
        return
    screen.redraw()
    screen.show_hint((f"Not saved: {said}. The draft is still on disk.", "problem"))
