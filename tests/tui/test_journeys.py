"""Whole consultations by keys alone, from the first question to the case found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.pathway_comparison import PathwayComparisonScreen
from tests.tui.keys import ANEURYSM, CLEAN, CONSENTED, CRPS, DECIDED, SHORTEST
from tests.tui.support import Hand, SitDown, toml_files

ReadCase = Callable[[str], Case]

PRESSES_OF_THE_FIRST_CASE = 103
"""From "new consultation" to the last answer of acceptance case 01. It may only fall."""


async def begin(hand: Hand) -> None:
    await hand.press("n")
    await hand.on(ConsultationScreen)


MOST_KEYS = 120
"""From "new consultation" to the saved case, consent and decision included."""


async def test_the_clean_case_takes_at_most_120_keys_with_consent_and_decision(
    desk: SitDown, folder: Path, store: CaseStore, case_of: ReadCase
) -> None:
    async with desk() as hand:
        await begin(hand)
        await hand.press(*SHORTEST)
        assert hand.consultation.case.answers == case_of("01").answers
        assert hand.consultation.case.trials == case_of("01").trials
        await hand.press(*CONSENTED)
        await hand.on(HomeScreen)
        assert hand.presses <= MOST_KEYS, hand.presses
    (path,) = toml_files(folder)
    case = store.load(path).case
    assert (case.state, case.decision.pathway, case.decision.by) == ("final", "spravato", "dr b")
    assert (case.consent.outcome, case.consent.copy_given) == ("agreed", True)
    assert len(case.consent.items) > 20


async def test_the_same_keys_give_the_same_answers_on_a_small_screen(
    desk: SitDown, case_of: ReadCase
) -> None:
    async with desk(80, 24) as hand:
        await begin(hand)
        await hand.press(*CLEAN)
        assert hand.consultation.case.answers == case_of("01").answers
        assert hand.consultation.case.trials == case_of("01").trials
        assert "Spravato ✓ IV ✓ IM ! Oral !" in hand.words


async def test_a_consultation_goes_from_new_to_decided_saved_and_found_again_with_103_keys(
    desk: SitDown, folder: Path, store: CaseStore, case_of: ReadCase
) -> None:
    wanted = case_of("01")
    async with desk() as hand:
        await begin(hand)
        await hand.press(*CLEAN)
        answered = hand.consultation.case
        assert answered.answers == wanted.answers
        assert answered.trials == wanted.trials
        assert answered.unknown == wanted.unknown
        assert hand.presses == PRESSES_OF_THE_FIRST_CASE
        assert "✓ Spravato Criteria met" in hand.words
        assert "Nothing unanswered can change" in hand.words
        await hand.press("e")
        await hand.on(ExplainScreen)
        assert "Spravato ✓ Criteria met on-label A ranked 1 of 4" in hand.words
        assert "SPRAVATO" in hand.all_lines
        await hand.press("right")
        assert "IV infusion ✓ Criteria met off-label B ranked 2 of 4" in hand.words
        await hand.press("escape", "t")
        await hand.on(PathwayComparisonScreen)
        said = hand.all_lines
        assert "Home use Not possible" in said
        assert "Observation At least 2 hours" in said
        await hand.press("escape", "c")
        await hand.on(ConsentScreen)
        await _consent(hand)
        await hand.press("d")
        await hand.on(DecideScreen)
        await hand.press(*DECIDED)
        assert "This decision is within the criteria." in hand.words
        await hand.press("s")
        await hand.on(HomeScreen)
        await hand.until(lambda: "Saved: " in hand.text)
    (path,) = toml_files(folder)
    case = store.load(path).case
    assert case.answers == wanted.answers
    assert (case.state, case.decision.pathway) == ("final", "spravato")
    assert (case.decision.standing, case.decision.by) == ("within_criteria", "dr b")
    assert case.consent.outcome == "agreed"
    assert store.verify(path) == []
    assert list((folder / "drafts").glob("*.jsonl")) == []

    async with desk() as hand:
        await hand.press("c")
        await hand.on(CasesScreen)
        await hand.press("slash", *"spravato", "enter")
        assert "1 of 1" in hand.text
        await hand.press("enter")
        await hand.on(CaseScreen)
        assert "read-only" in hand.text
        assert "Decision Spravato, within the criteria" in hand.all_lines
        await hand.press("5", "z", "3", "z")
        assert "! Weak or conflicting evidence For this indication" in hand.all_lines
        assert "sertraline, 150 mg, 10 weeks, no response" in hand.all_lines
        before = path.read_bytes()
        await hand.press("y", "n", "1", "backspace", "ctrl+z")
        await hand.press("escape", "escape", "escape")  # To the list, its filter away, home.
        await hand.on(HomeScreen)
    assert path.read_bytes() == before


async def _consent(hand: Hand) -> None:
    """Discuss every item, then say how it ended."""
    items = [item for item in hand.form.items if item.kind == "tick"]
    await hand.press(*("y" for _ in items))
    assert f"To discuss ({len(items)} of {len(items)})" in " ".join(
        item.label for item in hand.form.items
    )
    assert hand.focused == "capacity"
    await hand.press("y", "enter", *"partner", "enter", "enter", *"none", "enter", "y", "1")
    consent = hand.consultation.case.consent
    assert len(consent.items) == len(items)
    assert (consent.present, consent.interpreter) == ("partner", "none")
    assert (consent.copy_given, consent.outcome) == (True, "agreed")


async def test_an_aneurysm_rules_out_every_pathway_and_explain_shows_rule_and_source(
    desk: SitDown, case_of: ReadCase
) -> None:
    async with desk() as hand:
        await begin(hand)
        await hand.press(*ANEURYSM)
        assert hand.consultation.case.answers == case_of("03").answers
        assert hand.words.count("Contraindicated") == 4
        await hand.press("e")
        await hand.on(ExplainScreen)
        pack = hand.consultation.pack
        for pathway in hand.consultation.assessment.pathways:
            finding = next(f for f in pathway.findings if f.rule == "aneurysmal-disease")
            said = hand.all_lines
            assert f"{pack.pathways[pathway.id].title} ✗ Contraindicated" in said
            assert "rule aneurysmal-disease" in said
            assert " ".join(finding.because.split()) in said
            assert "Read: Aneurysm (aorta, brain, limbs) = yes" in said
            assert finding.sources
            assert all(f"· {pack.source_text(item)}" in said for item in finding.sources)
            await hand.press("right")


async def test_crps_ends_with_the_infusion_first_and_spravato_not_indicated(
    desk: SitDown, case_of: ReadCase
) -> None:
    wanted = case_of("08").answers
    async with desk() as hand:
        await begin(hand)
        await hand.press(*CRPS)
        answers = hand.answers
        assert answers.items() <= wanted.items()
        asked = hand.consultation.assessment.asked
        assert answers.keys() == {ident for ident in wanted if asked[ident] is not False}
        assessment = hand.consultation.assessment
        assert assessment.ranked[0].id == "iv"
        assert "Spravato Not indicated" in hand.words
        await hand.press("e")
        await hand.on(ExplainScreen)
        assert "IV infusion ✓ Criteria met" in hand.words


async def test_called_away_half_way_nothing_is_lost_and_undo_goes_on(
    desk: SitDown, folder: Path
) -> None:
    half = CLEAN[:40]
    async with desk() as hand:
        await begin(hand)
        await hand.press(*half)
        left = hand.consultation.case
        assert [trial.drug for trial in left.trials] == ["sertraline"]
        await hand.press("escape", "escape")  # Out of the table, then home.
        await hand.on(HomeScreen)
        assert "Resume" in hand.text
        await hand.press("q")
    assert len(list((folder / "drafts").glob("*.jsonl"))) == 1
    assert list(toml_files(folder)) == []

    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        assert hand.consultation.case == left
        # The cursor is on what is unfinished.
        assert hand.focused == "antidepressant_trials"
        assert hand.consultation.status(hand.focused) == "partial"
        edits = hand.consultation.edits
        await hand.press(*["ctrl+z"] * edits)
        assert not hand.consultation.can_undo
        assert hand.answers == {}
        await hand.press("ctrl+z")
        assert "Nothing to undo." in hand.hint
        await hand.press(*["ctrl+y"] * edits)
        assert not hand.consultation.can_redo
        assert hand.consultation.case == left


async def test_leaving_an_untouched_consultation_leaves_no_draft_and_an_aneurysm_shows_at_once(
    desk: SitDown, folder: Path
) -> None:
    async with desk() as hand:
        await begin(hand)
        await hand.press("escape")
        await hand.on(HomeScreen)
        assert "Resume" not in hand.text
        assert list((folder / "drafts").glob("*.jsonl")) == []
        await begin(hand)
        await hand.go_to("medical.aneurysmal_disease")
        await hand.press("y")
        assert "✗ Spravato Contraindicated" in hand.words
        assert hand.words.count("Contraindicated") == 4
        await hand.press("ctrl+z")
        assert "Spravato Contraindicated" not in hand.words
