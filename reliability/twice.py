"""Two programs on one case, and files changed by another hand while they are open."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

from reliability.script import AMEND, AMENDED, ENTER, FIRST
from reliability.sitting import READY, Sitting, progress, save, until
from reliability.tally import Tally
from tests.terminal.program import Program

OTHER_HAND = b"\n# somebody else was here\n"


def _begun(sitting: Sitting, program: Program, *, saved: bool = False) -> None:
    sitting.enter(program)
    for number, step in enumerate(FIRST, start=1):
        sitting.change(program, step, number)
    if saved:
        save(program, sitting)


def _amend(sitting: Sitting, program: Program) -> bool:
    for key, shown in (("c", "Enter open"), (ENTER, "read-only")):
        program.press(key)
        program.wait_for(shown)
    program.quiet(0.2)
    program.press(AMEND)
    return until(program, lambda: progress(program) is not None, 2.0)


def two_at_once() -> Tally:
    """A draft open twice; a case amended twice; a file changed meanwhile; a dead lock."""
    tally = Tally("two at once")
    with tempfile.TemporaryDirectory() as folder:
        _one_draft(Sitting(Path(folder) / "draft"), tally)
        _one_case(Sitting(Path(folder) / "case"), tally)
        for what in ("changed", "replaced", "removed"):
            _other_hand(Sitting(Path(folder) / what), what, tally)
        _dead_lock(Sitting(Path(folder) / "dead"), tally)
    return tally


def _one_draft(sitting: Sitting, tally: Tally) -> None:
    with sitting.start() as first, sitting.start() as second:
        _begun(sitting, first)
        second.wait_for(READY)
        second.press("r")
        second.quiet(0.3)
        tally.hold(progress(second) is None, f"one draft open twice:\n{second.text}")
        before = sitting.events()
        tally.hold(sitting.change(first, AMENDED[0], 5), "the first window cannot go on")
        tally.hold(sitting.events()[:4] == before, "the second window changed the draft")


def _one_case(sitting: Sitting, tally: Tally) -> None:
    with sitting.start() as first:
        _begun(sitting, first, saved=True)
        with sitting.start() as second:
            second.wait_for(READY)
            tally.hold(_amend(sitting, first), "the first window cannot amend")
            sitting.change(first, AMENDED[0], 1)
            # The list shows the draft first; the case stands below.
            second.press("c")
            second.wait_for("Enter open")
            second.press("\x1b[B", ENTER)
            second.wait_for("read-only")
            second.quiet(0.2)
            second.press(AMEND)
            told = until(second, lambda: "another window" in second.text, 2.0)
            tally.hold(told, f"not told:\n{second.text}")
            tally.hold(save(first, sitting), f"not saved:\n{first.text}")
    tally.hold(not sitting.torn(), f"torn: {sitting.torn()}")


def _other_hand(sitting: Sitting, what: str, tally: Tally) -> None:
    """A file is edited, synced over or removed while it is being amended."""
    with sitting.start() as program:
        _begun(sitting, program, saved=True)
        (path,) = sitting.saved()
        whole = path.read_bytes()
        _amend(sitting, program)
        sitting.change(program, AMENDED[0], 1)
        match what:
            case "changed":
                path.write_bytes(whole + OTHER_HAND)
            case "replaced":
                other = path.with_name("synced")
                other.write_bytes(whole.replace(b"52 m", b"53 m"))
                other.replace(path)
            case _:
                path.unlink()
        theirs = path.read_bytes() if path.exists() else b""
        program.press("s")
        asked = until(program, lambda: "Keep both" in program.text)
        tally.hold(asked, f"not asked:\n{program.text}")
        tally.add("questions asked", program.text.count("(y/n)"))
        program.press("n", ENTER)
        until(program, lambda: "Not saved" in program.text)
        kept = path.read_bytes() if path.exists() else b""
        tally.hold(kept == theirs, "their version was touched")
        tally.hold(len(sitting.events()) == 1, "the draft is gone after a no")
        program.press("s")
        until(program, lambda: "Keep both" in program.text)
        program.press("y", ENTER)
        tally.hold(until(program, lambda: "Saved: " in program.text), program.text)
    files = sitting.saved()
    kept = path.read_bytes() if path.exists() else b""
    tally.hold(kept == theirs, "their version was touched")
    tally.hold(len(files) == (1 if what == "removed" else 2), f"{len(files)} files")
    mine = [sitting.store.load(other).case for other in files if other != path]
    amended = [case.answers.get("vitals.spo2") for case in mine]
    tally.hold(amended == [97], f"mine is not kept: {amended}")


def _dead_lock(sitting: Sitting, tally: Tally) -> None:
    """A program that was killed holds no lock, and its lock files ask no question."""
    with sitting.start() as program:
        _begun(sitting, program)
        program.signal(signal.SIGKILL)
        program.ended()
    tally.hold(any(sitting.folder.glob("drafts/*.lock")), "no lock was left behind")
    with sitting.start() as program:
        sitting.enter(program)
        tally.hold(sitting.change(program, AMENDED[0], 5), f"cannot go on:\n{program.text}")
        tally.hold(save(program, sitting), f"not saved:\n{program.text}")
