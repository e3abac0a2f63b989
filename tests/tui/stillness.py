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
        self._drawn: asyncio.Future[None] | None = None
        self._handled: asyncio.Future[None] | None = None
        super().__init__(selector)

    @property
    def watched(self) -> bool:
        """Whether somebody waits for stillness."""
        return self._drawn is not None or self._handled is not None

    def may_sleep(self, timeout: float | None) -> float | None:
        """Say so to whoever waits, unless a frame is due.

        Args:
            timeout: Seconds until something is due; None if nothing is.

        Returns:
            Seconds to sleep.
        """
        waiting = [self._handled]
        if timeout is None or timeout > FRAME:
            waiting.append(self._drawn)
            self._drawn = None
        self._handled = None
        for future in filter(None, waiting):
            future.set_result(None)
            timeout = 0.0
        return timeout

    async def still(self, *, drawn: bool = True) -> None:
        """Wait until every message is handled.

        Args:
            drawn: Whether to wait for frames to come, too.
        """
        future = self.create_future()
        if drawn:
            self._drawn = future
        else:
            self._handled = future
        await future


async def still(*, drawn: bool = True) -> None:
    """Wait until every message is handled on the running loop; see ``StillLoop.still``."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StillLoop)
    await loop.still(drawn=drawn)


LOOPS: Mapping[str, Any] = {"still": StillLoop}
"""What the plugin that runs these tests asks for."""
