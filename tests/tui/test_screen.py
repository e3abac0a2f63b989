"""The screen itself: the mouse, the sizes of terminals, the terminal's own cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.events import MouseScrollDown
from textual.geometry import Offset

from ketatui.cases.model import Case
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.pathway_comparison import PathwayComparisonScreen
from ketatui.tui.screens.settings import SettingsScreen
from ketatui.tui.views.lines import Line
from tests.tui.keys import CLEAN, joined
from tests.tui.support import Hand, SitDown, in_turn

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]

SIZES = ((120, 40), (100, 30), (80, 24), (60, 18), (40, 12), (1, 1))


async def test_a_click_does_what_its_key_does(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.click("#home", "New consultation")
        screen = await hand.on(ConsultationScreen)
        # On a question it focuses it, and on an option picks it.
        await hand.click("#form", "Treatment site")
        assert hand.focused == "setting.site"
        await hand.click("#form", " 2 ")
        assert hand.answers == {"setting.site": "inpatient_unit"}
        upcoming = hand.consultation.assessment.next
        assert upcoming is not None
        assert upcoming.question != hand.focused
        await hand.click("#fit", ". jumps")
        assert hand.focused == upcoming.question
        await hand.press("]")
        await hand.click("#sections", "Medical")
        assert screen.section == "medical"
        assert hand.focused == "medical.aneurysmal_disease"
        await hand.click("#fit", "? IM")
        explained = await hand.on(ExplainScreen)
        assert explained.subject == "im"
        await hand.press("escape", "t")
        compared = await hand.on(PathwayComparisonScreen)
        # The wheel scrolls a page.
        await hand.pilot._post_mouse_events([MouseScrollDown], offset=Offset(10, 10))
        assert compared.body.top == 3


async def test_a_click_on_a_row_of_the_cases_opens_it_and_the_terminals_cursor_follows_the_row(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"), label="the one")
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "escape", "c")
        screen = await hand.on(CasesScreen)
        top = screen.view.content_region.y
        assert hand.app.cursor_position.y == top
        await hand.press("down")
        assert hand.app.cursor_position.y == top + 1
        await hand.press("up")
        # On a row that is not focused a click moves there, and a second one opens it.
        other = next(n for n, line in enumerate(screen.view.lines) if "the one" in line.text)
        assert hand.app.cursor_position.y != top + other
        await hand.click("#list", "the one")
        assert hand.app.screen is screen
        assert hand.app.cursor_position.y == top + other
        await hand.click("#list", "the one")
        await hand.on(ConsultationScreen)
        assert hand.consultation.case.label == "the one"


# --- sizes ------------------------------------------------------------------------------------


async def every_size_shows_the_same_state_and_none_loses_an_entry(hand: Hand) -> None:
    await hand.go_to("patient.weight_kg")
    await hand.press("7", "8")
    for width, height in (*SIZES, *reversed(SIZES[:-1])):
        await hand.resize(width, height)
        assert (hand.app.size.width, hand.app.size.height) == (width, height)
        assert hand.focused == "patient.weight_kg"
        assert hand.form.typing is not None
        assert hand.form.typing.text == "78"
        assert len(hand.lines) == height
        assert all(len(line) == width for line in hand.lines)
    await hand.press("enter")
    assert str(hand.answers["patient.weight_kg"]) == "78"


async def test_every_screen_bears_every_size(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("03"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        shown: tuple[tuple[str, type[KetaScreen]], ...] = (
            ("e", ExplainScreen),
            ("escape t", PathwayComparisonScreen),
            ("escape c", ConsentScreen),
            ("escape d", DecideScreen),
            ("escape escape", HomeScreen),
            ("s", SettingsScreen),
            ("escape c", CasesScreen),
        )
        for keys, screen in shown:
            await hand.press(*keys.split())
            await hand.on(screen)
            before = hand.lines[0]
            for width, height in (*SIZES, SIZES[0]):
                await hand.resize(width, height)
                await hand.press("end", "home")
            await hand.on(screen)
            assert hand.lines[0] == before, keys


async def wide_screens_show_panes_and_a_narrow_one_a_line_each(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    for width, panes in (
        (120, {"sections", "form", "fit"}),
        (119, {"form", "fit"}),
        (100, {"form", "fit"}),
    ):
        await hand.resize(width, 30)
        shown = {pane.id for pane in screen.query("#panes > *") if pane.display}
        assert shown == panes, width
    await hand.resize(80, 24)
    await hand.press("1")
    assert "Spravato ?" in hand.lines[1]
    assert "Oral" in hand.lines[1]
    assert "1/9 Prescriber and setting" in hand.lines[2]
    assert "1/11 answered" in hand.lines[2]
    await hand.resize(120, 40)


async def a_page_is_never_laid_out_for_a_width_it_does_not_have(hand: Hand) -> None:
    class Watched(ExplainScreen):
        widths: ClassVar[set[int]] = set()

        def lines(self, width: int) -> Sequence[Line]:
            self.widths.add(width)
            return super().lines(width)

    hand.app.push_screen(Watched(hand.consultation))
    screen = await hand.on(Watched)
    # The last column is left to the marks that say there is more.
    assert screen.widths == {117}
    await hand.press("escape")
    await hand.on(ConsultationScreen)


# --- the terminal's cursor ----------------------------------------------------------------------


def pointer_row(hand: Hand) -> int:
    """Return the line of the screen on which the form's pointer stands."""
    region = hand.form.content_region
    rows = [y for y, line in enumerate(hand.lines) if line[region.x] == "▸"]
    assert len(rows) == 1, hand.text
    return rows[0]


async def the_terminals_cursor_follows_the_line_and_stands_behind_what_is_typed(
    hand: Hand,
) -> None:
    for width, height in ((120, 40), (80, 24), (60, 18)):
        await hand.resize(width, height)
        seen = set()
        for key in ("down", "down", "1", "end", "pageup", "]", "end", "[", ".", "home"):
            await hand.press(key)
            assert hand.app.cursor_position.y == pointer_row(hand)
            seen.add(hand.app.cursor_position)
        assert len(seen) > 3
    await hand.resize(120, 40)
    await hand.go_to("patient.age")
    await hand.press("5")
    first = hand.app.cursor_position
    await hand.press("2")
    x, y = hand.app.cursor_position
    assert y == first.y
    assert hand.lines[y][x - 2 : x + 1] == "52▏"


async def test_a_consultation_keeps_entry_cursor_and_panes_at_every_size(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            every_size_shows_the_same_state_and_none_loses_an_entry,
            wide_screens_show_panes_and_a_narrow_one_a_line_each,
            the_terminals_cursor_follows_the_line_and_stands_behind_what_is_typed,
            a_page_is_never_laid_out_for_a_width_it_does_not_have,
        )


# --- widgets ----------------------------------------------------------------------------------


async def test_no_key_of_a_whole_consultation_makes_more_widgets(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        screen = await hand.on(ConsultationScreen)
        before = len(screen.walk_children(with_self=True))
        assert before < 25
        await hand.press(*CLEAN[:33])
        assert len(screen.walk_children(with_self=True)) == before
        await hand.press(*joined("/ x escape g escape i"))
        assert len(screen.walk_children(with_self=True)) == before
