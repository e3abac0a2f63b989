"""From exec to the first frame, to a consultation that can be answered, and whole commands.

All starts of the app share a home folder: what the first one keeps for the next is kept, as it is
on anybody's machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.bare import READY, command
from benchmarks.table import Row
from benchmarks.terminal import APP, ROOT, Terminal, usual_environment

RUNS = 9
_GROUP = "Start"
_BARE = "a bare Textual app with one Static"
_FIRST, _LOADED = "New consultation", "asked only where they matter"
_QUESTION, _KEPT = "Who will prescribe", "draft, on disk"
LISTED = "Deci"
"""Stands over a column of the list of saved cases; it may be cut."""
LISTED_AT_HOME = "saved case"
_PATIENCE = 60.0
"""Seconds by which the first frame has been kept."""
_CASE = "saved_cases/20261121-080000-example01.toml"


def started(command: tuple[str, ...], text: str, home: Path | None = None) -> float:
    """Return the ms from exec to a text on the screen."""
    with Terminal(command, home=home) as terminal:
        return terminal.until(text)


def _first(home: Path) -> dict[str, float]:
    """Start and wait: the first frame is there, then the criteria are."""
    with Terminal(APP, home=home) as terminal:
        return {"frame": terminal.until(_FIRST), "loaded": terminal.until(_LOADED)}


def _begun(home: Path) -> dict[str, float]:
    """Press n as soon as the first frame is there, and answer as soon as there is a question.

    The question is there before the app is; when the answer is on the screen, it is on disk.
    """
    with Terminal(APP, home=home) as terminal:
        terminal.until(_FIRST)
        terminal.send(b"n")
        answerable = terminal.until(_QUESTION)
        # The first option of the first question.
        terminal.send(b"1")
        return {"answerable": answerable, "answered": terminal.until(_KEPT)}


def started_before(home: Path) -> None:
    """Start once, begin a consultation, look at the list and quit: what is seen is kept."""
    for file in home.glob("cache/ketatui/first-frame/*"):
        # Of another version or environment it would not be shown, and seem to have been kept.
        file.unlink()
    with Terminal(APP, home=home) as terminal:
        terminal.until(_LOADED)
        _until_kept(terminal, "first-frame/*")
        terminal.send(b"n")
        terminal.until(_QUESTION)
        _until_kept(terminal, "first-frame/*-question")
        terminal.send(b"\x1b")
        terminal.until(LISTED_AT_HOME)
        terminal.send(b"c")
        terminal.until(LISTED)
        terminal.send(b"\x11")
        while terminal.read(1.0):
            sleep(0)


def _until_kept(terminal: Terminal, files: str) -> None:
    while not list(terminal.home.glob(f"cache/ketatui/{files}")):
        if perf_counter() - terminal.begun > _PATIENCE:
            raise TimeoutError(f"no {files} was kept")
        terminal.read(0.1)


def _whole(*arguments: str) -> float:
    begun = perf_counter()
    subprocess.run(
        arguments, cwd=ROOT, env=usual_environment(), check=True, stdout=subprocess.DEVNULL
    )
    return (perf_counter() - begun) * 1000


def measure() -> list[Row]:
    """Measure all kinds of start by turns."""
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder))


def _measured(home: Path) -> list[Row]:
    started_before(home)
    python = (sys.executable, "-c")
    ways: tuple[Callable[[], dict[str, float]], ...] = (
        lambda: {"bare": started(command("static"), READY)},
        lambda: _first(home),
        lambda: _begun(home),
        lambda: {"pass": _whole(*python, "pass")},
        lambda: {"version": _whole(*APP, "--version")},
        lambda: {"help": _whole(*APP, "--help")},
        lambda: {"pydantic": _whole(*python, "import pydantic")},
        lambda: {"assess": _whole(*APP, "assess", _CASE)},
    )
    times: defaultdict[str, list[float]] = defaultdict(list)
    for turn in range(RUNS + 1):
        for way in ways:
            taken = way()
            # The first turn compiles what has not been.
            for name, took in taken.items() if turn else ():
                times[name].append(took)

    def row(key: str, what: str, against: str, base: str, aim: float | None = None) -> Row:
        return Row(f"start.{key}", _GROUP, what, times[key], against, times[base], aim=aim)

    passing = "python -c pass"
    return [
        row("frame", "exec to the first painted frame", _BARE, "bare", 0.35),
        row("loaded", "exec to the first screen, criteria loaded", _BARE, "bare"),
        row("answerable", "exec to the first question (n pressed at once)", _BARE, "bare", 1.25),
        row("answered", "exec to the first answer on disk", _BARE, "bare", 1.25),
        row("version", "ketatui --version, whole process", passing, "pass", 2),
        row("help", "ketatui --help, whole process", passing, "pass", 2),
        row(
            "assess",
            "ketatui assess of one file, whole process",
            "python -c 'import pydantic'",
            "pydantic",
            2.5,
        ),
    ]
