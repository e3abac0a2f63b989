"""Reading keys without looking for them ten times a second.

Textual's driver asks the terminal every tenth of a second whether a key was pressed, all day long.
Here the thread that reads sleeps until there is something to read, and looks again only while a
sequence that has begun may be all there is (Esc alone is a key).
"""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from typing import cast

from textual.driver import Driver

from ketatui.tui.key_parser import KeyParser, parse_keys

_DRIVER = "textual.drivers.linux_driver"
_SOON = 0.1
"""Seconds after which a sequence that was begun and not gone on with is taken for what it is."""
_LOOKS = 3
"""How often to look again after something was read."""
_MOST = 4096


def reading_driver(driver: type[Driver]) -> type[Driver]:
    """Let a terminal's driver tell keys apart as `KeyParser` does, and sleep between them.

    Args:
        driver: The driver for this machine.

    Returns:
        The same driver otherwise; one that reads no terminal of POSIX reads as it did.
    """
    if driver.__module__ != _DRIVER:
        parse_keys(driver)
        return driver

    class ReadingDriver(driver):  # type: ignore[valid-type,misc]
        """Sleeps until there is something to read, or an end to it.

        Attributes:
            typed_before: What was read from the terminal before there was an app.
        """

        typed_before = b""
        _ends: tuple[int, int] | None = None

        def start_application_mode(self) -> None:
            """Make what wakes the reader when the app is left, and begin."""
            self._ends = os.pipe()
            super().start_application_mode()

        def disable_input(self) -> None:
            """Wake the reader, and wait until it has ended."""
            ends, self._ends = self._ends, None
            if ends is not None:
                os.write(ends[1], b"\0")
            super().disable_input()
            for end in ends or ():
                os.close(end)

        def run_input_thread(self) -> None:
            """Read keys until the app is left or the terminal is gone."""
            if self._ends is None:
                return
            terminal, end = self.fileno, self._ends[0]
            parser = KeyParser()
            decode = getincrementaldecoder("utf-8")("replace").decode
            looks = _LOOKS
            for message in parser.feed(decode(self.typed_before)) if self.typed_before else ():
                self.process_message(message)
            while not self.exit_event.is_set():
                ready, _, _ = select.select([terminal, end], [], [], _SOON if looks else None)
                looks = max(looks - 1, 0)
                if end in ready:
                    break
                if terminal in ready:
                    read = _read(terminal)
                    if not read:
                        break
                    looks = _LOOKS
                    for message in parser.feed(decode(read)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    return cast("type[Driver]", ReadingDriver)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, _MOST)
    except OSError:
        # The terminal is gone; the signal that says so ends the app.
        return b""
