"""Two programs on one case, and files changed by another hand while they are open."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

from reliability.program_user import READY, ProgramUser, progress, save, until
from reliability.script import AMEND, AMENDED, ENTER, FIRST
from reliability.tally import Tally
from tests.terminal.program import Program

OTHER_HAND = b"\n# somebody else was here\n"


def _begun(user: ProgramUser, program: Program, *, saved: bool = False) -> None:
    user.enter(program)
    for number, step in enumerate(FIRST, start=1):
        user.change(program, step, number)
    if saved:
        save(program, user)


def _amend(user: ProgramUser, program: Program) -> bool:
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
        _one_draft(ProgramUser(Path(folder) / "draft"), tally)
        _one_case(ProgramUser(Path(folder) / "case"), tally)
        for what in ("changed", "replaced", "removed"):
            _other_hand(ProgramUser(Path(folder) / what), what, tally)
        _dead_lock(ProgramUser(Path(folder) / "dead"), tally)
    return tally


def _one_draft(user: ProgramUser, tally: Tally) -> None:
    with user.start() as first, user.start() as second:
        _begun(user, first)
        second.wait_for(READY)
        second.press("r")
        second.quiet(0.3)
        tally.hold(progress(second) is None, f"one draft open twice:\n{second.text}")
        before = user.events()
        tally.hold(user.change(first, AMENDED[0], 5), "the first window cannot go on")
        tally.hold(user.events()[:4] == before, "the second window changed the draft")


def _one_case(user: ProgramUser, tally: Tally) -> None:
    with user.start() as first:
        _begun(user, first, saved=True)
        with user.start() as second:
            second.wait_for(READY)
            tally.hold(_amend(user, first), "the first window cannot amend")
            user.change(first, AMENDED[0], 1)
            # The list shows the draft first; the case stands below.
            second.press("c")
            second.wait_for("Enter open")
            second.press("\x1b[B", ENTER)
            second.wait_for("read-only")
            second.quiet(0.2)
            second.press(AMEND)
            told = until(second, lambda: "another window" in second.text, 2.0)
            tally.hold(told, f"not told:\n{second.text}")
            tally.hold(save(first, user), f"not saved:\n{first.text}")
    tally.hold(not user.torn(), f"torn: {user.torn()}")


def _other_hand(user: ProgramUser, what: str, tally: Tally) -> None:
    """A file is edited, synced over or removed while it is being amended."""
    with user.start() as program:
        _begun(user, program, saved=True)
        (path,) = user.saved()
        whole = path.read_bytes()
        _amend(user, program)
        user.change(program, AMENDED[0], 1)
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
        tally.hold(len(user.events()) == 1, "the draft is gone after a no")
        program.press("s")
        until(program, lambda: "Keep both" in program.text)
        program.press("y", ENTER)
        tally.hold(until(program, lambda: "Saved: " in program.text), program.text)
    files = user.saved()
    kept = path.read_bytes() if path.exists() else b""
    tally.hold(kept == theirs, "their version was touched")
    tally.hold(len(files) == (1 if what == "removed" else 2), f"{len(files)} files")
    mine = [user.store.load(other).case for other in files if other != path]
    amended = [case.answers.get("vitals.spo2") for case in mine]
    tally.hold(amended == [97], f"mine is not kept: {amended}")


def _dead_lock(user: ProgramUser, tally: Tally) -> None:
    """A program that was killed holds no lock, and its lock files ask no question."""
    with user.start() as program:
        _begun(user, program)
        program.signal(signal.SIGKILL)
        program.ended()
    tally.hold(any(user.folder.glob("drafts/*.lock")), "no lock was left behind")
    with user.start() as program:
        user.enter(program)
        tally.hold(user.change(program, AMENDED[0], 5), f"cannot go on:\n{program.text}")
        tally.hold(save(program, user), f"not saved:\n{program.text}")
