"""The app with criteria of an invented country."""

from __future__ import annotations

from ketatui.criteria.loading import load_pack
from ketatui.engine import compile_pack
from ketatui.tui.screens.consultation import ConsultationScreen
from tests.test_other_country import FOLDER
from tests.tui.support import SitDown


async def test_every_screen_of_a_consultation_comes_up(desk: SitDown) -> None:
    async with desk() as hand:
        hand.app.resources.take(compile_pack(load_pack(FOLDER)))
        await hand.press("p")
        assert "norland: this pack has no practice cases" in hand.hint
        await hand.press("n")
        screen = hand.app.screen
        assert isinstance(screen, ConsultationScreen)
        await hand.press("4", "0", "enter", "y", "1")
        assert hand.consultation.case.answers == {
            "person.age": 40,
            "person.registered": True,
            "person.condition": "low_mood",
        }
        for key, words in (
            ("e", "Nasal spray"),
            ("t", "Infusion"),
            ("c", "What it is for"),
            ("d", "Nasal spray"),
        ):
            await hand.press(key)
            assert words in hand.text, key
            await hand.press("escape")
