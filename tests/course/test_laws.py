"""Laws that hold for every visit: what is not known is open, and answers only settle."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.courses import Course, Event, Observation, Visit
from ketatui.course.facts import visit_input
from ketatui.course.judging import VisitJudge
from ketatui.course.screening import screen
from ketatui.criteria.models import Question
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.judging import Judge
from ketatui.engine.needs import NeedsFinder
from tests.course.support import DAY, course_of, earlier, knowledge, score, screened, visit_of
from tests.course.visit_table import PATHWAYS
from tests.effort import tries

NOT_MONOTONE = {"visit.rems_form_sent"}
"""Its rules say "is not true": an answer that is missing counts like one that says no."""


def values(question: Question) -> st.SearchStrategy[Any]:
    match question.kind:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from([option.code for option in question.options])
        case "int":
            low, high = int(question.min or 0), int(question.max or 300)
            return st.integers(low, min(high, low + 400))
        case _:
            return st.integers(0, 200).map(lambda number: Decimal(number) / 2)


ANSWERS = st.fixed_dictionaries(
    {ident: values(question) for ident, question in knowledge().pack.questions.items()}
)
ROWS = st.lists(
    st.builds(
        Observation,
        minute=st.integers(0, 400),
        systolic=st.none() | st.integers(80, 200),
        diastolic=st.none() | st.integers(40, 120),
        spo2=st.none() | st.integers(85, 100),
        sedation=st.none() | st.integers(0, 5),
        dissociation=st.sampled_from([None, "none", "mild", "moderate", "severe"]),
    ),
    max_size=4,
)
EVENTS = st.lists(
    st.builds(
        Event,
        term=st.just("nausea"),
        serious=st.sampled_from([None, True, False]),
        reported_on=st.sampled_from([None, DAY]),
    ),
    max_size=2,
)
COURSES = st.tuples(
    st.sampled_from(PATHWAYS),
    st.sampled_from(["trd", "mdsi", "other"]),
    st.sampled_from(["outpatient_clinic", "inpatient_unit", "home_telehealth"]),
    st.lists(st.integers(0, 70), max_size=9, unique=True),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 40)), max_size=4),
)
CASES = {pathway: screen(knowledge().screening, screened(), pathway, DAY) for pathway in PATHWAYS}


def course_with(made: tuple[Any, ...], visit: Visit) -> Course:
    pathway, basis, site, days, scores = made
    before = earlier(pathway, *days)
    rows = [score("madrs", day, value) for day, value in scores]
    return course_of(pathway, [*before, visit], rows, basis=basis, site=site)


def judge_of(made: tuple[Any, ...], visit: Visit) -> VisitJudge:
    course = course_with(made, visit)
    case = screened().replaced(courses=(course,))
    given_ = visit_input(knowledge(), case, course, visit, DAY, CASES[made[0]])
    return VisitJudge(knowledge(), course, visit, given_, DAY)


def outcomes(made: tuple[Any, ...], visit: Visit) -> Mapping[str, Any]:
    judge = judge_of(made, visit)
    compiled = judge.knowledge
    return {
        rule.rule: compiled.conditions[rule.condition or 0].value(judge.facts.values)
        for rules in compiled.rules.values()
        for rule in rules
    }


def consistent(made: tuple[Any, ...], visit: Visit) -> Visit:
    """Take away the answers to questions that the others hide."""
    asked = judge_of(made, visit).facts.asked
    kept = {key: value for key, value in visit.answers.items() if asked[key] is not False}
    return visit.replaced(answers=kept)


MADE = st.builds(
    lambda made, answers, rows, events: (
        made,
        visit_of(made[0]).replaced(answers=answers, observations=tuple(rows), events=tuple(events)),
    ),
    COURSES,
    ANSWERS,
    ROWS,
    EVENTS,
)


@settings(max_examples=tries(60), deadline=None)
@given(MADE, st.sets(st.sampled_from(sorted(knowledge().pack.questions))))
def test_unknown_never_reads_as_no_nor_as_yes(
    made: tuple[tuple[Any, ...], Visit], gone: set[str]
) -> None:
    course, visit = made
    whole = consistent(course, visit)
    kept = {key: value for key, value in whole.answers.items() if key not in gone - NOT_MONOTONE}
    full = outcomes(course, whole)
    for rule, value in outcomes(course, whole.replaced(answers=kept)).items():
        assert value is None or value is full[rule], rule


@settings(max_examples=tries(60), deadline=None)
@given(MADE, st.sets(st.sampled_from(sorted(knowledge().pack.questions))))
def test_more_answers_never_lift_a_verdict(
    made: tuple[tuple[Any, ...], Visit], gone: set[str]
) -> None:
    course, visit = made
    whole = consistent(course, visit)
    kept = {key: value for key, value in whole.answers.items() if key not in gone - NOT_MONOTONE}
    before = judge_of(course, whole.replaced(answers=kept)).decisions()
    after = judge_of(course, whole).decisions()
    for less, more in zip(before, after, strict=True):
        if SEVERITY[less.verdict] >= SEVERITY["unmet"]:
            assert SEVERITY[more.verdict] >= SEVERITY[less.verdict]
        assert SEVERITY[less.best] <= SEVERITY[more.verdict] or more.verdict == "incomplete"
        assert SEVERITY[more.verdict] <= SEVERITY[less.worst] or more.verdict == "incomplete"


@settings(max_examples=tries(60), deadline=None)
@given(MADE, st.sets(st.sampled_from(sorted(knowledge().pack.questions))))
def test_an_open_rule_says_what_it_waits_for_and_answering_all_of_it_closes_it(
    made: tuple[tuple[Any, ...], Visit], gone: set[str]
) -> None:
    course, visit = made
    whole = consistent(course, visit)
    kept = {key: value for key, value in whole.answers.items() if key not in gone}
    less = whole.replaced(answers=kept)
    for decision in judge_of(course, less).decisions():
        for rule in decision.open:
            assert rule.needs or rule.blocked_by, rule.rule
            assert not set(rule.needs) & set(less.answers), rule.rule
            if all(need in whole.answers for need in rule.needs):
                more = {need: whole.answers[need] for need in rule.needs}
                again = judge_of(course, less.replaced(answers={**kept, **more}))
                fresh = again.decision(decision.id)
                left = {item.rule: item.needs for item in fresh.open}
                # An answer can bring up another question, or say that only rows can tell now.
                assert not set(left.get(rule.rule, ())) & set(rule.needs), rule.rule


@settings(max_examples=tries(60), deadline=None)
@given(MADE, st.sets(st.sampled_from(sorted(knowledge().pack.questions))))
def test_what_is_marked_unknown_keeps_stops_open_and_makes_cautions_that_say_so(
    made: tuple[tuple[Any, ...], Visit], marked: set[str]
) -> None:
    course, visit = made
    whole = consistent(course, visit)
    kept = {key: value for key, value in whole.answers.items() if key not in marked}
    unknown = whole.replaced(answers=kept, unknown=frozenset(marked))
    for decision in judge_of(course, unknown).decisions():
        for finding in decision.findings:
            assert not finding.not_excluded or finding.effect == "caution"
        for rule in decision.open:
            all_unknown = set(rule.needs) == set(rule.unknown) and not rule.blocked_by
            assert not (rule.effect == "caution" and rule.needs and all_unknown)


@settings(max_examples=tries(40), deadline=None)
@given(MADE, st.sets(st.sampled_from(sorted(knowledge().pack.questions))))
def test_what_nothing_was_said_of_is_judged_as_in_a_visit_of_which_nothing_is_known(
    made: tuple[tuple[Any, ...], Visit], gone: set[str]
) -> None:
    course, visit = made
    kept = {key: value for key, value in visit.answers.items() if key not in gone}
    judge = judge_of(course, visit.replaced(answers=kept))
    facts, compiled = judge.facts, judge.knowledge
    whole = Judge(compiled, facts, DAY, NeedsFinder(compiled, facts), judge.given.overrides)
    for decision in compiled.rules:
        assert judge.judged(decision) == whole.pathway(decision)


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_nothing_asked_leaves_every_rule_open_that_an_answer_could_decide(pathway: str) -> None:
    visit = visit_of(pathway, watched=()).replaced(answers={})
    made: tuple[Any, ...] = (pathway, "trd", "outpatient_clinic", [], [])
    for rule, value in outcomes(made, visit).items():
        assert value is not True, rule
