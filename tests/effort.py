"""How many examples property tests try.

The suite that runs at every change tries a quarter of the numbers in the tests, `make test-long`
ten times as many as they say. ``KETATUI_EFFORT=20 make test`` tries twenty times as many.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

_Row = TypeVar("_Row")

EFFORT = float(os.environ.get("KETATUI_EFFORT", "0.25"))
"""By how much the numbers in the tests are multiplied."""


def tries(examples: int, fewest: int = 5) -> int:
    """Return how many examples to try."""
    return max(round(examples * EFFORT), fewest)


def some(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Return each so many-th row of a table whose every row takes its time."""
    return rows[:: max(1, round(1 / EFFORT))]
