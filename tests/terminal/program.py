"""The real program in a real pseudo-terminal, read through a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType

import pyte

_NOT_INHERITED = ("NO_COLOR", "KETATUI_CASES", "KETATUI_CRITERIA", "COLUMNS", "LINES")
_PATIENCE = 40.0
"""Seconds after which a text that was waited for is taken never to come."""
_BEGIN = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal the one that controls the program, and takes signals that whoever started the
tests may ignore (a job in the background ignores SIGINT). `pty.fork` would run Python between fork
and exec, where another thread of the tests may have held a lock."""

DOWN = "\x1b[B"
ESCAPE = "\x1b"


class Program:
    """``ketatui`` running in a terminal of its own."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        size: tuple[int, int] = (120, 40),
        environ: Mapping[str, str] | None = None,
        module: Sequence[str] = ("ketatui",),
    ) -> None:
        settings = home / "config" / "ketatui" / "settings.toml"
        if not settings.exists():
            settings.parent.mkdir(parents=True)
            settings.write_text("welcomed = true\n", encoding="utf-8")
        width, height = size
        self.cases = home / "cases"
        self.raw = b""
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        inherited = {k: v for k, v in os.environ.items() if k not in _NOT_INHERITED}
        command = [sys.executable, "-m", *module, "--cases", str(self.cases), *arguments]
        self.fd, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        os.set_blocking(self.fd, False)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BEGIN, *command],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env={
                **inherited,
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home / "config"),
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                **(environ or {}),
            },
        )
        os.close(terminal)
        self.pid = self._process.pid

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._process.poll() is None:
                self.signal(signal.SIGKILL)
                self.ended()
        finally:
            os.close(self.fd)

    # --- keys and screen --------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Type, and read meanwhile: a program that waits for its output to be read reads none."""
        limit = monotonic() + _PATIENCE
        for key in keys:
            left = key.encode()
            while left:
                assert monotonic() < limit, f"nobody reads {left!r}"
                try:
                    left = left[os.write(self.fd, left) :]
                except BlockingIOError:
                    self.read(0.05)

    def read(self, wait: float) -> bytes:
        ready, _, _ = select.select([self.fd], [], [], wait)
        if not ready:
            return b""
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:
            # Nobody has the terminal open any more.
            return b""
        self.raw += chunk
        self._stream.feed(chunk)
        return chunk

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def row(self) -> str:
        """The line that the mark of the cursor is on; empty while there is none."""
        return next((it.strip() for it in self.screen.display if it.strip().startswith("▸")), "")

    def wait_for(self, text: str) -> str:
        """Read until a text is on the screen; return the whole screen."""
        return self.wait_until(lambda: text in self.text, repr(text))

    def wait_for_line(self, *words: str) -> str:
        """Read until a line of the screen holds all of some words; return the whole screen."""

        def there() -> bool:
            return any(all(word in line for word in words) for line in self.screen.display)

        return self.wait_until(there, f"a line with {' and '.join(words)}")

    def wait_until(self, holds: Callable[[], bool], what: str = "that") -> str:
        """Read until something holds of the screen; return the whole screen."""
        limit = monotonic() + _PATIENCE
        while not holds():
            if monotonic() > limit:
                raise AssertionError(f"{what} never came; the screen shows\n{self.text}")
            self.read(0.2)
        return self.text

    def move_to(self, text: str, key: str) -> None:
        """Press a key until the cursor is on a line, each time only once it has moved."""
        self.wait_until(lambda: self.row != "", "a cursor")
        while text not in self.row:
            self.move(key)

    def move(self, key: str) -> None:
        """Press a key, and wait until the cursor is on another line."""
        before = ("", self.row)
        self.press(key)
        self.wait_until(lambda: self.row not in before, f"a line behind {before[1]!r}")

    def quiet(self, seconds: float) -> None:
        """Read until nothing has been written for a while."""
        limit = monotonic() + _PATIENCE
        while self.read(seconds):
            assert monotonic() < limit, f"it writes and writes:\n{self.text}"

    # --- ending -----------------------------------------------------------------------------

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for the end; return the exit status (128 + number for a signal)."""
        limit = monotonic() + _PATIENCE
        while (status := self._process.poll()) is None:
            assert monotonic() < limit, f"the program does not end:\n{self.text}"
            # What it still writes has to be read, or it could never end.
            self.read(0.05)
        self.quiet(0.05)
        return status if status >= 0 else 128 - status

    def consultation(self) -> None:
        """Go from the first screen to a new consultation."""
        self.wait_for("asked only where they matter")
        self.press("n")
        self.wait_for("Who will prescribe")
