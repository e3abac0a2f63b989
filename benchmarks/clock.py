"""Taking times within this process: ours and the reference by turns, under the same load."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import perf_counter

Call = Callable[[], object]


def times(call: Call, rounds: int) -> list[float]:
    """Return how long a call takes, in ms, each time."""
    found = []
    for _ in range(rounds):
        begun = perf_counter()
        call()
        found.append((perf_counter() - begun) * 1000)
    return found


def in_turn(
    ours: Call, theirs: Call, rounds: int, each: int = 1
) -> tuple[list[float], list[float]]:
    """Time two calls by turns.

    Args:
        ours: The one.
        theirs: The other.
        rounds: How many turns.
        each: Calls a turn; what is returned is the mean of them.

    Returns:
        Their times in ms, a figure a turn.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    ours(), theirs()
    gc.collect()
    for _ in range(rounds):
        for call, found in zip((ours, theirs), taken, strict=True):
            begun = perf_counter()
            for _ in range(each):
                call()
            found.append((perf_counter() - begun) * 1000 / each)
    return taken
