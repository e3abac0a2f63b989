"""Ending the app when the process is told to, whenever in its start that is."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType


class Stopping:
    """What signals that end a process do to the app.

    Until the first screen is up they are remembered. There, SIGTERM would end the process with the
    terminal as it is, and SIGINT would call off whatever Textual waits for, which goes on all the
    same.
    """

    def __init__(self, stop: Callable[[int], None]) -> None:
        """Begin; nothing is watched yet.

        Args:
            stop: Ends the app with a status.
        """
        self._stop = stop
        self._told = 0
        names = ("SIGINT", "SIGTERM", "SIGHUP")
        self._numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
        self._watches = False

    def note(self) -> None:
        """Remember from here on what comes before `begin`."""
        self._watches = True
        for number in self._numbers:
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._told = 128 + number

    def begin(self) -> None:
        """Stop the app from here on, and at once where that was told before.

        Without `note` the signals belong to somebody else: a test, another program around it.
        """
        if not self._watches:
            return
        loop = asyncio.get_running_loop()
        for number in self._numbers:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._stop, 128 + number)
        if self._told:
            self._stop(self._told)
