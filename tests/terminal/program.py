"""The real program in a real pseudo-terminal, read through a terminal emulator."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType

import pyte

_NOT_INHERITED = ("NO_COLOR", "KETATUI_CASES", "KETATUI_CRITERIA", "COLUMNS", "LINES")
_PATIENCE = 20.0
"""Seconds after which a text that was waited for is taken never to come."""

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
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Whoever started this may ignore them (a job in the background ignores SIGINT), and
            # what is started would inherit that.
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.execvpe(
                command[0],
                command,
                {
                    **inherited,
                    "HOME": str(home),
                    "XDG_CONFIG_HOME": str(home / "config"),
                    "TERM": "xterm-256color",
                    "COLORTERM": "truecolor",
                    **(environ or {}),
                },
            )
        self._status: int | None = None
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is None:
            self.signal(signal.SIGKILL)
            self.ended()
        os.close(self.fd)

    # --- keys and screen --------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self.fd, key.encode())

    def read(self, wait: float) -> bytes:
        ready, _, _ = select.select([self.fd], [], [], wait)
        if not ready:
            return b""
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.raw += chunk
        self._stream.feed(chunk)
        return chunk

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, text: str) -> str:
        """Read until a text is on the screen; return the whole screen."""
        limit = monotonic() + _PATIENCE
        while text not in self.text:
            if monotonic() > limit:
                raise AssertionError(f"{text!r} never came; the screen shows\n{self.text}")
            self.read(0.2)
        return self.text

    def quiet(self, seconds: float) -> None:
        """Read until nothing has been written for a while."""
        while self.read(seconds):
            pass

    # --- ending -----------------------------------------------------------------------------

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for the end; return the exit status (128 + number for a signal)."""
        limit = monotonic() + _PATIENCE
        while self._status is None:
            assert monotonic() < limit, "the program does not end"
            # What it still writes has to be read, or it could never end.
            self.read(0.05)
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self._status = os.waitstatus_to_exitcode(status)
        while self.read(0.05):
            pass
        return self._status if self._status >= 0 else 128 - self._status

    def consultation(self) -> None:
        """Go from the first screen to a new consultation."""
        self.wait_for("asked only where they matter")
        self.press("n")
        self.wait_for("Who will prescribe")
