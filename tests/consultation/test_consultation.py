"""What a consultation tells the screens: status, scales, what remains, names, decisions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Case, Decision, Medication, Trial
from ketatui.consultation.decision import decision_standing, what_is_missing
from ketatui.consultation.edits import (
    SetAnswer,
    SetDecision,
    SetItem,
    SetMedications,
    SetTrials,
)
from ketatui.consultation.suggest import suggest
from ketatui.consultation.words import answer_text, scale_range
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from tests.consultation.support import answer, consultation_of
from tests.each import each
from tests.effort import tries
from tests.strategies import shipped


def test_a_status_is_open_partial_unknown_or_answered(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    assert consultation.status("scales.phq9") == "open"
    consultation.do(SetItem(question="scales.phq9", item="mood", score=1))
    assert consultation.status("scales.phq9") == "partial"
    consultation.do(SetAnswer(question="scales.phq9", unknown=True))
    assert consultation.status("scales.phq9") == "unknown"
    consultation.do(SetAnswer(question="scales.phq9", value=9))
    assert consultation.status("scales.phq9") == "answered"
    assert consultation.status("medications") == "open"
    consultation.do(SetMedications(rows=(Medication(name="lithium"),)))
    assert consultation.status("medications") == "answered"
    assert consultation.status("antidepressant_trials") == "open"
    consultation.do(SetTrials(rows=(Trial(drug="sertraline"),)))
    assert consultation.status("antidepressant_trials") == "partial"
    stopped = Trial(drug="sertraline", outcome="response")
    consultation.do(SetTrials(rows=(stopped,)))
    assert consultation.status("antidepressant_trials") == "answered"


PHQ9 = shipped().pack.instruments["phq9"].items


@settings(max_examples=tries(20))
@given(st.dictionaries(st.sampled_from([item.id for item in PHQ9]), st.integers(0, 3)))
def test_a_scale_never_shows_a_total_it_could_still_leave(scores: dict[str, int]) -> None:
    consultation = consultation_of(shipped())
    for item, score in scores.items():
        consultation.do(SetItem(question="scales.phq9", item=item, score=score))
    pack = consultation.pack
    question = pack.questions["scales.phq9"]
    low, high = scale_range(pack, question, scores)
    said = answer_text(pack, question, consultation.case)
    assert low == sum(scores.values())
    assert high == low + 3 * (9 - len(scores))
    if not scores:
        assert said == "·"
    elif len(scores) < 9:
        assert said == f"{len(scores)}/9 items, ends in {low}–{high}"
        assert "scales.phq9" not in consultation.case.answers
        assert consultation.assessment.values.get("scales.phq9") is None
    else:
        assert said.startswith(f"{low} of 27, ")


@each(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately severe"),
        (19, "moderately severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_a_total_is_named_by_its_band(pack: Pack, total: int, band: str) -> None:
    case = Case(answers={"scales.phq9": total})
    assert answer_text(pack, pack.questions["scales.phq9"], case) == f"{total} of 27, {band}"


def test_what_remains_is_yes_no_and_none_type_questions_that_are_asked_and_open(
    knowledge: Knowledge,
) -> None:
    consultation = consultation_of(knowledge)
    answer(consultation, {"medical.avm": True, "patient.pregnant": False, "patient.sex": "male"})
    consultation.do(SetAnswer(question="medical.porphyria", unknown=True))
    remaining = {question.id: value for question, value in consultation.remaining_no("medical")}
    assert remaining["medical.recent_mi"] is False
    assert remaining["medical.heart_failure"] == "none"
    for settled in ("medical.avm", "medical.porphyria", "medical.preeclampsia"):
        assert settled not in remaining


@settings(max_examples=tries(40))
@given(st.data())
def test_all_remaining_no_never_answers_a_measurement_nor_changes_an_answer(
    data: st.DataObject,
) -> None:
    pack = shipped().pack
    consultation = consultation_of(shipped())
    given_answers = data.draw(
        st.dictionaries(
            st.sampled_from([q.id for q in pack.questions.values() if q.kind == "bool"]),
            st.booleans(),
        )
    )
    answer(consultation, dict(given_answers))
    for section in pack.sections:
        before = consultation.case
        remaining = consultation.remaining_no(section.id)
        asked = {question.id for question in consultation.asked(section.id)}
        for question, value in remaining:
            assert question.id in asked
            assert consultation.status(question.id) == "open"
            assert question.kind in ("bool", "choice")
            assert value is False or (value == question.none is not None)
        count = consultation.answer_remaining(remaining)
        assert count == len(remaining)
        assert consultation.case.answers == {
            **before.answers,
            **{question.id: value for question, value in remaining},
        }
        if count:
            consultation.undo()
            assert consultation.case == before
            consultation.redo()


def test_what_remains_of_a_section_of_measurements_has_none(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    assert consultation.remaining_no("vitals") == ()
    assert consultation.answer_remaining(consultation.remaining_no("vitals")) == 0
    assert not consultation.can_undo


NAMES = ("bupropion", "citalopram", "clomipramine", "escitalopram", "venlafaxine")


def test_names_that_begin_so_come_before_names_that_hold_it() -> None:
    assert suggest(NAMES, "cital") == ("citalopram", "escitalopram")


def test_a_misspelled_name_is_found_after_the_others() -> None:
    assert suggest(NAMES, "venlafaxin") == ("venlafaxine",)
    assert suggest(NAMES, "buproprion") == ("bupropion",)
    assert suggest(NAMES, "citalopran")[0] == "citalopram"


@pytest.mark.parametrize("text", ["", " ", "c", " v "])
def test_one_letter_suggests_nothing(text: str) -> None:
    assert suggest(NAMES, text) == ()


def test_no_more_is_suggested_than_asked_for_and_nothing_twice() -> None:
    many = tuple(f"drug{number}" for number in range(20))
    assert suggest(many, "drug", most=3) == many[:3]
    found = suggest(NAMES, "citalopram")
    assert len(set(found)) == len(found)


# --- decisions ------------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", ["spravato", "iv", "im", "oral"])
def test_a_decision_while_information_is_missing_is_provisional(
    knowledge: Knowledge, pathway: str
) -> None:
    consultation = consultation_of(knowledge)
    decision = Decision(pathway=pathway, by="Dr B")
    assert decision_standing(consultation.assessment, decision) == "provisional"
    consultation.do(SetDecision(decision=decision))
    assert what_is_missing(consultation) == ()


def test_a_ruled_out_pathway_is_against_the_criteria_and_needs_a_reason(
    knowledge: Knowledge,
) -> None:
    consultation = consultation_of(knowledge)
    answer(consultation, {"medical.aneurysmal_disease": True})
    decision = Decision(pathway="iv")
    assert decision_standing(consultation.assessment, decision) == "against_criteria"
    consultation.do(SetDecision(decision=decision))
    assert what_is_missing(consultation) == (
        "a reason for going against the criteria",
        "who decides",
    )
    consultation.do(SetDecision(decision=Decision(pathway="iv", reason="   ", by="Dr B")))
    assert what_is_missing(consultation) == ("a reason for going against the criteria",)
    consultation.do(SetDecision(decision=Decision(pathway="iv", reason="palliative", by="Dr B")))
    assert what_is_missing(consultation) == ()


def test_no_pathway_is_always_within_the_criteria(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    answer(consultation, {"medical.aneurysmal_disease": True})
    decision = Decision(pathway="none")
    assert decision_standing(consultation.assessment, decision) == "within_criteria"
    consultation.do(SetDecision(decision=decision))
    assert what_is_missing(consultation) == ("who decides",)


def test_nothing_decided_needs_nothing(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    assert decision_standing(consultation.assessment, Decision()) is None
    assert what_is_missing(consultation) == ()
