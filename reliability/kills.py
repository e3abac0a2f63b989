"""SIGKILL at random moments of a scripted consultation: nothing that was on the screen is lost."""

from __future__ import annotations

import random
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reliability.program_user import (
    ProgramUser,
    Reference,
    progress,
    shows,
    undisturbed,
    until,
)
from reliability.script import SCRIPT, Step
from reliability.tally import Tally
from tests.terminal.program import Program


def killed(
    kills: int, seed: int, script: Sequence[Step] = SCRIPT, number: int = signal.SIGKILL
) -> Tally:
    """Kill the program until it was killed so often; finish each consultation and compare.

    Args:
        kills: How often.
        seed: Of the moments.
        script: What is typed.
        number: The signal.

    Returns:
        What was compared and what was lost.
    """
    tally = Tally(f"{signal.Signals(number).name} at random moments (seed {seed})")
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        reference = undisturbed(Path(folder) / "reference", script)
        tally.add("answers seen in the undisturbed run", reference.visible)
        shown = sum(bool(step.shows) for step in script)
        # A script that types past its lines would compare one wrong case with another.
        tally.hold(reference.visible == shown, f"{reference.visible} of {shown} answers seen")
        while tally.counts.get("kills", 0) < kills:
            home = Path(folder) / f"case{tally.counts.get('consultations', 0)}"
            _one_case(ProgramUser(home), reference, script, moments, tally, kills, number)
            tally.add("consultations")
    return tally


def _one_case(
    user: ProgramUser,
    reference: Reference,
    script: Sequence[Step],
    moments: random.Random,
    tally: Tally,
    kills: int,
    number: int,
) -> None:
    while not (user.saved() and not user.events()):
        live = tally.counts.get("kills", 0) < kills
        with user.start() as program:
            if live and moments.random() < 0.15:
                # While it starts, or lists the drafts, or resumes.
                if moments.random() < 0.5:
                    program.press("r" if user.events() else "n")
                until(program, lambda: False, moments.uniform(0.0, 0.9))
            else:
                _type_on(program, user, script, moments if live else None)
            if not live and user.saved():
                break
            if live:
                _kill(program, number, tally)
        _compare(program, user, reference, script, tally)
    content = user.content()
    tally.hold(content == reference.content, f"saved otherwise: {differ(content, reference)}")
    left = [path.name for path in user.folder.iterdir() if path.name.endswith(".tmp")]
    tally.hold(not left, f"left behind after the save: {left}")


def differ(content: list[Any], reference: Reference) -> str:
    """Name what differs between the saved cases and the undisturbed one."""
    if len(content) != len(reference.content):
        return f"{len(content)} files"
    wanted = reference.content[0]
    keys = {*content[0], *wanted}
    return ", ".join(sorted(key for key in keys if content[0].get(key) != wanted.get(key)))


def _type_on(
    program: Program, user: ProgramUser, script: Sequence[Step], moments: random.Random | None
) -> None:
    """Type what is still to be typed, to the end or to a random moment."""
    user.enter(program)
    done = len(user.events())
    rest = list(enumerate(script[done:], start=done + 1))
    if moments is not None:
        rest = rest[: moments.randint(1, 4)]
    for place, step in rest:
        if moments is not None and place == rest[-1][0]:
            user.type(program, step)
            _wait(program, moments.choice([0.01, 0.05, 0.3]) * moments.random())
            return
        user.change(program, step, place)
        user.leave(program, step)
    program.press("s")
    if moments is not None:
        _wait(program, moments.uniform(0.0, 0.12))
    else:
        until(program, lambda: "Saved: " in program.text)


def _wait(program: Program, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while (left := limit - time.monotonic()) > 0:
        program.read(left)


def _kill(program: Program, number: int, tally: Tally) -> None:
    program.signal(number)
    status = program.ended()
    tally.add("kills")
    if number != signal.SIGKILL:
        reports = [path.read_text("utf-8") for path in program.cases.glob("drafts/crash-*")]
        said = "".join(reports) or program.text
        tally.hold(status == 128 + number, f"ended with status {status}:\n{said}")


def _compare(
    program: Program,
    user: ProgramUser,
    reference: Reference,
    script: Sequence[Step],
    tally: Tally,
) -> None:
    """Hold what is on disk against what the screen showed last."""
    torn = user.torn()
    tally.hold(not torn, f"torn: {torn}")
    if user.saved():
        return
    events = user.events()
    count = len(events)
    tally.hold(events == reference.events[:count], f"the draft differs within {count} changes")
    said = progress(program)
    if said in reference.progress:
        tally.hold(count >= reference.progress[said], f"{said} shown, {count} changes on disk")
    for place, step in enumerate(script, start=1):
        if shows(program, step):
            tally.add("answers on the screen at death")
            tally.hold(place <= count, f"{step.shows} shown, {count} changes on disk")
