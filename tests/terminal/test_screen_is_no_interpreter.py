"""Text from cases, file names and criteria in a real terminal: shown as text, acting on nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ketatui.cases.model import Case, Consent, Decision, Medication, Override, Trial
from ketatui.cases.store import CaseStore
from ketatui.engine import Knowledge
from tests.cli.support import Command
from tests.terminal.program import ESCAPE, Program

pytestmark = pytest.mark.terminal

NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
CASE_ID = "20261121-210143-k3f9"
PLANTED = (
    "\x1b[2J",
    "\x1b[31m",
    "\x1b]0;owned\x07",
    "\x1b]52;c;b3duZWQ=\x07",
    "\x1bP1$q\x1b\\",
    "\x9b31m",
    "\x08\x08",
    "\x07",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u2028",
)
"""Sequences of terminals, bidirectional controls, characters without width."""
MARKUP = "[bold red]x[/] [/] [@click=app.quit]q[/] $y {z}"
HOSTILE = f"漢字 {MARKUP} {''.join(PLANTED)} end"
POLICY = """\
id = "clinic"
title = "[red]policy[/] \\u001b]0;owned\\u0007 \\u202e"
[thresholds]
bp_hold_systolic = 150
"""


@pytest.fixture
def home(tmp_path: Path, knowledge: Knowledge) -> Path:
    folder = tmp_path / "cases"
    case = Case(
        id=CASE_ID,
        label=HOSTILE,
        answers={"patient.age": 52, "indication.diagnosis": "mdd"},
        notes={"patient.age": HOSTILE},
        medications=(Medication(name=HOSTILE, dose=HOSTILE),),
        trials=(Trial(drug=HOSTILE),),
        consent=Consent(present=HOSTILE, interpreter=HOSTILE),
        decision=Decision(
            pathway="none",
            reason=HOSTILE,
            by=HOSTILE,
            at=NOW,
            overrides=(
                Override(pathway="iv", rule="bp-elevated", reason=HOSTILE, by=HOSTILE, at=NOW),
            ),
        ),
    )
    CaseStore(folder, knowledge.pack).save(case, base=None, by=HOSTILE, why=HOSTILE, now=NOW)
    (folder / f"{HOSTILE.replace('/', ' ')[:70]}.toml").write_text("[answers]\n", "utf-8")
    (tmp_path / "policy.toml").write_text(POLICY, "utf-8")
    return tmp_path


def assert_untouched(raw: bytes) -> None:
    """Nothing that was planted has reached the terminal as it is."""
    # The shape of the pointer is all the app itself says in this way.
    text = re.sub(r"\x1b\]22;\w*(\x07|\x1b\\\\)", "", raw.decode("utf-8", "replace"))
    # What the program itself sends may begin alike; only these are never its own.
    own = {"\x1b[31m", "\x1b[2J"}
    for sequence in PLANTED:
        if sequence not in own:
            assert sequence not in text, repr(sequence)
    assert "\x1b]" not in text


def aligned(program: Program) -> Iterator[int]:
    """Yield the columns at which the panes are parted, a number a line."""
    for row in range(2, 30):
        line = program.screen.buffer[row]
        yield next((column for column in range(120) if line[column].data == "│"), -1)


def test_the_app_shows_hostile_text_as_text_on_every_screen(home: Path) -> None:
    with Program(home, "--policy", str(home / "policy.toml")) as program:
        program.wait_for("they matter")
        program.press("c")
        program.wait_for("Saved cases: 2")
        program.press(ESCAPE)
        program.wait_for("they matter")
        program.press("k")
        program.wait_until(lambda: "they matter" not in program.text)
        program.press(ESCAPE)
        program.wait_for("they matter")
        program.press("c")
        program.wait_for("Saved cases: 2")
        program.wait_for("not a case")
        program.wait_for("[bold")
        # The first line is a file that is no case: Enter says why, and goes nowhere.
        program.press("\r")
        program.wait_until(lambda: any(r"\x1b" in row for row in program.screen.display[36:]))
        program.press("\x1b[B", "\r")
        program.wait_for("F9 amend")
        program.wait_for("[bold red]x[/] [/] [@click")
        program.press("\x1b[20~")  # F9
        program.wait_for("answered")

        def parted() -> set[int]:
            return set(aligned(program))

        program.wait_until(lambda: len(parted()) == 1 and -1 not in parted())
        at = parted()
        # Each once the one before has acted: what comes in one piece is taken for a paste.
        program.press("/")
        program.wait_for("Find:")
        program.press("patient.age", "\r")
        program.wait_for("▸ Patient")
        program.wait_for_line("▸", "Age")
        program.wait_until(lambda: parted() == at)
        program.press("/")
        program.wait_for("Find:")
        program.press("medications", "\r")
        program.wait_for("▸ Medicines")
        program.press("\r")
        program.wait_for("picks a name")
        program.wait_until(lambda: parted() == at)
        program.press(ESCAPE)
        program.wait_until(lambda: "picks a name" not in program.text and parted() == at)
        for key, shown in (
            ("e", "Explain: by"),
            ("c", "To discuss ("),
            ("l", "Label (no names)"),
            ("o", "Note on"),
            ("d", "Decide"),
        ):
            program.press(key)
            program.wait_for(shown)
            program.press(ESCAPE)
            program.wait_until(lambda was=shown: was not in program.text)  # type: ignore[misc]
            program.wait_for("answered")
        assert r"\x1b" in program.screen.display[0] or MARKUP[:12] in program.screen.display[0]
        program.press("\x11")
        assert program.ended() == 0
        assert "owned" not in program.screen.title
        assert_untouched(program.raw)


@pytest.mark.parametrize(
    "command",
    [
        ["cases", "list"],
        ["cases", "show", CASE_ID],
        ["cases", "verify"],
        ["cases", "export", CASE_ID, "--format", "md"],
        ["cases", "export", CASE_ID, "--format", "fhir"],
        ["cases", "reassess", CASE_ID, "--policy", "policy.toml"],
        ["cases", "diff", f"{CASE_ID}@1", CASE_ID],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_no_command_prints_anything_a_terminal_acts_on(
    home: Path,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(home)
    done = Command(capsys, monkeypatch)(*command, "--cases", home / "cases")
    out = done.out + done.err
    assert out
    assert_untouched(out.encode())
    assert all(line.isprintable() for line in out.splitlines())
