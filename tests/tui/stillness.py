"""An event loop that can tell when nothing is left to be done on it.

A loop asks its selector how long it may sleep. As long as a callback is ready, the answer is: not
at all. So the first time that it may, every message is handled, and all that came of it.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Mapping
from typing import Any

from textual.constants import MAX_FPS

FRAME = 2 / MAX_FPS
"""Seconds: what is due within them is a frame that is still to be drawn."""


class _Selector(selectors.DefaultSelector):
    """Asks the loop it serves before it sleeps."""

    loop: StillLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self.loop.watched or (timeout is not None and timeout <= 0):
            return super().select(timeout)
        # Somebody waits for stillness: what came from a thread or a file goes first.
        ready = super().select(0)
        if ready:
            return ready
        return super().select(self.loop.may_sleep(timeout))


class StillLoop(asyncio.SelectorEventLoop):
    """The loop of a test: ``still`` returns once nothing is left to be done."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self._drawn: list[asyncio.Future[None]] = []
        self._handled: list[asyncio.Future[None]] = []
        super().__init__(selector)

    @property
    def watched(self) -> bool:
        """Whether somebody waits for stillness."""
        return bool(self._drawn or self._handled)

    def may_sleep(self, timeout: float | None) -> float | None:
        """Say so to whoever waits, unless a frame is due.

        Args:
            timeout: Seconds until something is due; None if nothing is.

        Returns:
            Seconds to sleep.
        """
        waiting, self._handled = self._handled, []
        if timeout is None or timeout > FRAME:
            waiting += self._drawn
            self._drawn = []
        for future in waiting:
            timeout = 0.0
            # Whoever waited may have been called off meanwhile.
            if not future.done():
                future.set_result(None)
        return timeout

    async def still(self, *, drawn: bool = True) -> None:
        """Wait until every message is handled.

        Args:
            drawn: Whether to wait for frames to come, too.
        """
        future = self.create_future()
        # Several may wait at once: a key within a key, a page that opens another.
        (self._drawn if drawn else self._handled).append(future)
        await future


async def still(*, drawn: bool = True) -> None:
    """Wait until every message is handled on the running loop; see ``StillLoop.still``."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StillLoop)
    await loop.still(drawn=drawn)


LOOPS: Mapping[str, Any] = {"still": StillLoop}
"""What the plugin that runs these tests asks for."""
