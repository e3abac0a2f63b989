"""The payer's verdict beside the clinical one, and which question comes next."""

from __future__ import annotations

import pytest

from ketatui.cases.model import Answer, Case
from ketatui.engine import Knowledge, assess
from tests.each import each
from tests.engine.clean import CLEAN, ON, WOMAN, clean, diagnosed

PAYERS = ("cigna", "carefirst", "qualchoice", "western_health", "bcbs_nd")


def test_without_a_profile_coverage_is_unknown(knowledge: Knowledge) -> None:
    for changes in ({}, {"logistics.payer": None}):
        coverage = assess(knowledge, clean(changes), ON).coverage
        assert (coverage.profile, coverage.verdict, coverage.rules) == ("none", "unknown", ())


def test_there_are_at_least_four_profiles_and_each_can_be_chosen(knowledge: Knowledge) -> None:
    assert set(knowledge.pack.payers) == set(PAYERS)
    options = knowledge.pack.questions["logistics.payer"].options
    assert {option.code for option in options} == {"none", *PAYERS}


@pytest.mark.parametrize("payer", PAYERS)
def test_a_payer_never_changes_the_clinical_verdict(knowledge: Knowledge, payer: str) -> None:
    found = assess(knowledge, clean({"logistics.payer": payer}), ON)
    assert found.pathways == assess(knowledge, clean(), ON).pathways
    assert found.coverage.profile == payer
    assert found.coverage.rules


@pytest.mark.parametrize("payer", PAYERS)
def test_every_payer_refuses_another_diagnosis_and_knows_nothing_of_an_empty_case(
    knowledge: Knowledge, payer: str
) -> None:
    found = assess(knowledge, clean(diagnosed("ptsd", **{"logistics.payer": payer})), ON)
    assert found.coverage.verdict == "not_met"
    results = {rule.rule: rule.result for rule in found.coverage.rules}
    assert results["diagnosis"] == "not_met"
    empty = assess(knowledge, Case(answers={"logistics.payer": payer}), ON).coverage
    assert empty.verdict == "unknown"
    assert {rule.result for rule in empty.rules} == {"unknown"}


@each(
    ("payer", "changes", "rule", "result"),
    [
        ("cigna", {}, "pdmp", "met"),
        ("cigna", {"substance.pdmp_checked": False}, "pdmp", "not_met"),
        ("cigna", {"substance.pdmp_checked": None}, "pdmp", "unknown"),
        ("cigna", {"setting.prescriber": "np"}, "psychiatrist", "not_met"),
        ("cigna", {"psych.psychosis": "history"}, "psychosis", "unknown"),
        ("bcbs_nd", {}, "failed-trials", "unknown"),
        ("bcbs_nd", {"depression.oral_antidepressant": False}, "oral-antidepressant", "not_met"),
        ("qualchoice", {"scales.phq9": 16}, "phq9", "met"),
        ("qualchoice", {"scales.phq9": 15}, "phq9", "unknown"),
        ("qualchoice", {"scales.phq9": 14}, "phq9", "not_met"),
        ("qualchoice", {"patient.age": 66}, "age", "not_met"),
        ("qualchoice", {"patient.age": 65}, "age", "unknown"),
        ("carefirst", {}, "trials-or-suicidality", "met"),
    ],
)
def test_a_requirement_is_met_not_met_or_unknown(
    knowledge: Knowledge, payer: str, changes: dict[str, Answer | None], rule: str, result: str
) -> None:
    coverage = assess(knowledge, clean({**changes, "logistics.payer": payer}), ON).coverage
    assert {item.rule: item.result for item in coverage.rules}[rule] == result
    if result == "not_met":
        assert coverage.verdict == "not_met"


INFORMING = ("scales.phq9", "scales.madrs", "scales.audit_c")


@pytest.mark.parametrize("ident", [*INFORMING, "setting.prescriber", "logistics.payer"])
def test_nothing_is_next_when_only_informing_questions_are_left(
    knowledge: Knowledge, ident: str
) -> None:
    assert assess(knowledge, clean({ident: None}), ON).next is None


@pytest.mark.parametrize("ident", ["labs.ecg", "patient.height_cm", "medical.avm"])
def test_what_could_still_change_a_verdict_is_next(knowledge: Knowledge, ident: str) -> None:
    found = assess(knowledge, clean({ident: None}), ON).next
    assert found is not None
    assert found.question == ident
    assert found.because


def test_a_caution_is_not_asked_for_where_only_worse_could_still_matter(
    knowledge: Knowledge,
) -> None:
    ident = "medical.arrhythmia"
    changes: dict[str, Answer | None] = {ident: None, "logistics.transport": False}
    assert assess(knowledge, clean(changes), ON).next is None
    changes["medical.avm"] = None
    found = assess(knowledge, clean(changes), ON).next
    assert found is not None
    assert found.question == "medical.avm"


def test_what_is_marked_unknown_is_not_asked_again(knowledge: Knowledge) -> None:
    case = clean({"medical.avm": None}, unknown=["medical.avm"])
    assert assess(knowledge, case, ON).next is None


def test_what_is_certainly_asked_goes_before_what_may_not_be(knowledge: Knowledge) -> None:
    case = clean({**dict.fromkeys(WOMAN), "patient.age": 30})
    found = assess(knowledge, case, ON).next
    assert found is not None
    assert found.question == "patient.sex"


def test_answering_what_is_next_over_and_over_ends_with_nothing_open(knowledge: Knowledge) -> None:
    case = clean(dict.fromkeys(CLEAN), trials=())
    for _ in range(len(knowledge.pack.questions) + 1):
        found = assess(knowledge, case, ON, with_changes=False)
        if found.next is None:
            break
        ident = found.next.question
        answer = CLEAN.get(ident, 2 if ident == "trials.reported_count" else None)
        update: dict[str, object] = {"trials": clean().trials}
        if answer is not None:
            update = {"answers": {**case.answers, ident: answer}}
        case = case.replaced(**update)
    assert found.next is None
    assert [item.verdict for item in found.pathways] == ["fits", "fits", "caution", "caution"]
