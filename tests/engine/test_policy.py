"""A local policy: what it changes is marked wherever it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge, assess, compile_pack
from tests.engine.clean import ON, TWO_FAILED, clean, trial

RULE = """
[[rules]]
id = "local-heart-rate"
title = "Fast pulse"
when = "vitals.heart_rate > 110"
because = "Our clinic does not start above 110 a minute."
do = "Rest and measure again."
authority = "local"
confidence = "medium"
sources = ["spravato-pi"]
effects = {iv = "unmet"}
"""


def with_policy(folder: Path, text: str) -> Knowledge:
    path = folder / "policy.toml"
    path.write_text(f'id = "clinic"\ntitle = "Our clinic"\n{text}', encoding="utf-8")
    return compile_pack(load_pack(default_folder({}), path))


def test_a_changed_threshold_counts_and_is_marked(tmp_path: Path, knowledge: Knowledge) -> None:
    local = with_policy(tmp_path, "[thresholds]\nbp_caution_systolic = 130\n")
    case = clean({"vitals.systolic": 135})
    assert assess(knowledge, case, ON).pathway("spravato").verdict == "fits"
    found = assess(local, case, ON)
    finding = found.pathway("spravato").finding("bp-elevated")
    assert finding is not None
    assert (finding.local, finding.authority) == (True, "local")
    assert "130" in finding.because
    assert found.policy == "Our clinic"
    data = found.to_data()
    assert data["pathways"][0]["findings"][0]["local_policy"] is True
    assert data["pack"]["digest"] != knowledge.pack.digest


def test_what_the_policy_left_alone_is_not_marked(tmp_path: Path) -> None:
    local = with_policy(tmp_path, "[thresholds]\nbp_caution_systolic = 130\n")
    found = assess(local, clean({"vitals.systolic": 165, "medical.avm": True}), ON)
    for pathway in found.pathways:
        marks = {item.rule: item.local for item in pathway.findings}
        assert {rule for rule, mark in marks.items() if mark} == {"bp-elevated"}


@pytest.mark.parametrize(("name", "value"), [("adequate_weeks", 8), ("trd_failed_trials", 4)])
def test_a_threshold_behind_a_derived_fact_marks_every_rule_that_leans_on_it(
    tmp_path: Path, name: str, value: int
) -> None:
    local = with_policy(tmp_path, f"[thresholds]\n{name} = {value}\n")
    rows = (*TWO_FAILED[:1], trial("bupropion", weeks=7))
    found = assess(local, clean(trials=rows), ON)
    for pathway in found.pathways:
        rule = "indication" if pathway.id == "spravato" else "mdd-not-resistant"
        finding = pathway.finding(rule)
        assert finding is not None
        assert finding.local


def test_an_added_rule_counts_and_is_marked(tmp_path: Path) -> None:
    local = with_policy(tmp_path, RULE)
    found = assess(local, clean({"vitals.heart_rate": 111}), ON)
    assert [item.verdict for item in found.pathways] == ["fits", "unmet", "caution", "caution"]
    finding = found.pathway("iv").finding("local-heart-rate")
    assert finding is not None
    assert finding.local


@pytest.mark.parametrize(
    "text",
    [
        "[thresholds]\nbp_coution_systolic = 130\n",
        RULE.replace("local-heart-rate", "avm"),
        RULE.replace("heart_rate", "hart_rate"),
        RULE.replace("> 110", "> 'fast'"),
        "tresholds = 1\n",
    ],
)
def test_a_policy_that_is_wrong_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PackError):
        with_policy(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bp_hold_systolic = 900", "out of range"),
        ("trd_failed_trials = 0", "out of range"),
        ("trd_failed_trials = 2.5", "whole number"),
        ("adequate_weeks = -1", "out of range"),
        ("bp_hold_systolic = 130", "above bp_hold_systolic"),
    ],
)
def test_a_slip_of_the_pen_can_not_switch_a_rule_off(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PackError) as refused:
        with_policy(tmp_path, f"[thresholds]\n{text}\n")
    assert any(said in str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize("value", ["nan", "-nan", "inf", "-inf"])
def test_a_threshold_that_is_no_number_is_refused_with_its_line(
    tmp_path: Path, knowledge: Knowledge, value: str
) -> None:
    name = next(name for name, known in knowledge.pack.thresholds.items() if known.not_above)
    with pytest.raises(PackError) as caught:
        with_policy(tmp_path, f"[thresholds]\n{name} = {value}\n")
    problem = caught.value.problems[0]
    assert problem.line == 4
    assert problem.file.endswith("policy.toml")
    assert name in problem.message
    assert "is out of range; allowed: " in problem.message


def test_a_threshold_in_quotes_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        with_policy(tmp_path, '[thresholds]\nbp_caution_systolic = "130"\n')
    (problem,) = caught.value.problems
    said = (
        "policy.toml:4: bp_caution_systolic: '130' is no number; allowed: a number without quotes"
    )
    assert str(problem).endswith(said)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('{iv = "unmet"}', '{iv = "unmet", nasal = "unmet"}', 13),
        ('{iv = "unmet"}', '{iv = "unmet"}\n[rules.on.nasal]\nauthority = "local"', 14),
    ],
)
def test_a_rule_for_a_pathway_that_there_is_not_is_refused_and_never_left_out(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    with pytest.raises(PackError) as caught:
        with_policy(tmp_path, RULE.replace(old, new))
    (problem,) = caught.value.problems
    said = "unknown pathway 'nasal'; allowed: spravato, iv, im, oral, racemic"
    assert str(problem).endswith(f"policy.toml:{line}: local-heart-rate: {said}")


def test_a_policy_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    text = 'id = "clinic"\ntitle = "Our clinic"\n[thresholds]\nbp_caution_systolic = 130\n'
    path.write_text(text, encoding="utf-8-sig")
    policy = load_pack(default_folder({}), path).policy
    assert policy is not None
    assert policy.title == "Our clinic"
