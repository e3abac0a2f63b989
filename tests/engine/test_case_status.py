"""How a case stands, read from what a file saved: each thing in its place, and nothing guessed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ketatui.cases.lenient import day_of
from ketatui.engine.case_status import (
    CaseStatus,
    PathwayStatus,
    RuleStatus,
    read_case_status,
)
from tests.engine.clean import ON

FINDING = {
    "rule": "avm",
    "effect": "contraindicated",
    "authority": "label",
    "because": "why",
    "do": "what",
    "sources": ["one", 2],
    "overridden": True,
    "local_policy": True,
    "could_not_be_excluded": True,
}
OPEN = {"rule": "bp-hold", "effect": "unmet", "needs": ["vitals.systolic"]}
ROW = {
    "id": "iv",
    "verdict": "fits",
    "rank": 2,
    "basis": "off_label",
    "grade": "B",
    "findings": [FINDING],
    "open": [OPEN],
}
SAVED = {
    "on": "2026-11-21",
    "pack": {"id": "ours", "version": "1", "digest": "sha256:1", "policy": "Clinic"},
    "pathways": [ROW],
    "verdicts": {"im": "fits"},
    "contradictions": [{"id": "c", "questions": ["a", "b"], "because": "both"}],
    "unrecognised_medications": ["tincture"],
    "derived": {"drug_classes": ["opioid"]},
    "next": {"question": "vitals.spo2"},
    "criteria": {"support": "s", "rules": "avm=1", "thresholds": {"limit": 10}},
}


def test_everything_saved_is_read() -> None:
    found = read_case_status(SAVED)
    rules = {
        "avm": RuleStatus(
            rule="avm",
            effect="contraindicated",
            authority="label",
            because="why",
            do="what",
            sources=("one",),
            overridden=True,
            local=True,
            not_excluded=True,
        ),
        "bp-hold": RuleStatus("bp-hold", "unmet", is_open=True, needs=("vitals.systolic",)),
    }
    assert found.pathways == {"iv": PathwayStatus("iv", "fits", 2, "off_label", "B", rules)}
    assert (found.on, found.pack, found.version, found.digest, found.policy) == (
        ON,
        "ours",
        "1",
        "sha256:1",
        "Clinic",
    )
    assert found.contradictions == {("c", ("a", "b")): "both"}
    assert (found.unrecognised, found.drug_classes) == (("tincture",), ("opioid",))
    assert found.next == "vitals.spo2"
    assert found.criteria is not None
    assert (found.criteria.support, found.criteria.rules) == ("s", {"avm": "1"})
    assert found.criteria.thresholds == {"limit": 10}


def row(**changes: Any) -> PathwayStatus:
    return read_case_status({"pathways": [{**ROW, **changes}]}).pathways["iv"]


@pytest.mark.parametrize("rank", [True, "2", 2.0, None])
def test_a_rank_is_a_whole_number_or_none(rank: Any) -> None:
    assert row(rank=rank).rank is None


@pytest.mark.parametrize("word", ["", "fine", 3, None, ["fits"]])
def test_a_verdict_is_one_there_is_or_none(word: Any) -> None:
    assert row(verdict=word).verdict == ""
    assert not read_case_status({"pathways": [{**ROW, "verdict": word}]}).is_recorded


def test_empty_words_are_none() -> None:
    assert (row(basis="").basis, row(grade="").grade) == (None, None)
    found = read_case_status({"pack": {"policy": ""}, "next": {"question": ""}})
    assert (found.policy, found.next) == (None, None)


@pytest.mark.parametrize("findings", [None, {}, "avm"])
def test_without_a_list_of_findings_no_rule_is_known(findings: Any) -> None:
    assert row(findings=findings).rules is None
    assert row(findings=[], open=[]).rules == {}


def test_a_rule_without_a_name_or_of_another_shape_is_left_out() -> None:
    rules = row(findings=[{**FINDING, "rule": ""}, "avm"], open=[{"effect": "unmet"}, 3]).rules
    assert rules == {}
    assert read_case_status({"pathways": [{**ROW, "id": ""}, "iv"]}).pathways == {}


@pytest.mark.parametrize("mark", ["overridden", "local_policy", "could_not_be_excluded"])
def test_a_mark_is_true_or_is_not_there(mark: str) -> None:
    marks = ("overridden", "local", "not_excluded")
    rules = row(findings=[{**FINDING, mark: "yes"}]).rules
    assert rules is not None
    assert [getattr(rules["avm"], name) for name in marks].count(False) == 1


def test_a_rule_both_open_and_found_is_found() -> None:
    rules = row(open=[{**OPEN, "rule": "avm"}]).rules
    assert rules is not None
    assert not rules["avm"].is_open


def test_an_effect_nobody_knows_is_none() -> None:
    rules = row(findings=[{**FINDING, "effect": "worse"}]).rules
    assert rules is not None
    assert rules["avm"].effect == ""


def test_the_verdicts_of_a_history_count_where_there_are_no_pathways() -> None:
    verdicts = {"iv": "caution", "im": "fine"}
    found = read_case_status({"pathways": [], "verdicts": verdicts})
    assert found.pathways == {"iv": PathwayStatus("iv", "caution"), "im": PathwayStatus("im")}
    assert found.is_recorded
    assert found.pathways["iv"].rules is None
    assert not read_case_status({"verdicts": ["iv"]}).pathways


@pytest.mark.parametrize("classes", ["opioid", 3])
def test_classes_of_another_shape_are_none_of_them(classes: Any) -> None:
    assert read_case_status({"derived": {"drug_classes": classes}}).drug_classes == ()


@pytest.mark.parametrize("derived", [None, [], {}, {"drug_classes": None}])
def test_classes_that_are_not_there_are_not_known(derived: Any) -> None:
    assert read_case_status({"derived": derived}).drug_classes is None


@pytest.mark.parametrize("foreign", [None, "x", [], {"next": [], "pack": []}, CaseStatus()])
def test_of_nothing_nothing_is_read(foreign: Any) -> None:
    found = read_case_status(foreign)
    assert found == CaseStatus()
    assert not found.is_recorded


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (ON, ON),
        (dt.datetime(2026, 11, 21, 9), ON),
        ("2026-11-21", ON),
        ("21 November", None),
        (20261121, None),
        (None, None),
    ],
)
def test_a_day_is_read_however_it_is_written(value: Any, day: dt.date | None) -> None:
    found = day_of(value)
    assert found == day
    assert not isinstance(found, dt.datetime)


@pytest.mark.parametrize(
    ("pack", "name"),
    [
        ({"id": "ours", "version": "1"}, "ours 1"),
        ({"id": "ours", "policy": "Clinic"}, "ours with local policy “Clinic”"),
        ({}, "criteria not recorded"),
    ],
)
def test_criteria_have_the_name_people_call_them_by(pack: dict[str, str], name: str) -> None:
    assert read_case_status({"pack": pack}).criteria_name == name


def test_a_standing_stays_as_it_is() -> None:
    known = read_case_status(SAVED)
    assert read_case_status(known) is known


def test_a_rule_has_no_mark_that_nobody_gave_it() -> None:
    plain = RuleStatus("r", "caution")
    assert not (plain.is_open or plain.overridden or plain.local or plain.not_excluded)
