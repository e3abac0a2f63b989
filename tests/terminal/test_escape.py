"""Esc and the key behind it, through a real terminal and through tmux: both are meant."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import run
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal


def some(now: tuple[str | float, ...], later: tuple[str | float, ...]) -> list[object]:
    """Return what is tried at every change, and what ``make test-long`` tries too."""
    return [*now, *(pytest.param(value, marks=pytest.mark.long) for value in later)]


GAPS = some((0.02,), (0.0, 0.09, 0.11, 0.3, 0.7))
"""Seconds between Esc and the key behind it: below and above what Textual and tmux wait."""


def edits(cases: Path) -> list[dict[str, object]]:
    """Return what was written to the draft."""
    drafts = sorted(cases.rglob("*.jsonl"))
    lines = [line for path in drafts for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if '"do"' in line]


def answers(cases: Path) -> str:
    """Return the edits of the draft as one text."""
    return json.dumps(edits(cases))


def marked(program: Program) -> str:
    """Return the marked line of the form, which stands right of the sections."""
    lines = program.text.splitlines()
    return next((line for line in lines if "▸" in line.partition("│")[2]), "")


@pytest.mark.parametrize("gap", GAPS)
def test_escape_then_enter_never_answers_the_rest_of_a_section(tmp_path: Path, gap: float) -> None:
    with Program(tmp_path) as program:
        program.consultation()
        program.press("g")
        program.wait_for("Sections")
        program.press("\x1b[B" * 4, "\r")
        program.wait_for("Aneurysm (aorta, brain, limbs)")
        program.press("a")
        program.wait_for("y answers them so")
        program.press("\x1b")
        program.quiet(gap)
        program.press("\r")
        program.wait_for("y yes   n no")
        program.quiet(0.8)
        assert "hypersensitivity" not in answers(program.cases)
        program.press("y")
        program.wait_until(lambda: '"medical.aneurysmal_disease"' in answers(program.cases))
        assert '"medical.avm"' not in answers(program.cases)


@pytest.mark.parametrize("second", some(("2", "\x1b[B"), ("y", "\t", "f", "b", ".")))
def test_escape_and_a_quick_key_close_a_note_and_mean_the_key(tmp_path: Path, second: str) -> None:
    with Program(tmp_path) as program:
        program.consultation()
        program.press("o")
        program.wait_for("Note on")
        program.press(f"\x1b{second}")
        program.wait_until(lambda: "Note on" not in program.text)
        moved = {"\x1b[B": "License", ".": "Aneurysm", "2": "License"}
        program.wait_until(lambda: moved.get(second, "Prescriber") in marked(program))
        said = answers(program.cases)
        assert ('"anesthesiologist"' in said) == (second == "2")
        assert "™" not in program.text
        program.press("n")
        program.quiet(0.2)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[list[str]]:
    """A tmux server of its own, with its defaults."""
    if shutil.which("tmux") is None:
        pytest.skip("no tmux here")
    command = ["tmux", "-L", f"ketatui-{tmp_path.name}", "-f", "/dev/null"]
    yield command
    run([*command, "kill-server"], check=False)


def test_in_tmux_with_its_default_escape_time_both_keys_are_meant(
    tmp_path: Path, tmux: list[str]
) -> None:
    settings = tmp_path / "config" / "ketatui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("welcomed = true\n", encoding="utf-8")
    inner = (
        f"env -u COLUMNS -u LINES HOME={tmp_path} XDG_CONFIG_HOME={tmp_path}/config "
        f"{sys.executable} -m ketatui --cases {tmp_path}/cases"
    )
    run([*tmux, "new-session", "-d", "-x", "120", "-y", "40", inner])

    def shown(text: str) -> str:
        limit = time.monotonic() + 20
        while True:
            done = run([*tmux, "capture-pane", "-p"])
            if text in done.stdout:
                return done.stdout
            assert time.monotonic() < limit, f"{text!r} never came:\n{done.stdout}"

    def send(*keys: str) -> None:
        run([*tmux, "send-keys", *keys])

    shown("asked only where they matter")
    send("n")
    shown("Who will prescribe")
    send("g")
    shown("Sections")
    send("Down", "Down", "Down", "Down", "Enter")
    shown("Aneurysm (aorta, brain, limbs)")
    send("a")
    shown("y answers them so")
    send("M-Enter")  # What tmux makes of Esc and Enter within its escape time.
    shown("Heart failure")
    assert answers(tmp_path / "cases").count('"medical.') == 0
    send("o")
    shown("Note on")
    send("M-y")
    limit = time.monotonic() + 20
    while '"medical.aneurysmal_disease"' not in answers(tmp_path / "cases"):
        assert time.monotonic() < limit, "the answer never came"
        time.sleep(0.05)
    assert answers(tmp_path / "cases").count('"medical.') == 1
