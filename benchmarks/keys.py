"""A key press to the last byte of its repaint, in a consultation, under a pseudo-terminal."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal

_SIZES = ((120, 40), (80, 24))
_ROUNDS = 8
_DOWN, _UP = b"\x1b[B", b"\x1b[A"


def measure() -> list[Row]:
    """Measure answering, moving and turning sections at both sizes."""
    rows = []
    for width, height in _SIZES:
        terminal = Terminal(APP, width, height)
        try:
            terminal.until(b"asked only where they matter")
            terminal.settle()
            terminal.press(b"n")
            terminal.settle()
            found = _press_all(terminal)
        finally:
            terminal.stop()
        for what, pairs in found.items():
            label = f"{width}×{height}: {what}"
            rows.append(Row(label, [ms for ms, _ in pairs], [size for _, size in pairs]))
    return rows


def _press_all(terminal: Terminal) -> dict[str, list[tuple[float, int]]]:
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    # To the medical section: the longest, with yes/no questions.
    for _ in range(4):
        found["next section"].append(terminal.press(b"]"))
    for _ in range(_ROUNDS):
        for _ in range(4):
            found["answer (no), moves on"].append(terminal.press(b"n"))
        for _ in range(4):
            found["move up"].append(terminal.press(_UP))
        for _ in range(4):
            found["move down"].append(terminal.press(_DOWN))
        for _ in range(4):
            terminal.press(_UP)
        for _ in range(4):
            found["take back"].append(terminal.press(b"\x1a"))
    return found
