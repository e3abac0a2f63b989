"""A program under a pseudo-terminal: bytes in, bytes out, times between, memory."""

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
from time import perf_counter, sleep
from types import TracebackType

_SETTLED = 0.06
"""Seconds of silence after which a repaint is taken to be over."""
_AT_REST = 0.5
"""Seconds of silence after which nothing more comes, what follows at rest (0.15 s) included."""
APP = (sys.executable, "-m", "ketatui")
ROOT = Path(__file__).resolve().parents[1]


class Terminal:
    """A program in a pseudo-terminal of its own, with a home folder of its own."""

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int] = (120, 40),
        home: Path | None = None,
    ) -> None:
        """Start it.

        Args:
            command: The program and its arguments.
            size: Columns and rows.
            home: A home folder to use and keep; None for a new one.
        """
        self._new = tempfile.TemporaryDirectory() if home is None else None
        self.home = Path(self._new.name) if self._new else home or Path()
        config = self.home / "ketatui"
        config.mkdir(exist_ok=True)
        settings = config / "settings.toml"
        if not settings.exists():
            # Written anew it would look changed, and what was kept for it is not shown.
            settings.write_text("welcomed = true\n", encoding="utf-8")
        environ = {
            **usual_environment(),
            **home_of(self.home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        self._unread = b""
        width, height = size
        self.begun = perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(command[0], list(command), environ)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill it and clean up."""
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        if self._new:
            self._new.cleanup()

    def read(self, wait: float) -> bytes:
        """Return what is written within a time; empty when nothing is."""
        ready, _, _ = select.select([self.fd], [], [], wait)
        if not ready:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:
            return b""

    def until(self, text: str, limit: float = 60.0) -> float:
        """Return the ms from the start until a text has been written."""
        seen, wanted = self._unread, text.encode()
        while wanted not in seen:
            if perf_counter() - self.begun > limit:
                raise TimeoutError(f"{text!r} never came; written was {seen[-2000:]!r}")
            seen += self.read(0.5)
        # The next text may have come with it.
        self._unread = seen.partition(wanted)[2]
        return (perf_counter() - self.begun) * 1000

    def send(self, keys: bytes) -> None:
        """Type; what was written before is no answer to it."""
        self._unread = b""
        os.write(self.fd, keys)

    def settle(self, silence: float = _SETTLED) -> int:
        """Wait until nothing more is written; return how many bytes were."""
        count = 0
        while chunk := self.read(silence):
            count += len(chunk)
        return count

    def press(self, key: bytes) -> tuple[float, int]:
        """Press a key; return ms until the last byte of the repaint, and bytes."""
        begun = last = perf_counter()
        os.write(self.fd, key)
        count = 0
        # The first byte is waited for longer: a busy machine must not make a key count as nothing.
        while chunk := self.read(_SETTLED if count else 1.0):
            last = perf_counter()
            count += len(chunk)
        return (last - begun) * 1000, count

    def press_over(self, rate: int, key: bytes) -> tuple[float, int]:
        """Press a key at the far end of a slow line.

        Args:
            rate: Bytes that the line carries in a second.
            key: What is typed.

        Returns:
            The ms until the last byte has come, and how many bytes came.
        """
        begun = last = perf_counter()
        os.write(self.fd, key)
        count = 0
        while perf_counter() - last < _AT_REST:
            due = int((perf_counter() - begun) * rate) - count
            if due < 1 or not select.select([self.fd], [], [], 0)[0]:
                sleep(0.5 / rate)
                continue
            count += len(os.read(self.fd, min(due, 64)))
            last = perf_counter()
        return (last - begun) * 1000, count

    def processor_time(self) -> float:
        """Return the ms of processor time that it has taken so far, all its threads together."""
        spent = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            spent += int((thread / "schedstat").read_text().split()[0])
        return spent / 1e6

    def memory(self) -> float:
        """Return the memory it has for itself, shared pages by parts (PSS), in MiB."""
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
        raise OSError("this system does not say how much memory a process has")


def usual_environment() -> dict[str, str]:
    """Return the environment as people have it: in color, and with modules compiled.

    Where Python is told not to keep compiled modules, each start would compile ours anew, and not
    those of the libraries, which were compiled when they were installed.
    """
    left_out = ("NO_COLOR", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in left_out}


def home_of(home: Path) -> dict[str, str]:
    """Return the environment of a program that is at home in a folder."""
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "KETATUI_CASES": str(home / "cases"),
    }
