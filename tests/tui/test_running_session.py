"""A running session, with real keys and a clock that is moved by hand."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.courses import Visit
from ketatui.cases.model import Case
from ketatui.cases.store import Loaded
from ketatui.engine import Knowledge
from ketatui.tui.screens.board import BoardScreen
from ketatui.tui.screens.session import SessionScreen
from ketatui.tui.screens.visit import VisitScreen
from tests.tui.sessions import (
    START,
    Wall,
    before_the_dose,
    begun,
    counted_paints,
    from_before_the_dose,
    half_way,
    look,
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


def visit_of(hand: Hand) -> Visit:
    return hand.consultation.case.courses[-1].visits[0]


def kept(folder: Path) -> list[dict[str, Any]]:
    """What the draft holds of the course, an edit a line."""
    [path] = (folder / "drafts").glob("*.jsonl")
    rows = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
    return [row["visit"] for row in rows if "visit" in row]


# --- from the first device until the patient leaves ------------------------------------------


async def a_second_press_counts_though_the_minute_has_changed_in_between(
    hand: Hand, wall: Wall
) -> None:
    await begun(hand, wall)
    await hand.press("f4")
    assert "F4 again makes it" in hand.words
    wall.pass_by(1)
    await hand.press("f4")
    assert visit_of(hand).last_dose_at == wall.now


async def a_session_goes_from_the_first_device_to_leaving_with_keys(hand: Hand, wall: Wall) -> None:
    await begun(hand, wall)
    assert "MINUTE 5 from first device, 09:12" in hand.words
    assert "Leaving: not before minute 125, 11:17, in 120 min" in hand.words
    assert "Next in 35 min: Blood pressure at about 40 minutes" in hand.words
    await run_for(hand, wall, 35)
    assert "! DUE NOW: Blood pressure at about 40 minutes, 09:52" in hand.words
    await typed(hand, "141/88 97 4 mod")
    assert "Recorded: minute 40, pressure 141/88, oxygen 97 %, sedation 4" in hand.words
    await run_for(hand, wall, 30)
    assert "! DUE NOW: Pressure, oxygen, sedation, dissociation" in hand.words
    await typed(hand, "132/84 98 5 none")
    await run_for(hand, wall, 54)
    assert "Two hours are not over" in hand.words
    await typed(hand, "128/80 98 5 none")
    await run_for(hand, wall, 1)
    assert "time is met since minute 125, 11:17" in hand.words
    await hand.press("tab", "y", "y", "y", "y", "y", "tab")
    assert "Nothing against it, minute 125" in hand.words
    await hand.press("f8", "f8")
    visit = visit_of(hand)
    assert visit.first_dose_at == START
    assert visit.last_dose_at == START + dt.timedelta(minutes=5)
    assert visit.answers["visit.minutes_dosing"] == 5
    assert visit.answers["visit.end_minute"] == 125
    assert [row.minute for row in visit.observations] == [40, 70, 124]
    assert "Left at minute 125. Nothing more is due." in hand.words
    await hand.press("escape")
    await hand.on(VisitScreen)


async def every_entry_is_on_disk_before_the_next_key(hand: Hand, wall: Wall) -> None:
    folder = hand.app.resources.cases
    await to_session(hand)
    await hand.press("f3")
    assert kept(folder)[-1]["do"] == "clock"
    await typed(hand, "97")
    [row] = kept(folder)[-1]["rows"]
    assert (row["minute"], row["spo2"]) == (0, 97)
    await typed(hand, "nausea severe serious")
    [row] = kept(folder)[-1]["rows"]
    assert (row["term"], row["severity"], row["serious"]) == ("nausea", "severe", True)
    await hand.press("tab", "y")
    assert kept(folder)[-1]["do"] == "answer"


async def what_is_not_understood_stays_in_the_line(hand: Hand, wall: Wall) -> None:
    screen = await to_session(hand)
    await typed(hand, "97")
    assert "The clock is not running yet: F3 starts it. Nothing was taken." in hand.words
    await hand.press(*["backspace"] * 2, "f3")
    await typed(hand, "88/141")
    assert "Was it 141/88?" in hand.words
    assert screen.entry.text == "88/141"
    assert visit_of(hand).observations == ()
    await hand.press("escape")
    assert "Esc again drops “88/141”" in hand.words and screen.entry.text == "88/141"
    await hand.press("escape")
    assert screen.entry.text == ""
    assert isinstance(hand.app.screen, SessionScreen)


async def what_looks_wrong_is_taken_at_a_second_enter_only(hand: Hand, wall: Wall) -> None:
    await to_session(hand)
    await hand.press("f3")
    await typed(hand, "100/90")
    assert "100/90 are close together? Enter again takes it" in hand.words
    assert visit_of(hand).observations == ()
    await hand.press("left", "enter")
    assert visit_of(hand).observations == (), "a key between drops the question"
    await hand.press("enter")
    assert [row.systolic for row in visit_of(hand).observations] == [100]
    await typed(hand, "odd feeling 0")
    assert visit_of(hand).events == ()
    await hand.press("enter")
    assert [row.term for row in visit_of(hand).events] == ["odd feeling"]


async def a_pasted_line_is_typed_text_and_no_key(hand: Hand, wall: Wall) -> None:
    screen = await to_session(hand)
    await hand.press("f3")
    await hand.paste("141/88\n97 4 mod\n")
    assert screen.entry.text == "141/88 97 4 mod"
    await hand.paste("x" * 300)
    assert "too long for the line; not taken" in hand.words
    await hand.press("enter")
    assert [row.spo2 for row in visit_of(hand).observations] == [97]


async def ctrl_u_clears_what_stands_before_the_cursor(hand: Hand, wall: Wall) -> None:
    screen = await to_session(hand)
    await hand.press(*"141/88", "ctrl+u")
    assert screen.entry.text == ""
    await hand.press(*"97", "left", "ctrl+u")
    assert (screen.entry.text, screen.entry.place) == ("7", 0)


# --- the clock ---------------------------------------------------------------------------------


async def the_clock_can_be_started_at_a_time_that_is_typed(hand: Hand, wall: Wall) -> None:
    wall.pass_by(30)
    await to_session(hand)
    await hand.press(*"9:50", "f3")
    assert "is not a time of day up to now, such as 9:12" in hand.words
    assert visit_of(hand).first_dose_at is None
    await hand.press(*["backspace"] * 4, *"9:10", "f3")
    assert visit_of(hand).first_dose_at == START - dt.timedelta(minutes=2)
    assert "MINUTE 32" in hand.words
    await hand.press(*"9:15", "f4")
    assert visit_of(hand).answers["visit.minutes_dosing"] == 5
    await hand.press("ctrl+z")
    visit = visit_of(hand)
    assert visit.last_dose_at is None and "visit.minutes_dosing" not in visit.answers


async def test_a_gate_that_is_not_clear_and_another_day_are_asked_about(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose(systolic=172))
    wall.pass_by(24 * 60)
    async with desk() as hand:
        await to_session(hand)
        await hand.press("f3")
        assert visit_of(hand).first_dose_at is None
        assert "This session is of 2026-11-21, and it is 2026-11-22. Gate:" in hand.words
        await hand.press("f3")
        assert visit_of(hand).first_dose_at == wall.now


async def a_third_device_moves_the_second_clock_when_it_is_said_twice(
    hand: Hand, wall: Wall
) -> None:
    await begun(hand, wall)
    wall.pass_by(5.2)
    await hand.press("f4")
    assert "The last device was at 09:17. F4 again makes it 09:22." in hand.words
    assert visit_of(hand).answers["visit.minutes_dosing"] == 5
    await hand.press("f4")
    assert visit_of(hand).answers["visit.minutes_dosing"] == 11, "a begun minute counts"
    wall.pass_by(70)
    await hand.press("f4", "f4")
    assert "at most 60 are allowed" in hand.words
    assert visit_of(hand).answers["visit.minutes_dosing"] == 11


async def a_clock_that_entries_count_from_stays(hand: Hand, wall: Wall) -> None:
    await to_session(hand)
    await hand.press("f3")
    await typed(hand, "97")
    wall.pass_by(3)
    await hand.press("f3", "f3")
    assert "Entries count from this clock already: it stays." in hand.words
    assert visit_of(hand).first_dose_at == START


async def a_clock_that_was_set_is_named_and_nothing_is_guessed(hand: Hand, wall: Wall) -> None:
    await begun(hand, wall)
    await run_for(hand, wall, 35)
    await typed(hand, "97")
    wall.pass_by(1)
    wall.set_to(wall.now + dt.timedelta(hours=1))
    look(hand)
    await hand.settle()
    assert "The computer's clock was put forward by 60 min; check the minutes." in hand.words
    assert "not before minute 1" in hand.words
    wall.set_to(START - dt.timedelta(minutes=30))
    look(hand)
    await hand.settle()
    assert "it went back" in hand.words
    await typed(hand, "98")
    assert "Which minute? The clock cannot tell" in hand.words
    await typed(hand, " @44")
    assert [row.minute for row in visit_of(hand).observations] == [40, 44]


async def a_machine_that_slept_shows_the_time_that_has_passed(hand: Hand, wall: Wall) -> None:
    await begun(hand, wall)
    await run_for(hand, wall, 95)
    assert "MINUTE 100 from first device" in hand.words
    assert "was put" not in hand.words


async def a_session_that_nobody_touches_is_painted_once_a_minute(hand: Hand, wall: Wall) -> None:
    await begun(hand, wall)
    with pytest.MonkeyPatch.context() as patch:
        painted = counted_paints(hand, patch)
        for _ in range(10 * 12):
            await run_for(hand, wall, 5 / 60)
        assert 1 <= len(painted) <= 10
        before = len(painted)
        for _ in range(11):
            await run_for(hand, wall, 5 / 60)
        assert len(painted) == before, "between two minutes nothing is written"


# --- what goes wrong ---------------------------------------------------------------------------


async def an_entry_that_the_disk_refuses_is_not_taken(hand: Hand, wall: Wall) -> None:
    screen = await to_session(hand)
    await hand.press("f3")

    def refuse(file: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as full:
        full.setattr(os, "fsync", refuse)
        await typed(hand, "97")
    assert "NOT TAKEN: it could not be written to disk (No space left on device)" in hand.words
    assert "NOT KEPT" in hand.lines[0]
    assert screen.entry.text == "97" and visit_of(hand).observations == ()
    await hand.press("enter")
    assert [row.spo2 for row in visit_of(hand).observations] == [97]


async def undo_says_what_it_takes_back_and_leaves_when_the_visit_goes(
    hand: Hand, wall: Wall
) -> None:
    await half_way(hand, wall)
    for said in ("observation", "event", "observation", "the clock", "the clock"):
        await hand.press("ctrl+z")
        assert f"Undone: {'the last ' if 'clock' not in said else ''}{said}" in hand.words
    assert visit_of(hand).first_dose_at is None
    await hand.press(*["ctrl+y"] * 5)
    assert len(visit_of(hand).observations) == 2


async def test_a_killed_session_goes_on_with_its_clock_and_every_entry(
    desk: SitDown, filed: Filed, wall: Wall, knowledge: Knowledge, folder: Path
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        await half_way(hand, wall)
        # What a kill leaves: the file as it is, and a lock that nobody holds.
        [path] = (folder / "drafts").glob("*.jsonl")
        left = path.read_bytes()
        before = visit_of(hand)
        hand.opened.journal.close()
    path.write_bytes(left)
    wall.pass_by(20)
    async with desk() as hand:
        assert "Running sessions" in hand.words
        await hand.press("b")
        await hand.on(BoardScreen)
        assert "minute 91" in hand.words
        await hand.press("1")
        await hand.on(SessionScreen)
        assert "MINUTE 91 from first device, 09:12" in hand.words
        assert visit_of(hand) == before


def test_the_case_of_these_tests_is_ready_for_a_dose(case_of: Callable[[str], Case]) -> None:
    visit = before_the_dose().courses[0].visits[0]
    assert visit.first_dose_at is None and "visit.end_minute" not in visit.answers


async def test_a_session_runs_from_the_first_device_until_the_patient_leaves(
    desk: SitDown, filed: Filed, wall: Wall
) -> None:
    filed(before_the_dose())
    async with desk() as hand:
        await from_before_the_dose(
            hand,
            wall,
            a_second_press_counts_though_the_minute_has_changed_in_between,
            a_session_goes_from_the_first_device_to_leaving_with_keys,
            every_entry_is_on_disk_before_the_next_key,
            what_is_not_understood_stays_in_the_line,
            what_looks_wrong_is_taken_at_a_second_enter_only,
            a_pasted_line_is_typed_text_and_no_key,
            ctrl_u_clears_what_stands_before_the_cursor,
            the_clock_can_be_started_at_a_time_that_is_typed,
            a_third_device_moves_the_second_clock_when_it_is_said_twice,
            a_clock_that_entries_count_from_stays,
            a_clock_that_was_set_is_named_and_nothing_is_guessed,
            a_machine_that_slept_shows_the_time_that_has_passed,
            a_session_that_nobody_touches_is_painted_once_a_minute,
            an_entry_that_the_disk_refuses_is_not_taken,
            undo_says_what_it_takes_back_and_leaves_when_the_visit_goes,
        )
