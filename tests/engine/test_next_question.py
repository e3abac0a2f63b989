"""Which question comes next, and the reason that is given for it."""

from __future__ import annotations

from typing import Any

import pytest

from ketatui.cases.model import Case
from ketatui.engine import Knowledge, OpenRule, assess, establish
from ketatui.engine.assessment import NextQuestion
from ketatui.engine.next_question import choose_next
from tests.each import each
from tests.engine.clean import ON, PATHWAYS, clean


def open_rule(rule: str, effect: Any, *needs: str, optional: bool = False) -> OpenRule:
    return OpenRule(rule, rule.upper(), effect, "guideline", needs, (), (), optional)


def chosen(
    knowledge: Knowledge,
    opened: dict[str, list[OpenRule]],
    *,
    unknown: tuple[str, ...] = (),
    best: Any = "fits",
    verdict: Any = "incomplete",
) -> NextQuestion | None:
    case = Case(unknown=frozenset(unknown))
    plain = assess(knowledge, clean(), ON, with_changes=False).pathway("iv")
    pathways = [
        plain.replaced(id=ident, open=tuple(rules), verdict=verdict, best=best)
        for ident, rules in opened.items()
    ]
    return choose_next(knowledge, establish(knowledge, case), pathways)


def question(found: NextQuestion | None) -> str | None:
    return found.question if found else None


AVM, LUNGS, AGE = "medical.avm", "medical.respiratory", "patient.age"


def test_one_absolute_stop_outweighs_many_cautions(knowledge: Knowledge) -> None:
    cautions = [open_rule(f"c{number}", "caution", AGE) for number in range(9)]
    stop = open_rule("stop", "contraindicated", LUNGS)
    assert question(chosen(knowledge, {"iv": [*cautions, stop]})) == LUNGS
    assert question(chosen(knowledge, {"iv": cautions})) == AGE


def test_a_rule_that_waits_for_several_counts_for_each_in_part(knowledge: Knowledge) -> None:
    shared = open_rule("shared", "contraindicated", AGE, AVM)
    alone = open_rule("alone", "contraindicated", LUNGS)
    assert question(chosen(knowledge, {"iv": [shared, alone]})) == LUNGS
    # What is marked unknown takes no part.
    found = chosen(knowledge, {"iv": [shared, alone]}, unknown=(AVM,))
    assert question(found) == AGE
    assert chosen(knowledge, {"iv": [shared]}, unknown=(AVM, AGE)) is None


def test_of_equals_the_first_of_the_consultation_comes_first(knowledge: Knowledge) -> None:
    rules = [open_rule("a", "unmet", LUNGS), open_rule("b", "unmet", AVM)]
    order = knowledge.rank_of_question
    assert question(chosen(knowledge, {"iv": rules})) == min(AVM, LUNGS, key=order.__getitem__)


@each(
    ("effect", "optional", "verdict", "best", "matters"),
    [
        ("note", False, "incomplete", "fits", False),
        ("caution", False, "incomplete", "fits", True),
        ("caution", False, "incomplete", "caution", True),
        ("caution", True, "fits", "fits", True),
        ("caution", True, "caution", "caution", False),
        ("caution", True, "incomplete", "caution", False),
        ("unmet", False, "unmet", "unmet", False),
        ("contraindicated", False, "unmet", "unmet", True),
    ],
)
def test_only_what_can_change_the_verdict_is_asked_for(
    knowledge: Knowledge, effect: str, optional: bool, verdict: str, best: str, matters: bool
) -> None:
    rule = open_rule("r", effect, AVM, optional=optional)
    found = chosen(knowledge, {"iv": [rule]}, verdict=verdict, best=best)
    assert (found is not None) is matters


def because(knowledge: Knowledge, opened: dict[str, list[OpenRule]]) -> str:
    found = chosen(knowledge, opened)
    assert found is not None
    assert found.pathways == tuple(opened)
    return found.because


@pytest.mark.parametrize(
    ("count", "where"),
    [(1, "{0}"), (2, "{0} and {1}"), (3, "{0}, {1} and {2}"), (4, "all 4 pathways")],
)
def test_the_reason_names_the_rule_its_effect_and_the_pathways(
    knowledge: Knowledge, count: int, where: str
) -> None:
    pack = knowledge.pack
    short = [pack.pathways[ident].short for ident in PATHWAYS]
    word = pack.wording.effects["unmet"].title
    opened = {ident: [open_rule("r", "unmet", AVM)] for ident in PATHWAYS[:count]}
    said = f"R: could still be “{word}” for {where.format(*short)}"
    assert because(knowledge, opened) == said


def test_the_reason_is_the_gravest_rule_and_of_equals_the_first(knowledge: Knowledge) -> None:
    mild, grave = open_rule("mild", "caution", AVM), open_rule("grave", "unmet", AVM)
    equal = open_rule("equal", "unmet", AVM)
    for rules in ([mild, grave], [grave, mild], [mild, grave, equal], [grave, equal]):
        said = because(knowledge, {"iv": rules})
        assert said.startswith("GRAVE: ")
        assert said.endswith(f"for {knowledge.pack.pathways['iv'].short}")


@pytest.mark.parametrize(
    ("rule", "effect"), [("other", "unmet"), ("grave", "caution"), ("other", "caution")]
)
def test_pathways_on_which_it_is_another_rule_or_effect_are_not_named(
    knowledge: Knowledge, rule: str, effect: str
) -> None:
    opened = {
        "iv": [open_rule("grave", "unmet", AVM)],
        "im": [open_rule(rule, effect, AVM)],
    }
    short = knowledge.pack.pathways["iv"].short
    assert because(knowledge, opened).endswith(f"” for {short}")


def test_only_pathways_whose_verdict_hangs_on_it_are_named(knowledge: Knowledge) -> None:
    opened = {
        "iv": [open_rule("r", "contraindicated", AVM), open_rule("s", "caution", LUNGS)],
        "im": [open_rule("s", "caution", LUNGS)],
        "oral": [open_rule("n", "note", AVM), open_rule("s", "caution", LUNGS)],
    }
    found = chosen(knowledge, opened)
    assert found is not None
    assert (found.question, found.pathways) == (AVM, ("iv",))
