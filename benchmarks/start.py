"""From exec to the first screen, to a consultation that can be answered, and whole commands."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter

from benchmarks.bare import READY, command
from benchmarks.table import Row
from benchmarks.terminal import APP, ROOT, Terminal, usual_environment

RUNS = 15
_GROUP = "Start"
_BARE = "a bare Textual app with one Static"
_CASE = "saved_cases/20261121-080000-example01.toml"


def started(command: tuple[str, ...], text: str) -> float:
    """Return the ms from exec to a text on the screen."""
    with Terminal(command) as terminal:
        return terminal.until(text)


def _answerable() -> float:
    """Press n as soon as the first screen is there; the first question has the focus."""
    with Terminal(APP) as terminal:
        terminal.until("New consultation")
        terminal.send(b"n")
        # The pane that is painted last.
        return terminal.until(". jumps")


def _answered() -> float:
    """The same, and the first answer is on the screen: it is on disk then."""
    with Terminal(APP) as terminal:
        terminal.until("New consultation")
        terminal.send(b"n")
        terminal.until(". jumps")
        # The first option of the first question.
        terminal.send(b"1")
        return terminal.until("draft, on disk")


def _whole(*arguments: str) -> float:
    begun = perf_counter()
    subprocess.run(
        arguments, cwd=ROOT, env=usual_environment(), check=True, stdout=subprocess.DEVNULL
    )
    return (perf_counter() - begun) * 1000


def measure() -> list[Row]:
    """Measure all kinds of start by turns."""
    bare, first, answerable, answered, assess, floor = [], [], [], [], [], []
    # Once before: that compiles what has not been.
    _answered()
    _whole(*APP, "assess", _CASE)
    for _ in range(RUNS):
        bare.append(started(command("static"), READY))
        first.append(started(APP, "New consultation"))
        answerable.append(_answerable())
        answered.append(_answered())
        floor.append(_whole(sys.executable, "-c", "import pydantic"))
        assess.append(_whole(*APP, "assess", _CASE))
    return [
        Row("start.first", _GROUP, "exec to the first screen", first, _BARE, bare, aim=1.25),
        Row(
            "start.answerable",
            _GROUP,
            "exec to a consultation (n pressed at once)",
            answerable,
            _BARE,
            bare,
            aim=1.8,
        ),
        Row("start.answered", _GROUP, "exec to the first answer on disk", answered, _BARE, bare),
        Row(
            "start.assess",
            _GROUP,
            "ketatui assess of one file, whole process",
            assess,
            "python -c 'import pydantic'",
            floor,
            aim=2.5,
        ),
    ]
