"""A pack compiled: every mistake at once, in the order of files and lines."""

from __future__ import annotations

import pytest

from ketatui.criteria.models import Variant
from ketatui.criteria.pack import LocalPolicy, Origin, Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine import compile_pack
from ketatui.engine.calculations import by_name
from ketatui.engine.compiling import SCREENING


def problems(pack: Pack) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as refused:
        compile_pack(pack)
    return refused.value.problems


def broken(pack: Pack, *idents: str) -> Pack:
    """The pack with rules, and a contradiction, that name nothing there is."""
    rules = {ident: pack.rules[ident].replaced(when="no.such.id", on={}) for ident in idents}
    first = next(iter(pack.contradictions.values()))
    contradictions = {first.id: first.replaced(when="no.such.id")}
    return pack.replaced(
        rules={**pack.rules, **rules}, contradictions={**pack.contradictions, **contradictions}
    )


def test_mistakes_are_told_in_the_order_of_files_and_lines(pack: Pack) -> None:
    found = problems(broken(pack, *reversed(list(pack.rules))))
    places = [(problem.file, problem.line) for problem in found]
    assert places == sorted(places)
    assert {problem.where for problem in found} == {*pack.rules, next(iter(pack.contradictions))}
    assert places[0][0] == pack.origins["contradiction", next(iter(pack.contradictions))].file


def test_a_mistake_whose_line_is_not_known_comes_first_in_its_file(pack: Pack) -> None:
    one, two, three = [item for item in pack.rules if pack.rules[item].when is not None][:3]
    file = pack.origins["rule", one].file
    assert pack.origins["rule", two].file == pack.origins["rule", three].file == file
    origins = {**pack.origins, ("rule", two): Origin(file, ()), ("rule", three): Origin(file, ())}
    found = problems(broken(pack, one, two, three).replaced(origins=origins))
    rules = [problem for problem in found if problem.file == file]
    assert [problem.where for problem in rules] == [two, three, one]
    assert [problem.line is None for problem in rules] == [True, True, False]


def test_a_mistake_that_came_from_no_file_is_told_all_the_same(pack: Pack) -> None:
    found = problems(broken(pack, "avm").replaced(origins={}))
    assert sorted(problem.where for problem in found) == sorted(
        ["avm", *list(pack.contradictions)[:1]]
    )
    assert {(problem.file, problem.line) for problem in found} == {("", None)}


def test_where_no_rule_can_be_read_a_policy_does_not_matter(pack: Pack) -> None:
    local = LocalPolicy("clinic", "Our clinic", frozenset({"adequate_weeks"}), frozenset())
    every = broken(pack, *pack.rules).replaced(policy=local)
    assert {problem.where for problem in problems(every)} >= set(pack.rules)


def test_whether_a_question_is_asked_may_depend_on_a_derived_fact(pack: Pack) -> None:
    asked = pack.questions["patient.breastfeeding"].replaced(asked_when="derived.trd")
    questions = {**pack.questions, "patient.breastfeeding": asked}
    knowledge = compile_pack(pack.replaced(questions=questions))
    place = knowledge.steps.index
    assert place("derived.failed_trials") < place("derived.trd") < place("patient.breastfeeding")


def test_derived_facts_that_read_each_other_are_named_with_file_and_line(pack: Pack) -> None:
    one = pack.derived["derived.trd"].replaced(expression="derived.cns_depressant")
    other = pack.derived["derived.cns_depressant"].replaced(expression="derived.trd")
    found = problems(pack.replaced(derived={**pack.derived, one.id: one, other.id: other}))
    assert {problem.where for problem in found} == {one.id, other.id}
    for problem in found:
        assert problem.file == "derived.toml"
        assert problem.line is not None
        assert "goes in a circle: derived." in problem.message


def test_a_circle_through_a_question_and_a_derived_fact_is_named(pack: Pack) -> None:
    trials = pack.questions["trials.rows_complete"].replaced(asked_when="derived.trd")
    found = problems(pack.replaced(questions={**pack.questions, trials.id: trials}))
    assert {"trials.rows_complete", "derived.trd"} <= {problem.where for problem in found}


