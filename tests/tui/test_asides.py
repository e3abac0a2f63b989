"""Wide screens: what stands beside a form that needs only half of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.settings import SettingsScreen
from ketatui.tui.widgets.line_view import LineView
from tests.tui.support import Hand, SitDown

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]


def aside(hand: Hand) -> str:
    """Return what stands beside the form, in one line; empty where nothing is shown."""
    view = hand.app.screen.query_one("#aside", LineView)
    return " ".join(" ".join(item.text for item in view.lines).split()) if view.display else ""


@pytest.fixture
def leave(draft: LeaveDraft, case_of: ReadCase) -> None:
    draft(case_of("03"))


async def test_beside_a_form_stands_what_its_line_changes_what_is_decided_and_what_is_talked_about(
    desk: SitDown, leave: None
) -> None:
    async with desk(160, 40) as hand:
        await hand.press("s")
        await hand.on(SettingsScreen)
        assert aside(hand).startswith("What colors mean ✓ Criteria met")
        seen = {hand.focused: aside(hand)}
        for _ in hand.form.items[1:]:
            await hand.press("down")
            seen[hand.focused] = aside(hand)
        assert all(seen.values())
        assert len(set(seen.values())) == len(hand.form.items)
        folder = str(hand.app.resources.cases).replace(" ", "")
        assert folder in seen["cases"].replace(" ", "")
        hand.form.focus_on("payer")
        await hand.press("2")
        payer = hand.app.resources.settings.payer
        knowledge = hand.app.resources.knowledge
        assert knowledge is not None
        assert knowledge.pack.payers[payer].rules[0].title in aside(hand)
        await hand.press("escape")
        await hand.press("r")
        await hand.on(ConsultationScreen)
        # Consent: the page of the pathway that is talked about.
        await hand.resize(200, 60)
        await hand.press("c")
        await hand.on(ConsentScreen)
        assert aside(hand).startswith("FIT")
        hand.form.focus_on("about")
        await hand.press("1")
        assert aside(hand).startswith("The page for the patient; x writes it")
        await hand.press("escape")
        await hand.on(ConsultationScreen)
        await hand.resize(160, 40)
        # A decision: what stands against a pathway, and the note.
        await hand.press("d")
        await hand.on(DecideScreen)
        assert aside(hand).startswith("FIT")
        assert "Decision: not decided yet" in aside(hand)
        await hand.press("2")
        assert hand.consultation.case.decision.pathway == "iv"
        shown = aside(hand)
        assert shown.startswith("IV infusion")
        judged = hand.consultation.assessment.pathway("iv")
        for finding in judged.findings:
            assert f"{finding.title} {finding.because}" in shown
        assert "Decision: IV infusion" in shown
        # What is typed is in the note as soon as it is taken.
        hand.form.focus_on("reason")
        await hand.press(*"weighed", "enter")
        assert "Why: weighed" in aside(hand)
        await hand.resize(120, 40)
        assert aside(hand) == ""
