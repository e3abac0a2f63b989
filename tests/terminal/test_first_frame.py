"""The first frame is there before the program is, and leaves no trace of itself."""

from __future__ import annotations

import signal
import termios
from pathlib import Path
from time import monotonic

import pytest

from ketatui.first_frame import forget_first_frames, keep_first_frame, opens_app
from ketatui.first_keys import stamps, unchanged
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

ALTERNATE, OWN = b"\x1b[?1049h", b"\x1b[?1049l"
READY = "asked only where they matter"


def running(home: Path, size: tuple[int, int] = (120, 40)) -> Program:
    return Program(home, size=size, environ={"XDG_CACHE_HOME": str(home / "cache")})


def kept(home: Path, name: str = "*") -> list[Path]:
    return sorted((home / "cache" / "ketatui" / "first-frame").glob(name))


def kept_in_time(program: Program, home: Path, name: str) -> None:
    limit = monotonic() + 20
    while not kept(home, name):
        assert monotonic() < limit, f"no {name} was kept"
        program.read(0.1)


def question_of(home: Path) -> bytes:
    """What is kept of a new consultation, as it is written to the terminal."""
    (file,) = kept(home, "*-question")
    heading, _, rest = file.read_bytes().partition(b"\n\n")
    key, _, frame = rest.partition(b"\n")
    assert key == b"n" and b"settings.toml" in heading
    return frame


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Start once with a draft there, begin another, and wait until both frames are kept."""
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
        kept_in_time(program, home, "120x40")
        program.press("n")
        kept_in_time(program, home, "120x40-question")
        program.press("\x11")
        assert program.ended() == 0
    return home


def test_the_next_start_shows_the_frame_and_takes_it_over(home: Path) -> None:
    (file,) = kept(home, "120x40")
    heading, _, frame = file.read_bytes().partition(b"\n")
    assert b"xterm-256color" in heading
    with running(home) as program:
        program.wait_for("New consultation")
        # Typed before there is a program to read it: neither echoed nor lost.
        program.press("x", "n")
        program.wait_for(". jumps")
        assert program.raw.startswith(ALTERNATE + b"\x1b[?25l" + frame)
        # The same picture was not painted again, and the screen was not left for it.
        assert program.raw.count(frame[:200]) == 1
        assert program.raw.count(ALTERNATE) == 1
        assert OWN not in program.raw
    with running(home, size=(80, 24)) as program:
        program.wait_for(READY)
        assert not program.raw.startswith(ALTERNATE + b"\x1b[?25l\x1b[1;1H")


def test_the_first_question_is_there_at_its_key_and_taken_over(home: Path) -> None:
    (first,) = kept(home, "120x40")
    _, _, frame = first.read_bytes().partition(b"\n")
    question = question_of(home)
    with running(home) as program:
        # At once: however slow the test is, no app is there before it. The terminal may echo it.
        program.press("n")
        # Before anything that the app asks of a terminal.
        shown = ALTERNATE + b"\x1b[?25l" + frame + question
        program.wait_until(lambda: len(program.raw) > len(shown))
        assert program.raw.removeprefix(b"n").startswith(shown)
        # An answer to what is seen, though there is no app yet: it is on disk when it is.
        program.press("1")
        program.wait_for("draft, on disk")
        program.wait_for("1 of 75 answered")
        # Home was painted once, and so was the question: neither flickered.
        assert program.raw.count(frame[:200]) == 1
        assert program.raw.count(question[:200]) == 1
        program.press("\x1b")
        program.wait_for("Resume")


def test_where_no_consultation_can_be_begun_home_says_so(home: Path) -> None:
    away = home / "away"
    (home / "cases").rename(away)
    (home / "cases").write_text("a file, where the folder should be", encoding="utf-8")
    try:
        with running(home) as program:
            program.press("n")
            program.wait_for("cannot begin")
            program.wait_for("Practice")
            # What stood on the screen before that; by now it is painted over.
            assert question_of(home)[:200] in program.raw
            assert "Who will prescribe" not in program.text
            program.press("q")
            assert program.ended() == 0
    finally:
        (home / "cases").unlink()
        away.rename(home / "cases")


def test_a_question_is_kept_for_what_is_asked_only(tmp_path: Path) -> None:
    folder = tmp_path / "criteria"
    (folder / "questions").mkdir(parents=True)
    file = folder / "questions" / "one two.toml"
    file.write_text("first", encoding="utf-8")

    def kept_of(path: Path, last: str = "") -> bytes:
        return stamps([path, *path.rglob("*")], "2026-11-27", last) + b"n\nwhat was seen"

    def holds(kept: bytes, today: str = "2026-11-27") -> bool:
        found = unchanged(kept, today)
        assert found in (None, b"n\nwhat was seen")
        return found is not None

    content = kept_of(folder)
    assert holds(content) and holds(content, "2031-01-01")
    # Not where the clock was set back, nor when a dated rule has run out.
    assert not holds(content, "2026-11-26")
    dated = kept_of(folder, "2026-12-31")
    assert holds(dated, "2026-12-31") and not holds(dated, "2027-01-01")
    (folder / "questions" / "more.toml").write_text("", encoding="utf-8")
    assert not holds(content)
    content = kept_of(folder)
    file.write_text("second", encoding="utf-8")
    assert not holds(content)
    content = kept_of(file)
    file.unlink()
    assert not holds(content) and not holds(b"") and not holds(b"no stamps\n\nn\nwhat was seen")
    (folder / "of\ntwo lines").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="two lines"):
        kept_of(folder)


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
    frame = kept(home, "120x40")[0].read_text(encoding="utf-8")
    assert "loading the criteria" in frame
    assert "Resume" not in frame and "saved case " not in frame and "0 saved" not in frame
    question = question_of(home).decode()
    assert "0 of 75 answered" in question and "on disk" not in question
    # A list without a case, and with a draft on it, is not kept.
    assert not kept(home, "*-list")


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
    keep_first_frame([], "what was seen", (80, 24))
    assert not list(tmp_path.iterdir())
