"""What the first letters of a match of a regular expression can be, read from its parsed form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ketatui.structs import Frozen

Sets = tuple[list[frozenset[str]], bool]
"""The ASCII letters of which each of the first letters is one, and whether that is all of it."""

_MOST = 400
"""More words than this are not listed."""
_ENOUGH = 5
"""Letters after which a beginning is not followed further."""
_FEW = 4
"""A set of so many letters is read as that many ways for a word to go on."""
_ASCII = frozenset(map(chr, range(128)))
_NOTHING = frozenset({codes.AT, codes.ASSERT, codes.ASSERT_NOT})
"""Elements that take no letter."""
_REPEATS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT})
_ONE_LETTER = frozenset({codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY})
_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


class Parsed(Frozen, frozen=True):
    """A pattern as the standard library parses it.

    Attributes:
        elements: One after the other, each a code and its value.
        shortest: Letters of the shortest match.
        any_case: Whether all of it takes letters of any case.
        bound: Whether a match begins at the edge of a word.
    """

    elements: tuple[Any, ...]
    shortest: int
    any_case: bool
    bound: bool


def parsed(expression: re.Pattern[str]) -> Parsed:
    """Parse a compiled pattern again.

    Args:
        expression: The pattern.
    """
    tree = parser.parse(expression.pattern, expression.flags)
    elements = tuple(tree)
    bound = False
    for code, value in elements:
        if code not in _NOTHING:
            break
        bound = bound or (code, value) == (codes.AT, codes.AT_BOUNDARY)
    any_case = bool(tree.state.flags & re.IGNORECASE)
    return Parsed(elements, tree.getwidth()[0], any_case, bound)


def signs_in(elements: Sequence[Any]) -> frozenset[str]:
    """Return signs, neither letters nor digits, that every match holds somewhere.

    Args:
        elements: Of the pattern, or of a part of it that a match must have.
    """
    found: frozenset[str] = frozenset()
    for code, value in elements:
        if code is codes.LITERAL and value < 128 and not chr(value).isalnum():
            found |= {chr(value)}
        elif code is codes.SUBPATTERN:
            found |= signs_in(value[3])
        elif code in _REPEATS and value[0]:
            found |= signs_in(value[2])
    return found


class Beginnings:
    """Works out the words that a match can begin with.

    Attributes:
        any_case: Whether some part that was read takes letters of any case.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.any_case = False

    def of(self, elements: Sequence[Any]) -> set[str] | None:
        """Return the words, as the pattern writes them; None where they cannot be told.

        Args:
            elements: Of the pattern.
        """
        found = self._walk(elements)
        return None if found is None else {word for word, _ in found}

    def _walk(self, elements: Iterable[Any]) -> set[tuple[str, bool]] | None:
        """Return each beginning, with whether what follows in the pattern follows it directly."""
        words: set[tuple[str, bool]] = {("", True)}
        for code, value in elements:
            if code in _NOTHING:
                continue
            if not any(goes_on for _, goes_on in words):
                break
            more = self._element(code, value)
            if more is None:
                return None
            words = {
                (before + after, follows and len(before + after) < _ENOUGH)
                for before, open_ in words
                for after, follows in (more if open_ else _STOP)
            }
            if len(words) > _MOST:
                return None
        return words

    def _element(self, code: Any, value: Any) -> set[tuple[str, bool]] | None:
        if code is codes.LITERAL:
            return {(chr(value), True)} if value < 128 else None
        if code is codes.IN:
            plain = all(item[0] is codes.LITERAL and item[1] < 128 for item in value)
            few = plain and len(value) <= _FEW
            return {(chr(item[1]), True) for item in value} if few else _STOP
        if code is codes.SUBPATTERN:
            self.any_case = self.any_case or bool(value[1] & re.IGNORECASE)
            return self._walk(value[3])
        if code is codes.BRANCH:
            branches = [self._walk(branch) for branch in value[1]]
            known = [branch for branch in branches if branch is not None]
            return set().union(*known) if len(known) == len(branches) else None
        if code in _REPEATS:
            once = self._walk(value[2])
            if once is None:
                return None
            once = once if value[1] == 1 else {(word, False) for word, _ in once}
            return once if value[0] else once | {("", True)}
        return _STOP


_STOP: set[tuple[str, bool]] = {("", False)}
"""What is behind this is not looked at."""


def element_sets(elements: Sequence[Any], *, any_case: bool) -> Sets:
    """Return which ASCII letters the first letters of a match can be.

    Args:
        elements: Of the pattern, or of a part of it.
        any_case: Whether it takes letters of any case.
    """
    found: list[frozenset[str]] = []
    for index, (code, value) in enumerate(elements):
        if code in _NOTHING:
            continue
        if code in _REPEATS and value[0] != value[1]:
            sets, whole = element_sets(value[2], any_case=any_case)
            if value[0] > _ENOUGH:
                return found + sets, False
            if value[0] and whole:
                found += sets * value[0]
            elif value[0]:
                return found + sets, False
            # Behind what must be stands one more of it, or what follows it.
            after, _ = element_sets(elements[index + 1 :], any_case=any_case)
            both = [sets[0] | after[0]] if sets and after else []
            return found + both, False
        sets, whole = _sets_of(code, value, any_case)
        found += sets
        if not whole or len(found) > _ENOUGH:
            return found, False
    return found, True


def _sets_of(code: Any, value: Any, any_case: bool) -> Sets:
    if code in _ONE_LETTER:
        return [_letters(code, value, any_case)], True
    if code in _REPEATS:
        sets, whole = element_sets(value[2], any_case=any_case)
        return (sets * min(value[0], _ENOUGH), value[0] <= _ENOUGH) if whole else (sets, False)
    if code is codes.SUBPATTERN:
        _, added, removed, inside = value
        any_case = (any_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
        return element_sets(inside, any_case=any_case)
    if code is codes.BRANCH:
        branches = [element_sets(branch, any_case=any_case) for branch in value[1]]
        columns = zip(*(sets for sets, _ in branches), strict=False)
        joined = [frozenset().union(*column) for column in columns]
        same = len({len(sets) for sets, _ in branches}) == 1
        return joined, same and all(whole for _, whole in branches)
    return [], False


def _letters(code: Any, value: Any, any_case: bool) -> frozenset[str]:
    """Return the ASCII letters that one element takes."""
    found: set[str] = set()
    items = value if code is codes.IN else [(code, value)]
    for kind, what in items:
        if kind is codes.LITERAL:
            found.add(chr(what))
        elif kind is codes.RANGE:
            found |= {chr(place) for place in range(what[0], min(what[1], 127) + 1)}
        elif kind is codes.CATEGORY:
            found |= {letter for letter in _ASCII if re.match(_CATEGORIES[what], letter)}
        elif kind in (codes.NOT_LITERAL, codes.ANY):
            found |= _ASCII
    if any_case:
        found |= {other for letter in found for other in (letter.lower(), letter.upper())}
    negated = bool(items) and items[0][0] is codes.NEGATE
    # A letter that is left out in one case may still be taken in the other: all may be.
    if negated and any_case:
        return _ASCII
    return (_ASCII - found if negated else frozenset(found)) & _ASCII
