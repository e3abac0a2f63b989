"""The app around the screens: loading, first run, settings, help, palette."""

from __future__ import annotations

import asyncio
import shutil
import time
from functools import partial
from pathlib import Path

import pytest

from ketatui.cases.settings_file import save_settings
from ketatui.criteria.default import default_folder
from ketatui.engine import Knowledge
from ketatui.first_frame import is_ahead
from ketatui.settings import Settings, load_settings
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.criteria import CriteriaScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.help import HelpScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.settings import SettingsScreen
from ketatui.tui.session import Resources
from ketatui.tui.views.help import help_lines
from tests.each import each
from tests.tui.support import Clock, Hand, SitDown, WatchedApp, key_event

WELCOMED = Settings(welcomed=True)
_NOTHING = 0.001
"""Seconds by which two clocks differ that go alike."""


async def test_no_test_sleeps_until_a_frame_is_due(desk: SitDown) -> None:
    loop = asyncio.get_running_loop()
    async with desk() as hand:
        ahead = loop.time() - time.monotonic()
        # A busy machine can be late for a frame: there is then none to sleep until.
        for _ in range(100):
            hand.app.screen.refresh(layout=True)
            await hand.settle()
            if loop.time() - time.monotonic() > ahead + _NOTHING:
                return
    pytest.fail("the tests slept until each frame was due")


async def test_the_first_screen_is_up_before_the_criteria_are_loaded(
    folder: Path, clock: Clock, knowledge: Knowledge
) -> None:
    app = WatchedApp(Resources(folder, None, None, WELCOMED))
    async with app.run_test(size=(120, 40)):
        hand = Hand(app, clock)
        await hand.on(HomeScreen)
        seen = hand.text
        assert "New consultation" in seen
        await hand.until(lambda: app.resources.knowledge is not None)
        await hand.until(lambda: "loading" not in hand.text)
        assert "ketamine-us" in hand.text
        assert "n new" in hand.hint
        await hand.press("n")
        await hand.on(ConsultationScreen)
        assert hand.consultation.pack.info == knowledge.pack.info


async def test_while_the_criteria_load_home_says_so_and_new_waits(
    folder: Path, clock: Clock
) -> None:
    class Slow(Resources):
        def load(self) -> None:
            """Never done."""

    app = WatchedApp(Slow(folder, None, None, WELCOMED))
    async with app.run_test(size=(120, 40)):
        hand = Hand(app, clock)
        await hand.on(HomeScreen)
        assert "loading the criteria" in hand.text
        await hand.press("n", "c", "k", "r")
        assert isinstance(app.screen, HomeScreen)
        assert "n new" not in hand.hint


def _has_two_answers(hand: Hand) -> bool:
    return len(hand.answers) == 2


def _hints(hand: Hand, text: str) -> bool:
    return text in hand.hint


def _shows(hand: Hand, text: str) -> bool:
    return text in hand.text


async def test_keys_pressed_while_the_criteria_load_are_all_remembered(
    folder: Path, clock: Clock, knowledge: Knowledge
) -> None:
    class Later(Resources):
        def load(self) -> None:
            """Done when the test says so."""

    for first, screen in (("c", CasesScreen), ("k", CriteriaScreen), ("N", ConsultationScreen)):
        resources = Later(folder, None, None, WELCOMED)
        app = WatchedApp(resources)
        async with app.run_test(size=(120, 40)):
            hand = Hand(app, clock)
            await hand.on(HomeScreen)
            await hand.press(first, "1", "Y")
            assert isinstance(app.screen, HomeScreen)
            resources.take(knowledge)
            app._loaded()
            await hand.on(screen)
            if first == "N":
                await hand.until(partial(_has_two_answers, hand))
                assert hand.answers == {
                    "setting.prescriber": "psychiatrist",
                    "setting.dea_ciii": True,
                }


async def test_no_key_overtakes_those_that_wait_for_the_criteria(
    folder: Path, clock: Clock, knowledge: Knowledge
) -> None:
    class Later(Resources):
        def load(self) -> None:
            """Done when the test says so."""

    resources = Later(folder, None, None, WELCOMED)
    app = WatchedApp(resources)
    async with app.run_test(size=(120, 40)):
        hand = Hand(app, clock)
        await hand.on(HomeScreen)
        await hand.press("c")
        resources.take(knowledge)
        # They are there, and nobody has told home yet: s would open the settings.
        await hand.press("slash", "s")
        assert isinstance(app.screen, HomeScreen)
        app._loaded()
        for key in "ignal":
            # Pressed while those before them are being taken.
            app.post_message(key_event(key))
        listed = await hand.on(CasesScreen)
        await hand.until(lambda: listed.query_now.text == "signal")


