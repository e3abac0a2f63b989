"""Edits: what each kind does, and that taking one back restores the case exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Case, Consent, ConsentMark, Decision, Medication, Override, Trial
from ketatui.consultation.confirming import PROPOSALS, waiting
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import (
    Edit,
    MarkConsent,
    SetAnswer,
    SetConsent,
    SetDecision,
    SetItem,
    SetLabel,
    SetMedications,
    SetNote,
    SetTrials,
    Together,
    apply,
    from_data,
    to_data,
)
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from tests.consultation.support import consultation_of
from tests.effort import tries
from tests.strategies import MEDICATIONS, TRIALS, answers_to, shipped

NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
MARK = ConsentMark(discussed_at=NOW, teach_back="far away", note="twice")


def test_an_answer_is_set_changed_and_cleared(pack: Pack) -> None:
    case = apply(pack, Case(), SetAnswer(question="patient.age", value=46))
    assert case.answers == {"patient.age": 46}
    case = apply(pack, case, SetAnswer(question="patient.age", value=47))
    assert case.answers == {"patient.age": 47}
    assert apply(pack, case, SetAnswer(question="patient.age")) == Case()


def test_a_measurement_keeps_every_digit(pack: Pack) -> None:
    case = apply(pack, Case(), SetAnswer(question="patient.weight_kg", value="71.50"))
    assert str(case.answers["patient.weight_kg"]) == "71.50"


def test_unknown_takes_the_place_of_an_answer_and_gives_way_to_one(pack: Pack) -> None:
    no = SetAnswer(question="medical.avm", value=False)
    unknown = SetAnswer(question="medical.avm", unknown=True)
    case = apply(pack, apply(pack, Case(), no), unknown)
    assert not case.answers
    assert case.unknown == {"medical.avm"}
    case = apply(pack, case, no)
    assert (case.answers, case.unknown) == ({"medical.avm": False}, frozenset())


def test_items_of_a_scale_become_a_total_only_when_all_are_there(pack: Pack) -> None:
    case = Case()
    items = pack.instruments["phq9"].items
    for number, item in enumerate(reversed(items), start=1):
        edit = SetItem(question="scales.phq9", item=item.id, score=2)
        case = apply(pack, case, edit)
        assert ("scales.phq9" in case.answers) == (number == len(items))
    assert case.answers["scales.phq9"] == 18
    assert list(case.scale_items["scales.phq9"]) == [item.id for item in items]
    case = apply(pack, case, SetItem(question="scales.phq9", item=items[0].id))
    assert "scales.phq9" not in case.answers
    assert len(case.scale_items["scales.phq9"]) == 8


def test_a_typed_total_replaces_the_items(pack: Pack) -> None:
    case = apply(pack, Case(), SetItem(question="scales.phq9", item="mood", score=3))
    case = apply(pack, case, SetAnswer(question="scales.phq9", value=12))
    assert (case.answers, case.scale_items) == ({"scales.phq9": 12}, {})


def test_the_first_item_of_a_scale_that_was_unknown_makes_it_known(pack: Pack) -> None:
    case = apply(pack, Case(), SetAnswer(question="scales.phq9", unknown=True))
    case = apply(pack, case, SetItem(question="scales.phq9", item="mood", score=0))
    assert case.unknown == frozenset()


def test_rows_replace_the_table_and_make_it_known(pack: Pack) -> None:
    case = apply(pack, Case(), SetAnswer(question="antidepressant_trials", unknown=True))
    case = apply(pack, case, SetAnswer(question="medications", unknown=True))
    trial, medicine = Trial(drug="sertraline"), Medication(name="lithium")
    case = apply(pack, case, SetTrials(rows=(trial,)))
    case = apply(pack, case, SetMedications(rows=(medicine,)))
    assert (case.trials, case.medications, case.unknown) == ((trial,), (medicine,), frozenset())


def test_an_empty_note_removes_the_note(pack: Pack) -> None:
    case = apply(pack, Case(), SetNote(question="patient.age", text="about"))
    assert case.notes == {"patient.age": "about"}
    assert apply(pack, case, SetNote(question="patient.age", text="")) == Case()


def test_the_conversation_as_a_whole_leaves_its_items_alone(pack: Pack) -> None:
    case = apply(pack, Case(), MarkConsent(item="consent.purpose", mark=MARK))
    case = apply(pack, case, SetConsent(consent=Consent(outcome="agreed")))
    assert case.consent == Consent(outcome="agreed", items={"consent.purpose": MARK})
    case = apply(pack, case, MarkConsent(item="consent.purpose", mark=None))
    assert case.consent == Consent(outcome="agreed")


def test_a_proposal_waits_until_it_is_confirmed_unless_it_was_too_old_when_read() -> None:
    waits = {"question": "patient.age", "value": 46, "stale": False}
    rows = [waits, {**waits, "stale": True}, {**waits, "confirmed_by": "Dr Q"}, "no row"]
    assert waiting(Case(extra={PROPOSALS: rows})) == 1


def test_a_decision_replaces_the_one_before(pack: Pack) -> None:
    case = apply(pack, Case(), SetDecision(decision=Decision(pathway="iv", by="Dr B")))
    case = apply(pack, case, SetDecision(decision=Decision(pathway="none")))
    assert case.decision == Decision(pathway="none")


def test_what_belongs_together_is_taken_back_together(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    answers = tuple(
        SetAnswer(question=ident, value=False) for ident in ("medical.avm", "medical.porphyria")
    )
    consultation.do(Together(edits=answers))
    assert len(consultation.case.answers) == 2
    consultation.undo()
    assert consultation.case == Case()
    assert not consultation.can_undo


def test_an_edit_that_changes_nothing_is_not_kept(knowledge: Knowledge) -> None:
    kept: list[Mapping[str, Any]] = []
    consultation = consultation_of(knowledge, keep=kept.append)
    consultation.do(SetLabel(text=""))
    consultation.do(SetAnswer(question="patient.age"))
    assert (kept, consultation.edits) == ([], 0)


def test_an_edit_after_undo_ends_what_could_be_made_again(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    consultation.do(SetLabel(text="one"))
    consultation.undo()
    could = consultation.can_redo
    consultation.do(SetLabel(text="two"))
    assert (could, consultation.can_redo) == (True, False)
    assert consultation.redo() is None
    assert consultation.case.label == "two"


@pytest.mark.parametrize("event", [{}, {"eat": 1}, {"edit": {"do": "sing"}}, {"edit": {}}])
def test_an_event_that_is_none_of_ours_is_refused(
    knowledge: Knowledge, event: Mapping[str, Any]
) -> None:
    consultation = consultation_of(knowledge)
    with pytest.raises(ValueError, match=r"event|no such edit"):
        consultation.replay(event)
    assert consultation.case == Case()


def test_an_edit_that_can_not_be_kept_changes_nothing(knowledge: Knowledge) -> None:
    kept: list[Mapping[str, Any]] = []
    full = False

    def keep(event: Mapping[str, Any]) -> None:
        if full:
            raise OSError(28, "No space left on device")
        kept.append(event)

    consultation = consultation_of(knowledge, keep=keep)
    consultation.do(SetLabel(text="one"))
    consultation.do(SetLabel(text="two"))
    consultation.undo()
    before, verdicts = consultation.case, consultation.assessment
    full = True
    for change in (
        lambda: consultation.do(SetAnswer(question="medical.aneurysmal_disease", value=True)),
        consultation.undo,
        consultation.redo,
        lambda: consultation.answer_remaining(consultation.remaining_no("medical")),
    ):
        with pytest.raises(OSError, match="No space left"):
            change()
        assert consultation.case == before
        assert consultation.assessment is verdicts
        assert (consultation.can_undo, consultation.can_redo, len(kept)) == (True, True, 3)
    full = False
    consultation.redo()
    assert consultation.case.label == "two"


# --- random edits ---------------------------------------------------------------------------

TEXTS = st.text(max_size=12)


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Draw any edit that could come from a screen."""
    pack = shipped().pack
    asked = st.sampled_from([q for q in pack.questions.values() if q.kind != "rows"])
    kind = draw(st.integers(0, 9))
    if kind <= 2:
        question = draw(asked)
        value = draw(st.none() | answers_to(question))
        text = str(value) if isinstance(value, Decimal) else value
        return SetAnswer(question=question.id, value=text, unknown=draw(st.booleans()))
    if kind == 3:
        instrument = pack.instruments[draw(st.sampled_from(["phq9", "audit_c"]))]
        item = draw(st.sampled_from(instrument.items))
        score = draw(st.none() | st.integers(0, len(item.options) - 1))
        return SetItem(question=instrument.question, item=item.id, score=score)
    if kind == 4:
        return SetTrials(rows=draw(TRIALS))
    if kind == 5:
        return SetMedications(rows=draw(MEDICATIONS))
    if kind == 6:
        return draw(
            st.builds(SetNote, question=asked.map(lambda q: q.id), text=TEXTS)
            | st.builds(SetLabel, text=TEXTS)
        )
    if kind == 7:
        item_id = draw(st.sampled_from(sorted(pack.consent)))
        return MarkConsent(item=item_id, mark=draw(st.sampled_from([None, MARK])))
    if kind == 8:
        given_up = Consent(outcome="declined", copy_given=False)
        consents = st.sampled_from([Consent(), given_up, Consent(outcome="agreed", ended_at=NOW)])
        return SetConsent(consent=draw(consents))
    override = Override(pathway="im", rule="weak-evidence", reason="r", by="b", at=NOW)
    pathway = draw(st.sampled_from([None, "none", *pack.pathways]))
    overrides = draw(st.sampled_from([(), (override,)]))
    return SetDecision(decision=Decision(pathway=pathway, overrides=overrides))


