"""Consent and decision: overrides, going against the criteria, provisional choices."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.home import HomeScreen
from tests.tui.support import Hand, SitDown, in_turn, toml_files

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]
Law = Callable[[Hand], Awaitable[None]]


async def resume(hand: Hand, *keys: str) -> None:
    await hand.press("r")
    await hand.on(ConsultationScreen)
    await hand.press(*keys)


async def choose(hand: Hand, pathway: str) -> None:
    """Pick a pathway on the decision screen by its number."""
    options = [code for code, _ in hand.form.items[1].options]
    await hand.press(str(options.index(pathway)))
    assert hand.consultation.case.decision.pathway == pathway


def back_to_the_questions(*laws: Law) -> list[Law]:
    """Return laws that begin on the questions, and are left to them."""

    def led_back(law: Law) -> Law:
        @functools.wraps(law)
        async def whole(hand: Hand) -> None:
            await law(hand)
            while not isinstance(hand.app.screen, ConsultationScreen):
                await hand.press("escape")

        return whole

    return [led_back(law) for law in laws]


async def write(hand: Hand, key: str, text: str) -> None:
    """Fill in one line of the decision."""
    assert hand.form.focus_on(key)
    await hand.press("enter", *text, "enter")


async def save_without_consent(hand: Hand) -> None:
    """Save from the last line; a pathway decided without consent is asked about once."""
    assert hand.form.focus_on("save")
    await hand.press("s")
    assert hand.hint.startswith("s again saves anyway, c opens consent: 0 of ")
    assert isinstance(hand.app.screen, DecideScreen)
    await hand.press("s")
    await hand.on(HomeScreen)


async def an_overridden_finding_stays_on_the_screen_and_in_the_file(
    hand: Hand, store: CaseStore
) -> None:
    await hand.press("d")
    await hand.on(DecideScreen)
    await choose(hand, "im")
    assert "AGAINST the criteria" in hand.form_words
    # Who decided before is offered.
    assert hand.form.focus_on("by")
    await hand.press("enter", "enter")
    await write(hand, "override:insufficient-evidence", "no veins left")
    (override,) = hand.consultation.case.decision.overrides
    assert (override.rule, override.by) == ("insufficient-evidence", "dr b")
    assert override.reason == "no veins left"
    assert "overridden" in hand.form_words
    await hand.press("escape")
    await hand.on(ConsultationScreen)
    assert any("▿ Evidence" in line and "overridden" in line for line in hand.lines)
    await hand.press("e")
    await hand.on(ExplainScreen)
    await hand.press("right")
    assert "OVERRIDDEN by the clinician" in hand.all_lines
    await hand.press("escape", "s")
    await hand.on(HomeScreen)
    (path,) = toml_files(hand.app.resources.cases)
    assert store.load(path).case.decision.overrides == (override,)


async def an_override_needs_a_name_and_a_reason(hand: Hand) -> None:
    await hand.press("d")
    await hand.on(DecideScreen)
    await choose(hand, "im")
    await write(hand, "override:insufficient-evidence", "")
    assert "an override needs a reason" in hand.form_words
    await hand.press("escape")
    await write(hand, "override:insufficient-evidence", "because")
    assert "Who decides?" in hand.text
    assert list(hand.consultation.case.decision.overrides) == []
    # Called off, the reason waits where it was typed; and it is not asked for again.
    await hand.press("escape")
    assert "The reason is kept" in hand.form_words
    assert hand.form.focus_on("override:insufficient-evidence")
    await hand.press("enter", "enter", *"dr b", "enter")
    made = [(it.reason, it.by) for it in hand.consultation.case.decision.overrides]
    assert made == [("because", "dr b")]
    assert hand.consultation.case.decision.by == "dr b"


async def what_is_chosen_leads_to_what_it_needs_and_never_into_an_override(hand: Hand) -> None:
    """A letter on a caution's line would begin a reason that stays in the record."""
    await hand.press("d")
    await hand.on(DecideScreen)
    assert hand.hint.startswith("0-4 picks   s save")
    await choose(hand, "iv")
    assert hand.focused == "reason"
    await hand.press("down", *"dr b", "enter")
    assert hand.focused == "save"
    # What goes against the criteria needs an override: there the cursor waits.
    await hand.press("home")
    await choose(hand, "oral")
    hindered, cautioned = (item.key for item in hand.form.items if item.key.startswith("override:"))
    assert hand.focused == hindered
    await hand.press(*"no veins")
    # Undoing under a text that is not kept yet changes nothing.
    await hand.press("ctrl+z")
    assert "Not accepted yet" in hand.form_words
    assert hand.consultation.case.decision.pathway == "oral"
    await hand.press("enter")
    assert hand.focused == "reason"
    made = [f"override:{item.rule}" for item in hand.consultation.case.decision.overrides]
    assert made == [hindered] != [cautioned]


async def test_a_text_whose_line_goes_away_is_named_and_never_moves_to_another_line(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("08"))
    async with desk(keymap={"decide.undo": "f6"}) as hand:
        await resume(hand, "d")
        await hand.on(DecideScreen)
        await choose(hand, "im")
        await hand.press("u")  # Text here, where it is a letter of a reason.
        await hand.press(*"nsure", "f6")
        assert hand.consultation.case.decision.pathway is None
        assert hand.form.typing is None
        assert "Not taken: “unsure”" in hand.form_words
        # On the pathway's own line it answers nothing, and says what does.
        await hand.press("home", "u")
        assert "0-4 picks" in hand.form_words


