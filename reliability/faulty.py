"""The program with one disk call that fails: ``python -m reliability.faulty N ERRNO TIMES LOG …``.

Every call on a file of the cases folder that writes, syncs, renames, removes or opens is counted;
the Nth fails, and the TIMES - 1 after it. The log gets a line a call: its number, what it is and
which line of the program made it. With N = 0 nothing fails and the calls are only counted.
"""

from __future__ import annotations

import errno
import io
import os
import runpy
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGE = str(Path(__file__).resolve().parent.parent / "ketatui")


class _Raw(io.RawIOBase):
    """A file whose writing goes through ``os.write``, where it is counted."""

    def __init__(self, file: int) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file

    def write(self, data: Any) -> int:
        return os.write(self._file, data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._file)


class Faults:
    """Counts calls and lets some of them fail."""

    def __init__(self, place: int, number: int, times: int, log: Path, folder: str) -> None:
        """Take over the calls of ``os``."""
        self.place, self.number, self.times = place, number, times
        self.folder = folder
        self.count = 0
        self.ours: set[int] = set()
        self.lock = threading.Lock()
        self.open, self.close, self.fdopen = os.open, os.close, os.fdopen
        self.log = self.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.write_log = os.write
        for name, taker in (("open", self._open), ("close", self._close), ("fdopen", self._fdopen)):
            setattr(os, name, taker)
        for name in ("write", "fsync", "ftruncate"):
            setattr(os, name, self._on_file(name, getattr(os, name)))
        for name in ("replace", "rename", "unlink", "mkdir"):
            setattr(os, name, self._on_path(name, getattr(os, name)))

    def _meet(self, name: str) -> None:
        with self.lock:
            self.count += 1
            here = self.count
            said = f"{here} {name} {_caller()}"
            fails = self.place <= here < self.place + self.times and self.place > 0
            self.write_log(self.log, f"{said}{' FAILED' if fails else ''}\n".encode())
        if fails:
            raise OSError(self.number, os.strerror(self.number))

    def _is_ours(self, path: Any) -> bool:
        return not isinstance(path, int) and os.fsdecode(path).startswith(self.folder)

    def _open(self, path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if not self._is_ours(path):
            return self.open(path, flags, *rest, **more)
        self._meet("open")
        file = self.open(path, flags, *rest, **more)
        self.ours.add(file)
        return file

    def _close(self, file: int) -> None:
        self.ours.discard(file)
        self.close(file)

    def _fdopen(self, file: int, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if file in self.ours and mode == "wb":
            return io.BufferedWriter(_Raw(file))
        self.ours.discard(file)
        return self.fdopen(file, mode, *rest, **more)

    def _on_file(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: int, *rest: Any) -> Any:
            if file in self.ours:
                self._meet(name)
            return real(file, *rest)

        return call

    def _on_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **more: Any) -> Any:
            if self._is_ours(path):
                self._meet(name)
            return real(path, *rest, **more)

        return call


def _caller() -> str:
    """The line of the program that made the call."""
    frame = sys._getframe(2)
    while not frame.f_code.co_filename.startswith(PACKAGE):
        assert frame.f_back is not None
        frame = frame.f_back
    name = Path(frame.f_code.co_filename).relative_to(PACKAGE)
    return f"{name}:{frame.f_lineno}"


def main() -> None:
    """Read the fault from the arguments, then be the program."""
    place, kind, times, log, *arguments = sys.argv[1:]
    folder = arguments[arguments.index("--cases") + 1]
    Faults(int(place), getattr(errno, kind), int(times), Path(log), folder)
    sys.argv = ["ketatui", *arguments]
    runpy.run_module("ketatui", run_name="__main__")


if __name__ == "__main__":
    main()
