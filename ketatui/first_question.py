"""The first question of a new consultation: shown at its key, before the program is there.

Whoever presses the key for a new consultation at the first frame waits for the program to be
loaded, though what comes is known: a consultation without any answer. What it looked like the last
time is kept beside the first frame and shown when the key comes. That key is handed on to the app,
and those typed behind it wait in the terminal: they are answered when the app is there.

Nothing is shown where a file has changed on which hangs what is asked (those of the criteria, the
policy, the settings), or where a dated rule has run out since. Keys are never answers to another
question than the one that was read.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterable
from pathlib import Path

_INPUT, _OUTPUT = 0, 1
_MOST = 4096
_PATIENCE = 1.0
"""Seconds to wait for what is being written to a terminal that may not read it."""


class Watch:
    """Waits for the first key while the program is loaded.

    Attributes:
        typed: What was read: handed on to the app, as the terminal does not hold it any more.
        shown: Whether the question is on the screen.
        frame: How it looks.
    """

    def __init__(self, key: bytes, frame: bytes) -> None:
        """Begin to wait.

        Args:
            key: What begins a new consultation.
            frame: What to write then.
        """
        self.typed = b""
        self.shown = False
        self._key = key
        self.frame = frame
        self._ends = os.pipe()
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Read no more: somebody else does, or the terminal is given back."""
        reading, writing = self._ends
        os.write(writing, b"\0")
        self._thread.join(_PATIENCE)
        if not self._thread.is_alive():
            os.close(reading)
            os.close(writing)

    def _wait(self) -> None:
        ready, _, _ = select.select([_INPUT, self._ends[0]], [], [])
        if self._ends[0] in ready:
            return
        try:
            self.typed = os.read(_INPUT, _MOST)
            # Several at once may be a text that was pasted: only the app can tell.
            if self.typed == self._key:
                self.shown = True
                left = self.frame
                while left:
                    left = left[os.write(_OUTPUT, left) :]
        except OSError:
            # The terminal is gone; the signal that says so ends the start.
            return


def stamps(paths: Iterable[Path], first: str, last: str) -> bytes:
    """Say when files were changed last, for `unchanged`: a line each, and an empty one.

    Args:
        paths: The files; for a folder all that is in it.
        first: The first day on which what is kept may be shown, as ``YYYY-MM-DD``.
        last: The last one; empty where there is none.

    Raises:
        OSError: One of them cannot be looked at.
        ValueError: One of them cannot be written down.
    """
    found: list[Path] = []
    for path in paths:
        found += [path, *sorted(path.rglob("*"))] if path.is_dir() else [path]
    lines = [f"{first} {last}", *(_stamp(str(path.absolute())) for path in found)]
    if any("\n" in line for line in lines):
        raise ValueError("a name of two lines")
    return "\n".join([*lines, "", ""]).encode()


def unchanged(kept: bytes, today: str) -> bytes | None:
    """Return what stands behind the stamps if it still holds, else None.

    Args:
        kept: The stamps, and what is kept under them.
        today: The day, as ``YYYY-MM-DD``.
    """
    lines, _, rest = kept.partition(b"\n\n")
    try:
        days, *files = lines.decode().split("\n")
        first, last = days.split(" ")
        if not first <= today <= (last or today):
            return None
        if any(_stamp(line.split(" ", 2)[2]) != line for line in files):
            return None
    except (OSError, ValueError, IndexError):
        return None
    return rest


def _stamp(path: str) -> str:
    found = os.stat(path)  # noqa: PTH116 (a path a line: no objects for them)
    return f"{found.st_mtime_ns} {found.st_size} {path}"