@pytest.mark.parametrize(
    ("kind", "ident", "said"),
    [
        ("thresholds", "adequate_weeks", "needs the threshold 'adequate_weeks'"),
        ("thresholds", "trd_failed_trials", "needs the threshold 'trd_failed_trials'"),
        ("questions", "antidepressant_trials", "reads 'antidepressant_trials', and there is no"),
        ("questions", "medications", "reads 'medications', and there is no such question"),
        ("questions", "scales.phq9", "reads 'scales.phq9', and there is no such question"),
        ("instruments", "phq9", "scales.phq9 has no item 'self_harm'"),
    ],
)
def test_what_a_calculation_reads_and_the_pack_lacks_is_named(
    pack: Pack, kind: str, ident: str, said: str
) -> None:
    kept = {key: value for key, value in getattr(pack, kind).items() if key != ident}
    found = problems(pack.replaced(**{kind: kept}))
    named = [problem for problem in found if said in problem.message]
    assert named
    assert all(problem.file == "derived.toml" and problem.line for problem in named)


@pytest.mark.parametrize("calculation", ["body_surface", None])
def test_a_calculation_that_there_is_not_is_named_with_those_there_are(
    pack: Pack, calculation: str | None
) -> None:
    bmi = pack.derived["derived.bmi"].replaced(expression=None, calculation=calculation)
    (found,) = problems(pack.replaced(derived={**pack.derived, bmi.id: bmi}))
    assert found.where == "derived.bmi"
    assert found.message.endswith(f"allowed: {', '.join(sorted(by_name(SCREENING)))}")


def test_questions_do_not_wait_for_each_other_in_a_circle(pack: Pack) -> None:
    sex = pack.questions["patient.sex"].replaced(asked_when="patient.pregnant")
    found = problems(pack.replaced(questions={**pack.questions, "patient.sex": sex}))
    assert {"patient.sex", "patient.pregnant"} <= {problem.where for problem in found}
    assert all("asked_when: goes in a circle" in problem.message for problem in found)


def test_a_mistake_of_several_pathways_is_told_once(pack: Pack) -> None:
    assert len(pack.rules["avm"].effects) > 1
    assert [problem.where for problem in problems(broken(pack, "avm"))].count("avm") == 1


def test_every_rule_reads_for_every_pathway_as_its_file_says(pack: Pack) -> None:
    """What a rule says differently for one pathway is said there and nowhere else."""
    knowledge = compile_pack(pack)
    varied = 0
    for pathway, rules in knowledge.rules.items():
        assert [rule.rule for rule in rules] == [
            rule.id for rule in pack.rules.values() if pathway in rule.effects
        ]
        for found in rules:
            rule = pack.rules[found.rule]
            said = rule.on.get(pathway, Variant())
            varied += pathway in rule.on
            when = said.when or rule.when
            assert found.effect == rule.effects[pathway]
            assert found.because == pack.threshold_text(said.because or rule.because)
            assert found.do == pack.threshold_text(said.do or rule.do)
            assert found.authority == (said.authority or rule.authority)
            assert found.confidence == (said.confidence or rule.confidence)
            assert found.sources == (said.sources or rule.sources)
            condition = found.condition
            text = None if condition is None else knowledge.conditions[condition].text
            assert text == when
    assert varied > 50


def test_two_pathways_with_words_of_their_own_keep_them_apart(pack: Pack) -> None:
    rule = pack.rules["home-setting"]
    assert rule.on["spravato"].because != rule.on["oral"].because
    alike = rule.replaced(effects=dict.fromkeys(rule.effects, "unmet"))
    knowledge = compile_pack(pack.replaced(rules={**pack.rules, rule.id: alike}))
    said = {
        way: found.because
        for way, rules in knowledge.rules.items()
        for found in rules
        if found.rule == rule.id
    }
    for way, words in rule.on.items():
        assert said[way] == pack.threshold_text(words.because or "")


def test_a_mistake_of_one_pathway_is_told_where_it_is_written(pack: Pack) -> None:
    """`under-18` has a condition of its own for Spravato; `indication` only other words."""
    for ident, key in (("under-18", "on.spravato.when"), ("indication", "when")):
        rule = pack.rules[ident]
        said = rule.on["spravato"]
        assert (said.when is not None) is (key != "when")
        on = {"spravato": said.replaced(when=said.when and "no.such.id")}
        wrong = rule.replaced(when=rule.when if said.when else "no.such.id", on=on)
        (found,) = problems(pack.replaced(rules={**pack.rules, ident: wrong}))
        assert (found.where, found.message.partition(": ")[0]) == (ident, key)
