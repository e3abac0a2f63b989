"""Two assessments compared: what changed on each pathway, and the cause of it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Case
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.models import Medicine
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.case_status import read_case_status
from ketatui.engine.causes import Circumstances
from ketatui.engine.difference import compare, is_verdict_changed
from ketatui.engine.difference_data import difference_data
from ketatui.engine.fingerprints import criteria_data
from ketatui.engine.reassessment import reassess
from tests.engine.clean import AT_HOME, CLEAN, ON, WOMAN, clean, trial
from tests.engine.compared import (
    again,
    change,
    kinds,
    local_rule,
    other,
    policy,
    saved,
    with_rule,
    with_threshold,
)
from tests.strategies import full_cases, shipped


def test_a_case_assessed_again_at_once_differs_in_nothing(knowledge: Knowledge) -> None:
    difference = again(knowledge, knowledge, clean({"vitals.systolic": 165}))
    assert difference.same
    assert not difference.verdict_changed
    assert [item.id for item in difference.pathways] == ["spravato", "iv", "im", "oral"]


def test_a_saved_assessment_stands_as_the_one_it_was_made_of(knowledge: Knowledge) -> None:
    case = clean({"vitals.spo2": None, "medical.avm": None}, unknown=["medical.avm"])
    assessment = assess(knowledge, case, ON)
    data = saved(knowledge, case).assessment
    assert read_case_status(data) == read_case_status(assessment, knowledge)


def test_a_rule_that_is_new_is_the_cause_of_its_finding(knowledge: Knowledge, pack: Pack) -> None:
    without = {ident: rule for ident, rule in pack.rules.items() if ident != "avm"}
    before = compile_pack(pack.replaced(rules=without, digest="sha256:before"))
    difference = again(before, knowledge, clean({"medical.avm": True}))
    found = change(difference, "iv", "avm")
    assert (found.kind, kinds(found)) == ("added", ["rule_added"])
    assert difference.verdict_changed
    item = difference.pathway("iv")
    assert item is not None
    assert item.then is not None
    assert item.now is not None
    assert (item.then.verdict, item.now.verdict) == ("fits", "contraindicated")


def test_a_rule_that_was_not_true_and_is_not_new_is_told_from_one_that_is(
    knowledge: Knowledge, pack: Pack
) -> None:
    after = with_rule(pack, "avm", when="medical.avm or medical.arrhythmia")
    found = change(again(knowledge, after, clean({"medical.arrhythmia": True})), "iv", "avm")
    assert (found.kind, kinds(found)) == ("added", ["rule_changed"])


def test_a_rule_that_is_gone_is_the_cause_of_its_finding_going(
    knowledge: Knowledge, pack: Pack
) -> None:
    left = {ident: rule for ident, rule in pack.rules.items() if ident != "avm"}
    difference = again(knowledge, other(pack, rules=left), clean({"medical.avm": True}))
    found = change(difference, "spravato", "avm")
    assert (found.kind, kinds(found), found.title) == ("removed", ["rule_removed"], "avm")


def test_a_rule_said_in_other_words_is_reworded_and_changes_no_verdict(
    knowledge: Knowledge, pack: Pack
) -> None:
    after = with_rule(pack, "avm", because="Said otherwise.")
    difference = again(knowledge, after, clean({"medical.avm": True}))
    found = change(difference, "oral", "avm")
    assert (found.kind, kinds(found)) == ("restated", ["reworded"])
    assert not difference.verdict_changed
    assert not difference.same


def test_another_authority_and_other_sources_are_told(knowledge: Knowledge, pack: Pack) -> None:
    after = with_rule(pack, "avm", authority="guideline", sources=("ketamine-pi",), on={})
    found = change(again(knowledge, after, clean({"medical.avm": True})), "iv", "avm")
    assert found.kind == "restated"
    assert {"authority", "sources"} <= set(kinds(found))
    words = next(cause.words for cause in found.causes if cause.kind == "authority")
    assert pack.wording.authorities["guideline"] in words


def test_another_effect_of_the_same_rule_is_told(knowledge: Knowledge, pack: Pack) -> None:
    after = with_rule(pack, "avm", effects=dict.fromkeys(pack.pathways, "not_recommended"))
    found = change(again(knowledge, after, clean({"medical.avm": True})), "iv", "avm")
    assert (found.kind, kinds(found)) == ("effect", ["rule_changed"])
    assert found.then is not None
    assert found.now is not None
    assert (found.then.effect, found.now.effect) == ("contraindicated", "not_recommended")


@pytest.mark.parametrize(
    ("threshold", "systolic", "kind"), [(130, 135, "added"), (150, 145, "removed")]
)
def test_a_threshold_that_moved_is_the_cause_with_both_its_values(
    knowledge: Knowledge, pack: Pack, threshold: int, systolic: int, kind: str
) -> None:
    after = other(with_threshold(pack, "bp_caution_systolic", threshold))
    found = change(
        again(knowledge, after, clean({"vitals.systolic": systolic})), "iv", "bp-elevated"
    )
    assert (found.kind, kinds(found)) == (kind, ["threshold"])
    assert f"from 140 to {threshold}" in found.causes[0].words
    assert found.causes[0].subject == "bp_caution_systolic"


def test_a_number_in_the_words_of_a_finding_is_no_rewording(
    knowledge: Knowledge, pack: Pack
) -> None:
    after = other(with_threshold(pack, "bp_caution_systolic", 130))
    found = change(again(knowledge, after, clean({"vitals.systolic": 150})), "iv", "bp-elevated")
    assert (found.kind, kinds(found)) == ("restated", ["threshold"])


def test_a_threshold_behind_a_derived_fact_is_found(knowledge: Knowledge, pack: Pack) -> None:
    after = other(with_threshold(pack, "adequate_weeks", 12))
    difference = again(knowledge, after, clean())
    found = change(difference, "iv", "mdd-not-resistant")
    assert kinds(found) == ["threshold"]
    assert found.causes[0].subject == "adequate_weeks"
    pathway = difference.pathway("iv")
    assert pathway is not None
    assert pathway.support_changed
    assert [cause.kind for cause in pathway.support] == ["threshold"]


def test_a_dated_rule_that_ran_out_is_the_cause(knowledge: Knowledge) -> None:
    case = clean({**AT_HOME, "setting.seen_in_person": False})
    before = saved(knowledge, case, dt.date(2026, 12, 31))
    difference = reassess(knowledge, before, dt.date(2027, 1, 1), keep_stale=True).difference
    found = change(difference, "oral", "telehealth-flexibility")
    assert (found.kind, kinds(found)) == ("effect", ["lapsed"])
    assert "2026-12-31" in found.causes[0].words


def test_a_local_policy_is_the_cause_of_what_it_set_and_added(
    knowledge: Knowledge, pack: Pack
) -> None:
    local = policy(pack, {"bp_caution_systolic": 130}, local_rule(pack))
    case = clean({"vitals.systolic": 135, "vitals.heart_rate": 72})
    difference = again(knowledge, local, case)
    for rule in ("bp-elevated", "ours"):
        found = change(difference, "iv", rule)
        assert (found.kind, kinds(found)) == ("added", ["local_policy"])
        assert "Our clinic" in found.causes[0].words


def test_a_local_policy_no_longer_in_force_is_the_cause_as_well(
    knowledge: Knowledge, pack: Pack
) -> None:
    local = policy(pack, {"bp_caution_systolic": 130}, local_rule(pack))
    case = clean({"vitals.systolic": 135, "vitals.heart_rate": 72})
    difference = again(local, knowledge, case)
    for rule in ("bp-elevated", "ours"):
        found = change(difference, "iv", rule)
        assert (found.kind, kinds(found)) == ("removed", ["local_policy"])
        assert "not in force" in found.causes[0].words


def test_an_answer_that_changed_is_the_cause_also_through_a_derived_fact(
    knowledge: Knowledge,
) -> None:
    first, second = clean(), clean({"vitals.systolic": 170}, trials=[trial()])
    answers = frozenset({"vitals.systolic", "antidepressant_trials"})
    known = Circumstances(knowledge, answers=answers)
    one, two = (assess(knowledge, case, ON) for case in (first, second))
    difference = compare(one, two, known)
    assert [cause.subject for cause in change(difference, "iv", "bp-hold").causes] == [
        "vitals.systolic"
    ]
    assert [cause.subject for cause in change(difference, "iv", "mdd-not-resistant").causes] == [
        "antidepressant_trials"
    ]


def test_a_stale_answer_opens_its_rules_and_is_their_cause(knowledge: Knowledge) -> None:
    found = reassess(knowledge, saved(knowledge, clean()), ON + dt.timedelta(days=1))
    opened = change(found.difference, "iv", "bp-hold")
    assert (opened.kind, set(kinds(opened))) == ("opened", {"stale"})
    assert [cause.subject for cause in opened.causes] == ["vitals.systolic", "vitals.diastolic"]
    item = found.difference.pathway("iv")
    assert item is not None
    assert item.now is not None
    assert item.now.verdict == "incomplete"


def test_a_medicine_that_is_recognized_now_is_the_cause(knowledge: Knowledge, pack: Pack) -> None:
    known = {**pack.medicines, "homemade tincture": Medicine(classes=("benzodiazepine",))}
    case = clean(takes=["homemade tincture"])
    found = change(
        again(knowledge, other(pack, medicines=known), case), "spravato", "cns-depressants"
    )
    assert (found.kind, kinds(found)) == ("added", ["medicine"])
    assert found.causes[0].subject == "homemade tincture"


def test_an_override_is_a_change_of_its_own(knowledge: Knowledge) -> None:
    plain, over = (
        clean({"medical.stroke_tia": True}, overrides=overrides)
        for overrides in ((), [("iv", "stroke-tia")])
    )
    one, two = (assess(knowledge, case, ON) for case in (plain, over))
    found = change(compare(one, two, Circumstances(knowledge)), "iv", "stroke-tia")
    assert (found.kind, kinds(found)) == ("overridden", ["override"])


def test_a_grade_that_changed_in_the_table_is_told(knowledge: Knowledge, pack: Pack) -> None:
    row = next(row for row in pack.support.values() if "derived.trd" in row.when)
    cell = row.on["iv"].replaced(grade="D")
    lower = row.replaced(on={**row.on, "iv": cell})
    difference = again(knowledge, other(pack, support={**pack.support, row.id: lower}), clean())
    item = difference.pathway("iv")
    assert item is not None
    assert item.support_changed
    assert "support_changed" in [cause.kind for cause in item.support]
    assert kinds(change(difference, "iv", "weak-evidence")) == ["rule_changed"]


def test_what_was_not_recorded_is_said_and_not_guessed(knowledge: Knowledge, pack: Pack) -> None:
    case = saved(knowledge, clean({"medical.arrhythmia": True}))
    assert case.assessment is not None
    older = {key: value for key, value in case.assessment.items() if key != "criteria"}
    case = case.replaced(assessment=older)
    after = with_rule(pack, "avm", when="medical.avm or medical.arrhythmia")
    found = change(reassess(after, case, ON).difference, "iv", "avm")
    assert kinds(found) == ["criteria"]
    assert "not recorded" in found.causes[0].words


def test_a_contradiction_that_came_is_told(knowledge: Knowledge) -> None:
    first = clean(WOMAN)
    second = clean({**WOMAN, "patient.pregnant": True, "medical.preeclampsia": False})
    one, two = (assess(knowledge, case, ON) for case in (first, second))
    there = compare(one, two)
    assert "pregnant-test-negative" in [item.id for item in there.contradictions_new]
    back = compare(two, one)
    assert back.contradictions_gone == there.contradictions_new


def test_the_history_of_a_case_gives_verdicts_and_no_reasons(knowledge: Knowledge) -> None:
    short = {"on": "2026-11-21", "verdicts": {"iv": "fits", "im": "of another kind"}}
    difference = compare(short, assess(knowledge, clean({"medical.avm": True}), ON))
    item = difference.pathway("iv")
    assert item is not None
    assert (item.verdict_changed, item.rules, item.support_changed) == (True, (), False)
    unread = difference.pathway("im")
    assert unread is not None
    assert unread.then is None


def test_a_case_without_an_assessment_has_changed_in_nothing(knowledge: Knowledge) -> None:
    difference = reassess(knowledge, clean(), ON).difference
    assert not difference.verdict_changed
    assert difference_data(difference)["then"] is None


_KEYS = st.sampled_from(
    "on pack id version digest policy pathways verdicts verdict findings open rule effect needs "
    "facts contradictions questions next question criteria rules thresholds derived spravato iv "
    "drug_classes unrecognised_medications basis grade rank".split()
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.decimals() | _KEYS
FOREIGN = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(FOREIGN)
def test_whatever_a_file_says_was_assessed_nothing_breaks(data: Any) -> None:
    knowledge = shipped()
    case = clean().replaced(assessment=data if isinstance(data, dict) else {})
    found = reassess(knowledge, case, ON)
    difference_data(found.difference)
    changed = is_verdict_changed(case.assessment, found.assessment)
    assert changed is found.difference.verdict_changed
    compare(data, {"pathways": [data]}, Circumstances(knowledge))


@settings(deadline=None)
@given(full_cases(CLEAN), full_cases(CLEAN))
def test_verdicts_changed_exactly_when_they_are_other_ones_and_every_change_has_a_cause(
    one: Case, two: Case
) -> None:
    knowledge = shipped()
    first, second = (assess(knowledge, case, ON, with_changes=False) for case in (one, two))
    found = compare(first, second, Circumstances(knowledge))
    same = [item.verdict for item in first.pathways] == [item.verdict for item in second.pathways]
    assert found.verdict_changed is not same
    kept = {"verdicts": {item.id: item.verdict for item in first.pathways}}
    gone = first.to_data()
    gone["pathways"][0]["id"] = "not a pathway any more"
    assert is_verdict_changed(first.to_data(), second) is not same
    assert is_verdict_changed(kept, second) is not same
    assert is_verdict_changed(gone, first) and compare(gone, first).verdict_changed
    # A verdict that cannot be read is not another one.
    unread = first.to_data()
    unread["pathways"][0]["verdict"] = "splendid"
    assert not is_verdict_changed(unread, first)
    assert compare(first, first, Circumstances(knowledge)).same
    rows = {"antidepressant_trials", "medications"}
    answers = frozenset(
        ident
        for ident in knowledge.pack.questions
        if one.answers.get(ident) != two.answers.get(ident) or ident in rows
    )
    for item in compare(first, second, Circumstances(knowledge, answers=answers)).pathways:
        assert all(changed.causes for changed in item.rules)
        assert bool(item.support) is item.support_changed


def test_the_shipped_pack_is_fingerprinted_the_same_every_time(tmp_path: Path) -> None:
    shipping = default_folder({})
    copied = shutil.copytree(shipping, tmp_path / "criteria")
    one, two = (criteria_data(compile_pack(load_pack(it))) for it in (shipping, copied))
    assert one == two
