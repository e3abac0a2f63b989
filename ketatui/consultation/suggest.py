"""Completing names as they are typed: what begins so first, then what is nearly so written.

A suggestion that shares no stem with what was typed is worse than none, and so is one of two that
are as near as each other: then nothing is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ketatui.engine.medicines import fold

_DOSE = re.compile(r"\s+[\d.#].*")
_SHORTEST_INSIDE = 5
"""Letters from which a name may hold what was typed in the middle of a word."""
_STEM = 3
"""Letters that two spellings have to begin with in common, unless they end alike."""
_ENDING = 4


def suggest(names: Sequence[str], text: str, most: int = 5) -> tuple[str, ...]:
    """Suggest known names for what was typed; a dose typed after it does not matter.

    Args:
        names: Known names, folded, in alphabetical order.
        text: What was typed so far.
        most: How many to return at most.

    Returns:
        Suggestions, best first; none for fewer than two letters.
    """
    typed = _DOSE.sub("", fold(text))
    if len(typed) < 2:
        return ()
    begin = [name for name in names if name.startswith(typed)]
    # "seroquel" before "seroquel xr", and what was typed in full before all.
    begin.sort(key=lambda name: (name != typed, name.count(" ")))
    inside = f" {typed}"
    found = begin + [name for name in names if inside in name]
    if len(typed) >= _SHORTEST_INSIDE:
        found += [name for name in names if typed in name]
    found = list(dict.fromkeys(found))
    return tuple(found[:most]) if found else _resembling(names, typed)


def _resembling(names: Sequence[str], typed: str) -> tuple[str, ...]:
    """Return the name nearest to a misspelled one; none where that is a guess."""
    allowed = _mistakes(len(typed))
    if not allowed:
        return ()
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    # One more than allowed: not every version takes its own limit in.
    close = process.extract(typed, names, scorer=OSA.distance, limit=None, score_cutoff=allowed + 1)
    near = [(int(far), name) for name, far, _ in close if far <= allowed]
    near = [(far, name) for far, name in near if _shares_stem(typed, name, far)]
    if not near:
        return ()
    least = min(far for far, _ in near)
    best = sorted(name for far, name in near if far == least)
    # Of two names that are as near, either could be meant, and they can be very different drugs.
    return tuple(best[:1]) if len(best) == 1 or _same_word(best) else ()


def _mistakes(length: int) -> int:
    """Return how many letters may be wrong, missing, too many or turned round."""
    if length < 5:
        return 0
    if length < 8:
        return 1
    return 2 if length < 12 else 3


def _shares_stem(typed: str, name: str, far: int) -> bool:
    if typed[:_STEM] == name[:_STEM]:
        return True
    return far == 1 and typed[-_ENDING:] == name[-_ENDING:]


def _same_word(names: Sequence[str]) -> bool:
    """Tell whether names differ in hyphens and spaces only."""
    return len({re.sub(r"[^a-z0-9]", "", name) for name in names}) == 1
