"""What calls of CDS Hooks propose, kept for some minutes so that a card's link can open it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

LASTS = 600.0
"""Seconds in which a card's link has to be opened."""
LARGEST_DRAFT = 256_000
"""Bytes of one; what a larger record proposes is not kept."""
MOST_BYTES = 32_000_000
"""Bytes of all; the oldest give way."""


class _Kept(NamedTuple):
    draft: bytes
    until: float


class KeptDrafts:
    """Drafts in memory, each under a key that opens it once."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, most_bytes: int = MOST_BYTES
    ) -> None:
        """Begin with none.

        Args:
            clock: Measures time, in seconds.
            most_bytes: How many all of them may have.
        """
        self._clock, self._most = clock, most_bytes
        self._kept: dict[str, _Kept] = {}
        self.size = 0
        """Bytes of all that are kept."""

    @staticmethod
    def new_key() -> str:
        """Return a key that nobody guesses, for a call that is about to be answered."""
        return secrets.token_urlsafe(32)

    def keep(self, key: str, draft: bytes) -> None:
        """Keep a draft; what is too old goes, and the oldest where there is no room."""
        if len(draft) > LARGEST_DRAFT:
            raise ValueError("larger than a draft may be")
        now = self._clock()
        self._kept[key] = _Kept(draft, now + LASTS)
        self.size += len(draft)
        # In the order in which they came, which is that in which they end.
        while self.size > self._most or next(iter(self._kept.values())).until <= now:
            self._drop(next(iter(self._kept)))

    def forget_old(self) -> None:
        """Let go of what is too old, also while no call comes."""
        now = self._clock()
        for key in [key for key, item in self._kept.items() if item.until <= now]:
            self._drop(key)

    def take(self, key: str) -> bytes:
        """Return a draft and forget it; empty for one that is not kept, or not any more."""
        self.forget_old()
        return self._drop(key)

    def _drop(self, key: str) -> bytes:
        item = self._kept.pop(key, None)
        if item is None:
            return b""
        self.size -= len(item.draft)
        return item.draft
