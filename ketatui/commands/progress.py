"""How far a long command is, on standard error."""

from __future__ import annotations

import sys
import time

_MANY = 20
"""Fewer cases are done before progress could be read."""
_EVERY = 0.1
"""Seconds between two signs of progress."""


class Progress:
    """A line that says how far a command is; nothing unless standard error is a terminal."""

    def __init__(self, total: int, what: str = "cases") -> None:
        """Show nothing yet.

        Args:
            total: How many there are.
            what: What they are.
        """
        self.total = total
        self.what = what
        self._on = total > _MANY and sys.stderr.isatty()
        self._there = False
        self._last = time.monotonic()

    def say(self, done: int) -> None:
        """Say how many cases are done, not more often than can be read."""
        now = time.monotonic()
        if self._on and now - self._last >= _EVERY:
            self._last = now
            self._there = True
            print(f"\r{done} of {self.total} {self.what}", end="", file=sys.stderr, flush=True)

    def make_way(self) -> None:
        """Take the line away before something is printed, if that goes to the same terminal."""
        if self._there and sys.stdout.isatty():
            self.clear()

    def clear(self) -> None:
        """Take the line away, before anything else is said."""
        if self._there:
            self._there = False
            sys.stdout.flush()
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
