"""What is due in treatment, on home: counted, and a key away."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.home import HomeScreen
from tests.tui.courses import at_week_five, decided
from tests.tui.support import SitDown


async def test_home_counts_what_is_due_and_opens_the_cases_it_is_in(
    desk: SitDown, filed: Callable[..., object]
) -> None:
    filed(at_week_five())
    async with desk() as hand:
        assert "Due in treatment" in hand.words
        await hand.press("d")
        screen = await hand.on(CasesScreen)
        assert screen.query_now.chosen == {"due": frozenset({"due", "overdue"})}
        assert "due: within a week or overdue" in hand.words
        await hand.press("escape")
        await hand.press("escape")
        await hand.on(HomeScreen)
        # Opened by itself the list has all cases again.
        await hand.press("c")
        again = await hand.on(CasesScreen)
        assert again.query_now.is_all


async def test_the_list_says_what_is_overdue_in_a_word(
    desk: SitDown, filed: Callable[..., object]
) -> None:
    filed(at_week_five())
    async with desk(80, 24) as hand:
        await hand.press("c")
        await hand.on(CasesScreen)
        assert "overdue" in hand.words


async def test_where_nothing_is_due_home_says_nothing_of_it(
    desk: SitDown, filed: Callable[..., object]
) -> None:
    filed(decided())
    async with desk() as hand:
        assert "Due in treatment" not in hand.words
        await hand.press("d")
        assert isinstance(hand.app.screen, HomeScreen)