@given(edits())
def test_an_edit_survives_its_json_form(edit: Edit) -> None:
    assert from_data(to_data(edit)) == edit


STEPS = st.lists(edits() | st.sampled_from(["undo", "redo"]), max_size=14)


def run(consultation: Consultation, steps: list[Any]) -> None:
    """Take steps."""
    for step in steps:
        if step == "undo":
            consultation.undo()
        elif step == "redo":
            consultation.redo()
        else:
            consultation.do(step)


@settings(max_examples=tries(20))
@given(STEPS, edits())
def test_undo_after_do_is_as_if_nothing_was_done(steps: list[Any], edit: Edit) -> None:
    consultation = consultation_of(shipped())
    run(consultation, steps)
    before, count = consultation.case, consultation.edits
    consultation.do(edit)
    after = consultation.case
    if after == before:
        assert consultation.edits == count
        return
    assert consultation.undo() == edit
    assert consultation.case == before
    assert consultation.edits == count
    assert consultation.redo() == edit
    assert consultation.case == after


@settings(max_examples=tries(20))
@given(STEPS)
def test_taking_everything_back_and_making_it_again_comes_to_the_same(steps: list[Any]) -> None:
    consultation = consultation_of(shipped())
    run(consultation, steps)
    end, count = consultation.case, consultation.edits
    while consultation.undo() is not None:
        pass
    assert consultation.case == Case()
    for _ in range(count):
        consultation.redo()
    assert consultation.case == end


@settings(max_examples=tries(20))
@given(STEPS)
@example([SetLabel(text="one"), "undo", "redo"])
def test_the_events_that_were_kept_build_the_same_case_and_history(steps: list[Any]) -> None:
    kept: list[Mapping[str, Any]] = []
    consultation = consultation_of(shipped(), keep=kept.append)
    run(consultation, steps)
    again: list[Mapping[str, Any]] = []
    other = consultation_of(shipped(), keep=again.append)
    for event in kept:
        other.replay(event)
    assert other.case == consultation.case
    assert (other.edits, other.can_redo) == (consultation.edits, consultation.can_redo)
    assert again == []
