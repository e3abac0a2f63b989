"""What is due in treatment, on home: counted, and a key away."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.home import HomeScreen
from tests.tui.courses import at_week_five, decided
from tests.tui.support import SitDown


async def test_home_counts_what_is_due_and_opens_the_cases_it_is_in_that_say_so(
    desk: SitDown, filed: Callable[..., object]
) -> None:
    filed(at_week_five())
    async with desk() as hand:
        assert "Due in treatment" in hand.words
        await hand.press("d")
        screen = await hand.on(CasesScreen)
        assert screen.query_now.chosen == {"due": frozenset({"due", "overdue"})}
        assert "due: within a week or overdue" in hand.words
        # The pane below says what it is, in the criteria's words, once these are prepared.
        assert "Overdue by 2026-11-18" in hand.words
        await hand.press("escape", "escape")
        hand.app.resources.prepare_texts()
        await hand.press("d")
        await hand.on(CasesScreen)
        assert "Overdue Session by 2026-11-18" in hand.words
        assert "Due Ask about the bladder by 2027-01-22" in hand.words
        await hand.press("escape")
        await hand.press("escape")
        await hand.on(HomeScreen)
        # Opened by itself the list has all cases again.
        await hand.press("c")
        again = await hand.on(CasesScreen)
        assert again.query_now.is_all
        await hand.resize(80, 24)
        assert "overdue" in hand.words


async def test_where_nothing_is_due_home_says_nothing_and_a_list_says_that_it_is_still_being_read(
    desk: SitDown, filed: Callable[..., object]
) -> None:
    filed(decided())
    async with desk() as hand:
        assert "Due in treatment" not in hand.words
        await hand.press("d")
        assert isinstance(hand.app.screen, HomeScreen)
        assert "Nothing in treatment is due within a week." in hand.hint
        await hand.press("r")
        assert "No draft waits to be resumed." in hand.hint
        await hand.press("c")
        screen = await hand.on(CasesScreen)
        screen.work.said = "reading 60 of 900"
        await hand.press("slash", *"zebra", "enter")
        assert "No case matches so far." in hand.words


async def test_what_is_due_is_asked_for_before_the_folder_has_been_read(
    desk: SitDown, filed: Callable[..., object]
) -> None:
    async with desk() as hand:
        home = hand.app.screen
        assert isinstance(home, HomeScreen)
        filed(at_week_five())
        hand.app.library_work.follow()
        # Nothing runs between the two: the folder cannot have been read yet.
        home.action_due()
        screen = await hand.on(CasesScreen)
        assert "due: within a week or overdue" in hand.words
        await hand.until(lambda: "overdue" in hand.lines[2])
        assert screen.query_now.chosen
