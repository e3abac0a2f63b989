"""Whether a pattern can take endless time: one repetition inside another."""

from __future__ import annotations

from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MANY = 20
"""A repetition of at most so many cannot multiply to much."""
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)


def may_backtrack_for_ever(pattern: str) -> bool:
    """Tell whether a pattern repeats something that itself repeats without a small bound.

    ``(a+)+b`` tries every way to part a row of ``a``, of which there are twice as many for each
    letter more. Some patterns of this form are harmless; all of them can be written without.

    Args:
        pattern: A regular expression that can be compiled.
    """
    return any(_nested(parser.parse(pattern), within=False))


def _nested(parsed: Any, *, within: bool) -> Iterator[bool]:
    for code, value in parsed:
        repeats = code in _REPEATS and value[1] > _MANY
        if repeats and within:
            yield True
        for part in _parts(value):
            yield from _nested(part, within=within or repeats)


def _parts(value: Any) -> Iterator[Any]:
    """Yield the patterns that stand within an element, whichever it is."""
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)
