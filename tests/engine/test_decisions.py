"""The engine judges any decision: other ids than pathways, facts given, no support, no ranking."""

from __future__ import annotations

from ketatui.criteria.models import Derived, Pathway, Rule
from ketatui.criteria.pack import Pack
from ketatui.engine.compiling import compile_pack
from ketatui.engine.contradictions import find_contradictions
from ketatui.engine.inputs import Input
from ketatui.engine.judging import judge_input
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.next_question import choose_next
from ketatui.engine.what_if import what_would_lift
from tests.engine.clean import ON


def _rule(ident: str, when: str, effects: dict[str, str]) -> Rule:
    return Rule(
        id=ident,
        title=ident,
        when=when,
        because="x",
        do="y",
        authority="local",
        confidence="medium",
        sources=("s",),
        effects=effects,  # type: ignore[arg-type]
    )


def criteria(pack: Pack) -> Knowledge:
    """A door and a boat: two decisions over three questions of the pack and a given fact."""
    asked = ("vitals.systolic", "vitals.diastolic", "medical.avm")
    tide = Derived(
        id="harbor.tide", title="Tide", kind="choice", calculation="given", options=("low", "high")
    )
    own = [
        _rule("pressure", "vitals.systolic > threshold.bp_caution_systolic", {"door": "unmet"}),
        _rule("vessels", "medical.avm", {"door": "contraindicated", "boat": "caution"}),
        _rule("tide", "harbor.tide = 'low'", {"boat": "unmet"}),
    ]
    doors = [
        Pathway(id=i, title=i, short=i, product=i, legal=i, facts=()) for i in ("door", "boat")
    ]
    return compile_pack(
        pack.replaced(
            questions={ident: pack.questions[ident] for ident in asked},
            derived={tide.id: tide},
            rules={rule.id: rule for rule in own},
            pathways={item.id: item for item in doors},
            contradictions={},
            support={},
            payers={},
            consent={},
        )
    )


def test_decisions_are_judged_like_pathways(pack: Pack) -> None:
    knowledge = criteria(pack)
    answers = {"vitals.systolic": 172, "medical.avm": False}
    given = Input(answers=answers, given={"harbor.tide": "high"})
    facts, (door, boat) = judge_input(knowledge, given, ON)
    assert (door.id, door.verdict, boat.id, boat.verdict) == ("door", "unmet", "boat", "fits")
    assert door.complete
    assert facts.values["harbor.tide"] == "high"
    assert find_contradictions(knowledge, facts) == ()
    (change,) = what_would_lift(knowledge, given, ON, door)
    assert (change.facts, change.then, change.values) == (("vitals.systolic",), "fits", (140,))


def test_a_given_fact_that_is_not_known_names_what_it_waits_for(pack: Pack) -> None:
    knowledge = criteria(pack)
    given = Input(
        answers={"vitals.systolic": 120, "medical.avm": False},
        waits={"harbor.tide": ("harbor.log",)},
    )
    facts, (_, boat) = judge_input(knowledge, given, ON)
    assert (boat.verdict, boat.best, boat.worst) == ("incomplete", "fits", "unmet")
    assert [rule.needs for rule in boat.open] == [("harbor.log",)]
    following = choose_next(knowledge, facts, [boat])
    assert following is not None
    assert following.question == "harbor.log"


def test_unknown_and_overrides_work_as_for_pathways(pack: Pack) -> None:
    knowledge = criteria(pack)
    answers = {"vitals.systolic": 120}
    given = Input(
        answers=answers, unknown=frozenset({"medical.avm"}), given={"harbor.tide": "high"}
    )
    _, (door, boat) = judge_input(knowledge, given, ON)
    assert [item.not_excluded for item in boat.findings] == [True]
    assert door.verdict == "incomplete"
    known = given.replaced(
        answers={**answers, "medical.avm": True},
        unknown=frozenset(),
        overrides=frozenset({("boat", "vessels")}),
    )
    _, (door, boat) = judge_input(knowledge, known, ON)
    assert door.verdict == "contraindicated"
    assert [item.overridden for item in boat.findings] == [True]
