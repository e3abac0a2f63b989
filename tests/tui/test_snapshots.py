"""Every screen as it looks, at 200×60, 120×40 and 80×24; see `tests.tui.snapshots`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from textual.color import Color

from ketatui.cases.encryption.converting import convert
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.criteria.pack import Pack
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.themes import ANSI, CONTRAST, DARK, LIGHT
from tests.effort import EFFORT
from tests.encrypting import Keys
from tests.tui import courses, sessions
from tests.tui.conftest import NOW
from tests.tui.snapshots import FOLDER, UPDATE, compare, snapshot
from tests.tui.support import Hand, SitDown
from tests.tui.walks import WALKS, Steps

ReadCase = Callable[[str], Case]

CASE_ID = "20261121-210143-k3f9"
LONG = EFFORT >= 1
"""Whether to look at every screen in every size and every theme."""
MAIN = ("consultation-half", "explain-effect", "cases", "decide")
"""Screens that are looked at in every theme at every change; the others now and then."""
SIZES: Sequence[tuple[int, int]] = ((120, 40), (200, 60), (80, 24))
"""The first is the one in which a screen is opened."""


SIZE_COUNTS = ("visit-pressure", "case-findings", "case-history")
"""Screens that look otherwise where they were opened in another size: a key says what there is no
pane for, and a page stays where it was scrolled to."""


def sizes(now: tuple[int, int], number: int) -> Sequence[tuple[int, int]]:
    """Return the sizes in which the so many-th screen of a walk is looked at, in this order.

    At every change that is, beside the first, the small one or the wide one: to draw a screen anew
    in another size takes longer than to come to it. So each is opened in the size in which the one
    before was last looked at. `make test-long` looks at all of them, and all are written anew.

    Args:
        now: The size that the terminal has, columns and lines.
        number: Which screen of the walk.
    """
    if LONG or os.environ.get(UPDATE):
        seen = SIZES
    elif now == SIZES[0]:
        seen = (now, SIZES[2 - number // 2 % 2])
    else:
        seen = (SIZES[0], now)
    return seen if now == SIZES[0] else seen[::-1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the cases are; relative, so that its length is the same on every machine."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    return Path("cases")


def half_answered(pack: Pack, case: Case) -> Case:
    """Return a case with the first three sections answered."""
    done = {
        question.id for section in pack.sections[:3] for question in pack.by_section[section.id]
    }
    answers = {ident: value for ident, value in case.answers.items() if ident in done}
    return case.replaced(answers=answers, trials=())


@pytest.fixture
def prepare(draft: Callable[..., Path], case_of: ReadCase, pack: Pack) -> Callable[[str], object]:
    """Leaves the draft that a walk begins with."""

    def leave(begins: str) -> None:
        if begins == "half":
            draft(half_answered(pack, case_of("01")), label="half way")
        elif begins:
            known = case_of("03" if begins == "aneurysm" else "01")
            draft(known, label="52 m, low mood 14 months")

    return leave


async def looked_at(hand: Hand, steps: Steps) -> None:
    """Walk past screens; fail with all that do not look as they did."""
    broken = []
    for number, (name, step) in enumerate(steps.items()):
        if name in SIZE_COUNTS:
            await hand.resize(*SIZES[0])
        await step(hand)
        for size in sizes(hand.app.size, number):
            await hand.resize(*size)
            try:
                compare(hand, name)
                if LONG or name in MAIN:
                    await same_in_every_theme(hand)
            except AssertionError as error:
                broken.append(error)
    if broken:
        raise ExceptionGroup(f"{len(broken)} screens", broken)


async def same_in_every_theme(hand: Hand) -> None:
    dark, lines, focused = named(snapshot(hand)), hand.lines, with_ground(hand)
    hand.app.theme = LIGHT.name
    await hand.settle()
    # Every color means there what it means in the dark one.
    assert named(snapshot(hand)) == dark
    hand.app.theme = CONTRAST.name
    await hand.settle()
    assert (hand.lines, with_ground(hand)) == (lines, focused)
    hand.app.theme = ANSI.name
    await hand.settle()
    # Without any color it is still seen which row the cursor is on, and where one types.
    assert hand.lines == lines
    others = set(reversed_rows(hand)) ^ set(focused)
    assert others <= {len(lines) - 1, len(lines) - 2}
    hand.app.theme = DARK.name
    await hand.settle()


@pytest.mark.parametrize("walk", WALKS)
async def test_a_screen_looks_as_it_did_and_says_the_same_in_every_theme(
    desk: SitDown, prepare: Callable[[str], object], walk: str
) -> None:
    begins, steps = WALKS[walk]
    prepare(begins)
    async with desk() as hand:
        await looked_at(hand, steps)


def named(shown: str) -> str:
    """Return a snapshot without the colors that have no name: Textual mixes them itself."""
    return re.sub(r"#[0-9a-f]{6}", "#", shown)


BADGE = " local policy "


def with_ground(hand: Hand) -> list[int]:
    """Return the rows in which something has the ground of what is focused."""
    ground = Color.parse(hand.app.current_theme.variables["keta-focus"]).rich_color
    return [
        number
        for number, row in enumerate(hand.rows)
        if any(piece.style and piece.style.bgcolor == ground for piece in row)
    ]


def reversed_rows(hand: Hand) -> list[int]:
    """Return the rows in which something is drawn the other way round, but for a badge."""
    return [
        number
        for number, row in enumerate(hand.rows)
        if any(piece.style and piece.style.reverse and piece.text != BADGE for piece in row)
    ]


@pytest.mark.parametrize("walk", courses.WALKS)
async def test_a_screen_of_a_course_looks_as_it_did(
    desk: SitDown, filed: Callable[..., object], walk: str
) -> None:
    case, steps = courses.WALKS[walk]
    filed(case())
    async with desk() as hand:
        await looked_at(hand, steps)


async def test_a_running_session_looks_as_it_did(
    desk: SitDown, filed: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = sessions.walk(sessions.on_the_wall(monkeypatch))
    filed(sessions.before_the_dose())
    async with desk() as hand:
        await looked_at(hand, steps)


async def test_the_first_run_looks_as_it_did(desk: SitDown) -> None:
    async with desk(welcomed=False) as hand:
        for size in SIZES:
            await hand.resize(*size)
            compare(hand, "first-run")


async def test_an_encrypted_folder_without_its_key_looks_as_it_did(
    desk: SitDown, folder: Path, store: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = Keys(tmp_path / "keys", monkeypatch)
    keys.hold("ann")
    folder.mkdir()
    convert(folder, "encrypt", [keys.public("ann")])
    store.save(Case(id=CASE_ID, label="zebra"), base=None, by="", why="", now=NOW)
    keys.lose()
    async with desk() as hand:
        await hand.on(HomeScreen)
        for scene, pressed in (("home-no-key", ()), ("cases-no-key", ("c",))):
            await hand.press(*pressed)
            for size in SIZES:
                await hand.resize(*size)
                compare(hand, scene)


async def test_a_snapshot_that_differs_fails_with_the_difference(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(UPDATE, raising=False)
    monkeypatch.setattr("tests.tui.snapshots.FOLDER", tmp_path)
    async with desk() as hand:
        await hand.on(HomeScreen)
        seen = snapshot(hand)
        (tmp_path / "x-120x40.txt").write_text(seen, "utf-8")
        compare(hand, "x")
        (tmp_path / "x-120x40.txt").write_text(seen.replace("Quit", "Stop"), "utf-8")
        with pytest.raises(AssertionError, match=r"\+ +q +Quit"):
            compare(hand, "x")


FURTHER = ("first-run", "home-no-key", "cases-no-key")


def test_no_snapshot_is_left_over() -> None:
    walks = [*WALKS.values(), *courses.WALKS.values()]
    walked = [name for _, steps in walks for name in steps] + [*sessions.walk(sessions.Wall())]
    assert len(walked) == len(set(walked))
    names = {f"{name}-{w}x{h}.txt" for name in (*walked, *FURTHER) for w, h in SIZES}
    assert {path.name for path in FOLDER.iterdir()} == names


def test_a_title_is_whole_or_ends_with_a_whole_word() -> None:
    def words(path: Path) -> list[str]:
        title = path.read_text("utf-8").partition("\n")[0]
        return [word.strip(".,;:()") for word in title.replace("…", " ").split()]

    cut = {}
    for widest in FOLDER.glob("*-200x60.txt"):
        known = set(words(widest))
        for size in ("120x40", "80x24"):
            narrow = widest.with_name(widest.name.replace("200x60", size))
            cut[narrow.name] = [word for word in words(narrow) if word not in known]
    assert {name: left for name, left in cut.items() if left} == {}
