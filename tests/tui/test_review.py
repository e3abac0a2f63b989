"""Reviewing a saved case: entering, confirming, saving, and two reviewers at once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

import ketatui.cases.store
from ketatui.cases.signatures import is_current
from ketatui.cases.store import CaseStore
from ketatui.consultation.edits import SetAnswer
from ketatui.consultation.reviewing import Reviewer, Step, review
from ketatui.consultation.saving import amend, save
from ketatui.engine import Knowledge
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.review import ReviewScreen
from tests.tui.conftest import NOW
from tests.tui.keys import joined
from tests.tui.support import Hand, SitDown

ROOT = Path(__file__).resolve().parents[2]
NAME = "20261121-084000-example02"


class Open(Protocol):
    """Opens the review of an example; see the fixture ``reviewing``."""

    def __call__(
        self, name: str = NAME, width: int = 120, height: int = 40, **settings: object
    ) -> AbstractAsyncContextManager[Hand]: ...


@pytest.fixture
def reviewing(desk: SitDown, store: CaseStore) -> Open:
    @asynccontextmanager
    async def opened(
        name: str = NAME, width: int = 120, height: int = 40, **settings: Any
    ) -> AsyncIterator[Hand]:
        store.folder.mkdir(exist_ok=True)
        shutil.copy(ROOT / "saved_cases" / f"{name}.toml", store.folder)
        known = {"by": "Dr B", "role": "pharmacist", **settings}
        async with desk(width, height, **known) as hand:
            await review_of(hand, store, name)
            yield hand

    return opened


async def review_of(hand: Hand, store: CaseStore, name: str) -> None:
    hand.app.push_screen(CaseScreen(store.load(name)))
    await hand.on(CaseScreen)
    await hand.press("r")
    await hand.on(ReviewScreen)


def text(words: str) -> list[str]:
    """The keys of a text."""
    return ["space" if letter == " " else letter for letter in words]


async def enter(hand: Hand, line: str, *keys: str) -> None:
    """Press keys on a line of the form."""
    assert hand.form.focus_on(line)
    await hand.press(*keys)


async def disagree_and_sign(hand: Hand) -> None:
    await enter(hand, "view", "2", *text("not yet"), "enter")
    await enter(hand, "sign", "1")


def amend_meanwhile(store: CaseStore, knowledge: Knowledge, age: int = 42) -> None:
    base = store.load(NAME)
    consultation, journal = amend(store, base, knowledge, now=NOW)
    consultation.do(SetAnswer(question="patient.age", value=age))
    save(consultation, store, journal, by="Dr A", why="", now=NOW, base=base.stamp)


async def test_a_review_is_entered_confirmed_and_saved_and_the_case_shows_it(
    reviewing: Open, store: CaseStore
) -> None:
    async with reviewing() as hand:
        # What was typed is dropped only when asked twice.
        await hand.press("o", *text("hm"), "enter", "escape")
        assert "Not saved yet: s saves it, Esc again drops it." in hand.hint
        await enter(hand, "comment", "backspace", "escape")
        await hand.on(CaseScreen)
        assert len(store.load(NAME).case.revisions) == 1
        await hand.press("r")
        await hand.on(ReviewScreen)
        assert "within the criteria" in hand.text
        assert "Why: On-label. Sessions are in the afternoon" in hand.text
        assert "None yet." in hand.text
        await hand.press("slash", *text("bedtime lorazepam"), "escape")
        await hand.press("slash", *text("finding sedating infusion"), "enter")
        assert hand.focused == "comment"
        await hand.press("o", *text("which dose?"), "enter")
        await disagree_and_sign(hand)
        await hand.press("s")
        assert (
            "Kept permanently, of revision 1, as Dr B (pharmacist): commented on the " in hand.words
        )
        assert "disagreed with the decision; signed as reviewed. s again saves it." in hand.words
        assert len(store.load(NAME).case.revisions) == 1
        await hand.press("s")
        case = store.load(NAME).case
        assert [(item.kind, item.on, item.text) for item in case.reviews] == [
            ("comment", "finding:iv/cns-depressants", "which dose?"),
            ("disagree", "decision", "not yet"),
        ]
        assert [(item.by, item.role, item.meaning) for item in case.signatures] == [
            ("Dr B", "pharmacist", "reviewed")
        ]
        assert case.state == "reviewed"
        assert store.verify(store.path_of(NAME)) == []
        assert "Saved as revision 2" in hand.words
        assert "Dr B (pharmacist) DISAGREES with the decision" in hand.words
        await hand.press("escape")
        screen = await hand.on(CaseScreen)
        assert screen.loaded.case == case


async def test_nothing_is_signed_without_who_and_what_and_both_are_remembered(
    reviewing: Open, store: CaseStore
) -> None:
    async with reviewing(by="", role="") as hand:
        await hand.press("s")
        assert "Nothing to save yet" in hand.text
        await enter(hand, "view", "1", "enter")
        await hand.press("s")
        assert "Not saved: to agree needs a reason." in hand.text
        await enter(hand, "reason", "enter", *text("fine"), "enter")
        await hand.press("s")
        assert "a review carries a name and a role" in hand.text
        await enter(hand, "name", "enter", *text("Dr S"), "enter")
        await enter(hand, "role", "enter", *text("nurse"), "enter")
        # Whatever is entered after the question has to be asked about again.
        await hand.press("s")
        await enter(hand, "request", "y")
        await hand.press("s")
        assert len(store.load(NAME).case.revisions) == 1
        await hand.press("s")
        case = store.load(NAME).case
        assert case.state == "awaiting_review"
        assert case.reviews[0].by == "Dr S"
        settings = hand.app.resources.settings
        assert (settings.by, settings.role) == ("Dr S", "nurse")
        # It awaits review already: nobody is asked to ask again.
        assert not hand.form.focus_on("request")


async def test_another_reviewer_meanwhile_loses_nothing_and_is_told_of(
    reviewing: Open, store: CaseStore, knowledge: Knowledge
) -> None:
    async with reviewing() as hand:
        await disagree_and_sign(hand)
        other = CaseStore(store.folder, knowledge.pack)
        step = Step("agree", "as planned")
        review(other, other.load(NAME), [step], who=Reviewer("Dr C", "nurse"), now=NOW)
        await hand.press("s", "s")
        assert "Meanwhile Dr C: agreed with the decision (revision 2)." in hand.words
        case = store.load(NAME).case
        assert [item.by for item in case.reviews] == ["Dr C", "Dr B"]
        assert case.signatures[0].revision == 1


async def test_an_amendment_meanwhile_saves_nothing_and_keeps_what_was_typed(
    reviewing: Open, store: CaseStore, knowledge: Knowledge
) -> None:
    async with reviewing() as hand:
        await disagree_and_sign(hand)
        amend_meanwhile(store, knowledge)
        await hand.press("s", "s")
        assert "was amended by Dr A, 2026-11-21 21:01 (revision 2)" in hand.words
        assert "Changed: Age" in hand.words
        assert store.load(NAME).case.reviews == ()
        assert "not yet" in hand.text
        # Having looked again, the same review is of the new revision.
        await hand.press("s")
        assert "of revision 2" in hand.words
        await hand.press("s")
        case = store.load(NAME).case
        assert (case.reviews[0].revision, case.signatures[0].revision) == (2, 2)


async def test_who_amends_meanwhile_keeps_the_review_and_is_told_of_it(
    reviewing: Open, store: CaseStore, knowledge: Knowledge
) -> None:
    async with reviewing() as hand:
        await hand.press("escape", "f9")
        await hand.on(ConsultationScreen)
        await hand.go_to("patient.age")
        await hand.press("4", "2", "enter")
        other = CaseStore(store.folder, knowledge.pack)
        steps = [Step("disagree", "not yet"), Step("reviewed")]
        review(other, other.load(NAME), steps, who=Reviewer("Dr C", "nurse"), now=NOW)
        await hand.press("s", *"Dr D", "enter", *"typing", "enter")
        await hand.on(HomeScreen)
        assert "Meanwhile Dr C: disagreed with the decision; signed as reviewed (rev" in hand.text
        case = store.load(NAME).case
        assert (case.state, len(case.revisions), case.answers["patient.age"]) == ("amended", 3, 42)
        assert not is_current(case, case.signatures[0])
        assert store.verify(store.path_of(NAME)) == []


async def test_a_review_that_can_not_be_saved_stays_in_its_fields(
    reviewing: Open, store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    async def is_kept(said: str) -> None:
        assert said in hand.words
        assert "What you entered is still here" in hand.words
        assert "kept" in hand.text
        await hand.press("escape")
        assert "Esc again drops it" in hand.hint

    async with reviewing() as hand:
        await hand.press("o", *text("kept"), "enter")
        with monkeypatch.context() as patch:
            patch.setattr(ketatui.cases.store, "write_atomically", full)
            await hand.press("s", "s")
        await is_kept("Not saved: No space left")
        store.path_of(NAME).unlink()
        await hand.press("s", "s")
        await is_kept("was removed")


async def test_a_draft_or_a_case_that_does_not_verify_can_only_be_read(
    reviewing: Open, store: CaseStore
) -> None:
    draft = "20261121-140000-example10"
    async with reviewing(draft) as hand:
        await is_only_read(hand, store.path_of(draft), "This is a draft: it is not reviewed")
        whole = (ROOT / "saved_cases" / f"{NAME}.toml").read_text("utf-8")
        store.path_of(NAME).write_text(whole.replace("age = 41", "age = 40"), "utf-8")
        await review_of(hand, store, NAME)
        await is_only_read(hand, store.path_of(NAME), "Nothing can be added: ")


async def is_only_read(hand: Hand, path: Path, said: str) -> None:
    before = path.read_bytes()
    assert said in hand.text
    await hand.press(*joined("s c enter / escape"))
    assert path.read_bytes() == before
    await hand.on(CaseScreen)


async def test_an_old_signature_says_so_and_a_click_answers_a_review(
    reviewing: Open,
) -> None:
    async with reviewing("20261121-160000-example13") as hand:
        assert "old: revision 1" in hand.text
        await hand.click("#form", "Signed as reviewed: M.O.")
        assert "belongs to revision 2; amended since (revision 4)" in hand.words
        await hand.click("#form", "M.O. (psychiatrist) agrees")
        await hand.click("#form", "M.O. (psychiatrist) agrees")
        await hand.press(*text("still so?"), "enter")
        assert "the decision" in hand.form_words
        assert hand.focused == "comment"
        await hand.click("#form", "Save the review")
        assert "commented on the decision. s again saves it." in hand.words
