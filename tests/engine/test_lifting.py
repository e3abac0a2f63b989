"""Which sets of facts are tried to lift a verdict, and with which values: on rules made for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.model import Answer
from ketatui.cql import Value
from ketatui.criteria.pack import Pack
from ketatui.engine import PathwayAssessment, assess, compile_pack
from tests.each import each
from tests.engine.clean import ON, clean
from tests.engine.compared import with_threshold

TERMS = (
    "setting.dea_ciii; setting.compounder; indication.confirmed; "
    "not medical.hyperthyroidism_uncontrolled; not medical.seizures_uncontrolled; "
    "not substance.intoxicated_today; substance.pdmp_checked; logistics.transport; "
    "consent.capacity"
).split("; ")
"""True in the clean case, in the order of the consultation; each can be put otherwise."""
FLAGS = [term.removeprefix("not ") for term in TERMS]


def judged(
    pack: Pack,
    when: str,
    changes: dict[str, Answer | None] | None = None,
    effect: Any = "contraindicated",
    **case: Any,
) -> PathwayAssessment:
    """Assess the clean case, changed, where one rule holds otherwise."""
    rule = pack.rules["avm"].replaced(when=when, on={}, effects={"iv": effect})
    knowledge = compile_pack(pack.replaced(rules={**pack.rules, "avm": rule}))
    return assess(knowledge, clean(changes, **case), ON).pathway("iv")


def sets(pack: Pack, when: str) -> list[tuple[str, ...]]:
    return [item.facts for item in judged(pack, when).changes]


def lifted(pack: Pack, when: str) -> list[tuple[Value, ...]]:
    """Tell the values that lift it; oxygen saturation is left out: its threshold is lent."""
    return [item.values for item in judged(pack, when, {"vitals.spo2": None}).changes]


def any_of(terms: list[str]) -> str:
    return "(" + " or ".join(f"({term})" for term in terms) + ")"


def test_up_to_eight_facts_are_tried_one_by_one_more_only_together(pack: Pack) -> None:
    every = " and ".join(f"({term})" for term in TERMS[:8])
    assert sets(pack, every) == [(ident,) for ident in FLAGS[:8]]
    # Any one would do: of all together those that can be spared are left out.
    assert sets(pack, f"{every} and {TERMS[8]}") == [(FLAGS[8],)]
    assert sets(pack, any_of(TERMS)) == [tuple(FLAGS)]
    assert sets(pack, f"{any_of(TERMS[:2])} and {any_of(TERMS[2:])}") == [tuple(FLAGS[2:])]


def test_a_set_of_more_than_three_is_told_only_where_nothing_smaller_does(pack: Pack) -> None:
    assert sets(pack, any_of(TERMS[1:5])) == [tuple(FLAGS[1:5])]
    assert sets(pack, f"{TERMS[0]} and {any_of(TERMS[1:5])}") == [(FLAGS[0],)]
    assert sets(pack, any_of(TERMS[:3])) == [tuple(FLAGS[:3])]


def test_a_fact_is_followed_through_medicines_to_their_list(pack: Pack) -> None:
    found = judged(pack, "derived.drug_classes contains 'maoi'", takes=["phenelzine"])
    assert [(item.facts, item.values) for item in found.changes] == [(("medications",), (None,))]
    assert judged(pack, "derived.failed_trials > 1").changes == ()


def test_a_caution_that_is_only_not_excluded_is_no_obstacle_to_lift(pack: Pack) -> None:
    when = "vitals.systolic > threshold.spo2_caution and vitals.heart_rate > 60"
    plain = judged(pack, when, effect="caution")
    assert "vitals.systolic" in {ident for item in plain.changes for ident in item.facts}
    changes: dict[str, Answer | None] = {"vitals.heart_rate": None}
    found = judged(pack, when, changes, "caution", unknown=["vitals.heart_rate"])
    finding = found.finding("avm")
    assert finding is not None
    assert finding.not_excluded
    assert "vitals.systolic" not in {ident for item in found.changes for ident in item.facts}


def test_a_choice_that_can_be_put_right_is_changed_to_each_other_code(pack: Pack) -> None:
    (found,) = judged(pack, "setting.site = 'outpatient_clinic'").changes
    assert found.facts == ("setting.site",)
    others = [option.code for option in pack.questions["setting.site"].options]
    assert found.values[0] in set(others) - {"outpatient_clinic"}


@pytest.mark.parametrize(("present", "can"), [("low", True), ("high", False)])
def test_a_choice_may_be_put_right_from_some_codes_only(
    pack: Pack, present: str, can: bool
) -> None:
    question = pack.questions["medical.raised_iop"]
    codes = [option.code for option in question.options]
    low, high = codes[1], codes[-1]
    changed = question.replaced(modifiable=(low,))
    other = pack.replaced(questions={**pack.questions, question.id: changed})
    answer = {"low": low, "high": high}[present]
    found = judged(other, f"{question.id} = '{answer}'", {question.id: answer}).changes
    assert bool(found) is can


NUMBER = "vitals.heart_rate"


def numeric(pack: Pack, limit: int, **changes: Any) -> Pack:
    """The pack with a number that can be put right, no rule of its own, and a threshold for it."""
    question = pack.questions[NUMBER].replaced(modifiable=True, **changes)
    other = with_threshold(pack, "spo2_caution", limit)
    return other.replaced(questions={**pack.questions, NUMBER: question})


@each(
    ("limit", "compared", "values"),
    [
        # Of the values that do it the nearest is kept; the clean case has 72.
        (160, "<", [160]),
        (64, ">", [64]),
        (32, ">", [32]),
        (64, ">=", [63]),
        # Never beyond what the question takes: 20 to 250.
        (20, ">", [20]),
        (20, ">=", []),
        (250, "<", [250]),
        (250, "<=", []),
    ],
)
def test_a_number_is_tried_at_and_beside_what_it_is_compared_with(
    pack: Pack, limit: int, compared: str, values: list[int]
) -> None:
    found = lifted(numeric(pack, limit), f"{NUMBER} {compared} threshold.spo2_caution")
    assert found == [(value,) for value in values]
    assert all(type(value) is int for row in found for value in row)


def test_a_number_with_a_fraction_is_tried_a_tenth_beside(pack: Pack) -> None:
    weight = pack.questions["patient.weight_kg"].replaced(modifiable=True)
    other = with_threshold(pack, "spo2_caution", 70)
    other = other.replaced(questions={**pack.questions, weight.id: weight})
    found = lifted(other, f"{weight.id} >= threshold.spo2_caution")
    assert found == [(Decimal("69.9"),)]


@pytest.mark.parametrize(
    ("limit", "compared", "values"),
    [(0, ">=", []), (1, ">=", [0]), (9_999, "<=", [10_000]), (10_000, "<=", [])],
)
def test_a_number_without_limits_can_be_anything_from_zero(
    pack: Pack, limit: int, compared: str, values: list[int]
) -> None:
    other = numeric(pack, limit, min=None, max=None)
    found = lifted(other, f"{NUMBER} {compared} threshold.spo2_caution")
    assert found == [(value,) for value in values]
