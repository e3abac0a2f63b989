"""SIGKILL at random moments of a running session: no entry is lost, and no clock is wrong."""

from __future__ import annotations

import datetime as dt
import random
import re
import signal
import tempfile
from collections import Counter
from pathlib import Path

from ketatui.cases.courses import Visit
from ketatui.cases.store import CaseStore
from ketatui.consultation.saving import states_of
from ketatui.tui.screens.session_panes import EMPTY
from reliability.program_user import READY, knowledge, until
from reliability.tally import Tally
from tests.course.support import course_of, screened, visit_of
from tests.terminal.program import Program

F3, F4, UP, DOWN = "\x1bOR", "\x1bOS", "\x1b[A", "\x1b[B"
_CLOCK = re.compile(r"MINUTE (\d+) from")
_EVENTS = ("nausea", "dizziness", "headache", "vertigo")


def killed_in_sessions(kills: int, seed: int) -> Tally:
    """Kill the program in a running session until it was killed so often, and go on each time.

    Args:
        kills: How often.
        seed: Of the moments and entries.

    Returns:
        What was compared and what was lost.
    """
    tally = Tally(f"SIGKILL in running sessions (seed {seed})")
    with tempfile.TemporaryDirectory() as folder:
        session = _Session(Path(folder), random.Random(seed), tally)
        session.begin()
        while tally.counts.get("kills", 0) < kills:
            session.go_on_until_killed()
    return tally


class _Session:
    """One session, killed again and again; what the screen said was taken is remembered.

    Attributes:
        home: The home folder.
        shown: Entries that the screen said were taken, as the journal has them.
        typing: The entry that was typed when the program died; it may have been taken.
    """

    def __init__(self, home: Path, moments: random.Random, tally: Tally) -> None:
        self.home, self.moments, self.tally = home, moments, tally
        self.shown: Counter[str] = Counter()
        self.typing = ""
        self.started: dt.datetime | None = None
        self.number = 0

    def begin(self) -> None:
        """Start the clock of a session."""
        store = CaseStore(self.home / "cases", knowledge().pack)
        today = dt.date.today()
        visit = visit_of(
            "spravato", number=1, date=today, watched=(), end_minute=None, minutes_dosing=None
        )
        case = screened().replaced(courses=(course_of("spravato", (visit,)),))
        store.save(case, base=None, by="dr b", why="decided", now=dt.datetime.now(dt.UTC))
        with Program(self.home) as program:
            program.wait_for(READY)
            program.press("c")
            program.wait_for(case.id[:8])
            program.press("\r")
            program.wait_for("read-only")
            program.press("m")
            program.wait_for("session 1, week 1")
            program.move_to(", week 1", UP)
            program.press("\r")
            program.wait_for("May a dose be given today")
            program.press("m")
            program.wait_for("The clock is not running")
            program.press(F3)
            asked, begun = "F3 again", "MINUTE 0 from first device"
            until(program, lambda: asked in program.text or begun in program.text)
            if asked in program.text:
                program.press(F3)
            program.wait_for(begun)
            program.press(F4)
            program.wait_for("from last device")
            self._kill(program)
        self.started = self._visit().first_dose_at

    def go_on_until_killed(self) -> None:
        """Find the session again, see its clock, enter a few things, and be killed."""
        with Program(self.home) as program:
            program.wait_for(READY)
            program.press("b")
            program.wait_for("1 running session")
            if self.moments.random() < 0.1:
                self._kill(program)
            else:
                self._enter_some(program)
        self._compare()

    def _enter_some(self, program: Program) -> None:
        before = self._minute()
        program.press("1")
        until(program, lambda: _CLOCK.search(program.text) is not None)
        found = _CLOCK.search(program.text)
        said = int(found[1]) if found else -1
        self.tally.add("clocks read")
        right = before <= said <= self._minute()
        self.tally.hold(right, f"minute {said} shown, {before} to {self._minute()} have passed")
        for _ in range(self.moments.randint(0, 3)):
            self._enter(program)
        text, self.typing = self._entry()
        for letter in text:
            program.press(letter)
        if self.moments.random() < 0.7:
            program.press("\r")
        until(program, lambda: False, self.moments.choice([0.0, 0.02, 0.1, 0.4]))
        self._kill(program)

    def _enter(self, program: Program) -> None:
        text, entry = self._entry()
        for letter in text:
            program.press(letter)
        # The same may have been taken before: the line has to have held it, and to be empty again.
        program.wait_for(f"▸ {text}")
        program.press("\r")
        if until(program, lambda: EMPTY in program.text and f"Recorded: {entry}" in program.text):
            self.shown[entry] += 1
            self.tally.add("entries taken")
        else:
            self.tally.hold(False, f"{text} was not taken:\n{program.text}")

    def _entry(self) -> tuple[str, str]:
        """Return a line that was not typed before, and the beginning of what is said of it."""
        self.number += 1
        if self.moments.random() < 0.3:
            term = self.moments.choice(_EVENTS)
            return f"{term} @0 mild", f"event {term}, from minute 0, mild"
        pulse, oxygen = 40 + self.number % 150, 90 + self.moments.randint(0, 9)
        return f"hr {pulse} {oxygen} @0", f"minute 0, oxygen {oxygen} %, pulse {pulse}"

    def _kill(self, program: Program) -> None:
        program.signal(signal.SIGKILL)
        program.ended()
        self.tally.add("kills")

    def _minute(self) -> int:
        assert self.started is not None
        return int((dt.datetime.now(dt.UTC) - self.started).total_seconds() // 60)

    def _visit(self) -> Visit:
        [path] = (self.home / "cases" / "drafts").glob("*.jsonl")
        return states_of(path, knowledge())[-1].courses[0].visits[0]

    def _compare(self) -> None:
        """Hold the draft against what the screen said was taken."""
        visit = self._visit()
        kept = Counter(
            f"minute {row.minute}, oxygen {row.spo2} %, pulse {row.heart_rate}"
            for row in visit.observations
        )
        kept += Counter(
            f"event {row.term}, from minute {row.onset_minute}, {row.severity}"
            for row in visit.events
        )
        lost = self.shown - kept
        self.tally.hold(not lost, f"lost: {dict(lost)}")
        more = kept - self.shown
        known = more <= Counter([self.typing] if self.typing else [])
        self.tally.hold(known, f"kept and never typed: {dict(more)}")
        # What was in the line at the death was taken or was not; from here on it is known.
        self.shown, self.typing = kept, ""
        self.tally.hold(visit.first_dose_at == self.started, f"began at {visit.first_dose_at}")
        self.tally.add("entries compared", kept.total())
