"""When a screen nobody uses is to be blanked."""

from __future__ import annotations

import time


def passed() -> float:
    """Return seconds that pass whether or not the machine sleeps, where the system counts them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def seconds_left(last: float, now: float, minutes: int) -> float | None:
    """Return how long until the screen is to be blanked.

    Args:
        last: When somebody last did something, in seconds of a clock that never goes back.
        now: What that clock says now.
        minutes: After how many minutes; 0 or less for never.

    Returns:
        Seconds, 0 if it is due; None for never.
    """
    return max(last + minutes * 60 - now, 0.0) if minutes > 0 else None
