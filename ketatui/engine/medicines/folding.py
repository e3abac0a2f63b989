"""Folding typed text: case, width, apostrophes, dashes; and cutting it into words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})  # noqa: RUF001

# One character for one, so that a word keeps its place in what was typed.
_MARKS = str.maketrans(
    {
        "’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"',  # noqa: RUF001
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "－": "-",  # noqa: RUF001
        "／": "/", "⁄": "/", "∕": "/", "＋": "+", "，": ",", "；": ";", "（": "(", "）": ")",  # noqa: RUF001
        "®": " ", "™": " ", "©": " ", "→": ">", "×": "x", "\u3000": " ", "\u00a0": " ",
    }
)  # fmt: skip
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ABBREVIATED = re.compile(r"(?<![a-z0-9])(d/c|h/o|w/o|s/p)(?='?e?d?(?![a-z0-9]))", re.IGNORECASE)
_WORD = re.compile(r"[^\s\-/+&,;:()\[\]{}|*•·=~<>@]+")
_APART = re.compile(r"[;()\[\]{}|\n]|,(?!\w)|(?<!\w),|:\s")
_DOTTED_NUMBER = re.compile(r"\d*\.\d+")
_JOINING = frozenset({"and", "with", "w"})
_DANGLING = re.compile(r"-\s*$|\s*[/&][\s/+&-]*$|\s+\+[\s/+&-]*$")
_CUT_OFF = "+"
"""What stands for the rest of a text that ends where something more was to follow."""

SOFT, JOINED, APART = 0, 1, 2
"""What parts a word from the one before: space or hyphen; "/", "+", "and"; comma or bracket."""


def fold(name: str) -> str:
    """Fold case, width, runs of spaces and apostrophes; drop what cannot be seen."""
    # Nothing in ASCII is of the kind that cannot be seen.
    ascii_only = name.isascii()
    seen = name if ascii_only else "".join(c for c in name if unicodedata.category(c) != "Cf")
    # The acute accent has to go before NFKC turns it into a space and an accent.
    plain = unicodedata.normalize("NFKC", seen.translate(_APOSTROPHES)).casefold()
    return " ".join(plain.split())


class Word(NamedTuple):
    """One word of what was typed.

    Attributes:
        text: Folded, without apostrophes and the dots of abbreviations.
        start: Where it begins in what was typed.
        end: Where it ends.
        before: What parts it from the word before: `SOFT`, `JOINED` or `APART`.
    """

    text: str
    start: int
    end: int
    before: int


def words_of(typed: str) -> list[Word]:
    """Cut what was typed into words; "and" and "with" are kept as what they join by.

    A text that ends with such a word or sign ends with one word more, that nobody understands.
    """
    text = typed.translate(_MARKS)
    if "," in text:
        text = _THOUSANDS.sub("_", text)
    if "/" in text:
        text = _ABBREVIATED.sub(lambda found: found[1].replace("/", "_"), text)
    found: list[Word] = []
    last, before = 0, SOFT
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start - last > 1 or (start > last and text[last] != " "):
            before = max(before, _parting(text, last, start))
        last = end
        word = _plain(match.group())
        if word in _JOINING:
            before = max(before, JOINED)
        elif word:
            found.append(Word(word, start, end, before))
            before = SOFT
    if found and (before == JOINED or _DANGLING.match(text, last)):
        found.append(Word(_CUT_OFF, last, len(text), JOINED))
    return found


def _parting(text: str, last: int, start: int) -> int:
    between = text[last:start]
    if _APART.search(text, max(last - 1, 0), start + 1) and not between.isspace():
        return APART
    return JOINED if any(mark in between for mark in "/+&,") else SOFT


def _plain(word: str) -> str:
    if not word.isascii():
        word = fold(word)
    word = word.lower()
    if word.isalpha():
        return word
    word = word.replace("'", "").replace('"', "").replace("_", "")
    if "." in word:
        tail = word.rstrip("!.")
        word = tail if _DOTTED_NUMBER.match(tail) else tail.replace(".", "")
    return word.rstrip("!")


_NAME_MARKS = str.maketrans(
    {"-": " ", "/": " ", "&": " ", "+": " ", ",": " ", "'": None, ".": None, "(": " ", ")": " "}
)
_NAME_JOINING = re.compile(r" (?:and|with|w)(?= )")
_SPACES = re.compile(r" +")


def keys_of(names: Iterable[str]) -> list[str]:
    """Return the form in which each name is looked up; all at once, because that is quicker."""
    listed = list(names)
    joined = _NAME_JOINING.sub("", "\n".join(listed).translate(_NAME_MARKS))
    return _SPACES.sub(" ", joined).split("\n") if listed else []
