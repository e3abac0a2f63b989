"""The criteria in short: read back as they were written, and otherwise not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.saved_assessment import Criteria, read_assessment
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.fingerprints import criteria_data, roots_of, texts_behind


def criteria_in(data: Any) -> Criteria | None:
    return read_assessment({"criteria": data}).criteria


def test_what_is_kept_of_the_criteria_is_read_back(knowledge: Knowledge) -> None:
    criteria = roots_of(knowledge).criteria
    assert criteria_in(criteria_data(knowledge)) == criteria
    assert set(criteria.rules) == set(knowledge.pack.rules)
    assert criteria.thresholds == knowledge.pack.threshold_values


def test_a_threshold_that_is_no_whole_number_is_kept_as_it_is(pack: Pack) -> None:
    name = "bp_caution_systolic"
    finer = pack.thresholds[name].replaced(value=Decimal("139.5"))
    data = criteria_data(compile_pack(pack.replaced(thresholds={**pack.thresholds, name: finer})))
    assert data["thresholds"][name] == Decimal("139.5")
    others = [value for key, value in data["thresholds"].items() if key != name]
    assert {type(value) for value in others} == {int}


@pytest.mark.parametrize(
    "foreign", [None, "avm=1", [], {}, {"rules": None}, {"rules": ["avm=1"], "support": "s"}]
)
def test_what_is_nothing_of_the_kind_is_no_criteria(foreign: Any) -> None:
    assert criteria_in(foreign) is None


@pytest.mark.parametrize(
    ("data", "criteria"),
    [
        ({"rules": ""}, Criteria()),
        ({"rules": "avm=1 ours", "support": 3}, Criteria(rules={"avm": "1", "ours": ""})),
        ({"rules": "", "thresholds": ["limit"]}, Criteria()),
        (
            {"rules": "", "thresholds": {"limit": 10, "odd": True, "worse": "x", "half": 0.5}},
            Criteria(thresholds={"limit": Decimal(10), "half": Decimal("0.5")}),
        ),
    ],
)
def test_of_foreign_criteria_what_can_be_read_is(data: Any, criteria: Criteria) -> None:
    assert criteria_in(data) == criteria


def prints(pack: Pack) -> dict[str, str]:
    return dict(roots_of(compile_pack(pack)).criteria.rules)


def changed(pack: Pack, **parts: Any) -> set[str]:
    """Rules whose fingerprint is another one in a changed pack."""
    before, after = prints(pack), prints(pack.replaced(**parts))
    assert before.keys() == after.keys()
    return {ident for ident in before if before[ident] != after[ident]}


def test_a_rule_has_another_print_once_it_decides_otherwise(pack: Pack) -> None:
    rule = pack.rules["avm"]
    for change in (
        {"when": "medical.avm or medical.arrhythmia"},
        {"effects": {**rule.effects, "iv": "caution"}},
        {"optional": True},
    ):
        assert changed(pack, rules={**pack.rules, "avm": rule.replaced(**change)}) == {"avm"}
    turned = dict(reversed(rule.effects.items()))
    for change in ({"because": "Otherwise."}, {"effects": turned}):
        assert changed(pack, rules={**pack.rules, "avm": rule.replaced(**change)}) == set()


def test_another_grade_concerns_the_rules_of_the_support_table_alone(pack: Pack) -> None:
    row = next(iter(pack.support.values()))
    cell = row.on["iv"].replaced(grade="E" if row.on["iv"].grade != "E" else "D")
    support = {**pack.support, row.id: row.replaced(on={**row.on, "iv": cell})}
    of_the_table = {ident for ident, rule in pack.rules.items() if rule.support}
    assert changed(pack, support=support) == of_the_table != set()


def test_a_threshold_alone_changes_no_print(pack: Pack) -> None:
    moved = pack.thresholds["adequate_weeks"].replaced(value=Decimal(12))
    assert changed(pack, thresholds={**pack.thresholds, "adequate_weeks": moved}) == set()


def test_two_packs_that_are_equal_have_roots_of_their_own(pack: Pack) -> None:
    one, two = compile_pack(pack), compile_pack(pack)
    assert roots_of(one) is roots_of(one)
    assert roots_of(one) is not roots_of(two)


def test_what_stands_behind_a_rule_is_told_in_one_order_in_every_program(
    knowledge: Knowledge,
) -> None:
    behind = roots_of(knowledge).rules["mdd-not-resistant"]
    idents = [line[0] for line in texts_behind(knowledge.pack, behind)]
    assert idents == [*sorted(behind.derived), *sorted(behind.questions)]
    assert min(len(behind.derived), len(behind.questions)) > 1
