"""Completing names as they are typed: what begins so first, then what resembles it."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.engine.medicines import fold

_RESEMBLES = 70
"""Lowest similarity (0 to 100) that is still offered; a suggestion is never taken unasked."""


def suggest(names: Sequence[str], text: str, most: int = 5) -> tuple[str, ...]:
    """Suggest known names for what was typed.

    Args:
        names: Known names, folded.
        text: What was typed so far.
        most: How many to return at most.

    Returns:
        Suggestions, best first; none for fewer than two letters.
    """
    typed = fold(text)
    if len(typed) < 2:
        return ()
    found = [name for name in names if name.startswith(typed)]
    found += [name for name in names if typed in name and name not in found]
    if len(found) < most:
        from rapidfuzz import fuzz, process

        close = process.extract(
            typed, names, scorer=fuzz.ratio, limit=most, score_cutoff=_RESEMBLES
        )
        found += [name for name, _, _ in close if name not in found]
    return tuple(found[:most])
