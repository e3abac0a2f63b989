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
    half_way,
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


async def test_the_board_shows_four_sessions_soonest_due_first(
    desk: SitDown, filed: Filed, wall: Wall, knowledge: Knowledge, store: Any
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
        await hand.press("escape")
        await hand.on(HomeScreen)


async def test_a_row_with_oxygen_alone_hides_no_pressure_on_the_board(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        await begun(hand, wall)
        await run_for(hand, wall, 36)
        await typed(hand, "200/100 97 4 mod")
        await run_for(hand, wall, 5)
        await typed(hand, "96")
        await hand.press("f5")
        await hand.on(BoardScreen)
        assert (
            "last: minute 46, pressure 200/100 high (41), oxygen 96 %, sedation 4 (41), "
            "dissociation moderate (41)" in hand.words
        )


@pytest.mark.usefixtures("impatient")
async def test_a_session_open_in_another_window_is_on_the_board_and_stays_there(
    desk: SitDown, filed: Filed, wall: Wall, knowledge: Knowledge, store: Any
) -> None:
    path = left_running(filed, knowledge, store, "theirs", 10)
    theirs = resume(path, knowledge)
    async with desk() as hand:
        await hand.press("b")
        await hand.on(BoardScreen)
        assert "theirs" in hand.words and "open in another window" in hand.words
        await hand.press("1")
        assert isinstance(hand.app.screen, BoardScreen)
        assert "open in another window" in hand.hint
    theirs.journal.close()


async def test_a_draft_that_cannot_be_read_is_named_on_the_board(
    desk: SitDown, filed: Filed, wall: Wall, knowledge: Knowledge, store: Any
) -> None:
    path = left_running(filed, knowledge, store, "broken", 10)
    text = path.read_text("utf-8").replace('"course": "c1"', '"course": "c9"')
    path.write_text(text.replace('"course":"c1"', '"course":"c9"'), "utf-8")
    async with desk() as hand:
        await hand.press("b")
        await hand.on(BoardScreen)
        assert "cannot be read: change 1 does not fit" in hand.words


async def test_the_board_is_painted_once_a_minute(
    desk: SitDown,
    filed: Filed,
    wall: Wall,
    knowledge: Knowledge,
    store: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left_running(filed, knowledge, store, "one", 10)
    async with desk() as hand:
        await hand.press("b")
        await hand.on(BoardScreen)
        painted = counted_paints(hand, monkeypatch)
        for _ in range(5 * 12):
            await run_for(hand, wall, 5 / 60)
        assert 1 <= len(painted) <= 5
        assert "minute 15" in hand.words


async def test_without_a_running_session_home_offers_no_board(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        assert "Running sessions" not in hand.words
        await hand.press("b")
        assert isinstance(hand.app.screen, HomeScreen | BoardScreen)


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


async def test_a_high_pressure_is_due_again_soon_and_colored_on_the_board(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        await begun(hand, wall)
        await run_for(hand, wall, 36)
        await typed(hand, "171/102 97 5 none")
        assert "Next in 10 min: Blood pressure again: it was high" in hand.words
        await hand.press("f5")
        await hand.on(BoardScreen)
        assert "Blood pressure again: it was high, minute 51" in hand.words
        assert colors_of(hand, "#home", "pressure 171/102 high") == {"bad"}
        assert colors_of(hand, "#home", "oxygen 97 %") == {"muted"}


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


async def test_ctrl_u_clears_what_stands_before_the_cursor(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        screen = await to_session(hand)
        await hand.press(*"141/88", "ctrl+u")
        assert screen.entry.text == ""
        await hand.press(*"97", "left", "ctrl+u")
        assert (screen.entry.text, screen.entry.place) == ("7", 0)


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


async def test_home_keeps_quit_in_sight_at_80_by_24_while_a_session_runs(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk(80, 24) as hand:
        await half_way(hand, wall)
        await hand.press("f5")
        await hand.on(BoardScreen)
        await hand.press("escape")
        await hand.on(HomeScreen)
        assert "Running sessions" in hand.text
        assert "Quit" in hand.text
