"""Rows of a running session: corrected, struck out, and what is asked about events."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.courses import Visit
from ketatui.cases.store import Loaded
from ketatui.tui.screens.session import SessionScreen
from ketatui.tui.screens.visit import VisitScreen
from tests.tui.courses import TODAY, go_to_line
from tests.tui.sessions import (
    Wall,
    before_the_dose,
    from_before_the_dose,
    half_way,
    on_the_wall,
    run_for,
    typed,
)
from tests.tui.support import Hand, SitDown

Filed = Callable[..., Loaded]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return on_the_wall(monkeypatch)


def visit_of(hand: Hand) -> Visit:
    return hand.consultation.case.courses[-1].visits[0]


def last_kept(folder: Path) -> dict[str, object]:
    [path] = (folder / "drafts").glob("*.jsonl")
    rows = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
    found: dict[str, object] = [row["visit"] for row in rows if "visit" in row][-1]
    return found


async def a_row_is_corrected_and_stays_on_record_as_it_stood(hand: Hand, wall: Wall) -> None:
    folder = hand.app.resources.cases
    await half_way(hand, wall)
    screen = hand.app.screen
    assert isinstance(screen, SessionScreen)
    await hand.press("up")
    assert "event nausea, from minute 25, mild" in hand.words
    await hand.press("up", "up", "enter")
    assert screen.entry.text == "171/88 97 4 moderate @41"
    await hand.press("home", "right", "right", "backspace", "3", "enter")
    first = visit_of(hand).observations[0]
    assert (first.minute, first.systolic, first.spo2, first.sedation) == (41, 131, 97, 4)
    assert last_kept(folder)["do"] == "correct"
    [before] = visit_of(hand).corrected
    assert before.observation is not None
    assert (before.observation.systolic, before.struck) == (171, False)
    assert "~ minute 41, pressure 171/88" in hand.words
    await hand.press("ctrl+z")
    assert "Undone: the correction." in hand.words
    assert visit_of(hand).corrected == ()
    assert visit_of(hand).observations[0].systolic == 171


async def a_row_is_struck_out_at_a_second_backspace(hand: Hand, wall: Wall) -> None:
    await half_way(hand, wall)
    await hand.press("up", "backspace")
    assert "Strike out event nausea" in hand.words
    assert len(visit_of(hand).events) == 1
    await hand.press("backspace")
    assert visit_of(hand).events == ()
    assert [item.struck for item in visit_of(hand).corrected] == [True]
    assert "x event nausea" in hand.words
    # A row of another kind cannot take its place, and Esc leaves a row as it is.
    await hand.press("up", "enter", "ctrl+u")
    await typed(hand, "headache mild")
    assert "This row is an observation" in hand.words
    await hand.press("escape")
    assert len(visit_of(hand).observations) == 2


async def letters_begin_a_line_of_their_own_though_a_row_was_gone_to(
    hand: Hand, wall: Wall
) -> None:
    await half_way(hand, wall)
    await hand.press("up")
    await typed(hand, "97")
    assert len(visit_of(hand).observations) == 3
    assert visit_of(hand).corrected == ()


async def an_event_is_asked_whether_it_was_serious(hand: Hand, wall: Wall) -> None:
    await half_way(hand, wall)
    assert "serious? Tab asks" in hand.words
    await run_for(hand, wall, 60)
    assert "serious or not: nausea" in hand.words
    await hand.press("tab", *["down"] * 9)
    assert "Serious: nausea" in hand.words
    await hand.press("y")
    assert visit_of(hand).events[0].serious is True
    # Saying it the first time corrects nothing; saying otherwise does.
    assert visit_of(hand).corrected == ()
    await hand.press("n")
    assert visit_of(hand).events[0].serious is False
    assert len(visit_of(hand).corrected) == 1
    await hand.press("tab", "escape")
    await hand.on(VisitScreen)
    await go_to_line(hand, "event:0:reported")
    await hand.press(*"soon", "enter")
    assert "no day" in hand.words
    await hand.press(*["backspace"] * 4, *"today", "space", *"REMS", "enter")
    event = visit_of(hand).events[0]
    assert (event.reported_on, event.reported_to) == (TODAY, "REMS")


async def test_a_row_is_corrected_struck_out_and_asked_about(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        await from_before_the_dose(
            hand,
            wall,
            a_row_is_corrected_and_stays_on_record_as_it_stood,
            a_row_is_struck_out_at_a_second_backspace,
            letters_begin_a_line_of_their_own_though_a_row_was_gone_to,
            an_event_is_asked_whether_it_was_serious,
        )
