"""A screen nobody uses shows nothing of a case until Enter."""

from __future__ import annotations

import pytest

from ketatui.tui.idle import seconds_left
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.paused import PAUSED, PausedScreen
from tests.tui.support import Hand, SitDown, key_event


@pytest.mark.parametrize(
    ("last", "now", "minutes", "left"),
    [
        (100.0, 100.0, 5, 300.0),
        (100.0, 399.0, 5, 1.0),
        (100.0, 400.0, 5, 0.0),
        (100.0, 4000.0, 5, 0.0),
        (100.0, 130.0, 1, 30.0),
        (100.0, 1e9, 0, None),
        (100.0, 1e9, -3, None),
    ],
)
def test_when_it_is_due(last: float, now: float, minutes: int, left: float | None) -> None:
    assert seconds_left(last, now, minutes) == left


async def leave_alone(hand: Hand, minutes: float) -> None:
    """Let time pass without a key, as far as the app can tell."""
    hand.clock.seconds += minutes * 60
    hand.app._look_again()
    await hand.settle()


async def paused(hand: Hand) -> None:
    """Check that nothing but the one line is on the screen; then wake it."""
    await hand.on(PausedScreen)
    assert hand.words == PAUSED
    # Keys that were meant for what stood here before do nothing, and do not wake it.
    await hand.press("y", "n", "escape", "ctrl+p", "f1", "f2")
    assert hand.words == PAUSED
    await hand.paste("pasted into nowhere")
    assert hand.words == PAUSED
    await hand.press("enter")


async def test_it_is_blanked_on_every_kind_of_screen_comes_back_as_it_was_and_can_be_quit(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.on(HomeScreen)
        home = hand.text
        await leave_alone(hand, 4.9)
        assert hand.text == home
        await leave_alone(hand, 0.2)
        await paused(hand)
        await hand.on(HomeScreen)
        assert hand.text == home
        # A question, with answers.
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "y")
        before = hand.text
        answers = hand.answers
        await leave_alone(hand, 6)
        await paused(hand)
        await hand.on(ConsultationScreen)
        assert hand.text == before
        assert hand.answers == answers
        # A prompt that is open keeps its text.
        await hand.press("o")
        await hand.paste("half a no")
        await leave_alone(hand, 6)
        await paused(hand)
        await hand.press("t", "e", "enter")
        assert list(hand.consultation.case.notes.values()) == ["half a note"]
        # The palette.
        await hand.press("ctrl+p")
        assert "Go to …" in hand.text
        palette = hand.app.screen
        await leave_alone(hand, 6)
        await paused(hand)
        assert hand.app.screen is palette
        # A key that comes too late is swallowed, and blanks.
        await hand.press("ctrl+p")
        await hand.on(ConsultationScreen)
        answers = hand.answers
        hand.clock.seconds += 600
        await hand.press("2")
        await hand.on(PausedScreen)
        await hand.press("enter")
        await hand.on(ConsultationScreen)
        assert hand.answers == answers
        # Every key puts it off, and it comes again after waking, by a click, too.
        for _ in range(3):
            await leave_alone(hand, 4)
            await hand.press("down")
            await hand.on(ConsultationScreen)
        for _ in range(2):
            await leave_alone(hand, 6)
            await hand.on(PausedScreen)
            await hand.pilot.click(offset=(5, 5))
            await hand.on(ConsultationScreen)
        # Quitting works while it is blank.
        await leave_alone(hand, 6)
        await hand.on(PausedScreen)
        hand.app.post_message(key_event("ctrl+q"))
        await hand.pilot.pause()
        assert hand.app.return_code == 0


async def test_one_timer_waits_for_the_time_that_is_left(desk: SitDown) -> None:
    async with desk(blank_after=2) as hand:
        timer = hand.app._idle_timer
        assert timer is not None
        assert timer._interval == 120.0
        for _ in range(5):
            await hand.press("down")
        assert hand.app._idle_timer is timer
        hand.clock.seconds += 30
        hand.app._look_again()
        again = hand.app._idle_timer
        assert again is not None
        assert again is not timer
        assert again._interval == 90.0


async def test_the_setting_is_a_number_of_minutes_and_0_is_never(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("s")
        hand.form.focus_on("blank_after")
        assert "Blank the screen after" in hand.form_words
        await hand.press("enter", "backspace", "x", "enter")
        assert "“x” is no number; allowed: 0 to" in hand.form_words
        await hand.press("backspace", "0", "enter")
        assert hand.app.resources.settings.blank_after == 0
        assert "never" in hand.form_words
        await leave_alone(hand, 10_000)
        assert not hand.app.is_paused
        assert hand.app._idle_timer is None
        hand.form.focus_on("blank_after")
        await hand.press("backspace")
        assert hand.app.resources.settings.blank_after == 5
        assert hand.app._idle_timer is not None
