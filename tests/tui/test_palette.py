"""The palette: whatever there is, by any word for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.palette import PaletteScreen
from ketatui.tui.screens.reference import ReferenceScreen
from ketatui.tui.screens.settings import SettingsScreen
from tests.tui.support import Hand, SitDown

EXAMPLES = Path(__file__).parents[2] / "saved_cases"
ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]


async def typed(hand: Hand, words: str) -> PaletteScreen:
    """Open the palette and type."""
    await hand.press("ctrl+p")
    screen = hand.app.screen
    assert isinstance(screen, PaletteScreen)
    await hand.paste(words)
    return screen


async def go(hand: Hand, words: str) -> None:
    await typed(hand, words)
    await hand.press("enter")


def names(screen: PaletteScreen) -> list[str]:
    return [place.name for place in screen.found]


async def test_a_question_is_gone_to_by_any_word_from_any_screen_of_the_case_and_never_answered(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("03"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        before = hand.answers
        for words, question in (
            ("osa cpap", "medical.osa"),
            ("htn", "medical.hypertension"),
            ("systolic", "vitals.systolic"),
            ("phq9", "scales.phq9"),
            ("aneurism", "medical.aneurysmal_disease"),
        ):
            await hand.press("d")
            await hand.on(DecideScreen)
            screen = await typed(hand, words)
            known = hand.consultation.pack.questions
            if question not in known:
                question = next(place.key for place in screen.found if place.kind == "question")
            assert screen.found[0].name == f"question:{question}"
            await hand.press("enter")
            await hand.on(ConsultationScreen)
            assert hand.focused == question, words
        # By the name of an answer, too.
        await go(hand, "anesthesiologist")
        await hand.on(ConsultationScreen)
        assert hand.focused == "setting.prescriber"
        assert hand.answers == before


async def test_a_saved_case_is_opened_from_within_another_whose_draft_is_kept(
    desk: SitDown, folder: Path
) -> None:
    folder.mkdir()
    shutil.copy(next(EXAMPLES.glob("*-example01.toml")), folder)
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1")
        await hand.until(lambda: bool(hand.app.resources.library.count()))  # type: ignore[union-attr]
        screen = await typed(hand, "example01")
        assert [place.kind for place in screen.found][-1:] == ["case"]
        await hand.press(*["down"] * (len(screen.found) - 1), "enter")
        await hand.on(CaseScreen)
        await hand.press("escape")
        await hand.on(HomeScreen)
        assert "1 change" in hand.text
        # And the draft from there.
        await go(hand, "draft")
    assert list((folder / "drafts").glob("*.jsonl"))


async def test_what_was_gone_to_last_stands_first_and_quit_once(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.on(HomeScreen)
        await go(hand, "dark")
        await hand.on(SettingsScreen)
        await hand.press("escape")
        await hand.on(HomeScreen)
        await hand.press("ctrl+p")
        screen = hand.app.screen
        assert isinstance(screen, PaletteScreen)
        await hand.paste("new")
        await hand.press(*["backspace"] * 3)
        assert "setting:theme" in names(screen)
        await hand.paste("quit")
        assert [name for name in names(screen) if "quit" in name] == ["action:app.quit"]
        await hand.press("ctrl+p")
        await hand.on(HomeScreen)
        nothing = await typed(hand, "qqqqqqq [/] x")
        assert "Nothing is called “qqqqqqq [/] x”." in hand.text
        await hand.press("enter")
        assert hand.app.screen is nothing
        await hand.press("escape")
        await hand.on(HomeScreen)


async def test_screens_settings_medicines_and_sources_are_found_by_other_words(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.on(HomeScreen)
        for words, said in (
            ("lorazepam", "Rules that read these classes"),
            ("spravato prescribing", "Rules that rest on it"),
        ):
            await go(hand, words)
            await hand.on(ReferenceScreen)
            assert said in hand.all_lines
            await hand.press("escape")
            await hand.on(HomeScreen)
        await go(hand, "theme")
        await hand.on(SettingsScreen)
        assert hand.focused == "theme"
        await hand.press("escape")
        await hand.on(HomeScreen)
        await go(hand, "yesterday")
        await hand.on(CasesScreen)
        await hand.press("escape")
        # With the mouse.
        await hand.resize(80, 24)
        await typed(hand, "settings")
        await hand.click("#list", "Settings")
        await hand.on(SettingsScreen)
        await hand.press("escape")
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await go(hand, "informed consent")
        await hand.on(ConsentScreen)
