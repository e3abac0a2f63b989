"""What would lift a verdict: never age or history, truly the smallest sets, and it gets there."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings

from ketatui.cases.model import Answer, Case
from ketatui.engine import Knowledge, PathwayAssessment, assess
from ketatui.engine.assessment import SEVERITY
from tests.each import each
from tests.effort import tries
from tests.engine.clean import CLEAN, ON, clean, diagnosed
from tests.engine.decision_table import TABLE
from tests.strategies import full_cases, shipped

# What can be put right before a session, by hand from the dictionary.
CAN_CHANGE = set(
    (
        "setting.dea_ciii setting.site setting.seen_in_person setting.rems_certified "
        "setting.prescriber_on_site setting.pulse_oximeter setting.observation_2h "
        "setting.resuscitation setting.iv_capable setting.compounder patient.contraception "
        "indication.confirmed indication.first_line_tried depression.oral_antidepressant "
        "bipolar.mood_stabiliser medical.hyperthyroidism_uncontrolled "
        "medical.seizures_uncontrolled substance.intoxicated_today substance.pdmp_checked "
        "vitals.systolic vitals.diastolic vitals.heart_rate vitals.spo2 labs.pregnancy_test "
        "labs.liver medications "
        "medications.reviewed logistics.transport logistics.can_stay_2h "
        "logistics.rems_patient_enrolled consent.capacity"
    ).split()
)
NUMBERS = (100, 139, 140, 141, 159, 160, 179, 180, 60, 89, 90, 91, 99, 109, 110)


def values_of(case: Case, ident: str) -> list[Any]:
    """List everything a fact could be changed to."""
    if ident == "medications":
        return [()]
    question = shipped().pack.questions[ident]
    present = case.answers[ident]
    if question.kind == "bool":
        return [not present]
    if question.kind == "choice":
        return [option.code for option in question.options if option.code != present]
    limits = (question.min or Decimal(0), question.max or Decimal(0))
    return [number for number in NUMBERS if limits[0] <= number <= limits[1]]


def reached(case: Case, facts: tuple[str, ...], pathway: PathwayAssessment) -> set[str]:
    """Return every better verdict that changing these facts leads to, its reasons gone."""
    decisive = {
        item.rule
        for item in pathway.findings
        if SEVERITY[item.counts_as] == SEVERITY[pathway.verdict] and not item.not_excluded
    }
    found: set[str] = set()
    for values in product(*(values_of(case, ident) for ident in facts)):
        chosen: dict[str, Any] = dict(zip(facts, values, strict=True))
        update: dict[str, Any] = {}
        if "medications" in chosen:
            update["medications"] = chosen.pop("medications")
        answers: dict[str, Answer] = {**case.answers, **chosen}
        after = case.replaced(answers=answers, **update)
        judged = assess(shipped(), after, ON, with_changes=False).pathway(pathway.id)
        left = {item.rule for item in judged.findings} | {item.rule for item in judged.open}
        if not decisive & left and SEVERITY[judged.verdict] < SEVERITY[pathway.verdict]:
            found.add(judged.verdict)
    return found


def check(case: Case) -> int:
    count = 0
    for pathway in assess(shipped(), case, ON).pathways:
        sets = [set(item.facts) for item in pathway.changes]
        for item in pathway.changes:
            count += 1
            assert set(item.facts) <= CAN_CHANGE
            ranks = [shipped().rank_of_question[ident] for ident in item.facts]
            assert ranks == sorted(ranks)
            assert not any(other < set(item.facts) for other in sets)
            verdicts = reached(case, item.facts, pathway)
            assert min(verdicts, key=lambda name: SEVERITY[name]) == item.then
            for size in range(1, len(item.facts)):
                for part in combinations(item.facts, size):
                    assert not reached(case, part, pathway), (part, item)
    return count


@each("line", TABLE)
def test_what_lifts_a_witness_is_minimal_modifiable_and_reaches_its_verdict(line: Any) -> None:
    check(clean(line.true, takes=line.takes))


@given(case=full_cases(CLEAN))
@settings(max_examples=tries(25), deadline=None)
def test_what_lifts_a_random_case_is_minimal_modifiable_and_reaches_its_verdict(case: Case) -> None:
    check(case)


def lifts(knowledge: Knowledge, changes: dict[str, Answer | None], pathway: str) -> Any:
    found = assess(knowledge, clean(changes), ON).pathway(pathway)
    return [(item.facts, item.then) for item in found.changes]


def test_two_obstacles_are_lifted_together_and_only_together(knowledge: Knowledge) -> None:
    changes: dict[str, Answer | None] = {"logistics.transport": False, "consent.capacity": False}
    both = ("logistics.transport", "consent.capacity")
    assert lifts(knowledge, changes, "iv") == [(both, "fits")]


def test_milder_findings_stay_and_do_not_stand_in_the_way(knowledge: Knowledge) -> None:
    changes: dict[str, Answer | None] = {"logistics.transport": False, "medical.arrhythmia": True}
    assert lifts(knowledge, changes, "iv") == [(("logistics.transport",), "caution")]


def test_high_pressure_alone_is_put_right_by_the_pressure(knowledge: Knowledge) -> None:
    assert lifts(knowledge, {"vitals.systolic": 165}, "iv") == [(("vitals.systolic",), "fits")]


@pytest.mark.parametrize(
    "changes",
    [
        {"medical.avm": True},
        {"medical.stroke_tia": True},
        {"patient.age": 16},
        {"psych.psychosis": "history"},
        {"substance.use_disorder": "remission"},
        {"medical.stroke_tia": True, "logistics.transport": False},
        diagnosed("migraine"),
    ],
)
def test_age_history_and_diagnosis_are_never_suggested(
    knowledge: Knowledge, changes: dict[str, Answer | None]
) -> None:
    assert lifts(knowledge, changes, "im") == []


def test_an_open_verdict_has_open_rules_and_no_suggestions(knowledge: Knowledge) -> None:
    assert lifts(knowledge, {"medical.avm": None}, "iv") == []
