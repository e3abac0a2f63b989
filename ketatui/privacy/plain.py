"""Text as the patterns read it: what comes from a word processor or a web page looks the same.

A number with dashes of print, a name after a blank that does not break, letters with an invisible
one between them: a person sees no difference, and neither should the patterns.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

_DASHES = "\u2010\u2011\u2012\u2013\u2212\ufe63"
_APOSTROPHES = "\u2018\u2019\u02bc"
_SLASHES = "\u2044\u2215"
_AS_TYPED = {
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
    # The wide forms of all that a keyboard has.
    **{0xFF00 + place: chr(0x20 + place) for place in range(1, 0x5F)},
}

_SPECIAL = re.compile(r"[^\x00-\x08\x0a-\x1f!-\x7f]{2,}|[^\x00-\x08\x0a-\x7f]")
"""Tabs, blanks and what is not ASCII: all but single blanks between letters of a keyboard.

Said by what it is not: a set up to the last letter there is takes Python 5 ms to compile.
"""


def plain(text: str) -> tuple[str, Sequence[int]]:
    """Write a text as it would be typed on a keyboard.

    Args:
        text: Anything somebody typed or pasted.

    Returns:
        The text with plain dashes, apostrophes, digits and single blanks, without letters that
        cannot be seen; and where each of its letters stands in the one that was given.
    """
    letters: list[str] = []
    places = _Places()
    end = 0
    for run in _SPECIAL.finditer(text):
        places.take(end, run.start())
        letters.append(text[end : run.start()])
        _typed(run[0], run.start(), letters, places)
        end = run.end()
    if not end:
        return text, range(len(text))
    places.take(end, len(text))
    return "".join((*letters, text[end:])), places


class _Places(Sequence[int]):
    """Where letters stood before: stretches that were taken as they are, one after the other."""

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._from: list[int] = []
        self._length = 0

    def take(self, start: int, end: int) -> None:
        """Go on with the letters from one place up to another."""
        if end > start:
            self._begins.append(self._length)
            self._from.append(start)
            self._length += end - start

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._length))]
        if not 0 <= index < self._length:
            raise IndexError(index)
        stretch = bisect_right(self._begins, index) - 1
        return self._from[stretch] + index - self._begins[stretch]


def _typed(run: str, start: int, letters: list[str], places: _Places) -> None:
    """Take over a run of blanks and letters beyond ASCII; what is around it is neither."""
    blank = False
    for place, given in enumerate(run, start):
        letter = given
        if letter in "\t " or unicodedata.category(letter) == "Zs":
            if blank:
                continue
            letter = " "
        elif unicodedata.category(letter) == "Cf":
            continue
        else:
            digit = unicodedata.decimal(letter, None)
            letter = letter.translate(_AS_TYPED) if digit is None else str(digit)
        blank = letter == " "
        letters.append(letter)
        places.take(place, place + 1)
