"""A terminal that shrinks to nothing and comes back, and a clock that jumps back."""

from __future__ import annotations

import fcntl
import re
import struct
import tempfile
import termios
from pathlib import Path
from typing import Any

from ketatui.cases.ages import assessed_on
from ketatui.cases.model import Case
from ketatui.engine.staleness import stale_answers
from reliability.program_user import ProgramUser, knowledge, progress, save, undisturbed, until
from reliability.script import AMENDED, ENTER, SCRIPT
from reliability.tally import Tally
from tests.terminal.program import Program

_SIZES = ((1, 1), (3, 2), (200, 1), (1, 60), (500, 200))
_TABLES = {"antidepressant_trials", "medications"}
_PLAIN = tuple(step for step in SCRIPT if not _TABLES & {*step.keys})
"""The script without its tables."""
_CLOCK = re.compile(r"\d\d:\d\d:\d\d")


def resized() -> Tally:
    """Resize to nothing and back after every change; the screen is as it was."""
    tally = Tally("resized to 1x1 and back")
    script = SCRIPT[:10]
    with tempfile.TemporaryDirectory() as folder:
        reference = undisturbed(Path(folder) / "reference", script)
        user = ProgramUser(Path(folder) / "home")
        with user.start() as program:
            user.enter(program)
            for number, step in enumerate(script, start=1):
                user.change(program, step, number)
                user.leave(program, step)
                until(program, lambda: progress(program) is not None)
                program.quiet(0.15)
                before = _CLOCK.sub("", program.text)
                _resize(program, *_SIZES[number % len(_SIZES)])
                program.quiet(0.1)
                _resize(program, 1, 1)
                program.quiet(0.1)
                _resize(program, 120, 40)
                same = until(program, lambda was=before: _CLOCK.sub("", program.text) == was)  # type: ignore[misc]
                tally.add("resizes", 3)
                tally.hold(same, f"another screen:\n{before}\nbecame\n{program.text}")
            tally.hold(save(program, user), f"not saved:\n{program.text}")
        tally.hold(user.content() == reference.content, "the saved case is another one")
    return tally


def _resize(program: Program, width: int, height: int) -> None:
    fcntl.ioctl(program.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    program.screen.resize(height, width)


def clock_jumped_back(days: int) -> Tally:
    """Answer, stop, set the clock back, resume, save, set it back again, amend, save."""
    tally = Tally(f"clock {days} days back, twice")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        user = ProgramUser(home)
        half = len(_PLAIN) // 2
        reference = undisturbed(Path(folder) / "reference", _PLAIN)
        with user.start() as program:
            user.enter(program)
            for number, step in enumerate(_PLAIN[:half], start=1):
                user.change(program, step, number)
                user.leave(program, step)
            program.press("\x11")
            program.ended()
        then = ProgramUser(home, module=("reliability.clock", str(-days)))
        with then.start() as program:
            then.enter(program)
            for number, step in enumerate(_PLAIN[half:], start=half + 1):
                tally.hold(then.change(program, step, number), f"not taken:\n{program.text}")
                then.leave(program, step)
            tally.hold(save(program, then), f"not saved:\n{program.text}")
            program.press("\x11")
            program.ended()
        tally.hold(_undated(then) == _undated(None, reference.content), "another case was saved")
        earlier = ProgramUser(home, module=("reliability.clock", str(-2 * days)))
        with earlier.start() as program:
            program.wait_for("one saved case")
            for key, shown in (("c", "Enter open"), (ENTER, "read-only")):
                program.press(key)
                program.wait_for(shown)
            program.press("\x1b[20~")  # F9
            until(program, lambda: progress(program) is not None)
            tally.hold(earlier.change(program, AMENDED[0], 1), f"not taken:\n{program.text}")
            _amended(program, tally)
        (path,) = earlier.saved()
        loaded = earlier.store.load(path)
        _dated(loaded.case, days, tally)
        numbers = [revision.number for revision in loaded.case.revisions]
        times = [revision.at for revision in loaded.case.revisions]
        tally.hold(numbers == [1, 2], f"revisions {numbers}")
        tally.hold(times[1] < times[0], "the clock was not set back")
        tally.hold(not earlier.torn(), f"torn: {earlier.torn()}")
        tally.hold(len(earlier.saved()) == 1, "there is another number of cases")
    return tally


def _amended(program: Program, tally: Tally) -> None:
    """Save an amendment: it asks who and why."""
    program.press("s")
    asked = until(program, lambda: "Amended by" in program.text)
    tally.hold(asked, f"an amendment asked for no name:\n{program.text}")
    program.press(ENTER)
    until(program, lambda: "Why is it amended?" in program.text)
    program.press("clock", ENTER)
    tally.hold(until(program, lambda: "Saved: " in program.text), program.text)


def _dated(case: Case, days: int, tally: Tally) -> None:
    """Hold that each answer kept the day the clock said, and that none of days to come counts."""
    on = assessed_on(case)
    assert on is not None
    days_of_answers = {"vitals.spo2": 0, "vitals.systolic": days, "patient.age": 2 * days}
    for ident, ahead in days_of_answers.items():
        found = case.dates.get(ident, on)
        # A midnight may pass while the program is driven.
        tally.hold(0 <= (found - on).days - ahead <= 1, f"{ident} is of {found}, assessed {on}")
    stale = {item.question: item for item in stale_answers(knowledge(), case, on)}
    tally.hold(stale["vitals.systolic"].ahead, "a day still to come was not told")
    tally.hold("vitals.spo2" not in stale, "what was taken that day does not count")


def _undated(user: ProgramUser | None, content: list[Any] | None = None) -> list[Any]:
    """Saved cases without the assessment, which may depend on the day."""
    cases = user.content() if user else content or []
    return [{k: v for k, v in dict(case).items() if k != "assessment"} for case in cases]
