"""A session that is killed half way: its clock runs on, and no entry is lost."""

from __future__ import annotations

import datetime as dt
import signal
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from tests.course.support import course_of, screened, screening_knowledge, visit_of
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

F3, F4, UP = "\x1bOR", "\x1bOS", "\x1b[A"


def prepared() -> Case:
    """A decided case with a session of today, in which no clock runs yet."""
    visit = visit_of("spravato", number=1, date=dt.date.today(), watched=(), end_minute=None,
                     minutes_dosing=None)  # fmt: skip
    return screened().replaced(label="killed half way", courses=(course_of("spravato", (visit,)),))


def to_the_session(program: Program) -> None:
    program.wait_for("asked only where they matter")
    program.press("c")
    program.wait_for("killed half way")
    program.press("\r")
    program.wait_for("read-only")
    program.press("m")
    program.wait_for("session 1, week 1")
    program.move_to(", week 1", UP)
    program.press("\r")
    program.wait_for("May a dose be given today")
    program.press("m")
    program.wait_for("The clock is not running")


def test_a_session_killed_half_way_goes_on_with_its_clock_and_every_entry(tmp_path: Path) -> None:
    store = CaseStore(tmp_path / "cases", screening_knowledge().pack)
    store.save(prepared(), base=None, by="dr b", why="decided", now=dt.datetime.now(dt.UTC))
    entries = ("141/88 97 4 mod", "nausea 0 mild", "88 @0")
    with Program(tmp_path) as program:
        to_the_session(program)
        program.press(F3)
        asked = "F3 again"
        begun = "MINUTE 0 from first device"
        if asked in program.wait_until(
            lambda: asked in program.text or begun in program.text, "an answer to F3"
        ):
            program.press(F3)
        started = program.wait_for("MINUTE 0 from first device").split("device, ")[1][:5]
        program.press(F4)
        program.wait_for("0 from last device")
        for text in entries:
            program.press(*text, "\r")
            program.wait_for("Recorded: " + ("event" if "nausea" in text else "minute 0"))
            program.quiet(0.2)
        program.press(*"half a l")
        program.wait_for("half a l")
        program.signal(signal.SIGKILL)
        assert program.ended() == 128 + signal.SIGKILL
    with Program(tmp_path) as program:
        program.wait_for("Running sessions")
        program.press("b")
        program.wait_for("killed half way")
        program.press("1")
        # The rows come a frame after the clocks.
        program.wait_for(f"from first device, {started}")
        for text in ("141/88", "moderate", "88 LOW", "nausea, mild"):
            program.wait_for(text)
