"""The list of saved cases is there at its key before the program is, as its index stands."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import stat
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ketatui.first_keys import unchanged
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

ALTERNATE, OWN, MOUSE = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?1000h"
QUIT = "\x11"
EXAMPLES = sorted((Path(__file__).parents[2] / "saved_cases").glob("*-example*.toml"))[:3]
LISTED = f"Saved cases: {len(EXAMPLES)}"


def running(home: Path, size: tuple[int, int] = (120, 40)) -> Program:
    return Program(home, size=size, environ={"XDG_CACHE_HOME": str(home / "cache")})


def caches(home: Path) -> Path:
    return home / "cache" / "ketatui"


def kept(home: Path) -> list[Path]:
    return sorted((caches(home) / "first-frame").glob("*-list"))


def frames_of(home: Path) -> tuple[bytes, bytes]:
    """What is written to the terminal first, and when the list is asked for."""
    frame = (caches(home) / "first-frame" / "120x40").read_bytes().partition(b"\n")[2]
    (file,) = kept(home)
    key, _, page = file.read_bytes().partition(b"\n\n")[2].partition(b"\n")
    assert key == b"c"
    return frame, page


def wait_until_kept(program: Program, home: Path, name: str) -> None:
    file = caches(home) / "first-frame" / name
    program.wait_until(file.exists, f"{name}, kept")


def leave_from_the_list(home: Path) -> None:
    with running(home) as program:
        program.wait_for("saved cases in")
        program.press("c")
        program.wait_for(LISTED)
        program.press("1")
        program.wait_for("1 Label▴")
        program.press("\x1b[B")
        program.wait_until(lambda: program.screen.cursor.y == 3, "the second case")
        wait_until_kept(program, home, "120x40")
        program.press(QUIT)
        assert program.ended() == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have a few cases, and leave the app from a list that was sorted and moved in."""
    home = tmp_path_factory.mktemp("home")
    cases = home / "cases"
    cases.mkdir(mode=0o700)
    for example in EXAMPLES:
        shutil.copy(example, cases)
    leave_from_the_list(home)
    return home


def test_the_list_is_there_at_its_key_and_taken_over(home: Path) -> None:
    frame, page = frames_of(home)
    (file,) = kept(home)
    with running(home) as program:
        # At once: however slow the test is, no app is there before it. The terminal may echo it.
        program.press("c")
        shown = ALTERNATE + b"\x1b[?25l" + frame + page
        program.wait_until(lambda: len(program.raw) > len(shown))
        assert program.raw.removeprefix(b"c").startswith(shown)
        assert LISTED in program.text
        program.wait_until(lambda: MOUSE in program.raw, "the app")
        program.quiet(0.5)
        # Neither picture was painted again, and the screen was not left for one.
        assert program.raw.count(frame[:200]) == program.raw.count(page[:200]) == 1
        assert program.raw.count(ALTERNATE) == 1
        assert OWN not in program.raw
        program.press("\x1b")
        program.wait_for("saved cases in")
        # From home it is kept as it was from the list.
        file.unlink()
        program.press(QUIT)
        assert program.ended() == 0
    assert frames_of(home)[1] == page


def test_keys_behind_it_are_for_the_list_and_a_signal_gives_the_terminal_back(home: Path) -> None:
    _, page = frames_of(home)
    with running(home) as program:
        program.press("c")
        program.wait_until(lambda: page[:200] in program.raw)
        # Typed before there is a program to read it.
        program.press("\x1b[B")
        program.wait_until(lambda: program.screen.cursor.y == 3, "the second case")
    with running(home) as program:
        program.press("c")
        program.wait_until(lambda: page[:200] in program.raw)
        program.signal(signal.SIGTERM)
        assert program.ended() == 128 + signal.SIGTERM
        assert OWN in program.raw
        restored = termios.tcgetattr(program.fd)[3]
        assert restored & termios.ECHO and restored & termios.ICANON


def test_a_list_is_as_private_as_its_index(home: Path) -> None:
    (file,) = kept(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    heading = file.read_bytes().partition(b"\n")[0]
    # What is named there, or here, may be named from where one stands.
    assert str(Path.cwd()).encode() in heading


@contextmanager
def other_for_now(file: Path) -> Iterator[None]:
    before = file.stat()
    try:
        yield
    finally:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_list_is_shown_only_while_nothing_has_changed_that_it_hangs_on(home: Path) -> None:
    (file,) = kept(home)
    content = file.read_bytes().partition(b"\n")[2]
    today = dt.datetime.now().astimezone().date()

    def holds(day: dt.date = today) -> bool:
        return unchanged(content, str(day)) is not None

    assert holds()
    # What is due, or overdue, is so on a day.
    assert not holds(today + dt.timedelta(days=1)) and not holds(today - dt.timedelta(days=1))
    (index,) = caches(home).glob("library-*.sqlite")
    settings = home / "config" / "ketatui" / "settings.toml"
    for changed in (index, settings, home / "cases"):
        with other_for_now(changed):
            changed.touch()
            assert not holds(), changed
        assert holds(), changed
    # What another window has written, and is not in the index itself yet; then a draft, and a case.
    added = (index.with_name(f"{index.name}-wal"), home / "cases" / "drafts", home / "cases" / "b")
    for new in added:
        with other_for_now(new.parent):
            new.mkdir() if new.name == "drafts" else new.write_bytes(b"x")
            assert not holds(), new
            new.rmdir() if new.is_dir() else new.unlink()
        assert holds(), new
    # The same bytes in another file: what replaces one is not what was read.
    with other_for_now(home / "cases"):
        copy = shutil.copy2(index, home / "copy")
        index.rename(home / "away")
        assert not holds()
        Path(copy).rename(index)
        assert not holds()
        (home / "away").rename(index)
    assert holds()


def test_a_list_with_a_draft_on_it_is_not_kept_and_a_change_drops_what_was(home: Path) -> None:
    with running(home) as program:
        program.consultation()
        program.press("1")
        program.wait_for("draft, on disk")
        program.press("l")
        program.wait_for("Label (no names)")
        program.press("heron", "\r")
        program.wait_for("heron")
        program.press("\x1b")
        program.wait_for("Resume")
        program.press("c")
        program.wait_for("heron")
        program.press(QUIT)
        assert program.ended() == 0
    holders = [path for path in home.rglob("*") if path.is_file() and b"heron" in path.read_bytes()]
    # A draft is nowhere but among the cases.
    assert holders and all(path.is_relative_to(home / "cases") for path in holders)
    (home / "cases" / EXAMPLES[0].name).unlink()
    with running(home) as program:
        program.press("c")
        # The draft, and one case less.
        program.wait_for("heron")
        program.wait_until(lambda: not kept(home), "a list that is dropped")
