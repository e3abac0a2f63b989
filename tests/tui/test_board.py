"""The board of running sessions, and what of a session is seen while nobody is at the keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.courses import Observation
from ketatui.cases.drafts import list_drafts
from ketatui.cases.store import Loaded
from ketatui.consultation.saving import amend, resume
from ketatui.consultation.session_clock import first_device
from ketatui.consultation.treatment import Treatment
from ketatui.engine import Knowledge
from ketatui.tui.screens.board import BoardScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.paused import PausedScreen
from ketatui.tui.screens.session import SessionScreen
from ketatui.tui.screens.visit import VisitScreen
from ketatui.tui.widgets.line_view import LineView
from tests.tui.conftest import DRAFT_ID
from tests.tui.sessions import (
    START,
    Wall,
    before_the_dose,
    begun,
    counted_paints,
    on_the_wall,
    run_for,
    to_session,
    typed,
)
from tests.tui.support import Hand, SitDown

Filed = Callable[..., Loaded]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return on_the_wall(monkeypatch)


def left_running(
    filed: Filed, knowledge: Knowledge, store: Any, label: str, minutes: int, *seen: int
) -> Path:
    """Leave a draft with a session begun so many minutes ago, watched at some minutes."""
    number = len(list(store.folder.glob("*.toml")))
    loaded = filed(before_the_dose(label=label), ident=f"{DRAFT_ID[:-1]}{number}")
    consultation, journal = amend(store, loaded, knowledge, now=START)
    treatment = Treatment(consultation)
    first_device(treatment, START - dt.timedelta(minutes=minutes))
    for minute in seen:
        row: dict[str, Any] = {"systolic": 128, "diastolic": 80, "spo2": 97, "sedation": 5}
        treatment.observe(Observation(minute=minute, dissociation="none", **row))
    journal.close()
    return journal.path


async def test_the_board_shows_sessions_soonest_due_first_and_is_painted_once_a_minute(
    desk: SitDown,
    filed: Filed,
    wall: Wall,
    knowledge: Knowledge,
    store: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left_running(filed, knowledge, store, "just begun", 2)
    left_running(filed, knowledge, store, "well watched", 90, 40, 80)
    left_running(filed, knowledge, store, "late one", 55, 30)
    left_running(filed, knowledge, store, "due at once", 40)
    two = [left_running(filed, knowledge, store, "", minutes) for minutes in (10, 11)]
    async with desk() as hand:
        await hand.press("b")
        board = await hand.on(BoardScreen)
        names = [row.label for row in board.sessions]
        # Who has no label is told by what is known, and two that are alike are told apart.
        drafts = {entry.path: entry.label for entry in list_drafts(store.folder)}
        assert [drafts[path] for path in two] == ["45 M MDD"] * 2
        alike = [f"45 M MDD ({path.stem[-4:]})" for path in reversed(two)]
        assert names == ["due at once", "late one", "well watched", *alike, "just begun"]
        assert "! DUE NOW" in hand.words and "6 running sessions" in hand.words
        await hand.press("6")
        await hand.on(SessionScreen)
        assert names[5] in hand.lines[0]
        await hand.press("f5")
        await hand.on(BoardScreen)
        await hand.press("1")
        await hand.on(SessionScreen)
        assert names[0] in hand.lines[0]
        await hand.press("escape")
        await hand.on(VisitScreen)
        await hand.press("escape")
        await hand.on(BoardScreen)
        assert hand.app.open_case is None
        painted = counted_paints(hand, monkeypatch)
        for _ in range(5 * 12):
            await run_for(hand, wall, 5 / 60)
        assert 1 <= len(painted) <= 5
        assert "minute 7 just begun" in hand.words
        await hand.press("escape")
        await hand.on(HomeScreen)


@pytest.mark.usefixtures("impatient")
async def test_a_session_open_elsewhere_stays_on_the_board_and_one_that_cannot_be_read_is_named(
    desk: SitDown, filed: Filed, wall: Wall, knowledge: Knowledge, store: Any
) -> None:
    path = left_running(filed, knowledge, store, "broken", 10)
    text = path.read_text("utf-8").replace('"course": "c1"', '"course": "c9"')
    path.write_text(text.replace('"course":"c1"', '"course":"c9"'), "utf-8")
    theirs = resume(left_running(filed, knowledge, store, "theirs", 10), knowledge)
    async with desk() as hand:
        await hand.press("b")
        await hand.on(BoardScreen)
        assert "cannot be read: change 1 does not fit" in hand.words
        assert "theirs" in hand.words and "open in another window" in hand.words
        await hand.press("2")
        assert isinstance(hand.app.screen, BoardScreen)
        assert "open in another window" in hand.hint
    theirs.journal.close()


async def leave_alone(hand: Hand, minutes: float) -> None:
    """Let time pass without a key, as far as the app can tell."""
    hand.clock.seconds += minutes * 60
    hand.app._look_again()
    await hand.settle()


# --- what is seen while nobody is at the keyboard ------------------------------------------------


def colors_of(hand: Hand, view: str, words: str) -> set[str]:
    """The roles of the pieces of a view that say some words."""
    lines = hand.app.screen.query_one(view, LineView).lines
    return {role for line in lines for text, role in line.spans if words in text}


async def test_a_high_pressure_is_due_again_soon_and_stays_on_the_board_and_home_offers_it(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        # Without a running session home offers no board.
        assert "Running sessions" not in hand.words
        await hand.press("b")
        await hand.on(BoardScreen)
        assert "No session runs in this folder." in hand.words
        await hand.press("escape")
        await hand.on(HomeScreen)
        await begun(hand, wall)
        await run_for(hand, wall, 36)
        await typed(hand, "171/102 97 4 mod")
        assert "Next in 10 min: Blood pressure again: it was high" in hand.words
        await hand.press("f5")
        await hand.on(BoardScreen)
        assert "Blood pressure again: it was high, minute 51" in hand.words
        assert colors_of(hand, "#home", "pressure 171/102 high") == {"bad"}
        assert colors_of(hand, "#home", "oxygen 97 %") == {"muted"}
        # A row with oxygen alone hides no pressure.
        await hand.press("1")
        await hand.on(SessionScreen)
        await run_for(hand, wall, 5)
        await typed(hand, "96")
        await hand.press("f5")
        await hand.on(BoardScreen)
        assert (
            "last: minute 46, pressure 171/102 high (41), oxygen 96 %, sedation 4 (41), "
            "dissociation moderate (41)" in hand.words
        )
        # While one runs, home keeps it and Quit in sight on a small screen, too.
        await hand.press("escape")
        await hand.on(HomeScreen)
        await hand.resize(80, 24)
        assert "Running sessions" in hand.text
        assert "Quit" in hand.text


async def test_a_running_clock_is_never_blanked_and_the_label_is_hidden(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        screen = await to_session(hand)
        await leave_alone(hand, 6)
        await hand.on(PausedScreen)  # No clock runs yet.
        await hand.press("enter")
        await hand.on(SessionScreen)
        await hand.press("f3")
        await run_for(hand, wall, 12)
        await leave_alone(hand, 6)
        assert hand.app.screen is screen
        assert "MINUTE 12" in hand.words
        assert "low mood 14 months" not in hand.text
        # The key that shows it again is meant for what is seen, and is taken.
        await hand.press("9")
        assert "low mood 14 months" in hand.text
        assert screen.entry.text == "9"
        await hand.press("backspace", "f5")
        await hand.on(BoardScreen)
        assert "low mood 14 months" in hand.text
        await leave_alone(hand, 6)
        assert "low mood 14 months" not in hand.text
        assert "minute 12" in hand.words
        await hand.press("down")
        assert "low mood 14 months" in hand.text


@pytest.mark.parametrize(
    ("pathway", "hint"),
    [("spravato", "F4 last device"), ("iv", "F4 end of the infusion"), ("im", None)],
)
async def test_the_hint_names_what_the_second_clock_counts_from(
    desk: SitDown, filed: Filed, wall: Wall, pathway: str, hint: str | None
) -> None:
    filed(before_the_dose(pathway))
    async with desk() as hand:
        await to_session(hand)
        assert (hint or "F4") in hand.hint if hint else "F4" not in hand.hint
