"""Every screen as it looks, at 200×60, 120×40 and 80×24; see `tests.tui.snapshots`."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from zlib import crc32

import pytest
from textual.color import Color

from ketatui.cases.encryption.converting import convert
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.criteria.pack import Pack
from ketatui.engine import compile_pack
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.case_comparison import CaseComparisonScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.choose import ChooseScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.criteria import CriteriaScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.export import ExportScreen
from ketatui.tui.screens.filters import FiltersScreen
from ketatui.tui.screens.help import HelpScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.identifiers import IdentifiersScreen
from ketatui.tui.screens.overview import OverviewScreen
from ketatui.tui.screens.palette import PaletteScreen
from ketatui.tui.screens.pathway_comparison import PathwayComparisonScreen
from ketatui.tui.screens.paused import PausedScreen
from ketatui.tui.screens.reassessment import ReassessmentScreen
from ketatui.tui.screens.review import ReviewScreen
from ketatui.tui.screens.settings import SettingsScreen
from ketatui.tui.themes import ANSI, CONTRAST, DARK, LIGHT
from tests.effort import EFFORT
from tests.encrypting import Keys
from tests.tui import courses, sessions
from tests.tui.conftest import NOW
from tests.tui.keys import DECIDED, joined
from tests.tui.practice import (
    asked,
    begun,
    committing,
    debriefed,
    looked_back,
    opened_list,
    told_story,
)
from tests.tui.snapshots import FOLDER, UPDATE, compare, snapshot
from tests.tui.support import Hand, SitDown, toml_files
from tests.tui.test_case_pages import with_thresholds

Scene = Callable[[Hand], Awaitable[object]]
ReadCase = Callable[[str], Case]

EXAMPLE = Path(__file__).resolve().parents[2] / "saved_cases" / "20261121-160000-example13.toml"
CASE_ID = "20261121-210143-k3f9"
SIZES = ((120, 40), (200, 60), (80, 24))
"""The first is the one in which a screen is opened."""


def sizes(name: str) -> Sequence[tuple[int, int]]:
    """Return the sizes in which a screen is looked at.

    At every change that is, beside the first, the wide one for half of the screens and the small
    one for the others: to draw a screen anew in another size takes longer than to come to it.
    `make test-long` looks at all of them, and all are written anew.
    """
    if EFFORT >= 1 or os.environ.get(UPDATE):
        return SIZES
    return (SIZES[0], SIZES[1 + crc32(name.encode()) % 2])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the cases are; relative, so that its length is the same on every machine."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    return Path("cases")


def keys(pressed: str, screen: type[KetaScreen]) -> Scene:
    """Press keys and wait for a screen."""

    async def scene(hand: Hand) -> None:
        await hand.press(*pressed.split())
        await hand.on(screen)

    return scene


async def identifiers(hand: Hand) -> None:
    """Save a case whose texts hold what looks like identifiers."""
    await hand.press("n", "l")
    await hand.paste("52 m, wife Tamsin drives")
    await hand.press("enter", "o")
    await hand.paste("low since March 2019, cell 555-0188")
    await hand.press("enter", "s")
    await hand.on(IdentifiersScreen)


async def paused(hand: Hand) -> None:
    """Leave a consultation alone for ten minutes."""
    await hand.press("r")
    await hand.on(ConsultationScreen)
    hand.clock.seconds += 600
    hand.app.pause_if_idle()
    await hand.on(PausedScreen)


def new(*pressed: str) -> Scene:
    """Begin a consultation and press keys in it."""

    async def scene(hand: Hand) -> None:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press(*joined(*pressed))

    return scene


def resumed(pressed: str, screen: type[KetaScreen] = ConsultationScreen) -> Scene:
    """Resume the draft, press keys and wait for a screen."""

    async def scene(hand: Hand) -> None:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.press(*pressed.split())
        await hand.on(screen)

    return scene


async def about_depression(hand: Hand) -> None:
    await new("] ] 1 enter")(hand)


async def trials(hand: Hand) -> None:
    await about_depression(hand)
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined("enter s e r t down enter 1 5 0 enter 1 0 enter 1 y y"))
    await hand.press(*joined("v e n l down enter 2 5 enter"))


async def medicines(hand: Hand) -> None:
    await new()(hand)
    await hand.go_to("medications")
    await hand.press("enter", *"loraz", "down", "enter", *"bluepill", "enter", *"ke")


async def phq9(hand: Hand) -> None:
    await about_depression(hand)
    await hand.go_to("scales.phq9")
    await hand.press("enter", "3", "2")


HELD: dict[str, dict[str, bytes]] = {}
"""The files of a folder in which a case was saved or amended by keys, once for all its scenes."""


def hold(hand: Hand, prepared: str) -> None:
    """Keep the files of cases for the other scenes that begin with them."""
    folder = hand.app.resources.cases
    HELD[prepared] = {it.name: it.read_bytes() for it in toml_files(folder)}


def has_cases(hand: Hand) -> bool:
    return any(toml_files(hand.app.resources.cases))


async def saved(hand: Hand) -> None:
    """Save the resumed case."""
    await resumed("d", DecideScreen)(hand)
    await hand.press(*DECIDED, "s", "s")
    await hand.on(HomeScreen)
    hold(hand, "saved")


async def cases(hand: Hand) -> None:
    """Look at a saved case with an unreadable file beside it."""
    if not has_cases(hand):
        await saved(hand)
    (hand.app.resources.cases / "broken.toml").write_text("schema = \n", "utf-8")
    await keys("c", CasesScreen)(hand)


async def open_first(hand: Hand) -> None:
    """Open the first case of the list, once the list has been read."""
    await hand.press("c")
    listed = await hand.on(CasesScreen)
    await hand.until(lambda: listed.picked is not None)
    await keys("enter", CaseScreen)(hand)


async def case_view(hand: Hand) -> None:
    if not has_cases(hand):
        await saved(hand)
    await open_first(hand)


def then(before: Scene, pressed: str, screen: type[KetaScreen]) -> Scene:
    """Press keys after another scene, and wait for a screen."""

    async def scene(hand: Hand) -> None:
        await before(hand)
        await keys(pressed, screen)(hand)

    return scene


async def review(hand: Hand) -> None:
    """Review a case that was signed and then amended, up to the question whether to save."""
    hand.app.resources.cases.mkdir()
    shutil.copy(EXAMPLE, hand.app.resources.cases)
    await open_first(hand)
    await keys("r", ReviewScreen)(hand)
    hand.form.focus_on("view")
    await hand.press("2", *"why", "enter")
    for line, *pressed in (("sign", "1"), ("name", "enter", "B"), ("role", "enter", "C")):
        hand.form.focus_on(line)
        await hand.press(*pressed, *(("enter",) if len(pressed) > 1 else ()))


async def review_old(hand: Hand) -> None:
    await review(hand)
    hand.form.focus_on("signature:1")


async def review_ask(hand: Hand) -> None:
    await review(hand)
    await hand.press("s")


async def review_about(hand: Hand) -> None:
    await review(hand)
    await hand.press("slash", *"mood")


async def amended(hand: Hand) -> None:
    """Amend the saved case."""
    await case_view(hand)
    await hand.press("f9")
    await hand.on(ConsultationScreen)
    await hand.go_to("vitals.systolic")
    await hand.press(*"152", "enter", "d")
    await hand.on(DecideScreen)
    # The verdict is another: it is decided anew, and the amendment says why.
    for line, *taps in (("pathway", "1"), ("by", "enter", "enter"), ("save", "s", "s")):
        assert hand.form.focus_on(line)
        await hand.press(*taps)
    await hand.press("enter", *"measured again", "enter")
    await hand.on(HomeScreen)
    hold(hand, "amended")


def of_amended_case(pressed: str, screen: type[KetaScreen]) -> Scene:
    """Open the amended case, press keys and wait for a screen."""

    async def scene(hand: Hand) -> None:
        if not has_cases(hand):
            await amended(hand)
        await open_first(hand)
        await hand.press(*pressed.split())
        await hand.on(screen)

    return scene


async def another_day(hand: Hand) -> None:
    """Look at a saved case again, under a threshold of another height."""
    resources = hand.app.resources
    assert resources.knowledge is not None
    await case_view(hand)
    stricter = with_thresholds(resources.knowledge.pack, {"bp_caution_systolic": 120})
    resources.knowledge = compile_pack(stricter)
    await hand.press("w")
    await hand.on(ReassessmentScreen)
    await hand.press("2", "enter")


SCENES: dict[str, tuple[str, Scene]] = {
    "home": ("", keys("", HomeScreen)),
    "home-draft": ("half", keys("", HomeScreen)),
    "consultation-fresh": ("", new()),
    "consultation-half": ("half", resumed("")),
    "consultation-finished": ("clean", resumed("end")),
    "consultation-aneurysm": ("aneurysm", resumed("g home down down down down enter")),
    "consultation-typing": ("", new("] 5 2 1 enter")),
    "consultation-why": ("", new("down i")),
    "trials": ("", trials),
    "medicines": ("", medicines),
    "phq9": ("", phq9),
    "find": ("", new("/ p r e s s")),
    "sections": ("half", resumed("g")),
    "palette": ("half", resumed("ctrl+p p r e s s", PaletteScreen)),
    "remaining": ("half", resumed("a")),
    "explain-effect": ("aneurysm", resumed("e", ExplainScreen)),
    "explain-authority": ("aneurysm", resumed("e v", ExplainScreen)),
    "explain-open": ("half", resumed("e", ExplainScreen)),
    "compare": ("clean", resumed("t", PathwayComparisonScreen)),
    "consent": ("clean", resumed("c y", ConsentScreen)),
    "decide": ("aneurysm", resumed("d 1", DecideScreen)),
    "cases": ("saved", cases),
    "cases-filters": ("saved", then(cases, "f", FiltersScreen)),
    "cases-overview": ("saved", then(cases, "v", OverviewScreen)),
    "case": ("saved", case_view),
    "review-old": ("", review_old),
    "review-ask": ("", review_ask),
    "review-about": ("", review_about),
    "case-findings": ("amended", of_amended_case("5 enter", CaseScreen)),
    "case-history": ("amended", of_amended_case("0 z", CaseScreen)),
    "case-revision": ("amended", of_amended_case("0 end g", CaseScreen)),
    "again": ("saved", another_day),
    "comparison": ("amended", of_amended_case("0 end t", CaseComparisonScreen)),
    "choose": ("amended", of_amended_case("t", ChooseScreen)),
    "export": ("amended", of_amended_case("x 1", ExportScreen)),
    "criteria": ("", keys("k", CriteriaScreen)),
    "settings": ("", keys("s", SettingsScreen)),
    "help": ("", new("?")),
    "practice-cases": ("", opened_list),
    "practice-run": ("", begun),
    "practice-asked": ("", asked),
    "practice-story": ("", told_story),
    "practice-commit": ("", committing),
    "practice-debrief": ("", debriefed),
    "practice-progress": ("", looked_back),
    "identifiers": ("", identifiers),
    "paused": ("clean", paused),
}


def half_answered(pack: Pack, case: Case) -> Case:
    """Return a case with the first three sections answered."""
    done = {
        question.id for section in pack.sections[:3] for question in pack.by_section[section.id]
    }
    answers = {ident: value for ident, value in case.answers.items() if ident in done}
    return case.replaced(answers=answers, trials=())


Prepare = Callable[[str], Scene]


@pytest.fixture
def prepare(draft: Callable[..., Path], case_of: ReadCase, pack: Pack, folder: Path) -> Prepare:
    """Leaves the draft that a scene begins with, and returns what happens in it."""

    def leave(name: str) -> Scene:
        prepared, scene = SCENES[name]
        if prepared in HELD:
            folder.mkdir()
            for file, held in HELD[prepared].items():
                (folder / file).write_bytes(held)
            return scene
        if prepared == "half":
            draft(half_answered(pack, case_of("01")), label="half way")
        elif prepared:
            known = case_of("03" if prepared == "aneurysm" else "01")
            draft(known, label="52 m, low mood 14 months")
        return scene

    return leave


@pytest.mark.parametrize("name", SCENES)
async def test_a_screen_looks_as_it_did(desk: SitDown, prepare: Prepare, name: str) -> None:
    scene = prepare(name)
    async with desk() as hand:
        await scene(hand)
        if name == "help":
            await hand.on(HelpScreen)
        for size in sizes(name):
            await hand.resize(*size)
            compare(hand, name)


MAIN = ("consultation-half", "explain-effect", "cases", "decide")
"""Screens that are looked at in every theme at every change; the others now and then."""
THEMED = [pytest.param(name, marks=() if name in MAIN else pytest.mark.long) for name in SCENES]


@pytest.mark.parametrize("name", THEMED)
async def test_a_screen_says_the_same_in_every_theme(
    desk: SitDown, prepare: Prepare, name: str
) -> None:
    scene = prepare(name)
    async with desk() as hand:
        await scene(hand)
        if name == "help":
            await hand.on(HelpScreen)
        for size in sizes(name):
            hand.app.theme = DARK.name
            await hand.resize(*size)
            await hand.settle()
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


@pytest.mark.parametrize("name", courses.SCENES)
async def test_a_screen_of_a_course_looks_as_it_did(
    desk: SitDown, filed: Callable[..., object], name: str
) -> None:
    case, scene = courses.SCENES[name]
    filed(case())
    async with desk() as hand:
        await scene(hand)
        for size in sizes(name):
            await hand.resize(*size)
            compare(hand, name)


@pytest.mark.parametrize("name", sessions.SCENES)
async def test_a_running_session_looks_as_it_did(
    desk: SitDown, filed: Callable[..., object], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    wall = sessions.on_the_wall(monkeypatch)
    filed(sessions.before_the_dose())
    async with desk() as hand:
        await sessions.SCENES[name](hand, wall)
        for size in sizes(name):
            await hand.resize(*size)
            compare(hand, name)


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
    names = {
        f"{name}-{w}x{h}.txt"
        for name in (*SCENES, *courses.SCENES, *sessions.SCENES, *FURTHER)
        for w, h in SIZES
    }
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
