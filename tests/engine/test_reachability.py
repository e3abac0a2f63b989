"""Every rule can be true and can be false, and the case that shows it is a real one."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from ketatui.cases.reading import read_case
from ketatui.cases.writing import write_case
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, assess
from ketatui.engine.reachability import Witnesses, witness

RULES = [(rule.id, pathway) for rule in load_pack().rules.values() for pathway in rule.effects]
NEVER_TRUE = {("indication", "iv"), ("indication", "im")}
"""In parentheses in the decision table: no row of the support table says it."""
NEVER_FALSE = {("unapproved-compound", "oral")}


@pytest.mark.parametrize(("rule", "pathway"), RULES, ids=lambda part: part)
def test_a_rule_is_true_in_one_case_and_false_in_another(
    rule: str, pathway: str, knowledge: Knowledge, on: dt.date
) -> None:
    true = witness(knowledge, rule, pathway, True)
    false = witness(knowledge, rule, pathway, False)
    assert (true is None) is ((rule, pathway) in NEVER_TRUE)
    assert (false is None) is ((rule, pathway) in NEVER_FALSE)
    for case, found in ((true, True), (false, False)):
        if case is not None:
            text = write_case(case, knowledge.pack)
            assert read_case(text, path="witness", pack=knowledge.pack) == case
            judged = assess(knowledge, case, on, with_changes=False).pathway(pathway)
            assert (judged.finding(rule) is not None) is found
            assert rule not in [item.rule for item in judged.open]


def test_the_search_is_quick_and_gives_the_same_cases_every_time(knowledge: Knowledge) -> None:
    began = time.perf_counter()
    found = []
    for _ in range(2):
        witnesses = Witnesses(knowledge)
        found.append(
            [
                witnesses.of(rule, pathway, wanted)
                for pathway, rules in knowledge.rules.items()
                for rule in rules
                for wanted in (True, False)
            ]
        )
    assert found[0] == found[1]
    assert time.perf_counter() - began < 4


def test_an_unknown_rule_is_an_error(knowledge: Knowledge) -> None:
    with pytest.raises(KeyError):
        witness(knowledge, "no-such-rule", "iv", True)
