"""Identifiers in an open case: what is left to ask about, and replacing them as edits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import (
    Edit,
    MarkConsent,
    SetConsent,
    SetDecision,
    SetLabel,
    SetMedications,
    SetNote,
    SetRows,
    SetTrials,
)
from ketatui.privacy import Scanner, Sighting, key_of, look_through, replaced_in

Kept = tuple[str, str]
"""Kind and text of something that is to stay as it is."""

_EDITABLE = ("label", "notes", "trials", "medications", "tables", "consent", "decision", "courses")
"""What of a case can be changed while it is open."""


def kept_as(sighting: Sighting) -> Kept:
    """Return what is remembered of a sighting that is to stay.

    Args:
        sighting: Something seen.
    """
    return sighting.seen.kind, sighting.seen.text


def seen_before_saving(
    scanner: Scanner, case: Case, kept: Collection[Kept] = ()
) -> tuple[Sighting, ...]:
    """Return what should be asked about before a case is saved.

    Args:
        scanner: Knows the patterns.
        case: The case as it stands.
        kept: What was asked about already, and is to stay.
    """
    return tuple(
        item
        for item in look_through(scanner, case)
        if item.place[0] in _EDITABLE and key_of(item.place) is None and kept_as(item) not in kept
    )


def replace_seen(consultation: Consultation, found: Sequence[Sighting]) -> None:
    """Replace what was seen, as edits that can be undone.

    Args:
        consultation: What is worked on.
        found: What `seen_before_saving` returned for its case.

    Raises:
        OSError: An edit could not be kept on disk; those before it are in force.
    """
    before = consultation.case
    after = replaced_in(before, found)
    for edit in _edits(before, after):
        consultation.do(edit)
    if after.courses != before.courses:
        # A screening that is saved does without the edits of courses.
        from ketatui.course.rewording import reworded

        for change in reworded(before, after):
            consultation.do(change)


def _edits(old: Case, new: Case) -> Iterator[Edit]:
    if new.label != old.label:
        yield SetLabel(text=new.label)
    for question, text in new.notes.items():
        if text != old.notes[question]:
            yield SetNote(question=question, text=text)
    if new.trials != old.trials:
        yield SetTrials(rows=new.trials)
    if new.medications != old.medications:
        yield SetMedications(rows=new.medications)
    for question, rows in new.tables.items():
        if rows != old.tables[question]:
            yield SetRows(question=question, rows=rows)
    for item, mark in new.consent.items.items():
        if mark != old.consent.items[item]:
            yield MarkConsent(item=item, mark=mark)
    if new.consent.replaced(items={}) != old.consent.replaced(items={}):
        yield SetConsent(consent=new.consent)
    if new.decision != old.decision:
        yield SetDecision(decision=new.decision)