async def test_home_is_drawn_when_one_comes_back_from_a_consultation_asked_for_early(
    folder: Path, clock: Clock, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(Resources):
        def load(self) -> None:
            """Done when the test says so."""

    blocked = folder / "drafts"
    for can_begin in (True, False):
        if not can_begin:
            blocked.rmdir()
            blocked.write_text("no folder", "utf-8")
        # As where the first question was shown at its key, before there was an app.
        monkeypatch.setattr("ketatui.first_frame._State.is_ahead", True)
        resources = Later(folder, None, None, WELCOMED)
        app = WatchedApp(resources)
        async with app.run_test(size=(120, 40)):
            hand = Hand(app, clock)
            await hand.on(HomeScreen)
            # What is clicked is not seen.
            await hand.click("#home", "Settings")
            await hand.on(HomeScreen)
            await hand.press("n")
            if not can_begin:
                # Meant for the consultation: at home it would open the list of cases.
                await hand.press("c")
            resources.take(knowledge)
            app._loaded()
            if can_begin:
                await hand.on(ConsultationScreen)
                await hand.press("escape")
                await hand.on(HomeScreen)
            else:
                await hand.until(partial(_hints, hand, "cannot begin"))
                assert isinstance(app.screen, HomeScreen)
            assert not is_ahead()
            await hand.until(partial(_shows, hand, "saved cases in"))
            assert "loading" not in hand.text
            if can_begin:
                # Nobody waits any more: the list is put together, as after an ordinary start.
                await hand.until(partial(app.is_screen_installed, "cases"))


@each(("named", "kept"), [("", True), ("/srv/cases", True), ("~/cases", True), ("cases", False)])
def test_what_the_next_start_shows_first_hangs_on_no_place_where_one_stands(
    folder: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, named: str, kept: bool
) -> None:
    settings = WELCOMED.replaced(cases=named)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder.parent))
    save_settings(settings)
    app = WatchedApp(Resources(folder, None, None, settings, knowledge))
    assert bool(app.first_paints.files_read()) is kept
    # What was written after they were read is not what is on the screen.
    save_settings(settings)
    assert app.first_paints.files_read() == []