async def test_going_against_the_criteria_is_saved_only_with_a_reason(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase, folder: Path, store: CaseStore
) -> None:
    draft(case_of("03"))
    async with desk() as hand:
        await resume(hand, "d")
        await hand.on(DecideScreen)
        await choose(hand, "spravato")
        # A contraindication cannot be overridden.
        keys = [item.key for item in hand.form.items]
        assert "override:aneurysmal-disease" not in keys
        assert not hand.form.focus_on("fixed:aneurysmal-disease")
        await write(hand, "by", "dr b")
        await hand.press("s")
        assert "Not saved yet; needed first: a reason for going against" in hand.hint
        assert isinstance(hand.app.screen, DecideScreen)
        assert list(toml_files(folder)) == []
        await write(hand, "reason", "palliative")
        await save_without_consent(hand)
    (path,) = toml_files(folder)
    decision = store.load(path).case.decision
    assert (decision.standing, decision.reason) == ("against_criteria", "palliative")


async def test_an_incomplete_pathway_is_only_chosen_as_provisional_and_none_saves_a_draft(
    desk: SitDown, folder: Path, store: CaseStore
) -> None:
    async with desk(by="dr b") as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "y", "d")
        await hand.on(DecideScreen)
        await choose(hand, "iv")
        assert "provisional: information is still missing" in hand.form_words
        # Who decides is offered, never filled in.
        assert hand.consultation.case.decision.by == ""
        assert hand.form.focus_on("save")
        await hand.press("s")
        assert "Not saved yet; needed first: who decides" in hand.hint
        # The cursor stands where it is needed.
        assert "Enter twice takes “dr b”." in hand.form_words
        await hand.press("enter", "enter")
        assert hand.consultation.case.decision.by == "dr b"
        await save_without_consent(hand)
        (first,) = toml_files(folder)
        assert store.load(first).case.decision.standing == "provisional"
        # Without a decision the case is saved as a draft.
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "s")
        await hand.on(HomeScreen)
    (path,) = set(toml_files(folder)) - {first}
    assert store.load(path).case.state == "draft"


async def teach_back_and_notes_are_kept_with_the_consent_item(hand: Hand) -> None:
    await hand.press("c")
    await hand.on(ConsentScreen)
    first = hand.focused
    await hand.press("b", *"I may feel far away", "enter")
    await hand.press("o", *"asked twice", "enter")
    mark = hand.consultation.case.consent.items[first]
    assert (mark.teach_back, mark.note) == ("I may feel far away", "asked twice")
    assert "✓" in hand.form.lines[hand.form.focus_line or 0].text
    await hand.press("backspace")
    assert hand.consultation.case.consent.items == {}
    await hand.press("ctrl+z")
    assert hand.consultation.case.consent.items == {first: mark}
    # Below the items there is nothing to write on: no hint names it, and its key says so.
    assert "b teach-back" in hand.hint
    hand.form.focus_on("outcome")
    await hand.settle()
    assert "b teach-back" not in hand.hint
    await hand.press("o")
    assert "written on an item that is discussed" in hand.hint


async def the_conversation_can_be_about_one_pathway(hand: Hand) -> None:
    await hand.press("c")
    await hand.on(ConsentScreen)
    about, first = [item.key for item in hand.form.items if item.selectable][:2]
    assert hand.focused == first
    assert "Pathways talked about" in hand.form_words
    await hand.press("up")
    assert hand.focused == about
    codes = [code for code, _ in hand.form.item.options] if hand.form.item else []
    await hand.press(str(codes.index("oral")))
    keys = {item.key for item in hand.form.items}
    assert "consent.home-use" in keys
    assert "consent.rems" not in keys
    await hand.press("up", "0")
    assert {"consent.rems", "consent.home-use"} <= {item.key for item in hand.form.items}


async def consent_is_about_the_pathway_decided_on(hand: Hand) -> None:
    await hand.press("c")
    await hand.on(ConsentScreen)
    every = {item.key for item in hand.form.items}
    assert {"consent.rems", "consent.home-use"} <= every
    await hand.press("d")
    await hand.on(DecideScreen)
    await choose(hand, "oral")
    assert hand.form.focus_on("pathway")
    await hand.press("c")
    await hand.on(ConsentScreen)
    await hand.until(lambda: "consent.home-use" in {item.key for item in hand.form.items})
    assert "consent.rems" not in {item.key for item in hand.form.items}


async def test_what_hinders_is_overridden_by_somebody_with_a_reason_and_stays_to_be_seen(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase, store: CaseStore
) -> None:
    draft(case_of("08"))  # CRPS: an injection is not recommended.
    async with desk() as hand:
        await resume(hand)
        laws = (
            an_override_needs_a_name_and_a_reason,
            what_is_chosen_leads_to_what_it_needs_and_never_into_an_override,
        )
        await in_turn(hand, *back_to_the_questions(*laws))
        # Who decided is remembered for the next case.
        assert hand.app.resources.settings.by == "dr b"
        await an_overridden_finding_stays_on_the_screen_and_in_the_file(hand, store)


async def test_a_conversation_is_kept_and_is_about_what_is_talked_about(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await resume(hand)
        laws = (
            teach_back_and_notes_are_kept_with_the_consent_item,
            the_conversation_can_be_about_one_pathway,
            consent_is_about_the_pathway_decided_on,
        )
        await in_turn(hand, *back_to_the_questions(*laws))
