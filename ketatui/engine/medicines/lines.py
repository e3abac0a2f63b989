"""Medicines typed or pasted together: one line into name and dose, a list into lines."""

from __future__ import annotations

import re

from ketatui.engine.medicines.index import MedicineIndex
from ketatui.engine.medicines.recognition import Recognition
from ketatui.structs import Frozen

_LINES = re.compile(r"[\n\r;\u2028\u2029\x0b\x0c•●▪◦‣·]+")
_BULLET = re.compile(r"^\s*(?:[-*–—+>]\s+|\(?\d{1,2}[.)]\s+|\[[ xX]?\]\s*)+")
_COMMA = re.compile(r"\s*,\s+|\s*,(?=[^\s\d])")


class ListedMedicine(Frozen, frozen=True):
    """One medicine of a line or list.

    Attributes:
        name: As typed, without the dose.
        dose: Strength, form, times and purpose as typed.
        recognition: What was made of the whole of it.
    """

    name: str
    dose: str
    recognition: Recognition


def split_line(index: MedicineIndex, text: str) -> ListedMedicine:
    """Split one typed line into name and dose; what is not understood stays with the name."""
    found = index.recognize(" ".join(_BULLET.sub("", text).split()))
    return ListedMedicine(found.text or found.typed, found.dose, found)


def split_list(index: MedicineIndex, text: str) -> tuple[ListedMedicine, ...]:
    """Split a typed or pasted list into medicines.

    Lines, semicolons and bullets part medicines always, a comma only where what follows begins
    with a name of its own: "hydrocodone 5, 325" is one.
    """
    found: list[ListedMedicine] = []
    for line in _LINES.split(text):
        bare = _BULLET.sub("", line).strip(" ,\t")
        if bare:
            found += [split_line(index, piece) for piece in _pieces(index, bare)]
    return tuple(found)


def _pieces(index: MedicineIndex, line: str) -> list[str]:
    """Part a line at its commas; a piece that names nothing belongs to the one before."""
    pieces: list[str] = []
    for piece in _COMMA.split(line):
        if pieces and (not piece.strip() or not index.names_something(piece)):
            pieces[-1] = f"{pieces[-1]}, {piece}".rstrip(", ")
        else:
            pieces.append(piece)
    whole = index.recognize(line)
    # What says that something is not taken may be said of all of it: "no lithium, lorazepam".
    return [line] if whole.standing == "not_taken" and len(pieces) > 1 else pieces
