"""Programs that the tests start: none outlives its test, and none lets it wait forever."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

PATIENCE = 60.0
"""Seconds that a program gets at most; whoever reads from one that was killed reads its end."""


@contextmanager
def running(
    command: Sequence[object], patience: float = PATIENCE, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """Start a program; it is killed after some seconds, and in any case at the end of the block."""
    words = [str(word) for word in command]
    with subprocess.Popen(words, text=True, **options) as process:
        watchdog = threading.Timer(patience, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def run(command: Sequence[object], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, within `PATIENCE`; nobody is at its keyboard."""
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    options = {"capture_output": True, "check": True, "timeout": PATIENCE, **options}
    return subprocess.run([str(word) for word in command], text=True, **options)
