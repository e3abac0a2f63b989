"""From exec to the first screen, and to a consultation that can be answered."""

from __future__ import annotations

import sys
from contextlib import closing, suppress

from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal

_RUNS = 15
_BARE = (
    "from textual.app import App\n"
    "from textual.widgets import Static\n"
    "class Bare(App):\n"
    "    def compose(self):\n"
    "        yield Static('bare screen')\n"
    "Bare().run()\n"
)


def _started(command: tuple[str, ...], text: bytes) -> float:
    terminal = Terminal(command, 120, 40)
    try:
        return terminal.until(text) * 1000
    finally:
        terminal.stop()


def _answerable() -> float:
    terminal = Terminal(APP, 120, 40)
    try:
        terminal.until(b"asked only where they matter")
        terminal.settle()
        with suppress(OSError), closing(open(terminal.fd, "wb", closefd=False)) as keys:
            keys.write(b"n")
        return terminal.until(b"NEXT THAT MATTERS") * 1000
    finally:
        terminal.stop()


def measure() -> list[Row]:
    """Measure start-up, runs of all kinds in turn."""
    bare, first, answerable = [], [], []
    for _ in range(_RUNS):
        bare.append(_started((sys.executable, "-c", _BARE), b"bare screen"))
        first.append(_started(APP, b"New consultation"))
        answerable.append(_answerable())
    return [
        Row("start: a bare Textual app, first screen", bare),
        Row("start: first screen", first),
        Row("start: pack loaded, n pressed, consultation on screen", answerable),
    ]
