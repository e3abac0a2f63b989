"""How many examples property tests try.

The numbers in the tests are for the suite that runs at every change. ``KETATUI_EFFORT=20 make
test`` tries twenty times as many.
"""

from __future__ import annotations

import os

_EFFORT = int(os.environ.get("KETATUI_EFFORT", "1"))


def tries(examples: int) -> int:
    """Return how many examples to try."""
    return examples * _EFFORT
