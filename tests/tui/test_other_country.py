"""The app with criteria of an invented country."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ketatui.cases.store import CaseStore, Loaded
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.course import CourseScreen
from ketatui.tui.screens.session import SessionScreen
from ketatui.tui.screens.visit import VisitScreen
from tests.test_course_abroad import decided
from tests.test_other_country import FOLDER
from tests.tui.courses import go_to_line, to_course
from tests.tui.sessions import on_the_wall, run_for, typed
from tests.tui.support import SitDown

Filed = Callable[..., Loaded]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The criteria that the app starts with here."""
    return compile_pack(load_pack(FOLDER))


async def test_a_course_is_begun_watched_and_closed(
    desk: SitDown, filed: Filed, store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = on_the_wall(monkeypatch)
    loaded = filed(decided())
    async with desk() as hand:
        await to_course(hand)
        assert "Begin a course: Nasal spray" in hand.text
        assert "Low mood" in hand.text
        await go_to_line(hand, "begin")
        await hand.press("enter")
        await go_to_line(hand, "session")
        await hand.press("enter")
        await hand.on(VisitScreen)
        assert "May it begin" in hand.text
        await hand.press("7", "enter", "y")
        assert "As given." in hand.text
        assert "mg/kg" not in hand.text, "no weight is asked for here"
        await hand.press(*"28", "enter")
        await hand.press("m")
        await hand.on(SessionScreen)
        await hand.press("f3")
        await run_for(hand, wall, 12)
        await typed(hand, "o2 90")
        assert "oxygen 90 %" in hand.words
        assert "LOW" in hand.text
        assert "MAY THE PATIENT LEAVE" in hand.text
        assert "Oxygen was low" in hand.text
        await hand.press("escape")
        await hand.on(VisitScreen)
        await hand.press("e")
        assert "Oxygen was low" in hand.text
        await hand.press("escape", "s", *"Dr B", "enter")
        await hand.on(CourseScreen)
        await hand.press("e")
        assert "Card to the ministry" in hand.text
    [course] = store.load(loaded.stamp.path).case.courses
    assert (course.pathway, course.basis) == ("spray", "mood")
    assert course.visits[0].observations[0].spo2 == 90
    assert course.visits[0].closed_by == "Dr B"


async def test_every_screen_of_a_consultation_comes_up(desk: SitDown) -> None:
    async with desk() as hand:
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
