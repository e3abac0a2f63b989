"""Memory of the app: its own pages, and its part of those it shares (PSS)."""

from __future__ import annotations

from benchmarks.bare import READY, command
from benchmarks.library import SIZES, ready
from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal

_GROUP = "Memory"
_RUNS = 2
_BARE = "a bare Textual app with one Static"


def measure() -> list[Row]:
    """Measure at rest, in a consultation, and with the longest list open."""
    bare, idle, working, listing = [], [], [], []
    place = ready(max(SIZES))
    for _ in range(_RUNS):
        with Terminal(command("static")) as terminal:
            terminal.until(READY)
            terminal.settle(0.5)
            bare.append(terminal.memory())
        with Terminal(APP) as terminal:
            terminal.until("asked only where")
            terminal.settle(0.5)
            idle.append(terminal.memory())
            terminal.press(b"n")
            terminal.settle(0.5)
            for _ in range(10):
                terminal.press(b"\x1b[B")
            working.append(terminal.memory())
        with Terminal(APP, home=place) as terminal:
            terminal.until("asked only where")
            terminal.send(b"c")
            terminal.until("Deci")
            terminal.settle(1.2)
            listing.append(terminal.memory())
    about = [
        ("idle", "first screen, criteria loaded", idle, 1.5),
        ("consultation", "in a consultation", working, 1.3),
        ("listing", f"with {max(SIZES):,} cases listed", listing, 2.5),
    ]
    return [
        Row(f"memory.{name}", _GROUP, what, found, _BARE, bare, unit="MiB", aim=aim)
        for name, what, found, aim in about
    ]
