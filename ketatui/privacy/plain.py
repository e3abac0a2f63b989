"""Text as the patterns read it: what comes from a word processor or a web page looks the same.

A number with dashes of print, a name after a blank that does not break, letters with an invisible
one between them: a person sees no difference, and neither should the patterns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

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


def plain(text: str) -> tuple[str, Sequence[int]]:
    """Write a text as it would be typed on a keyboard.

    Args:
        text: Anything somebody typed or pasted.

    Returns:
        The text with plain dashes, apostrophes, digits and single blanks, without letters that
        can not be seen; and where each of its letters stands in the one that was given.
    """
    if text.isascii() and "  " not in text and "\t" not in text:
        return text, range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter == "\t" or unicodedata.category(letter) == "Zs":
            if letters and letters[-1] == " ":
                continue
            letter = " "
        elif unicodedata.category(letter) == "Cf":
            continue
        elif not letter.isascii():
            digit = unicodedata.decimal(letter, None)
            letter = letter.translate(_AS_TYPED) if digit is None else str(digit)
        letters.append(letter)
        places.append(place)
    return "".join(letters), places
