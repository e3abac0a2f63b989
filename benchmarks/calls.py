"""How much of our code an answer and an assessment pass through: `python -m benchmarks.calls`.

Counted is each call of a function of the package, and how often the one after it is in another
file. The counts hang on no machine, so that they show what times on a busy one hide.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import ketatui
from ketatui.cli import main

PACKAGE = str(Path(ketatui.__file__).parent)
_QUIET = 1.0
"""Seconds without a key after which no timer has anything left to do."""
CASE = "saved_cases/20261121-080000-example01.toml"


@dataclass
class Passed:
    """What was passed through.

    Attributes:
        calls: Calls by file.
        switches: How often a call was in another file than the one before.
        functions: Calls by file and function.
    """

    calls: Counter[str] = field(default_factory=Counter)
    switches: int = 0
    functions: Counter[str] = field(default_factory=Counter)
    last: str = ""

    def take(self, frame: FrameType, event: str, _: Any) -> None:
        """Count a call; a profile function of `sys`."""
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(PACKAGE):
            name = file.removeprefix(PACKAGE + "/")
            self.calls[name] += 1
            self.functions[f"{name}:{frame.f_code.co_qualname}"] += 1
            self.switches += name != self.last
            self.last = name


@contextlib.contextmanager
def counted() -> Iterator[Passed]:
    """Count the calls within."""
    passed = Passed()
    sys.setprofile(passed.take)
    try:
        yield passed
    finally:
        sys.setprofile(None)


def assessing() -> Passed:
    """Count what ``assess --json`` passes through; what it imports is there already."""
    command = ["assess", CASE, "--json", "--on", "2026-11-21"]
    with contextlib.redirect_stdout(io.StringIO()):
        main(command)
        with counted() as passed:
            main(command)
    return passed


async def answering() -> dict[str, Passed]:
    """Count what a move and an answer pass through, each the third of its kind."""
    from ketatui.settings import Settings
    from ketatui.tui.app import KetaApp
    from ketatui.tui.screens import panes
    from ketatui.tui.session import Resources

    # What follows when the cursor rests is counted by itself, whenever it would have come.
    panes.REST = 3600.0
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        app = KetaApp(Resources(Path(folder), None, None, Settings(welcomed=True)))
        async with app.run_test(size=(120, 40)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.press("n")
            await pilot.pause(0.5)
            await pilot.press("1", "y", "down", "up")
            for what, key in (("a move", "down"), ("an answer", "y")):
                # What earlier keys have left to timers is not this one's.
                await pilot.pause(_QUIET)
                with counted() as found[what]:
                    await pilot.press(key)
            screen = app.screen
            assert isinstance(screen, panes.ConsultationPanes)
            with counted() as found["what one change would do, at rest"]:
                screen._rested()
    return found


def show() -> None:
    """Print the table."""
    found = {**asyncio.run(answering()), "`assess --json`": assessing()}
    print("| what | files | own calls | switches of file |\n|---|---|---|---|")
    for what, passed in found.items():
        calls = passed.calls.total()
        print(f"| {what} | {len(passed.calls)} | {calls:,} | {passed.switches:,} |")
    if "--functions" in sys.argv:
        for what, passed in found.items():
            print(f"\n{what}")
            for name, count in passed.functions.most_common(25):
                print(f"{count:7,} {name}")


if __name__ == "__main__":
    show()
