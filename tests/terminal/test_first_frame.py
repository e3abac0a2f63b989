"""The first frame is there before the program is, and leaves no trace of itself."""

from __future__ import annotations

import signal
import termios
from pathlib import Path
from time import monotonic

import pytest

from ketatui.first_frame import forget_first_frames, keep_first_frame, opens_app
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

ALTERNATE, OWN = b"\x1b[?1049h", b"\x1b[?1049l"
READY = "asked only where they matter"


def running(home: Path, size: tuple[int, int] = (120, 40)) -> Program:
    return Program(home, size=size, environ={"XDG_CACHE_HOME": str(home / "cache")})


def kept(home: Path) -> list[Path]:
    return sorted((home / "cache" / "ketatui" / "first-frame").glob("*"))


def kept_in_time(program: Program, home: Path) -> None:
    limit = monotonic() + 20
    while not kept(home):
        assert monotonic() < limit, "no frame was kept"
        program.read(0.1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Start once with a draft there, and wait until the frame has been kept."""
    home = tmp_path_factory.mktemp("home")
    with running(home) as program:
        program.wait_for(READY)
        program.press("n")
        program.wait_for(". jumps")
        program.press("1")
        program.wait_for("draft, on disk")
        program.signal(signal.SIGKILL)
        program.ended()
    for file in kept(home):
        file.unlink()
    with running(home) as program:
        program.wait_for("Resume")
        kept_in_time(program, home)
    return home


def test_the_next_start_shows_the_frame_and_takes_it_over(home: Path) -> None:
    (file,) = kept(home)
    heading, _, frame = file.read_bytes().partition(b"\n")
    assert file.name == "120x40" and b"xterm-256color" in heading
    with running(home) as program:
        program.wait_for("New consultation")
        # Typed before there is a program to read it: neither echoed nor lost.
        program.press("n")
        program.wait_for(". jumps")
        assert program.raw.startswith(ALTERNATE + b"\x1b[?25l" + frame)
        # The same picture was not painted again, and the screen was not left for it.
        assert program.raw.count(frame[:200]) == 1
        assert program.raw.count(ALTERNATE) == 1
        assert OWN not in program.raw
    with running(home, size=(80, 24)) as program:
        program.wait_for(READY)
        assert not program.raw.startswith(ALTERNATE + b"\x1b[?25l\x1b[1;1H")


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.long)]
)
def test_a_start_that_is_stopped_gives_the_terminal_back(home: Path, number: int) -> None:
    with running(home) as program:
        program.wait_for("New consultation")
        assert not termios.tcgetattr(program.fd)[3] & termios.ECHO
        program.signal(number)
        assert program.ended() in (128 + number, 130)
        assert OWN in program.raw
        restored = termios.tcgetattr(program.fd)[3]
        assert restored & termios.ECHO and restored & termios.ICANON


def test_a_frame_holds_nothing_of_a_case(home: Path) -> None:
    frame = kept(home)[0].read_text(encoding="utf-8")
    assert "loading the criteria" in frame
    assert "Resume" not in frame and "saved case " not in frame and "0 saved" not in frame


def test_frames_are_dropped_when_they_would_look_different(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "ketatui" / "first-frame"
    forget_first_frames()
    folder.mkdir(parents=True)
    (folder / "80x24").write_text("what was seen")
    forget_first_frames()
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("", True),
        ("--cases here", True),
        ("--cases=here --policy there", True),
        ("--cases", False),
        ("walk", False),
        ("--help", False),
        ("--cases here assess", False),
    ],
)
def test_only_the_apps_own_arguments_show_a_frame(words: str, opens: bool) -> None:
    assert opens_app(words.split()) is opens


def test_a_size_that_is_not_the_terminals_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    keep_first_frame([], "what was seen")
    assert not list(tmp_path.iterdir())
