"""An event loop that can tell when nothing is left to be done on it, and sleeps through no frame.

A loop asks its selector how long it may sleep. As long as a callback is ready, the answer is: not
at all. So the first time that it may, every message is handled, and all that came of it. If a frame
is due then, nobody sleeps until it is: the clock of the loop is put forward.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual.constants import MAX_FPS

FRAME = 2 / MAX_FPS
"""Seconds: what is due within them is a frame that is still to be drawn."""
ENOUGH = 3.0
"""Seconds, by the clock of the loop, after which somebody for whom one frame always follows another
waits no longer for the last one."""
PATIENCE = 30.0
"""Seconds after which a loop that never rests is given up."""


class NeverStillError(AssertionError):
    """Something goes on and on."""


@dataclass
class _Waiting:
    """Somebody who waits for stillness, and since when."""

    future: asyncio.Future[None]
    drawn: bool
    since: float

    def over(self, error: Exception | None = None) -> None:
        # Whoever waited may have been called off meanwhile.
        if self.future.done():
            return
        if error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(error)


class _Selector(selectors.DefaultSelector):
    """Asks the loop it serves before it sleeps."""

    loop: StillLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self.loop.watched:
            return super().select(timeout)
        self.loop.give_up()
        if timeout is not None and timeout <= 0:
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
        self._waiting: list[_Waiting] = []
        self._ahead = 0.0
        super().__init__(selector)

    def time(self) -> float:
        """Return the seconds by which everything on the loop is timed."""
        return super().time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        """Let time pass for everything that is timed by the loop."""
        self._ahead += seconds

    @property
    def watched(self) -> bool:
        """Whether somebody waits for stillness."""
        return bool(self._waiting)

    def may_sleep(self, timeout: float | None) -> float | None:
        """Say so to whoever waits, unless a frame is due.

        Args:
            timeout: Seconds until something is due; None if nothing is.

        Returns:
            Seconds to sleep.
        """
        frame_due = timeout is not None and timeout <= FRAME
        now = self.time()
        left = []
        for waiting in self._waiting:
            if waiting.drawn and frame_due and now - waiting.since < ENOUGH:
                left.append(waiting)
            else:
                waiting.over()
        if timeout is not None and len(left) == len(self._waiting):
            self.put_forward(timeout)
        self._waiting = left
        return 0.0

    def give_up(self) -> None:
        """Tell whoever has waited too long what does not come to an end."""
        now = self.time()
        late = [waiting for waiting in self._waiting if now - waiting.since >= PATIENCE]
        if late:
            self._waiting = [waiting for waiting in self._waiting if waiting not in late]
            tasks = "\n".join(sorted(map(repr, asyncio.all_tasks(self))))
            for waiting in late:
                waiting.over(NeverStillError(f"nothing comes to rest:\n{tasks}"))

    async def still(self, *, drawn: bool = True) -> None:
        """Wait until every message is handled.

        Args:
            drawn: Whether to wait for frames to come, too.

        Raises:
            NeverStillError: Something goes on for longer than ``PATIENCE``.
        """
        # Several may wait at once: a key within a key, a page that opens another.
        waiting = _Waiting(self.create_future(), drawn, self.time())
        self._waiting.append(waiting)
        await waiting.future


async def still(*, drawn: bool = True) -> None:
    """Wait until every message is handled on the running loop; see ``StillLoop.still``."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StillLoop)
    await loop.still(drawn=drawn)


LOOPS: Mapping[str, Any] = {"still": StillLoop}
"""What the plugin that runs these tests asks for."""


def put_forward(seconds: float) -> None:
    """Let time pass on the running loop; see ``StillLoop.put_forward``."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StillLoop)
    loop.put_forward(seconds)


def loop_time() -> float:
    """Return the seconds by which Textual is to time frames: those of the loop it runs on."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()
