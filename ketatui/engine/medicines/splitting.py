"""Parting what was typed into the name and how it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ketatui.engine.medicines.parsing import Parser, Part
from ketatui.engine.medicines.words import Kind


class _Stretch(NamedTuple):
    """A stretch of what was typed, and what parted it from what stands before."""

    start: int
    end: int
    mark: str


def split_known(typed: str, parser: Parser, named: set[Part]) -> tuple[str, str]:
    """Part a typed name from what says how it is taken; no word of it is lost."""
    kinds = (Kind.NAME, Kind.SALT, Kind.RELEASE)
    text: list[_Stretch] = []
    dose: list[_Stretch] = []
    last: list[_Stretch] | None = None
    for part in parser.parts:
        into = text if part.kind in kinds or part in named else dose
        start, end = parser.words[part.first].start, parser.words[part.end - 1].end
        if into is last:
            into[-1] = into[-1]._replace(end=end)
        else:
            into.append(_Stretch(start, end, parser.mark_before(part)))
        last = into
    return _joined(typed, text), _joined(typed, dose)


def split_unknown(typed: str, parser: Parser) -> tuple[str, str]:
    """Part what nobody knows from the strength and times that follow it."""
    parts = parser.parts
    count = len(parts)
    while count > 1 and parts[count - 1].kind in _FOLLOWING:
        count -= 1
    rest = parts[count:]
    while rest and not any(c.isdigit() for c in parser.words[rest[0].first].text):
        rest = rest[1:]
    if not rest:
        return typed.strip(), ""
    cut = parser.words[rest[0].first].start
    return typed[:cut].strip(" ,;:-"), typed[cut:].strip()


_FOLLOWING = (Kind.DOSE, Kind.NEED, Kind.PURPOSE, Kind.ROUTE, Kind.TAKING)
_CLOSING = {"(": ")", "[": "]"}


def _joined(typed: str, stretches: Sequence[_Stretch]) -> str:
    """Put stretches of what was typed together, parted as they were."""
    found = ""
    for start, end, mark in stretches:
        piece = typed[start:end]
        for opening, closing in _CLOSING.items():
            if piece.count(opening) > piece.count(closing) and typed[end : end + 1] == closing:
                piece += closing
        if found or mark.isalpha():
            found += mark if mark == ", " else f" {mark} "
        found += piece
    return " ".join(found.split())
