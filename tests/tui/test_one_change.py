"""What one change would do, beside the form: of the focused line, and of each pathway."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.tui.screens import panes
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.widgets.line_view import LineView
from tests.tui.support import Hand, SitDown, in_turn

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]


def beside(hand: Hand, pane: str = "#fit") -> str:
    """Return what stands in a pane, on one line."""
    lines = hand.app.screen.query_one(pane, LineView).lines
    return " ".join(" ".join(line.text for line in lines).split())


async def the_focused_answer_says_what_it_would_do(hand: Hand) -> None:
    await hand.go_to("medical.raised_icp")
    await hand.press("up", "down")
    told = beside(hand)
    assert "IF ANSWERED Raised pressure or mass" in told
    assert "yes ✗ Contraindicated: Spravato ▿ Not recommended: IV, IM, Oral" in told
    assert "no: no verdict changes" in told
    await hand.press("y")
    # It has moved on: what is said is of the next line.
    assert "IF ANSWERED Glaucoma or open eye" in beside(hand)
    # While one looks for a question it is said of the first that was found.
    await hand.press("slash")
    assert "IF ANSWERED" not in beside(hand)
    await hand.press(*"press")
    assert "IF ANSWERED Hypertensive" in beside(hand)
    await hand.press("escape")


async def test_a_wide_screen_has_a_pane_of_its_own_for_it(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    case = case_of("01")
    draft(case.replaced(trials=case.trials[:1]))
    async with desk(200, 60) as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        told = beside(hand, "#changes")
        assert "WHAT WOULD IMPROVE IT" in told
        assert "Spravato, IV → ✓ Criteria met 1 more trial that failed at full dose" in told
        await hand.go_to("vitals.systolic")
        await hand.press("down", "up")
        told = beside(hand, "#changes")
        assert "IF ANSWERED Systolic blood pressure" in told
        assert "180 mmHg or more ✗ Contraindicated: IV, IM, Oral" in told
        await hand.resize(120, 40)
        assert "IF ANSWERED Systolic blood pressure" in beside(hand)


async def moving_on_quickly_draws_nothing_beside(hand: Hand) -> None:
    before = beside(hand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panes, "REST", 3600.0)
        await hand.press("down", "down", "up")
        assert beside(hand) == before
        patch.setattr(panes, "REST", 0.05)
        await hand.press("down")
        await hand.until(lambda: "IF ANSWERED Treatment site" in beside(hand))


async def an_answer_leaves_nothing_standing_that_held_before_it(hand: Hand) -> None:
    await hand.go_to("medical.raised_icp")
    await hand.press("up", "down")
    assert "IF ANSWERED Raised pressure or mass" in beside(hand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panes, "REST", 3600.0)
        await hand.press("y")
        assert "Contraindicated" in beside(hand)
        assert "IF ANSWERED" not in beside(hand)
        patch.setattr(panes, "REST", 0.05)
        await hand.press("1")
        await hand.until(lambda: "IF ANSWERED" in beside(hand))
        patch.setattr(panes, "REST", 3600.0)
        await hand.press("ctrl+z")
        assert "IF ANSWERED" not in beside(hand)


async def test_it_is_said_of_the_focused_line_once_the_cursor_rests_there(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        screen = await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            the_focused_answer_says_what_it_would_do,
            moving_on_quickly_draws_nothing_beside,
            an_answer_leaves_nothing_standing_that_held_before_it,
        )
        # A screen that has gone by then is left alone.
        await hand.press("y", "escape")
        await hand.until(lambda: not screen.children)
        screen.rest()
        assert not isinstance(hand.app.screen, ConsultationScreen)


async def test_practice_tells_nothing_of_it(desk: SitDown) -> None:
    async with desk(200, 60) as hand:
        await hand.press("p")
        await hand.press("enter")
        await hand.until(lambda: bool(hand.app.screen.query("#story")))
        assert "IF ANSWERED" not in hand.text
