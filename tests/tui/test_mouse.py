"""The mouse alone: whatever a key does, a click does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from textual.geometry import Offset

from ketatui.cases.model import Case, Decision
from ketatui.tui.actions import Action, key_press, keys_in
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.help import HelpScreen
from ketatui.tui.widgets.line_view import LineView
from tests.tui.conftest import NOW
from tests.tui.support import Hand, SitDown, in_turn

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]
Filed = Callable[..., object]


def reachable(screen: KetaScreen) -> set[str]:
    """Return the keys that a click on the line at the foot stands for."""
    (shown,) = screen.query_one("#hint", LineView).lines
    return {target.removeprefix("key:") for _, _, target in shown.spots}


def wanted(actions: Sequence[Action]) -> set[str]:
    """Return the ids of all actions, but ten digits that pick what can be clicked."""
    return {action.id for action in actions if not action.is_digit}


async def every_action_of_a_consultation_is_reached_by_clicks(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    known = wanted(screen.actions())
    for size in ((80, 24), (200, 60), (120, 40)):
        await hand.resize(*size)
        assert "question_mark" in reachable(screen)
        await hand.click("#hint", "? ")
        page = await hand.on(HelpScreen)
        offered = {shown.target for shown in page.body.lines if shown.target}
        assert {f"action:{ident}" for ident in known} <= offered
        await hand.press("escape")
        await hand.on(ConsultationScreen)


async def a_click_on_a_line_of_help_does_what_its_key_does(hand: Hand) -> None:
    await hand.click("#hint", "? ")
    await hand.on(HelpScreen)
    body = hand.app.screen.query_one("#body", LineView)
    at = next(
        n for n, shown in enumerate(body.lines) if shown.target == "action:consultation.sections"
    )
    body.scroll_lines_to(at)
    await hand.pilot.click(offset=body.content_region.offset + Offset(2, at - body.top))
    await hand.settle()
    await hand.on(ConsultationScreen)
    assert hand.form_words.startswith("Sections")


async def yes_no_and_unknown_are_clicked_where_they_stand(hand: Hand) -> None:
    await hand.click("#form", "Psychiatrist")
    first = hand.focused
    assert hand.answers["setting.prescriber"] == "psychiatrist"
    await hand.click("#form", "y yes")
    assert hand.answers[first] is True
    second = hand.focused
    await hand.click("#form", "Outpatient clinic")
    assert hand.answers[second] == "outpatient_clinic"
    third = hand.focused
    await hand.click("#form", "n no")
    assert hand.answers[third] is False
    fourth = hand.focused
    await hand.click("#form", "u unknown")
    assert fourth in hand.consultation.case.unknown


async def test_a_case_is_decided_with_the_mouse_alone(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await hand.click("#home", "Resume")
        await hand.on(ConsultationScreen)
        await hand.click("#hint", "e explain")
        await hand.on(ExplainScreen)
        await hand.click("#body", "3 ")
        assert hand.app.screen.subject == "im"  # type: ignore[attr-defined]
        await hand.click("#hint", "Esc back")
        await hand.on(ConsultationScreen)
        await hand.click("#hint", "c consent")
        await hand.on(ConsentScreen)
        item = hand.focused
        await hand.click("#form", "y yes")
        assert item in hand.consultation.case.consent.items
        await hand.click("#hint", "d decide")
        await hand.on(DecideScreen)
        await hand.click("#form", "2 ")
        assert hand.consultation.case.decision.pathway == "iv"
        await hand.click("#form", "Save the case")
        assert hand.hint == "Not saved yet; needed first: who decides"
        assert hand.focused == "by"


async def test_what_was_said_gives_way_to_the_keys_of_a_field_that_a_click_opens(
    desk: SitDown, filed: Filed, case_of: ReadCase
) -> None:
    decided = Decision(pathway="spravato", by="b", at=NOW)
    filed(case_of("01").replaced(decision=decided, state="final"))
    async with desk() as hand:
        await hand.press("c")
        listed = await hand.on(CasesScreen)
        await hand.until(lambda: listed.picked is not None)
        await hand.press("enter")
        await hand.on(CaseScreen)
        await hand.press("f9")
        await hand.on(ConsultationScreen)
        await hand.press("d")
        await hand.on(DecideScreen)
        for line, *taps in (("pathway", "1"), ("by", "enter", "b", "enter")):
            assert hand.form.focus_on(line)
            await hand.press(*taps)
        await hand.click("#form", "Save the case")
        assert hand.hint.startswith("s again saves anyway")
        await hand.click("#form", "Save the case")
        assert "Amended by" in hand.text
        assert hand.hint.startswith("Enter accepts")


async def test_a_pathway_has_one_number_whatever_its_verdict(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        verdicts = set()
        for aneurysm in ("n", "y"):
            await hand.go_to("medical.aneurysmal_disease")
            await hand.press(aneurysm)
            verdicts.add(tuple(it.verdict for it in hand.consultation.assessment.pathways))
            await pathways_have_their_numbers(hand)
        assert len(verdicts) == 2


async def pathways_have_their_numbers(hand: Hand) -> None:
    known = list(hand.consultation.pack.pathways)
    await hand.press("c")
    await hand.on(ConsentScreen)
    assert numbers(hand, "about") == dict(enumerate(["all", *known]))
    await hand.press("d")
    await hand.on(DecideScreen)
    assert numbers(hand, "pathway") == dict(enumerate(["none", *known]))
    for digit, pathway in enumerate(known, start=1):
        await hand.press("escape", "e", str(digit))
        explained = await hand.on(ExplainScreen)
        assert explained.subject == pathway
        await hand.press("e", "d")
        await hand.on(DecideScreen)
    await hand.press("escape")
    await hand.on(ConsultationScreen)


def numbers(hand: Hand, key: str) -> dict[int, str]:
    """Return what each number picks on a line of the form."""
    item = next(item for item in hand.form.items if item.key == key)
    return {number: code for number, (code, _) in enumerate(item.options, start=item.first)}


async def test_a_question_of_yes_or_no_at_the_foot_is_answered_by_clicks(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase, folder: Path
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await hand.click("#home", "Saved cases")
        await hand.on(CasesScreen)
        await hand.click("#hint", "Backspace discard")
        assert "(y/n)" in hand.text
        await hand.click("#hint", "n no")
        await hand.click("#hint", "Enter accepts")
        assert list(folder.glob("drafts/*"))
        await hand.click("#hint", "Backspace discard")
        await hand.click("#hint", "y yes")
        await hand.click("#hint", "Enter accepts")
        assert not list(folder.glob("drafts/*.jsonl"))


async def test_a_pane_is_made_wider_and_a_page_scrolled_by_dragging(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("03"))
    async with desk() as hand:
        await hand.click("#home", "Resume")
        await hand.on(ConsultationScreen)
        fit = hand.app.screen.query_one("#fit", LineView)
        before = fit.outer_size.width
        place = fit.region
        await hand.pilot.mouse_down(offset=(place.x, place.y + 5))
        await drag(hand, place.x - 10, place.y + 5)
        assert fit.outer_size.width == before + 10
        await hand.click("#hint", "e explain")
        await hand.on(ExplainScreen)
        body = hand.app.screen.query_one("#body", LineView)
        place = body.region
        await hand.pilot.mouse_down(offset=(place.right - 1, place.y))
        await drag(hand, place.right - 1, place.bottom - 1)
        assert body.top == len(body.lines) - body.size.height
        assert hand.app.mouse_captured is None


async def drag(hand: Hand, x: int, y: int) -> None:
    """Move the mouse with the button held, and let go."""
    from textual import events

    moved = events.MouseMove(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
    hand.app.screen._forward_event(moved)
    await hand.settle()
    await hand.pilot.mouse_up(offset=(x, y))
    await hand.settle()


def test_the_keys_of_a_hint_are_read_from_it() -> None:
    assert keys_in("y n u answer") == (("y", "y"), ("n", "n"), ("u", "u"))
    assert keys_in("[ ] section") == (
        ("[", "left_square_bracket"),
        ("]", "right_square_bracket"),
    )
    assert keys_in('a rest "no"') == (("a", "a"),)
    assert keys_in("Letters are text") == ()
    assert key_press("full_stop").character == "."


async def the_field_and_the_foot_are_tinted_while_letters_are_text(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    hint = screen.query_one("#hint", LineView)
    plain = hint.styles.background
    await hand.press("slash")
    assert hint.styles.background != plain
    assert hand.hint.startswith("Enter accepts")
    await hand.press("escape")
    assert hint.styles.background == plain


async def test_whatever_a_key_does_in_a_consultation_a_click_does(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.click("#home", "New consultation")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            every_action_of_a_consultation_is_reached_by_clicks,
            a_click_on_a_line_of_help_does_what_its_key_does,
            yes_no_and_unknown_are_clicked_where_they_stand,
            the_field_and_the_foot_are_tinted_while_letters_are_text,
        )
