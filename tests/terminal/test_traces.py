"""What is left behind by a consultation that was left: in the terminal, and in temporary files."""

from __future__ import annotations

import re
from pathlib import Path

import pyte
import pytest

from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

ENTERS = b"\x1b[?1049h"
LEAVES = b"\x1b[?1049l"
LABEL = "heron label"
NOTE = "heron note on the prescriber"
ANSWER = "Psychiatrist"
TYPED = (LABEL, NOTE, ANSWER)


def ordinary_screen(raw: bytes) -> str:
    """Return what the terminal's ordinary screen holds, what scrolled off its top included.

    A terminal keeps two screens, and only the ordinary one has a scrollback and stays after the
    program has ended.
    """
    screen = pyte.HistoryScreen(120, 40, history=10_000)
    stream = pyte.ByteStream(screen)
    before, *visits = raw.split(ENTERS)
    stream.feed(before)
    for visit in visits:
        stream.feed(visit.partition(LEAVES)[2])
    scrolled = ["".join(row[x].data for x in range(120)) for row in screen.history.top]
    return "\n".join([*scrolled, *screen.display])


def work(program: Program) -> None:
    """Answer a question, write a note and a label, and see all three on the screen."""
    program.consultation()
    program.press("1")
    program.wait_for(ANSWER)
    program.press("k", "o")
    program.wait_for("Note on")
    program.press(NOTE, "\r")
    program.wait_for(NOTE)
    program.press("l")
    program.wait_for("Label (no names)")
    program.press(LABEL, "\r")
    program.wait_for(LABEL)


@pytest.mark.parametrize("way", ["save", pytest.param("quit", marks=pytest.mark.long)])
def test_quitting_leaves_no_word_in_scrollback_or_temporary_files(tmp_path: Path, way: str) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environ = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with Program(tmp_path, environ=environ) as program:
        work(program)
        if way == "save":
            program.press("s")
            program.wait_for("Saved: ")
        program.press("\x11")
        assert program.ended() == 0
        raw = program.raw
    # It was on the screen, and only on the one that is thrown away.
    assert raw.count(ENTERS) == raw.count(LEAVES) == 1
    assert all(word.encode() in raw for word in (LABEL, ANSWER))
    left = ordinary_screen(raw)
    assert not any(word in left for word in TYPED)
    assert re.sub(r"\s", "", left) == ""
    assert [path for path in temporary.rglob("*") if path.is_file()] == []
    # What was typed is in the folder of cases, and of a saved case in the index of the library.
    holders = [
        path.relative_to(tmp_path).parts[0]
        for path in tmp_path.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in (LABEL, NOTE))
    ]
    assert "cases" in holders
    assert set(holders) <= ({"cases", "cache"} if way == "save" else {"cases"})


@pytest.mark.long
def test_a_setting_of_no_minutes_is_kept_and_an_idle_screen_stays(tmp_path: Path) -> None:
    settings = tmp_path / "config" / "ketatui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("welcomed = true\nblank_after = 0\n", encoding="utf-8")
    with Program(tmp_path) as program:
        program.consultation()
        program.quiet(1.5)
        assert "Who will prescribe" in program.text
