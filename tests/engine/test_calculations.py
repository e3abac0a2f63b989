"""Named calculations: what each comes to, and that one of a person's own is an object and no more.

Those that are long have pages of their own (`test_trials`, `medicines/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ketatui.cases.model import Case
from ketatui.cql import Value
from ketatui.criteria.models import Derived, Rule
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack, establish
from ketatui.engine.calculations import Calculation, Compared, ItemScore, Tried, Working, bands_of
from ketatui.engine.compiling import SCREENING
from ketatui.engine.dependencies import dependencies_of
from ketatui.engine.reachability import check_reachability
from tests.each import each
from tests.engine.clean import ON, clean

SCALE = "scales.phq9"


def scored(**items: int) -> Case:
    """A clean case whose PHQ-9 was taken item by item."""
    return clean({SCALE: sum(items.values())}).replaced(scale_items={SCALE: items})


@each(
    ("case", "fact", "comes_to"),
    [
        (clean({SCALE: 21}), "derived.phq9_band", "severe"),
        (clean({SCALE: None}), "derived.phq9_band", None),
        (scored(self_harm=2), "derived.phq9_item9", 2),
        (scored(sleep=3), "derived.phq9_item9", None),
        (clean({SCALE: 21}), "derived.phq9_item9", None),
    ],
)
def test_what_a_calculation_comes_to(
    knowledge: Knowledge, case: Case, fact: str, comes_to: Value
) -> None:
    assert establish(knowledge, case).values[fact] == comes_to


def _highest(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    scores = working.given.scale_items.get(fact.of or "", {})
    return max(scores.values(), default=None), (fact.of or "",)


HIGHEST = Calculation("highest", lambda fact: (fact.of or "",), _highest, parameters=("of",))


def with_rules(pack: Pack, calculation: Calculation, **whens: str) -> Knowledge:
    """The pack with a calculation of one's own and no rules but some that may read it."""
    fact = Derived(
        id="derived.highest", title="Highest item", kind="int", calculation="highest", of=SCALE
    )
    rules = {
        ident: Rule(
            id=ident,
            title="A symptom nearly every day",
            when=when,
            because="One item has the highest score.",
            do="Ask about it.",
            authority="local",
            confidence="medium",
            sources=("phq9-2001",),
            effects={"iv": "caution"},
        )
        for ident, when in whens.items()
    }
    changed = pack.replaced(derived={**pack.derived, fact.id: fact}, rules=rules)
    return compile_pack(changed, (*SCREENING, calculation))


@pytest.fixture(scope="module")
def further(pack: Pack) -> Knowledge:
    return with_rules(pack, HIGHEST, daily="derived.highest >= 3")


@each(
    ("case", "holds", "is_open"),
    [
        (scored(sleep=3, appetite=1), True, False),
        (scored(sleep=2), False, False),
        (clean(), False, True),
    ],
)
def test_a_rule_reads_a_calculation_of_ones_own(
    further: Knowledge, case: Case, holds: bool, is_open: bool
) -> None:
    found = assess(further, case, ON).pathway("iv")
    assert (found.finding("daily") is not None) is holds
    assert ("daily" in {rule.rule for rule in found.open}) is is_open


def test_nothing_else_has_to_know_of_it(further: Knowledge) -> None:
    assert SCALE in dependencies_of(further).graph.of(["derived.highest"])


def _tries(fact: Derived, compared: Compared) -> Mapping[str, Sequence[Tried]]:
    scores = compared.counts & set(range(4))
    return {SCALE: [ItemScore("sleep", score) for score in sorted(scores)]}


def test_a_rule_is_said_never_to_be_true_only_where_it_is_known_what_to_try(pack: Pack) -> None:
    bands = bands_of(pack, pack.derived["derived.phq9_band"])
    whens = {f"is_{band.code}": f"derived.phq9_band = '{band.code}'" for band in bands} | {
        "some": "derived.medicines_listed > 0",
        "three": "derived.medicines_listed >= 3",
        "daily": "derived.highest >= 3",
        "beyond": "derived.highest >= 4",
    }
    for calculation, never in ((HIGHEST, []), (HIGHEST.replaced(tries=_tries), ["beyond"])):
        known = with_rules(pack, calculation, **whens)
        assert [problem.where for problem in check_reachability(known)] == never
