"""All that is left of a consent conversation marked at once: listed first, and undone as one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from tests.tui.support import Hand, SitDown

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]


async def talk(hand: Hand) -> None:
    await hand.press("r")
    await hand.on(ConsultationScreen)
    await hand.press("c")
    await hand.on(ConsentScreen)


async def test_what_is_left_is_listed_before_it_is_marked_and_what_was_said_stays(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await talk(hand)
        ticks = [item.key for item in hand.form.items if item.kind == "tick"]
        await hand.press("y", "a")
        assert f"Were these {len(ticks) - 1} talked about and understood?" in hand.form_words
        assert hand.hint.startswith("y marks them   n leaves them   Esc back")
        await hand.press("enter")
        assert len(hand.consultation.case.consent.items) == 1
        await hand.press("escape")
        await hand.on(ConsentScreen)
        await hand.press("a", "n")
        assert len(hand.consultation.case.consent.items) == 1
        await hand.press("a", "y")
        assert set(hand.consultation.case.consent.items) == set(ticks)
        assert hand.focused == "capacity"
        assert f"{len(ticks) - 1} discussed; Ctrl+Z undoes them all." in hand.hint
        await hand.press("ctrl+z")
        assert len(hand.consultation.case.consent.items) == 1
        # What was said of an item stays.
        await hand.press("ctrl+z")
        assert not hand.consultation.case.consent.items
        assert hand.form.focus_on(ticks[0])
        await hand.press("b", *"floaty", "enter", "a", "y")
        marks = hand.consultation.case.consent.items.values()
        assert [mark.teach_back for mark in marks if mark.teach_back] == ["floaty"]
        await hand.press("a")
        assert "Everything here was discussed." in hand.hint
