"""The end of a start: from here on garbage is collected."""

from __future__ import annotations

import gc


def collect_garbage() -> None:
    """Turn garbage collection on after a start without it, and spare it what the start made.

    Does nothing where it is on: in a program that only uses parts of this one.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
