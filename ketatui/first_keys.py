"""What comes at the first key: shown before the program is there.

Whoever presses the key for a new consultation, or for the saved cases, at the first frame waits for
the program to be loaded, though what comes is known: a consultation without any answer, or the list
as it was when the app was left. What that looked like is kept beside the first frame and shown when
the key comes. That key is handed on to the app, and those typed behind it wait in the terminal:
they do what they are for when the app is there.

Nothing is shown where anything has changed on which hangs what is seen: for a consultation the
files of the criteria, the policy and the settings, and dated rules that have run out since; for the
list also the index that its rows are from, the folder of cases, and the day. Keys are never answers
to another question than the one that was read.
"""

from __future__ import annotations

import os
import select
import stat
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

FOLDER = "first-frame"
"""Where first frames, and what comes at a key, are kept: a folder among a person's caches."""
QUESTION, LIST = "-question", "-list"
"""How the names of the files end that hold a new consultation, and the list of saved cases."""
_INPUT, _OUTPUT = 0, 1
_MOST = 4096
_PATIENCE = 1.0
"""Seconds to wait for what is being written to a terminal that may not read it."""


class Watch:
    """Waits for the first key while the program is loaded.

    Attributes:
        typed: What was read: handed on to the app, as the terminal does not hold it any more.
        shown: What was put on the screen at that key; empty for nothing.
    """

    def __init__(self, frames: Mapping[bytes, bytes]) -> None:
        """Begin to wait.

        Args:
            frames: What to write at which key.
        """
        self.typed = b""
        self.shown = b""
        self._frames = frames
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
            self.shown = left = self._frames.get(self.typed, b"")
            while left:
                left = left[os.write(_OUTPUT, left) :]
        except OSError:
            # The terminal is gone; the signal that says so ends the start.
            return


def stamps(paths: Iterable[Path], first: str, last: str) -> bytes:
    """Say how files are now, for `unchanged`: a line each, and an empty one.

    Args:
        paths: The files and folders; of a folder only what is in it by name.
        first: The first day on which what is kept may be shown, as ``YYYY-MM-DD``.
        last: The last one; empty where there is none.

    Raises:
        OSError: One of them cannot be looked at.
        ValueError: One of them cannot be written down.
    """
    lines = [f"{first} {last}", *(_stamp(str(path.absolute())) for path in paths)]
    if any("\n" in line for line in lines):
        raise ValueError("a name of two lines")
    return "\n".join([*lines, "", ""]).encode()


def unchanged(kept: bytes, today: str, seen: dict[str, str] | None = None) -> bytes | None:
    """Return what stands behind the stamps if it still holds, else None.

    Args:
        kept: The stamps, and what is kept under them.
        today: The day, as ``YYYY-MM-DD``.
        seen: How files have just been found to be; added to.
    """
    seen = {} if seen is None else seen
    lines, _, rest = kept.partition(b"\n\n")
    try:
        days, *files = lines.decode().split("\n")
        first, last = days.split(" ")
        if not first <= today <= (last or today):
            return None
        for line in files:
            path = line[line.index("/") :]
            if path not in seen:
                seen[path] = _stamp(path)
            if seen[path] != line:
                return None
    except (OSError, ValueError):
        return None
    return rest


def forget_lists(caches: Path) -> None:
    """Drop what is kept of the list of saved cases: what its rows are from is other, or gone.

    Args:
        caches: The folder of a person's caches, which the index is in as well.
    """
    try:
        kept = [entry.path for entry in os.scandir(caches / FOLDER) if entry.name.endswith(LIST)]
        for path in kept:
            os.unlink(path)  # noqa: PTH108 (asked at each change of the index)
    except OSError:
        # Its stamps do not hold any more: it is not shown.
        return


def _stamp(path: str) -> str:
    """Say how a file is; one without content is as none at all."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a path a line: no objects for them)
    except FileNotFoundError:
        return f"nothing {path}"
    if not found.st_size and stat.S_ISREG(found.st_mode):
        return f"nothing {path}"
    return f"{found.st_dev} {found.st_ino} {found.st_mtime_ns} {found.st_size} {path}"
