"""Which names a misspelled one is nearly; only ever a hint, never a match."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 200
"""Characters of a name that are compared: what is longer is no slip of the finger."""


def close_names(
    unknown: str, known: Iterable[str], *, most: int = 3, likeness: float = 0.7
) -> list[str]:
    """Return the names that come closest to one nobody knows.

    Args:
        unknown: The name.
        known: The names that exist.
        most: How many to return at most.
        likeness: How like they have to be, from 0 to 1. Ids share long prefixes, so a low one would
            offer a whole section.

    Returns:
        The names, the closest first; none where nothing comes close.
    """
    # Imported here: few names are misspelled, and every start would pay for it.
    from difflib import get_close_matches

    return get_close_matches(unknown[:_LONGEST], list(known), n=most, cutoff=likeness)