async def test_a_broken_pack_shows_its_problems_and_begins_nothing(
    folder: Path, clock: Clock, tmp_path: Path
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(default_folder({}), pack)
    file = pack / "thresholds.toml"
    file.write_text(file.read_text("utf-8") + "\nbroken = [\n", "utf-8")
    app = WatchedApp(Resources(folder, pack, None, WELCOMED))
    async with app.run_test(size=(120, 40)):
        hand = Hand(app, clock)
        await hand.until(lambda: bool(app.resources.problems))
        await hand.until(lambda: "cannot be used" in hand.text)
        assert "thresholds.toml" in hand.text
        assert "n new" not in hand.hint
        assert "q quit" in hand.hint
        said = "not while the criteria cannot be used. The reason stands below."
        for key, title in {"n": "New consultation", "p": "Practice", "k": "Criteria"}.items():
            await hand.press(key)
            assert hand.hint == f"{title}: {said}"
        await hand.click("#home", "Saved cases")
        assert hand.hint == f"Saved cases: {said}"
        assert isinstance(app.screen, HomeScreen)


async def test_the_first_run_says_what_it_is_and_where_cases_are_and_only_once(
    desk: SitDown, folder: Path
) -> None:
    async with desk(60, 12, welcomed=False) as hand:
        assert "Enter continues" in hand.hint
        await hand.resize(120, 40)
        await hand.on(HomeScreen)
        assert "What it is not" in hand.text
        assert str(folder) in hand.words.replace(" ", "")
        await hand.press("n")
        assert isinstance(hand.app.screen, HomeScreen)
        await hand.press("enter")
        assert "New consultation" in hand.text
    assert load_settings().welcomed is True


async def test_settings_keep_a_theme_and_a_name_and_begin_consultations_with_the_payer(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("s")
        await hand.on(SettingsScreen)
        assert hand.app.theme == "ketatui-dark"
        await hand.press("2")
        assert hand.app.theme == "ketatui-light"
        assert "● Light" in hand.form_words
        assert load_settings().theme == "ketatui-light"
        await hand.press("home", "down", "enter", *"dr b", "enter", "down", "down", "2")
        payer = hand.app.resources.settings.payer
        assert payer in hand.app.resources.knowledge.pack.payers  # type: ignore[union-attr]
        await hand.press("escape", "n")
        await hand.on(ConsultationScreen)
        assert hand.answers == {"logistics.payer": payer}
    assert load_settings().by == "dr b"


async def test_settings_that_can_not_be_kept_say_so(desk: SitDown, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("not a folder")
    async with desk() as hand:
        await hand.press("s")
        await hand.on(SettingsScreen)
        await hand.press("3")
        assert "settings could not be kept" in hand.hint
        assert hand.app.theme == "ketatui-contrast"


async def test_help_lists_every_action_with_its_keys_and_the_palette_runs_one_by_its_name(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("n")
        screen = await hand.on(ConsultationScreen)
        actions = screen.actions()
        for key in ("?", "f1"):
            await hand.press(key)
            await hand.on(HelpScreen)
            said = hand.all_lines
            for action in actions:
                assert " ".join(action.help.split()) in said
            assert "Focused: Prescriber" in said
            assert "How to read a verdict" in said
            await hand.press("escape")
            assert hand.app.screen is screen
        # Each is named with its keys.
        await hand.press("d")
        decide = await hand.on(DecideScreen)
        for about in (screen, decide):
            text = "\n".join(
                line.text for line in help_lines(about.HELP_TEXT, about.actions(), None, None, 100)
            )
            assert "Ctrl+Z" in text
            assert "Esc" in text
            assert "0 … 9" in text
        await hand.press("escape")
        # The palette runs an action by its name.
        await hand.on(ConsultationScreen)
        await hand.press("ctrl+p", *"explain", "enter")
        await hand.on(ExplainScreen)


async def test_the_criteria_can_be_searched(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("k")
        await hand.on(CriteriaScreen)
        await hand.press("slash", *"aneurysmal", "enter")
        assert "aneurysmal-disease" in hand.all_lines
        assert "unapproved-compound" not in hand.all_lines


async def test_a_keymap_moves_a_key_and_names_an_action_nobody_knows(desk: SitDown) -> None:
    keymap = {"consultation.explain": "w", "home.new": "f5", "consultation.explian": "w"}
    async with desk(keymap=keymap) as hand:
        await hand.until(lambda: "no action consultation.explian" in hand.hint)
        assert "F5  New consultation" in hand.text
        await hand.press("f5")
        screen = await hand.on(ConsultationScreen)
        await hand.press("e")
        assert hand.app.screen is screen
        await hand.press("w")
        await hand.on(ExplainScreen)


async def test_quitting_from_a_consultation_keeps_the_draft(desk: SitDown, folder: Path) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "ctrl+q")
    assert hand.app.return_code == 0
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        assert hand.answers == {"setting.prescriber": "psychiatrist"}


@each(
    ("term", "says", "theme"),
    [
        ("xterm-256color", "", "ketatui-dark"),
        ("", "", "ketatui-dark"),
        ("xterm", "truecolor", "ketatui-dark"),
        ("xterm", "", "ketatui-ansi"),
        ("linux", "", "ketatui-ansi"),
        ("vt100", "", "ketatui-ansi"),
        ("xterm-16color", "", "ketatui-ansi"),
        ("alacritty", "", "ketatui-ansi"),
        ("screen.xterm", "1", "ketatui-ansi"),
        ("alacritty", "24bit", "ketatui-dark"),
        ("tmux-256color", "", "ketatui-dark"),
        ("xterm-kitty", "", "ketatui-dark"),
    ],
)
def test_a_theme_nobody_knows_is_dark_and_a_terminal_of_few_colors_keeps_its_own(
    monkeypatch: pytest.MonkeyPatch, term: str, says: str, theme: str
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLORTERM", says)
    app = WatchedApp(Resources(Path("x"), None, None, WELCOMED.replaced(theme="gone")))
    assert app.theme == theme
