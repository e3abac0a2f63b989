"""A key press to the last byte of its repaint, in a consultation, under a pseudo-terminal.

Beside the time stands the processor time, which other programs on the machine hardly change: it
has no wait for the disk in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from benchmarks.bare import READY, command
from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal

_SIZES = ((120, 40), (200, 60), (80, 24))
_ROUNDS = 4
_MOVES = 2
"""Times up and down in a round: one takes as long as the other."""
_DOWN, _UP, _BACK = b"\x1b[B", b"\x1b[A", b"\x1a"
_LINE = 960
"""Bytes a second of a line of 9,600 baud: eight bits, a start and a stop each."""
_QUESTIONS = 75
_LIST = f"a bare Line API list of {_QUESTIONS} lines"
_AIMS = {
    "answer": (1.3, 8.0, 2560.0),
    "move": (2.0, 16.0, 1536.0),
    "section": (None, 16.0, None),
    "undo": (None, 16.0, 4096.0),
}
"""The most times the reference, the 95th percentile in ms, the bytes."""
_WHAT = {
    "answer": "answer, which moves on",
    "move": "move",
    "section": "next section",
    "undo": "take an answer back",
}

Found = dict[str, list[tuple[float, int, float]]]
"""For each kind of key: ms until the last byte, bytes, ms of processor time."""


def measure() -> list[Row]:
    """Measure answering, moving, turning sections and undoing at each size."""
    found = {size: _pressed(size) for size in _SIZES}
    # What a slow line takes is waiting: the sizes can do that at the same time.
    with ThreadPoolExecutor(len(_SIZES)) as pool:
        slow = dict(zip(_SIZES, pool.map(_pressed_slowly, _SIZES), strict=True))
    return [
        row
        for size in _SIZES
        for row in (*_rows(size, *found[size]), _over_a_line(size, slow[size]))
    ]


def _pressed(size: tuple[int, int]) -> tuple[Found, Found]:
    with _consultation(size) as ours:
        found = _press_all(ours, sections=4, undo=True)
    with Terminal(command("list", str(_QUESTIONS)), size) as bare:
        bare.until(READY)
        bare.settle(0.3)
        # It has nothing to take back, and a key that does nothing is waited for the longest.
        return found, _press_all(bare, sections=4, undo=False)


def _pressed_slowly(size: tuple[int, int]) -> list[tuple[float, int]]:
    with _consultation(size) as ours:
        for _ in range(4):
            ours.press(b"]")
        return [ours.press_over(_LINE, b"n") for _ in range(4)]


@contextmanager
def _consultation(size: tuple[int, int]) -> Iterator[Terminal]:
    with Terminal(APP, size) as terminal:
        terminal.until("New consultation")
        terminal.send(b"n")
        terminal.until("answered")
        terminal.settle(0.5)
        yield terminal


def _over_a_line(size: tuple[int, int], slow: list[tuple[float, int]]) -> Row:
    return Row(
        f"keys.line.{size[0]}",
        _group(size),
        "answer over a line of 9,600 baud, with what one change would do",
        [ms for ms, _ in slow],
        median_aim=3000,
    )


def _group(size: tuple[int, int]) -> str:
    return f"Keys in a consultation at {size[0]}×{size[1]}"


def _rows(size: tuple[int, int], found: Found, theirs: Found) -> list[Row]:
    group = _group(size)
    rows = []
    for name, pairs in found.items():
        aim, p95, most = _AIMS[name]
        about = (f"{name}.{size[0]}", group, _WHAT[name])
        reference = theirs.get(name, [])
        rows.append(
            Row(
                f"keys.{about[0]}",
                *about[1:],
                [ms for ms, *_ in pairs],
                _LIST if reference else "",
                [ms for ms, *_ in reference],
                aim=aim,
                p95_aim=p95,
            )
        )
        rows.append(
            Row(
                f"processor.{about[0]}",
                group,
                "    processor time",
                [spent for *_, spent in pairs],
                _LIST if reference else "",
                [spent for *_, spent in reference],
                aim=aim,
            )
        )
        rows.append(
            Row(
                f"bytes.{about[0]}",
                group,
                "    bytes to the terminal",
                [count for _, count, _ in pairs],
                _LIST if reference else "",
                [count for _, count, _ in reference],
                unit="B",
                median_aim=most,
            )
        )
    return rows


def _press(terminal: Terminal, key: bytes) -> tuple[float, int, float]:
    before = terminal.processor_time()
    ms, count = terminal.press(key)
    return ms, count, terminal.processor_time() - before


def _press_all(terminal: Terminal, sections: int, *, undo: bool) -> Found:
    found: Found = defaultdict(list)
    # To the medical section: the longest, with yes/no questions.
    for _ in range(sections):
        found["section"].append(_press(terminal, b"]"))
    for _ in range(_ROUNDS):
        for _ in range(4):
            found["answer"].append(_press(terminal, b"n"))
        for key in (_UP, _DOWN):
            found["move"] += [_press(terminal, key) for _ in range(_MOVES)]
        terminal.press(_UP * 4)
        if undo:
            terminal.press(_BACK)
            found["undo"] += [_press(terminal, _BACK) for _ in range(3)]
    return found
