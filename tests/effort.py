"""How many examples property tests try.

The suite that runs at every change tries half of the numbers in the tests, `make test-long` ten
times as many as they say. ``KETATUI_EFFORT=20 make test`` tries twenty times as many.
"""

from __future__ import annotations

import os

_EFFORT = float(os.environ.get("KETATUI_EFFORT", "0.5"))
_FEWEST = 5


def tries(examples: int) -> int:
    """Return how many examples to try."""
    return max(round(examples * _EFFORT), _FEWEST)
