"""One person at one folder of cases: starts the program, types steps, reads what is on disk."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ketatui.cases.journal import read_journal
from ketatui.cases.store import CaseStore
from ketatui.consultation.consultation import Consultation
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.tui.views.questions import progress as counted
from reliability.script import Step
from tests.terminal.program import Program

READY = "asked only where they matter"
_PROGRESS = re.compile(r"(\d+ of \d+) answered")
_MOMENTS = {"at", "discussed_at", "ended_at"}
_PASSING = {"id", "case", "record", "row", "digest", "previous", "on", "dates", *_MOMENTS}
"""What differs between two sittings that did the same."""


@dataclass
class ProgramUser:
    """A folder of cases and the program opened on it, again and again.

    Attributes:
        home: The home folder; cases are in ``cases`` within.
        module: What is run with ``python -m``.
        environ: Added to the environment.
    """

    home: Path
    module: Sequence[str] = ("ketatui",)
    environ: dict[str, str] = field(default_factory=dict)
    size: tuple[int, int] = (120, 40)

    @property
    def folder(self) -> Path:
        """Where the cases are."""
        return self.home / "cases"

    def start(self) -> Program:
        """Start the program; the first screen need not be up when this returns."""
        return Program(self.home, size=self.size, environ=self.environ, module=self.module)

    @cached_property
    def store(self) -> CaseStore:
        """The saved cases."""
        return CaseStore(self.folder, knowledge().pack)

    def saved(self) -> list[Path]:
        """The files of saved cases."""
        return sorted(self.folder.glob("*.toml"))

    def events(self) -> list[Any]:
        """The changes in the draft, times taken out; none when there is no draft."""
        drafts = [read_journal(path).events for path in self.folder.glob("drafts/*.jsonl")]
        longest = max(drafts, key=len, default=())
        return [timeless(json.loads(json.dumps(event, default=str))) for event in longest]

    def torn(self) -> list[str]:
        """What is on disk and could not be used, or is not what was written."""
        found = [
            f"{path.name}: {problem.message}"
            for path in self.saved()
            for problem in self.store.verify(path)
        ]
        for path in self.folder.glob("drafts/*.jsonl"):
            problem = read_journal(path).problem
            if problem is not None:
                found.append(f"{path.name}: {problem}")
        return found

    def content(self) -> list[Any]:
        """The saved cases, without what differs between two sittings that did the same."""
        return [without_passing(tomllib.loads(path.read_text("utf-8"))) for path in self.saved()]

    # --- typing -----------------------------------------------------------------------------

    def enter(self, program: Program) -> None:
        """Go from the first screen to the consultation: on with the draft, or a new one."""
        program.wait_for(READY)
        program.press("r" if self.events() else "n")
        program.wait_for("of")
        until(program, lambda: progress(program) is not None)

    def type(self, program: Program, step: Step) -> None:
        """Type the keys of a step, one after the other."""
        for key in step.keys:
            # Lines that come all at once are taken for pasted ones, of which Enter confirms none.
            program.press(key)
            # A busy machine shows the first sign of a key late; few keys show none.
            program.read(0.3)
            program.quiet(0.03)

    def change(self, program: Program, step: Step, number: int, patience: float = 20.0) -> bool:
        """Type a step; return whether the draft then holds ``number`` changes."""
        self.type(program, step)
        kept = until(program, lambda: len(self.events()) >= number, patience)
        program.quiet(0.05)
        return kept

    def leave(self, program: Program, step: Step) -> None:
        """Go back to the questions."""
        for key in step.back:
            program.press(key)
            # Or the terminal's reader takes two of them for one key with Alt.
            program.quiet(0.15)


def until(program: Program, holds: Callable[[], bool], patience: float = 10.0) -> bool:
    """Read the screen until something holds; return whether it came to that."""
    limit = time.monotonic() + patience
    while not holds():
        if time.monotonic() > limit:
            return False
        program.read(0.02)
    return True


def progress(program: Program) -> str | None:
    """How many questions the screen says are answered."""
    found = _PROGRESS.search(program.text)
    return found[1] if found else None


def shows(program: Program, step: Step) -> bool:
    """Whether the screen shows the answer of a step; what is still being typed is none."""
    if not step.shows:
        return False
    label, answer = step.shows
    if label == "KetaTUI":
        return answer in program.text.splitlines()[0]
    answered = re.compile(rf"{re.escape(label)}.*\s\s{re.escape(answer)}")
    return any(
        "▏" not in part and answered.search(part) is not None
        for line in program.text.splitlines()
        for part in line.split("│")
    )


@dataclass(frozen=True)
class Reference:
    """What comes of the script when nothing disturbs it."""

    events: list[Any]
    progress: dict[str, int]
    """For each count on the screen, the fewest changes with which it is shown."""
    content: list[Any]
    visible: int
    """Steps whose answer was on the screen right after it was typed."""


def undisturbed(home: Path, script: Sequence[Step]) -> Reference:
    """Type the script, save, and keep what came of it."""
    user = ProgramUser(home)
    visible = 0
    with user.start() as program:
        user.enter(program)
        for number, step in enumerate(script, start=1):
            assert user.change(program, step, number), (
                f"step {number} was not taken:\n{program.text}"
            )
            visible += shows(program, step)
            user.leave(program, step)
            until(program, lambda: progress(program) is not None)
        events = user.events()
        seen = _counts(next(user.folder.glob("drafts/*.jsonl")))
        save(program, user)
        assert user.saved(), f"not saved:\n{program.text}"
    return Reference(events, seen, user.content(), visible)


def _counts(draft: Path) -> dict[str, int]:
    """How many questions are answered after each change, as the screen puts it."""
    content = read_journal(draft)
    assert content.header is not None
    case = content.header.snapshot
    consultation = Consultation(knowledge(), case, today=dt.date.today)
    seen: dict[str, int] = {}
    for number, event in enumerate(content.events, start=1):
        consultation.replay(event)
        counts = [counted(consultation, item.id) for item in consultation.pack.sections]
        answered, asked = (sum(column) for column in zip(*counts, strict=True))
        seen.setdefault(f"{answered} of {asked}", number)
    return seen


def save(program: Program, user: ProgramUser) -> bool:
    """Save from the questions; return whether the first screen says so."""
    program.press("s")
    done = until(program, lambda: "Saved: " in program.text, 5.0)
    program.quiet(0.05)
    return done and bool(user.saved())


_KNOWLEDGE: list[Knowledge] = []


def knowledge() -> Knowledge:
    """The shipped pack, compiled once."""
    if not _KNOWLEDGE:
        _KNOWLEDGE.append(compile_pack(load_pack(default_folder({}))))
    return _KNOWLEDGE[0]


def timeless(value: Any) -> Any:
    """Replace every moment."""
    if isinstance(value, dict):
        passing = {*_MOMENTS, "on"}
        return {key: "moment" if key in passing else timeless(item) for key, item in value.items()}
    return [timeless(item) for item in value] if isinstance(value, list) else value


def without_passing(value: Any) -> Any:
    """Take out ids, times and digests."""
    if isinstance(value, dict):
        return {k: without_passing(item) for k, item in value.items() if k not in _PASSING}
    return [without_passing(item) for item in value] if isinstance(value, list) else value
