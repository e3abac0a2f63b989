"""A medicine that is not settled: what it is, or that it cannot be established."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Medication
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import Edit, SetMedications
from ketatui.consultation.medicine_words import WHY_OPEN, said_of
from ketatui.consultation.suggest import suggest
from ketatui.walk.talk import Talk

Do = Callable[[Edit], bool]


def settle(talk: Talk, consultation: Consultation, do: Do, place: int) -> None:
    """Ask what a medicine is.

    Args:
        talk: Says and asks.
        consultation: The consultation.
        do: Makes an edit.
        place: The row, from 0.

    Raises:
        Leave: The clinician stops.
        Back: The row is to stay as it is.
    """
    rows = consultation.case.medications
    row = rows[place]
    found = consultation.knowledge.medicines.recognize(row.name)
    meant = list(found.may_mean)
    if not meant and found.standing == "unknown":
        meant = list(suggest(consultation.knowledge.medicines.known(), row.name, 2))
    ways: list[tuple[str, Callable[[], Medication | None]]] = [
        (f"it is {name}", partial(row.replaced, name=name, classes=())) for name in meant
    ]
    ways += [
        ("it is in none of the classes that rules read", _said(row, NONE_OF_THESE)),
        ("pick its classes", lambda: row.replaced(classes=_picked(talk, consultation))),
        ("it cannot be established", _said(row, NOT_ESTABLISHED)),
    ]
    if found.standing == "not_taken":
        ways.append(("it is not taken now: remove it", lambda: None))
    question = f"{row.name} {WHY_OPEN[found.standing]}."
    way = talk.ask_one(question, [text for text, _ in ways], none="leave it open")
    if way is None:
        return
    changed = ways[way][1]()
    put = () if changed is None else (changed,)
    if do(SetMedications(rows=(*rows[:place], *put, *rows[place + 1 :]))):
        told = "removed" if changed is None else said_of(consultation.knowledge, changed)
        talk.say(f"{row.name if changed is None else changed.name}: {told}.")


def _said(row: Medication, mark: str) -> Callable[[], Medication]:
    return partial(row.replaced, classes=(mark,))


def _picked(talk: Talk, consultation: Consultation) -> tuple[str, ...]:
    """Ask for the classes of a medicine."""
    classes = consultation.pack.drug_classes
    codes = tuple(classes)
    for number, code in enumerate(codes, start=1):
        talk.say(classes[code].title, f"  {number} ")
    while True:
        text = talk.ask_text("Numbers of its classes, parted by spaces; Enter: none; b: back.")
        parts = text.replace(",", " ").split()
        if all(part.isdecimal() and 1 <= int(part) <= len(codes) for part in parts):
            return tuple(sorted({codes[int(part) - 1] for part in parts}))
        talk.say(f"{text[:40]}: numbers from 1 to {len(codes)} are wanted.")
