"""The real app under a pseudo-terminal: bytes in, bytes out, times between."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

_SETTLED = 0.08
"""Seconds of silence after which a repaint is taken to be over."""


class Terminal:
    """A program in a pseudo-terminal of its own, with a home folder of its own."""

    def __init__(self, command: Sequence[str], width: int, height: int) -> None:
        """Start it."""
        self.home = tempfile.TemporaryDirectory()
        config = Path(self.home.name) / "ketatui"
        config.mkdir()
        (config / "settings.toml").write_text("welcomed = true\n", encoding="utf-8")
        environ = {
            **os.environ,
            "HOME": self.home.name,
            "XDG_CONFIG_HOME": self.home.name,
            "KETATUI_CASES": f"{self.home.name}/cases",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        self.begun = perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), environ)
        size = struct.pack("HHHH", height, width, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def read(self, wait: float) -> bytes:
        """Return what is written within a time; empty when nothing is."""
        ready, _, _ = select.select([self.fd], [], [], wait)
        if not ready:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:
            return b""

    def until(self, text: bytes, limit: float = 20.0) -> float:
        """Return the seconds from the start until a text has been written."""
        seen = b""
        while text not in seen:
            if perf_counter() - self.begun > limit:
                raise TimeoutError(f"{text!r} never came")
            seen += self.read(0.5)
        return perf_counter() - self.begun

    def settle(self) -> int:
        """Wait until nothing more is written; return how many bytes were."""
        count = 0
        while chunk := self.read(_SETTLED):
            count += len(chunk)
        return count

    def press(self, key: bytes) -> tuple[float, int]:
        """Press a key; return ms until the last byte of the repaint, and bytes."""
        begun = last = perf_counter()
        os.write(self.fd, key)
        count = 0
        while chunk := self.read(_SETTLED):
            last = perf_counter()
            count += len(chunk)
        return (last - begun) * 1000, count

    def stop(self) -> None:
        """Kill it and clean up."""
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        self.home.cleanup()


APP = (sys.executable, "-m", "ketatui")
