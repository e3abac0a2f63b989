"""Disks that misbehave for a while: full, read-only, gone. Then the person goes on."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reliability.faults import TOLD
from reliability.program_user import READY, ProgramUser, Reference, save, undisturbed, until
from reliability.script import ENTER, ESCAPE, SCRIPT, Step
from reliability.tally import Tally
from tests.terminal.program import Program

Trouble = Callable[[ProgramUser, Program], Callable[[], None]]
"""Makes the disk refuse; what it returns makes it well again."""

_LONG_NOTE = Step(("/", "setting.prescriber", ENTER, "o", "é" * 750, ENTER))
"""Some pages of the draft: what is left of the last page of a full disk does not hold it."""
_SHORT = (*SCRIPT[:3], _LONG_NOTE, *SCRIPT[3:7])
_BEFORE = 3
"""Changes made before the trouble begins."""


@contextmanager
def small_disk(folder: Path, size: str = "1m") -> Iterator[bool]:
    """Mount a small disk in memory on a folder; False where that is not allowed."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def full(user: ProgramUser, program: Program) -> Callable[[], None]:
    """Fill the disk to the last byte."""
    ballast = user.folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 512)
        except OSError:
            pass
    return ballast.unlink


def limited(user: ProgramUser, program: Program) -> Callable[[], None]:
    """Let no file of the program grow: the substitute for a full disk."""
    _limit(program, _largest(user))
    return lambda: _limit(program, resource.RLIM_INFINITY)


def _largest(user: ProgramUser) -> int:
    """The size of the draft: not one byte more is let through."""
    return max(path.stat().st_size for path in user.folder.glob("drafts/*.jsonl"))


def _limit(program: Program, size: int) -> None:
    _, hard = resource.prlimit(program.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (size, hard))


def gone(user: ProgramUser, program: Program) -> Callable[[], None]:
    """Move the whole folder away, as a network drive that drops out."""
    away = user.home / "elsewhere"
    user.folder.rename(away)
    return lambda: _back(user.folder, away)


def _back(folder: Path, away: Path) -> None:
    # The program may have made the folder anew meanwhile; the old one comes back whole.
    if folder.exists():
        folder.rename(folder.with_name("made meanwhile"))
    away.rename(folder)


def troubled(what: str, trouble: Trouble, *, mount: bool = False, saves: bool = False) -> Tally:
    """Answer, let the disk refuse, try to answer and to save, let it be well, finish, compare.

    Args:
        what: What it is called.
        trouble: Makes the disk refuse.
        mount: Whether it needs a disk of its own.
        saves: Whether a save succeeds all the same, so that none is tried.
    """
    tally = Tally(what)
    with tempfile.TemporaryDirectory() as folder:
        reference = undisturbed(Path(folder) / "reference", _SHORT)
        home = Path(folder) / "home"
        if not mount:
            _one(ProgramUser(home), reference, trouble, tally, saves)
            return tally
        with small_disk(home / "cases") as mounted:
            if mounted:
                _one(ProgramUser(home), reference, trouble, tally, saves)
            else:
                tally.skipped = "needs leave to mount a disk"
    return tally


def _one(
    user: ProgramUser, reference: Reference, trouble: Trouble, tally: Tally, saves: bool
) -> None:
    with user.start() as program:
        user.enter(program)
        for number, step in enumerate(_SHORT[:_BEFORE], start=1):
            user.change(program, step, number)
        well = trouble(user, program)
        _refused(user, program, _SHORT[_BEFORE], tally)
        # The text that was refused waits in its field: one Esc asks, the next one drops it.
        for _ in range(2):
            program.press(ESCAPE)
            program.quiet(0.2)
        tally.hold("Note on “Prescriber”" not in program.text, f"still asked:\n{program.text}")
        if not saves:
            program.press("s")
            _told(program, tally)
            tally.hold("Saved: " not in program.text, f"said to be saved:\n{program.text}")
        well()
        for number, step in enumerate(_SHORT[_BEFORE:], start=_BEFORE + 1):
            kept = user.change(program, step, number, 10.0)
            tally.hold(kept, f"not taken once the disk is well:\n{program.text}")
        events = user.events()
        tally.hold(events == reference.events, f"{len(events)} changes in the draft, or others")
        tally.hold(save(program, user), f"not saved:\n{program.text}")
        program.press("\x11")
        tally.hold(program.ended() == 0, "did not end well")
    tally.add("disks")
    tally.hold(user.content() == reference.content, "the saved case is not the undisturbed one")
    tally.hold(not user.torn(), f"torn: {user.torn()}")


def _refused(user: ProgramUser, program: Program, step: Step, tally: Tally) -> None:
    """Try to make a change that cannot be kept: it has to be told, and not to be shown."""
    user.type(program, step)
    _told(program, tally)


def _told(program: Program, tally: Tally) -> None:
    """Wait for the words that say so."""
    told = until(program, lambda: TOLD.search(program.text) is not None)
    program.quiet(0.2)
    tally.add("refusals")
    tally.hold(told, f"not told:\n{program.text}")


def read_only() -> Tally:
    """Begin and resume on a disk that has become read-only; then it is well again.

    While a draft is open for writing the system itself refuses to make its disk read-only.
    """
    tally = Tally("read-only disk")
    with tempfile.TemporaryDirectory() as folder:
        reference = undisturbed(Path(folder) / "reference", _SHORT)
        user = ProgramUser(Path(folder) / "home")
        with small_disk(user.folder) as mounted:
            if not mounted:
                tally.skipped = "needs leave to mount a disk"
                return tally
            with user.start() as program:
                user.enter(program)
                for number, step in enumerate(_SHORT[:_BEFORE], start=1):
                    user.change(program, step, number)
                program.press("\x11")
                program.ended()
            remount = ["mount", str(user.folder), "-o"]
            subprocess.run([*remount, "remount,ro"], check=True)
            with user.start() as program:
                program.wait_for(READY)
                for key in "nr":
                    program.press(key)
                    _told(program, tally)
                subprocess.run([*remount, "remount,rw"], check=True)
                user.enter(program)
                for number, step in enumerate(_SHORT[_BEFORE:], start=_BEFORE + 1):
                    user.change(program, step, number, 10.0)
                tally.hold(save(program, user), f"not saved:\n{program.text}")
            tally.hold(user.content() == reference.content, "the saved case is another one")
            tally.hold(not user.torn(), f"torn: {user.torn()}")
    return tally


def removed_for_good() -> Tally:
    """Delete the whole folder under an open consultation: what is on the screen can be saved."""
    tally = Tally("folder deleted, case saved again")
    with tempfile.TemporaryDirectory() as folder:
        reference = undisturbed(Path(folder) / "reference", _SHORT[:_BEFORE])
        user = ProgramUser(Path(folder) / "home")
        with user.start() as program:
            user.enter(program)
            for number, step in enumerate(_SHORT[:_BEFORE], start=1):
                user.change(program, step, number)
            for path in sorted(user.folder.rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            user.folder.rmdir()
            _refused(user, program, _SHORT[_BEFORE + 2], tally)
            tally.hold(save(program, user), f"not saved:\n{program.text}")
            program.press("\x11")
            program.ended()
        tally.hold(user.content() == reference.content, "the saved case is another one")
    return tally


def all_disks() -> list[Tally]:
    """Every disk that misbehaves."""
    return [
        troubled("disk full (tmpfs)", full, mount=True),
        troubled("no file may grow (RLIMIT_FSIZE)", limited),
        read_only(),
        troubled("folder gone for a while", gone, saves=True),
        removed_for_good(),
    ]
