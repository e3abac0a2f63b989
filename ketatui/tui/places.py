"""What the palette reaches beyond the criteria: screens, settings, and what works now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ketatui.cases.identifiers import begun_text
from ketatui.consultation.palette import Known, Place, Words
from ketatui.tui.actions import Action, named
from ketatui.tui.at_home import AT_HOME

if TYPE_CHECKING:
    from ketatui.cases.drafts import DraftEntry
    from ketatui.cases.entries import Entry

OF_CASE = {
    "explain": "Explain",
    "compare": "Compare the pathways",
    "consent": "Consent",
    "decide": "Decide",
}
"""Screens of the open consultation, by what it does for them."""
SETTINGS = {
    "theme": "Theme",
    "by": "Your name or initials",
    "role": "Your role",
    "payer": "Payer new consultations begin with",
    "weight_unit": "A weight typed without a unit",
    "blank_after": "Blank the screen after",
    "cases": "Cases folder",
    "practice": "Practice folder",
    "site": "Site profile",
    "age_identity": "Key of encrypted cases",
    "policy": "Local policy file",
}
"""Settings by the key of their line."""
_NOT_OFFERED = ("app.palette", "home.quit")
"""The palette is open already, and leaving the app stands in it once."""


def screen_places(words: Words) -> Iterator[Known]:
    """Yield the screens that can always be gone to, and the settings."""
    for key, row in AT_HOME.items():
        (action,) = named(f"home.{key}")
        place = Place("screen", key, row.title or action.title, "screen")
        yield Known(place, tuple(words.get(place.name, ())))
    for key, title in SETTINGS.items():
        place = Place("setting", key, title, "setting")
        yield Known(place, ("setting", *words.get(place.name, ())))


def present_places(actions: Sequence[Action], *, of_case: bool, words: Words) -> list[Known]:
    """Return what only this moment offers: the keys that work, and the screens of the case.

    Args:
        actions: What works on the screen below.
        of_case: Whether a consultation is open and may be looked at from all sides.
        words: By which other words something is found.
    """
    found: list[Known] = []
    for key, title in OF_CASE.items() if of_case else ():
        place = Place("screen", key, title, "screen of this case")
        found.append(Known(place, tuple(words.get(place.name, ()))))
    taken = set(OF_CASE) if of_case else set()
    for action in actions:
        name = action.id.partition(".")[2]
        hidden = action.context in ("form", "typing", "home") or action.is_digit
        if hidden or action.id in _NOT_OFFERED or name in taken:
            continue
        place = Place("action", action.id, action.title, action.shown_key)
        found.append(Known(place, tuple(words.get(place.name, ())), (action.help,)))
    return found


def case_place(entry: Entry) -> Place:
    """Return a saved case as a place: its label, and when it was saved."""
    when = f"{entry.when.astimezone():%Y-%m-%d %H:%M}"
    return Place(
        "case",
        str(entry.path),
        entry.label or begun_text(entry.id, entry.when.astimezone().date()) or entry.path.name,
        when,
    )


def draft_place(draft: DraftEntry) -> Place:
    """Return a draft as a place."""
    return Place("case", str(draft.path), draft.called, "draft")
