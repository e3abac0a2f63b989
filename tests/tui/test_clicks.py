"""Whatever can be done is in reach of a click: each action of each screen, also while one types."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.dom import DOMNode

from ketatui.cases.model import Case
from ketatui.tui.actions import Action, in_context, is_text
from ketatui.tui.app import KetaApp
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.help import HelpScreen
from ketatui.tui.screens.palette import PaletteScreen
from ketatui.tui.screens.paused import PausedScreen
from ketatui.tui.views.help import ACTION, help_lines
from ketatui.tui.views.hints import hint_line, remark_line, remark_lines
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView
from tests.each import each
from tests.tui.support import Hand, SitDown, in_turn
from tests.tui.test_actions import SCREENS

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]

WITHOUT_HELP = (PaletteScreen, PausedScreen, HelpScreen)
"""Screens on which nothing lists the keys: all that they have is seen."""


def spots(hints: list[str], width: int) -> set[str]:
    return {target for _, _, target in hint_line(hints, width).spots}


@each("screen", SCREENS)
def test_every_action_of_a_screen_is_on_its_list_and_the_list_is_at_the_foot(
    screen: type[KetaScreen],
) -> None:
    known = in_context(*screen.CONTEXTS, "typing", "app")
    lines = help_lines(screen.HELP_TEXT, known, None, None, 100)
    listed = {item.target for item in lines if item.target}
    assert listed == {f"{ACTION}{action.id}" for action in known if not action.is_digit}
    hints = [action.hint for action in known]
    for width in (60, 80, 100, 120, 200):
        foot = spots(hints, width)
        if screen in WITHOUT_HELP:
            assert foot
        else:
            assert "key:question_mark" in foot
        # And the way back stands there, whatever there was no room for.
        if any(hint.startswith("Esc ") for hint in hints):
            assert "key:escape" in foot


@each("screen", SCREENS)
def test_what_is_done_without_its_key_has_somebody_who_does_it(
    screen: type[KetaScreen],
) -> None:
    for action in in_context(*screen.CONTEXTS, "app"):
        if not any(is_text(key) for key in action.keys.split(",")):
            continue
        target, _, name = action.call.partition("(")[0].rpartition(".")
        who = KetaApp if target == "app" else doer(screen, action)
        assert callable(getattr(who, f"action_{name}", None)), action.id


def doer(screen: type[KetaScreen], action: Action) -> type[DOMNode]:
    """Return who has an action: the form, the app, or the screen."""
    if action.context == "form":
        return FormList
    return KetaApp if action.context == "app" else screen


def test_a_remark_leaves_the_keys_in_reach() -> None:
    said = remark_line(("Undone: all of it", "info"), 80, typing=False)
    assert said.text.endswith("? keys ")
    assert said.target_at(3) == "keys"
    assert said.target_at(78) == "key:question_mark"
    told = remark_line(("w" * 78, "info"), 80, typing=False)
    assert told.target_at(78) == "key:question_mark"
    # A warning is not cut: a click on it brings the keys back.
    long = remark_line(("w" * 78, "problem"), 80, typing=False)
    assert long.target_at(40) == "keys"
    assert long.width <= 80
    assert "?" not in remark_line(("Letters are text", "info"), 80, typing=True).text


def test_a_fault_is_told_whole_on_some_lines_and_something_told_on_one() -> None:
    words = " ".join(str(number) for number in range(60))
    told = remark_lines((words, "problem"), 80, typing=False)
    assert " ".join(item.text.strip() for item in told) == words
    assert all(item.width <= 80 and item.target_at(3) == "keys" for item in told)
    assert len(told) == 3
    longest = remark_lines((f"{words} " * 4, "caution"), 60, typing=False)
    assert (len(longest), longest[-1].text[-1]) == (4, "…")
    for one in (
        remark_lines((words, "info"), 80, typing=False),
        remark_lines((words, "caution"), 80, typing=True),
        remark_lines((words, "problem"), 80, typing=False, offers=("y yes",)),
        remark_lines((words[:79], "problem"), 80, typing=False),
        remark_lines((words[:100], "problem"), 120, typing=False),
    ):
        assert len(one) == 1


def test_the_foot_counts_what_it_has_no_room_for() -> None:
    hints = [f"{letter} {letter * 9}" for letter in "abcdefgh"]
    for width in range(40, 120):
        shown = hint_line([*hints, "? keys"], width)
        told = sum(f"{letter} {letter * 9}" in shown.text for letter in "abcdefgh")
        wanted = "? keys" if told == 8 else f"? {8 - told} more"
        assert shown.text.rstrip().endswith(wanted)


async def click_help(hand: Hand, ident: str) -> None:
    """Open the list of keys from the foot, and click an action there."""
    await hand.click("#hint", "F1 keys")
    await hand.on(HelpScreen)
    body = hand.app.screen.query_one("#body", LineView)
    at = next(n for n, shown in enumerate(body.lines) if shown.target == f"{ACTION}{ident}")
    body.scroll_lines_to(at)
    await hand.click("#body", body.lines[at].text)


async def test_where_letters_are_text_a_click_is_still_a_command(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.press("d", "1")
        await hand.on(DecideScreen)
        hand.form.focus_on("reason")
        assert hand.hint.startswith("Letters begin the text")
        await click_help(hand, "decide.save")
        await hand.on(DecideScreen)
        assert hand.hint == "Not saved yet; needed first: who decides"
        # What is half typed is neither lost nor added to.
        hand.form.focus_on("reason")
        await hand.press(*"half a")
        await click_help(hand, "decide.consent")
        await hand.on(DecideScreen)
        assert hand.form.typing is not None
        assert hand.form.typing.text == "half a"
        await hand.press("enter")
        assert hand.consultation.case.decision.reason == "half a"


async def a_number_is_entered_by_clicks(hand: Hand) -> None:
    await hand.resize(80, 24)
    await hand.click("#crumbs", "g sections")
    await hand.click("#form", "Patient")
    await hand.click("#form", "Patient")
    assert hand.focused == "patient.age"
    for digit in ("5", "2", "9", "Backspace"):
        await hand.click("#form", f" {digit} ")
    await hand.click("#form", "Enter")
    assert hand.answers["patient.age"] == 52
    await hand.resize(120, 40)


async def the_foot_follows_the_cursor_from_text_to_choice(hand: Hand) -> None:
    await hand.go_to("indication.diagnosis")
    await hand.press("1")
    await hand.go_to("antidepressant_trials")
    await hand.press("enter")
    await hand.paste("sertraline 150 10wk")
    await hand.press("enter")
    assert hand.focused.endswith(":outcome")
    assert hand.hint.startswith("1-4 picks")


async def test_what_a_line_takes_is_clicked_beside_it_and_said_at_the_foot(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            a_number_is_entered_by_clicks,
            the_foot_follows_the_cursor_from_text_to_choice,
        )
