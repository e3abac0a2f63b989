"""One failing disk call at a time: what was told, what was lost, what is on disk in the end."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reliability.program_user import READY, ProgramUser, progress, until
from reliability.script import AMEND, AMENDED, ENTER, ESCAPE, FIRST, Step
from reliability.tally import Tally
from tests.terminal.program import Program

TOLD = re.compile(
    r"NOT KEPT|could not|[Cc]an not|Not saved|No space|Input/output|Read-only|is gone|error|"
    r"unreadable|too large|Permission"
)
_ATTEMPTS = 4
_READ = "read-only"


@dataclass
class Visit:
    """A short consultation, saved, opened again, amended and saved, whatever fails on the way."""

    user: ProgramUser
    program: Program
    silent: list[str] = field(default_factory=list)
    """What did not happen at the first attempt, with no word on the screen."""
    never: list[str] = field(default_factory=list)
    """What did not happen at all."""
    told: int = 0

    def attempt(self, name: str, keys: Sequence[str], done: Callable[[], bool]) -> bool:
        """Press keys until something holds; note whether a failure was told."""
        for _ in range(_ATTEMPTS):
            # A prompt that asks again still holds the text that could not be kept.
            open_prompt = keys[0] == "l" and "Label (no names)" in self.program.text
            self.user.type(self.program, Step((ENTER,) if open_prompt else tuple(keys)))
            if until(self.program, done, 1.0):
                return True
            self.program.quiet(0.1)
            if TOLD.search(self.program.text):
                self.told += 1
            else:
                self.silent.append(f"{name}:\n{self.program.text}")
        self.never.append(f"{name}:\n{self.program.text}")
        return False

    def change(self, step: Step, number: int) -> None:
        """Type a step until it is on disk."""
        self.attempt(step.keys[1], step.keys, lambda: len(self.user.events()) >= number)
        self.program.quiet(0.05)
        self.user.leave(self.program, step)

    def save(self, revisions: int) -> None:
        """Save until the file has so many revisions and the first screen says so."""

        def saved() -> bool:
            return "Saved: " in self.program.text and _revisions(self.user) >= revisions

        self.attempt("save", "s", saved)

    def whole(self) -> None:
        """Begin, answer, save, open, amend, save, quit."""
        questions = lambda: progress(self.program) is not None  # noqa: E731
        self.program.wait_for(READY)
        self.attempt("new", "n", questions)
        for number, step in enumerate(FIRST, start=1):
            self.change(step, number)
        self.save(1)
        if self.user.events():
            # Its draft could not be removed, which the first screen has to say.
            if "draft could not be removed" not in self.program.text:
                self.silent.append(f"a draft that stays:\n{self.program.text}")
            self.told += 1
            self.program.press("\x11")
            return
        for name, keys, shown in (("cases", "c", "Enter open"), ("open", ENTER, _READ)):
            if not self.attempt(name, keys, lambda shown=shown: shown in self.program.text):  # type: ignore[misc]
                return
        self.attempt("amend", (AMEND,), questions)
        self.change(AMENDED[0], 1)
        self.save(2)
        self.program.press("\x11")


def _revisions(user: ProgramUser) -> int:
    saved = user.saved()
    return saved[0].read_text("utf-8").count("[[revisions]]") if saved else 0


def visited(home: Path, *fault: object) -> tuple[Visit, int, list[str]]:
    """Make a visit with a fault; return it, the exit status and the log of disk calls."""
    log = home / "calls"
    module = ("reliability.faulty", *map(str, fault), str(log))
    user = ProgramUser(home, module=module)
    with user.start() as program:
        visit = Visit(user, program)
        visit.whole()
        if visit.never:
            program.press(ESCAPE, "\x11")
        return visit, program.ended(), log.read_text("utf-8").splitlines()


def each_call_fails(kinds: Sequence[str] = ("ENOSPC", "EIO"), stride: int = 1) -> Tally:
    """Let every disk call fail in turn, a visit each.

    Args:
        kinds: The errors.
        stride: Try only each so many-th call.
    """
    tally = Tally(f"each disk call fails ({', '.join(kinds)})")
    with tempfile.TemporaryDirectory() as folder:
        visit, status, calls = visited(Path(folder) / "reference", 0, kinds[0], 1)
        assert status == 0, visit.program.text
        assert not visit.never, visit.never
        wanted = visit.user.content()
        tally.add("disk calls in a visit", len(calls))
        places = {line.split()[2] for line in calls}
        tally.add("lines of code that make them", len(places))
        for kind in kinds:
            for place in range(1, len(calls) + 1, stride):
                visit, status, after = visited(Path(folder) / f"{kind}{place}", place, kind, 1)
                where = f"{kind} at call {calls[place - 1]}"
                tally.add("faults", sum(line.endswith("FAILED") for line in after))
                tally.add("faults told on the screen", int(visit.told > 0))
                user = visit.user
                tally.hold(status == 0, f"{where}: ended with {status}\n{visit.program.text}")
                tally.hold(not visit.silent, f"{where}: not told: {visit.silent}")
                tally.hold(not visit.never, f"{where}: never done: {visit.never}")
                tally.hold(not user.torn(), f"{where}: torn: {user.torn()}")
                same = bool(user.events()) or user.content() == wanted
                tally.hold(same, f"{where}: {len(user.saved())} files, or another content")
                left = [path.name for path in user.folder.rglob("*.tmp")]
                tally.hold(not left, f"{where}: left behind: {left}")
    return tally
