"""The program as a person starts it: a terminal, keys, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.program import DOWN, ESCAPE, Program

pytestmark = pytest.mark.terminal

LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"


@pytest.mark.parametrize("size", [(120, 40), pytest.param((80, 24), marks=pytest.mark.long)])
def test_a_killed_consultation_is_resumed_with_every_answer(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with Program(tmp_path, size=size) as first:
        first.consultation()
        first.press("1", "y", "1", "y", "n")
        first.wait_for("Is a working pulse oximeter on site")
        first.signal(signal.SIGKILL)
        assert first.ended() == 128 + signal.SIGKILL
    with Program(tmp_path, size=size) as second:
        second.wait_for("5 changes")
        second.press("r")
        second.wait_for("Is a working pulse oximeter on site")
        for label, answer in (
            ("Prescriber", "Psychiatrist"),
            ("License and DEA cover Schedule III", "yes"),
            ("Treatment site", "Outpatient clinic"),
            ("Site certified in the SPRAVATO REMS", "yes"),
            ("A prescriber on site throughout", "no"),
        ):
            second.wait_for_line(label, answer)


@pytest.mark.parametrize(
    "number", [signal.SIGHUP, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
def test_a_signal_restores_the_terminal_and_keeps_the_draft(tmp_path: Path, number: int) -> None:
    with Program(tmp_path) as program:
        program.consultation()
        program.press("1", "y")
        program.wait_for("Where would the doses")
        program.signal(number)
        assert program.ended() == 128 + number
        assert LEAVES_ALTERNATE_SCREEN in program.raw
        assert program.raw.rindex(SHOWS_CURSOR) > 0
    drafts = list((tmp_path / "cases" / "drafts").glob("*.jsonl"))
    assert len(drafts) == 1
    assert len(drafts[0].read_text(encoding="utf-8").splitlines()) == 3


def test_quitting_leaves_nothing_of_the_case_behind_on_the_terminal(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        program.consultation()
        program.press("1")
        program.wait_for("Psychiatrist")
        program.press("\x11")
        assert program.ended() == 0
        after = program.raw.partition(LEAVES_ALTERNATE_SCREEN)[2]
    assert b"Psychiatrist" not in after


@pytest.mark.long
def test_an_idle_screen_writes_no_byte(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        program.consultation()
        # Ends only once nothing has been written for so long.
        program.quiet(2.0)


def test_without_color_no_color_is_written(tmp_path: Path) -> None:
    with Program(tmp_path, environ={"NO_COLOR": "1"}) as program:
        program.consultation()
        program.press("1", "n")
        program.wait_for("Where would the doses")
        for rgb in (b"38;2;", b"48;2;", b"38;5;", b"48;5;"):
            assert rgb not in program.raw


def test_a_label_with_terminal_control_is_shown_as_text(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        program.consultation()
        program.press("l")
        program.wait_for("Label (no names)")
        # The terminal's own cursor goes along, into the field and back to the focused line.
        cursor, field = program.screen.cursor, len(" Label (no names): ") + 1
        program.wait_until(lambda: (cursor.x, cursor.y) == (field, 38), "a cursor in the field")
        program.press(*"[red]x[/] $(id)")
        program.press("\r")
        program.wait_for("[red]x[/] $(id)")
        focused = "▸  Prescriber"

        def is_on_the_line() -> bool:
            row = program.screen.display[cursor.y]
            return focused in row and cursor.x == row.index(focused) + len("▸  ")

        program.wait_until(is_on_the_line, "a cursor on the line")
        program.press(ESCAPE)
        program.wait_for("Resume")
        assert "[red]x[/] $(id)" in program.wait_for("1 change")


def test_the_smallest_terminal_still_takes_answers(tmp_path: Path) -> None:
    with Program(tmp_path, size=(40, 12)) as program:
        program.wait_for("they matter")
        program.press("n")
        program.wait_for("1 of 11")
        program.press("1")
        program.wait_for("2 of 11")
        program.press(DOWN)
        program.wait_for("3 of 11")


def test_the_app_without_a_terminal_says_what_to_use_instead(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ketatui", "--cases", str(tmp_path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "ketatui walk" in done.stderr
    assert done.stdout == ""
