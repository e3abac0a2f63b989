"""Every rule can be true and can be false, and the case that shows it is a real one."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.cases.writing import write_case
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.reachability import Witnesses, check_reachability
from tests.each import each

NORLAND = Path(__file__).parents[1] / "data" / "packs" / "norland"
RULES = [(rule.id, pathway) for rule in load_pack().rules.values() for pathway in rule.effects]
NEVER_TRUE = {("indication", "iv"), ("indication", "im")}
"""In parentheses in the decision table: no row of the support table says it."""
NEVER_FALSE = {("unapproved-compound", "oral")}


def witness(knowledge: Knowledge, rule: str, pathway: str, wanted: bool) -> Case | None:
    (found,) = [item for item in knowledge.rules[pathway] if item.rule == rule]
    return Witnesses(knowledge).of(found, pathway, wanted)


@pytest.fixture(scope="module")
def witnesses(knowledge: Knowledge) -> Witnesses:
    """What finds the witnesses of all rules, those of one condition once."""
    return Witnesses(knowledge)


@each(("rule", "pathway"), RULES)
def test_a_rule_is_true_in_one_case_and_false_in_another(
    rule: str, pathway: str, knowledge: Knowledge, on: dt.date, witnesses: Witnesses
) -> None:
    (said,) = [item for item in knowledge.rules[pathway] if item.rule == rule]
    true, false = witnesses.of(said, pathway, True), witnesses.of(said, pathway, False)
    nothing = "no such case: do the calculations behind it try (tries) what leads to each outcome?"
    assert (true is None) is ((rule, pathway) in NEVER_TRUE), nothing
    assert (false is None) is ((rule, pathway) in NEVER_FALSE), nothing
    for case, found in ((true, True), (false, False)):
        if case is not None:
            text = write_case(case, knowledge.pack)
            assert read_case(text, path="witness", pack=knowledge.pack) == case
            judged = assess(knowledge, case, on, with_changes=False).pathway(pathway)
            assert (judged.finding(rule) is not None) is found
            assert rule not in [item.rule for item in judged.open]


@each("when", ["derived.courses_of_light >= 1", "derived.courses_of_light = 3"])
def test_a_rule_over_a_table_of_a_packs_own_can_be_true(when: str, tmp_path: Path) -> None:
    folder = shutil.copytree(NORLAND, tmp_path / "pack", dirs_exist_ok=True)
    rules = folder / "rules" / "all.toml"
    text = rules.read_text(encoding="utf-8")
    written = "derived.courses_of_light < threshold.courses_of_light"
    assert written in text
    rules.write_text(text.replace(written, when), encoding="utf-8")
    knowledge = compile_pack(load_pack(folder))
    assert check_reachability(knowledge) == []
    for pathway in knowledge.pack.pathways:
        case = witness(knowledge, "no-light", pathway, True)
        assert case is not None
        assert read_case(write_case(case, knowledge.pack), path="w", pack=knowledge.pack) == case


def test_the_search_gives_the_same_cases_every_time(
    knowledge: Knowledge, witnesses: Witnesses
) -> None:
    again = Witnesses(knowledge)
    for pathway, rules in knowledge.rules.items():
        for rule in rules:
            for wanted in (True, False):
                found = witnesses.of(rule, pathway, wanted)
                assert again.of(rule, pathway, wanted) == found, (rule.rule, pathway)


def test_rules_of_the_support_table_are_told_apart(knowledge: Knowledge) -> None:
    shared = Witnesses(knowledge)
    for pathway, rules in knowledge.rules.items():
        for rule in rules:
            if rule.condition is None:
                for wanted in (True, False):
                    alone = witness(knowledge, rule.rule, pathway, wanted)
                    assert shared.of(rule, pathway, wanted) == alone


def test_a_witness_has_no_more_answers_than_it_takes(pack: Pack) -> None:
    either = pack.rules["avm"].replaced(when="medical.avm or medical.arrhythmia", on={})
    knowledge = compile_pack(pack.replaced(rules={**pack.rules, "avm": either}))
    case = witness(knowledge, "avm", "iv", True)
    assert case is not None
    assert list(case.answers.values()) == [True]


def test_a_support_row_that_leaves_a_pathway_out_says_nothing_of_it(
    knowledge: Knowledge, pack: Pack
) -> None:
    rows = {
        ident: row.replaced(on={name: row.on[name] for name in row.on if name != "oral"})
        for ident, row in pack.support.items()
    }
    other = compile_pack(pack.replaced(support=rows))
    assert witness(other, "weak-evidence", "oral", True) is None
    assert witness(other, "weak-evidence", "iv", True) is not None


def found(pack: Pack, **whens: str) -> list[str]:
    """Check a pack some of whose support rows hold otherwise."""
    rows = {
        ident: row.replaced(when=whens.get(ident.replace("-", "_"), row.when))
        for ident, row in pack.support.items()
    }
    problems = check_reachability(compile_pack(pack.replaced(support=rows)))
    return [str(item) for item in problems if "can never be true" not in item.message]


def test_gaps_and_overlaps_of_the_support_table_are_told_with_examples(pack: Pack) -> None:
    assert found(pack) == []
    names = [ident.replace("-", "_") for ident in pack.support]
    assert found(pack, **dict.fromkeys(names, "false")) == [
        "support.toml: no row holds, for example with no answer"
    ]
    first = pack.support[next(iter(pack.support))]
    gaps = found(pack, **{names[0]: f"({first.when}) and patient.age > 200"})
    assert gaps
    assert all("no row holds, for example with " in item for item in gaps)
    assert "no answer" not in "".join(gaps)
    overlaps = found(pack, **{names[0]: "true"})
    assert len(overlaps) == 5
    assert all(f"{first.id}: holds together with " in item for item in overlaps)
    assert all("support.toml:" in item for item in overlaps)
