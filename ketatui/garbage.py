"""The end of a start: from here on garbage is collected."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_garbage() -> None:
    """Turn garbage collection on after a start without it, and spare it what the start made.

    Does nothing where it is on: in a program that only uses parts of this one.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


@contextmanager
def without_collecting() -> Iterator[None]:
    """Collect no garbage meanwhile: for building much that holds no cycle, as JSON does.

    Each collection would walk through all that was built so far, and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
