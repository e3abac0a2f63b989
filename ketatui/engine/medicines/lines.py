"""Medicines typed or pasted together: one line into name and dose, a list into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ketatui.engine.medicines.index import MedicineIndex
from ketatui.engine.medicines.recognition import Recognition
from ketatui.structs import Frozen

_LINES = re.compile(r"[\n\r\u2028\u2029\x0b\x0c]")
_LONGEST_LINE = 10_000
"""Characters beyond which a line is kept as one."""
_OUTSIDE = r"(?![^()]*\))"
"""Not within brackets: "levothyroxine (Synthroid, Levothroid) 75 mcg" is one."""
_ITEMS = re.compile(r"\s*[;•●▪◦‣·]+\s*" + _OUTSIDE)
_BULLET = re.compile(r"^\s*(?:[-*–—+>]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][)]\s+|\[[ xX]?\]\s*)+")
_SPACED_COMMA = re.compile(r"\s*,\s+" + _OUTSIDE)
_BARE_COMMA = re.compile(r",(?=[^\s\d])" + _OUTSIDE)
_SENTENCE = re.compile(r"(?<!\b[SsNn][TtOo])\.\s+(?=[A-Za-z])|\s+(?:and|plus|&|\+)\s+")


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

    Lines, semicolons and bullets part medicines always; a comma, "and" or the end of a sentence
    only where names follow that stand by themselves: "hydrocodone 5, 325" is one. A heading such
    as "Medications:" is no medicine; under one such as "Allergies:" each line keeps the word.
    """
    found: list[ListedMedicine] = []
    under = ""
    for line in _LINES.split(text):
        bare = _bare(line)
        if not bare:
            under = ""
        elif len(bare) <= _LONGEST_LINE and index.is_heading(bare):
            under = bare if index.recognize(bare).standing == "not_taken" else ""
        else:
            for item in _ITEMS.split(bare) if len(bare) <= _LONGEST_LINE else (bare,):
                found += _items(index, item, under)
    if not found and text.strip():
        # Nothing but headings: what was typed is still shown.
        said = text.strip()
        found.append(ListedMedicine(said, "", index.recognize(said)))
    return tuple(found)


def _items(index: MedicineIndex, item: str, under: str) -> Iterator[ListedMedicine]:
    head, colon, rest = item.partition(":")
    heads = colon and rest.strip() and index.is_heading(f"{head}:")
    if heads and index.recognize(head).standing != "not_taken":
        item = rest
    for piece in _pieces(index, _bare(item)):
        yield split_line(index, f"{under} {piece}" if under else piece)


def _bare(text: str) -> str:
    """Return a text without its bullet or number, and without space and commas around it."""
    return _BULLET.sub("", text).strip().strip(",").strip()


def _pieces(index: MedicineIndex, line: str) -> list[str]:
    """Part a line where names stand by themselves."""
    if not line or len(line) > _LONGEST_LINE:
        return [line] if line else []
    # What says that something is not taken may be said of all of it: "no lithium, lorazepam".
    if "," in line and index.recognize(line).standing == "not_taken":
        return [line]
    pieces: list[str] = []
    for piece in _SPACED_COMMA.split(line):
        if pieces and not index.names_something(piece):
            pieces[-1] = f"{pieces[-1]}, {piece}".rstrip(", ")
        else:
            pieces.append(piece)
    for mark in (_BARE_COMMA, _SENTENCE):
        pieces = [part for piece in pieces for part in _apart(index, piece, mark)]
    return pieces


def _apart(index: MedicineIndex, piece: str, mark: re.Pattern[str]) -> Sequence[str]:
    """Part a piece at a mark if each part is known, and together they say the same as apart."""
    parts = [part.strip() for part in mark.split(piece)]
    if len(parts) < 2:
        return (piece,)
    whole, apart = index.recognize(piece), [index.recognize(part) for part in parts]
    doses = mark is _BARE_COMMA or all(found.dose for found in apart[:-1])
    known = all(found.known for found in apart)
    said = {code for found in apart for code in found.classes or ()}
    return parts if known and doses and said == set(whole.classes or ()) else (piece,)
