"""An amendment is its own act: who, why, decision and consent anew where it reaches them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.journal import Journal
from ketatui.cases.model import Case, Consent, ConsentMark, Decision
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation import saving
from ketatui.consultation.edits import SetAnswer
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.home import HomeScreen
from tests.engine.clean import clean
from tests.tui.conftest import NOW, defaults_of
from tests.tui.courses import to_case
from tests.tui.support import Hand, SitDown, in_turn

Filed = Callable[..., Loaded]
BEFORE = NOW - dt.timedelta(minutes=30)


def decided(pathway: str = "iv") -> Case:
    """A clean case, talked through, agreed to and decided on by Dr A."""
    titles = ("purpose", "evidence", "medicines", "withdraw")
    marks = {f"consent.{name}": ConsentMark(discussed_at=BEFORE) for name in titles}
    return clean().replaced(
        decision=Decision(pathway=pathway, by="Dr A", at=BEFORE, reason="as discussed"),
        consent=Consent(outcome="agreed", ended_at=BEFORE, items=marks),
        state="final",
    )


async def amend(hand: Hand) -> None:
    await to_case(hand)
    await hand.press("f9")
    await hand.on(ConsultationScreen)


async def answer(hand: Hand, question: str, *keys: str) -> None:
    await hand.go_to(question)
    await hand.press(*keys)


async def test_an_amendment_asks_who_and_why_offers_both_again_and_is_sealed_under_that_name(
    desk: SitDown, filed: Filed, store: CaseStore
) -> None:
    filed(decided())
    async with desk() as hand:
        await amend(hand)
        await hand.press("slash")
        await hand.paste("patient.height_cm")
        await hand.press("enter", *"175", "enter")
        await hand.press("s")
        assert "Amended by" in hand.text
        assert "Dr A" not in hand.lines[-2]
        await hand.press("enter")
        assert "carries a name; nothing is saved yet" in hand.hint
        await hand.press(*"Dr B", "enter")
        assert "Why is it amended?" in hand.text
        await hand.press("enter")
        assert "says why; nothing is saved yet" in hand.hint
        await hand.press("escape")
        assert "Not saved. The draft is still on disk." in hand.hint
        # What was typed is offered again after it was called off.
        await hand.press("s")
        assert "Dr B" in hand.text
        await hand.press("enter", *"measured again", "enter")
        await hand.on(HomeScreen)
    (path,) = store.folder.glob("*.toml")
    case = store.load(path).case
    assert (case.revisions[-1].by, case.revisions[-1].why) == ("Dr B", "measured again")
    assert (case.decision.by, case.state) == ("Dr A", "amended")


async def an_answer_that_consent_spoke_of_has_to_be_talked_about_again(hand: Hand) -> None:
    await answer(hand, "indication.diagnosis", "2")
    assert hand.answers["indication.diagnosis"] != "mdd"
    await hand.press("c")
    await hand.on(ConsentScreen)
    again = [item.key for item in hand.form.items if item.answer[0].endswith(": again")]
    assert again == ["consent.purpose", "consent.evidence"]
    assert "before this changed" in hand.form_words
    assert hand.form.focus_on("consent.purpose")
    await hand.press("y")
    mark = hand.consultation.case.consent.items["consent.purpose"]
    assert mark.discussed_at == NOW
    again = [item.key for item in hand.form.items if item.answer[0].endswith(": again")]
    assert again == ["consent.evidence"]
    await hand.press("escape")
    await hand.on(ConsultationScreen)


async def test_a_change_of_the_verdict_asks_for_decision_and_reason_anew(
    desk: SitDown, filed: Filed, store: CaseStore
) -> None:
    filed(decided())
    async with desk() as hand:
        await amend(hand)
        await in_turn(hand, an_answer_that_consent_spoke_of_has_to_be_talked_about_again)
        # A verdict that comes back leaves the decision as it was.
        await answer(hand, "medical.aneurysmal_disease", "y")
        await answer(hand, "medical.aneurysmal_disease", "n")
        await hand.press("s")
        assert "Amended by" in hand.text
        await hand.press("escape")
        await answer(hand, "medical.aneurysmal_disease", "y")
        await hand.press("s")
        assert "needed first: to decide anew (IV infusion: was “Criteria met”, is now" in hand.hint
        await hand.press("d")
        await hand.on(DecideScreen)
        assert "choose again, and say why again" in hand.form_words
        assert "Consent was given before this changed" in hand.form_words
        assert hand.form.focus_on("pathway")
        options = [code for code, _ in hand.form.item.options] if hand.form.item else []
        await hand.press(str(options.index("iv") + 1))
        decision = hand.consultation.case.decision
        assert (decision.reason, decision.by, decision.verdict) == ("", "", "contraindicated")
        assert hand.form.focus_on("save")
        await hand.press("s")
        assert "a reason for going against the criteria; who decides" in hand.hint
        # The consent was not given to this: it does not become current by deciding.
        assert "how it ended has to be recorded anew" in hand.form_words


async def test_old_vitals_leave_no_decision_standing_until_they_are_taken_again(
    desk: SitDown, filed: Filed, store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(decided())
    later = (NOW + dt.timedelta(days=7)).date()
    monkeypatch.setitem(defaults_of(saving.amend), "today", lambda: later)
    async with desk() as hand:
        await amend(hand)
        await answer(hand, "patient.height_cm", *"178", "enter")
        await hand.press("s")
        assert "to decide anew" in hand.hint
        assert "More information needed" in hand.hint
        for question in list(hand.consultation.stale):
            value = clean().answers[question]
            if isinstance(value, bool):
                # By the same edit as a key, and quicker.
                hand.consultation.do(SetAnswer(question=question, value=value))
            else:
                await answer(hand, question, *str(value), "enter")
        left = list(hand.consultation.stale)
        assert hand.consultation.assessment.pathway("iv").verdict == "fits", left
        await hand.press("s", *"Dr B", "enter", *"second visit", "enter")
        await hand.on(HomeScreen)
    (path,) = store.folder.glob("*.toml")
    case = store.load(path).case
    assert case.assessment is not None
    assert case.assessment["on"] == later.isoformat()
    assert case.dates["patient.age"] == NOW.date()
    assert "vitals.systolic" not in case.dates


async def test_a_case_that_is_amended_elsewhere_stays_on_the_screen(
    desk: SitDown, filed: Filed, store: CaseStore
) -> None:
    loaded = filed(decided())
    folder: Path = store.folder
    with Journal.create(folder, loaded.case, pack="p", base=loaded.stamp, now=NOW):
        async with desk() as hand:
            await hand.press("c")
            await hand.on(CasesScreen)
            await hand.press("down", "enter")
            await hand.on(CaseScreen)
            await hand.press("f9")
            assert isinstance(hand.app.screen, CaseScreen)
            assert "being amended in another window" in hand.words
