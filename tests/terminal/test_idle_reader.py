"""A screen that nobody uses lets the machine sleep, and hears the next key all the same."""

from __future__ import annotations

import re
from pathlib import Path
from time import monotonic

import pytest

from tests.terminal.program import Program

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc"),
]

_WATCHED = 3.0
"""Seconds; read ten times a second, the terminal alone would make thirty wakes of them."""

_MORE = 5
"""How often to look once more, where the start may not have been over."""


def wakes(program: Program) -> int:
    found = 0
    for task in Path(f"/proc/{program.pid}/task").iterdir():
        said = re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text())
        assert said
        found += int(said[1])
    return found


def watched(program: Program) -> tuple[int, int]:
    """Return wakes and bytes written while nothing is pressed."""
    before, written, limit = wakes(program), 0, monotonic() + _WATCHED
    while (left := limit - monotonic()) > 0:
        written += len(program.read(left))
    return wakes(program) - before, written


def test_an_idle_screen_writes_nothing_and_wakes_at_most_once_a_second(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        program.wait_for("asked only where they matter")
        # What can wait until a start is over is done a second later.
        program.quiet(2.0)
        woken, written = watched(program)
        for _ in range(_MORE):
            if written == 0 and woken <= _WATCHED:
                break
            # A busy machine does later what can wait.
            woken, written = watched(program)
        assert written == 0
        assert woken <= _WATCHED
        program.press("n")
        program.wait_for("Who will prescribe")
        # Esc alone is a key; it is told a moment later, when nothing has followed it.
        program.press("\x1b")
        program.wait_for("New consultation")
        program.press("q")
        assert program.ended() == 0
