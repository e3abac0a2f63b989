"""One walk over what reads what: however far back, through derived facts and "asked when"."""

from __future__ import annotations

import datetime as dt

from ketatui.cql import Condition, compile_expression, parse
from ketatui.engine import Knowledge
from ketatui.engine.dependencies import Graph, dependencies_of
from ketatui.engine.rules_in_force import plan_of
from tests.engine.clean import ON


def condition(text: str, knowledge: Knowledge) -> Condition:
    return compile_expression(text, parse(text), knowledge.scope.thresholds)


def test_a_graph_is_closed_however_deep_it_is() -> None:
    chain = {str(number): [str(number + 1)] for number in range(50)}
    assert Graph(chain).of(["0"]) == {str(number) for number in range(51)}
    assert Graph({"a": "bc", "b": "d", "c": "d"}).of("a") == set("abcd")
    assert Graph({}).of([]) == frozenset()


def test_a_condition_leans_on_what_hides_what_it_reads(knowledge: Knowledge) -> None:
    found = dependencies_of(knowledge).behind([condition("derived.trd", knowledge)])
    assert {"derived.trd", "derived.failed_trials"} <= found.derived
    assert {"antidepressant_trials", "trials.rows_complete", "indication.diagnosis"} <= (
        found.questions
    )
    assert {"trd_failed_trials", "adequate_weeks"} <= found.thresholds
    assert not found.questions & found.derived


def test_the_closure_holds_all_that_its_own_members_read(knowledge: Knowledge) -> None:
    graph = dependencies_of(knowledge).graph
    for ident in (*knowledge.pack.questions, *knowledge.pack.derived):
        names = graph.of([ident])
        assert ident in names
        assert all(set(knowledge.reads.get(name, ())) <= names for name in names)


def test_a_condition_spelled_out_leaves_aside_what_is_asked_when(knowledge: Knowledge) -> None:
    said = condition("derived.cns_depressant or depression.psychotic_features", knowledge)
    dependencies = dependencies_of(knowledge)
    spelled = list(dependencies.spelled_out(said))
    asked = knowledge.asked_when["depression.psychotic_features"]
    assert spelled[0] is said
    assert knowledge.derived["derived.cns_depressant"] in spelled
    assert asked not in spelled
    assert asked in list(dependencies.conditions_behind([said]))


def test_judging_anew_reaches_every_condition_that_leans_on_an_answer(
    knowledge: Knowledge,
) -> None:
    plan, dependencies = plan_of(knowledge, ON), dependencies_of(knowledge)
    for place, item in enumerate(knowledge.conditions):
        behind = dependencies.behind([item])
        reached = {ident for ident, bit in plan.bits.items() if bit & plan.reach[place]}
        assert reached == behind.questions | behind.derived


def test_a_plan_holds_until_the_next_day_on_which_a_rule_lapses(knowledge: Knowledge) -> None:
    rules = [rule for listed in knowledge.rules.values() for rule in listed]
    lapses = {rule.valid_until for rule in rules if rule.valid_until is not None}
    assert lapses
    for day in {ON, *lapses, *(last + dt.timedelta(days=1) for last in lapses), dt.date.max}:
        plan = plan_of(knowledge, day)
        told = {id(item.rule): (item.effect, item.because, item.do) for item in plan.rules}
        wanted = {id(rule): rule.in_force(day) for rule in rules}
        assert told == {ident: found for ident, found in wanted.items() if found is not None}
    last = min(lapses)
    assert plan_of(knowledge, last) is plan_of(knowledge, last - dt.timedelta(days=1))
    assert plan_of(knowledge, last) is not plan_of(knowledge, last + dt.timedelta(days=1))


def test_dependencies_are_walked_once_for_one_compiled_pack(knowledge: Knowledge) -> None:
    assert dependencies_of(knowledge) is dependencies_of(knowledge)
