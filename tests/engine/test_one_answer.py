"""What one answer would do: as the engine itself says once it is given."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from ketatui.cases.model import Answer, Case
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessor, Knowledge, assess
from ketatui.engine.one_answer import Outcome, further_trials, outcomes_of
from tests.engine.clean import ON, clean

ALL = ("spravato", "iv", "im", "oral")


def outcomes(knowledge: Knowledge, case: Case, ident: str) -> tuple[Outcome, ...]:
    assessor = Assessor(knowledge)
    found = assessor.assess(case, ON)
    return outcomes_of(assessor, case, found, knowledge.pack.questions[ident])


def reached(knowledge: Knowledge, case: Case, ident: str, value: Answer) -> set[tuple[str, str]]:
    """Tell which verdicts change once an answer is given."""
    before = assess(knowledge, case, ON, with_changes=False)
    changed = case.replaced(answers={**case.answers, ident: value}, unknown=case.unknown - {ident})
    after = assess(knowledge, changed, ON, with_changes=False)
    return {
        (item.id, item.verdict)
        for item in after.pathways
        if item.verdict != before.pathway(item.id).verdict
    }


def test_yes_and_no_are_told_apart_and_the_present_answer_is_known(knowledge: Knowledge) -> None:
    yes, no = outcomes(knowledge, clean(), "medical.aneurysmal_disease")
    assert (yes.values, yes.present) == ((True,), False)
    assert dict(yes.verdicts) == dict.fromkeys(ALL, "contraindicated")
    assert (no.values, no.verdicts, no.present) == ((False,), (), True)


def test_every_answer_does_what_is_said_of_it(knowledge: Knowledge) -> None:
    case = clean()
    for question in knowledge.pack.questions.values():
        for outcome in outcomes(knowledge, case, question.id):
            for value in outcome.values:
                assert reached(knowledge, case, question.id, value) == set(outcome.verdicts)


@pytest.mark.parametrize(
    "ident",
    [
        "patient.age",
        "patient.weight_kg",
        "patient.height_cm",
        "vitals.systolic",
        "vitals.heart_rate",
        "scales.audit_c",
    ],
)
def test_numbers_change_the_verdict_exactly_at_the_borders(
    knowledge: Knowledge, ident: str
) -> None:
    case, question = clean(), knowledge.pack.questions[ident]
    found = outcomes(knowledge, case, ident)
    step = Decimal("0.1") if question.kind == "decimal" else Decimal(1)
    assert found[0].least is None
    assert found[-1].most is None
    for outcome, following in pairwise(found):
        assert outcome.most is not None
        assert following.least == outcome.most + step
        for border, verdicts in ((outcome.most, outcome), (following.least, following)):
            value: Answer = border if question.kind == "decimal" else int(border)
            assert reached(knowledge, case, ident, value) == set(verdicts.verdicts)


def test_the_number_that_stands_is_found_among_its_like(knowledge: Knowledge) -> None:
    (here,) = (item for item in outcomes(knowledge, clean(), "vitals.systolic") if item.present)
    assert here.verdicts == ()
    assert here.least is not None
    assert here.most == knowledge.pack.threshold_values["bp_caution_systolic"]


def test_trying_answers_leaves_what_is_remembered_of_the_case_alone(knowledge: Knowledge) -> None:
    case, assessor = clean(), Assessor(knowledge)
    found = assessor.assess(case, ON)
    for question in knowledge.pack.questions.values():
        outcomes_of(assessor, case, found, question)
    assert assessor.assess(case, ON) == found
    changed = clean({"medical.avm": True})
    assert assessor.assess(changed, ON) == assess(knowledge, changed, ON, with_changes=False)


def test_tables_have_no_outcomes(knowledge: Knowledge) -> None:
    assert outcomes(knowledge, clean(), "medications") == ()


def test_one_more_failed_trial_lifts_what_too_few_hold_back(knowledge: Knowledge) -> None:
    case = clean()
    case, assessor = case.replaced(trials=case.trials[:1]), Assessor(knowledge)
    found = assessor.assess(case, ON)
    lifts = {item.id: further_trials(assessor, case, found, item) for item in found.pathways}
    assert {ident: item and (item.count, item.then) for ident, item in lifts.items()} == {
        "spravato": (1, "fits"),
        "iv": (1, "fits"),
        "im": (1, "caution"),
        "oral": (1, "caution"),
    }


def test_trials_lift_nothing_that_they_do_not_hold_back(knowledge: Knowledge, pack: Pack) -> None:
    assessor = Assessor(knowledge)
    stopped = clean({"medical.avm": True})
    for case in (clean(), stopped, stopped.replaced(trials=stopped.trials[:1])):
        found = assessor.assess(case, ON)
        assert [further_trials(assessor, case, found, item) for item in found.pathways] == [
            None
        ] * len(pack.pathways)
