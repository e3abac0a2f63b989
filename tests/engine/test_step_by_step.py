"""What an answer cannot have reached is taken over: the assessment is that of a fresh start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case, Medication, Override, Trial
from ketatui.criteria.models import Question
from ketatui.engine import Assessor, assess
from ketatui.engine.assessment import PathwayAssessment
from ketatui.engine.facts import establish_input
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import Judge
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import NeedsFinder
from tests.effort import EFFORT, tries
from tests.engine.clean import CLEAN, clean
from tests.strategies import MEDICATIONS, ON, ROWS, TRIALS, answers_to, full_cases, shipped

LATER = dt.date(2031, 1, 1)
ASKED = [question for question in shipped().pack.questions.values() if question.kind != "rows"]
RULES = sorted({(way, rule.rule) for way, rules in shipped().rules.items() for rule in rules})

OTHERS = ["clear", "written", "unknown", "rows", "items", "override", "other"]
SCALES = [scale for scale in shipped().pack.instruments.values() if scale.items]


def overridden(chosen: list[tuple[str, str]]) -> tuple[Override, ...]:
    at = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    return tuple(
        Override(pathway=way, rule=rule, reason="r", by="ab", at=at) for way, rule in chosen
    )


@st.composite
def edited(draw: st.DrawFn, case: Case) -> Case:
    """Draw what a case is after an edit: mostly of one answer, as in a consultation."""
    kind = draw(st.sampled_from(["answer"] * 6 + OTHERS))
    answers: dict[str, Answer] = dict(case.answers)
    question = draw(st.sampled_from(ASKED))
    match kind:
        case "answer":
            answers[question.id] = draw(answers_to(question))
            return case.replaced(answers=answers, unknown=case.unknown - {question.id})
        case "clear":
            answers.pop(question.id, None)
            return case.replaced(answers=answers)
        case "written":
            # The same numbers with another digit after the point.
            same = {
                ident: Decimal(f"{value}.0") if "." not in str(value) else value
                for ident, value in answers.items()
                if isinstance(value, Decimal)
            }
            return case.replaced(answers={**answers, **same})
        case "unknown":
            answers.pop(question.id, None)
            return case.replaced(answers=answers, unknown=case.unknown | {question.id})
        case "rows":
            rows = {"trials": draw(TRIALS), "medications": draw(MEDICATIONS)}
            return case.replaced(**draw(st.sampled_from([{k: v} for k, v in rows.items()])))
        case "items":
            scale = draw(st.sampled_from(SCALES))
            scores = {item.id: draw(st.none() | st.integers(0, 2)) for item in scale.items}
            taken = {key: score for key, score in scores.items() if score is not None}
            answers.pop(scale.question, None)
            items = {**case.scale_items, scale.question: taken}
            return case.replaced(answers=answers, scale_items=items)
        case "override":
            chosen = draw(st.lists(st.sampled_from(RULES), max_size=3, unique=True))
            decision = case.decision.replaced(overrides=overridden(chosen))
            return case.replaced(decision=decision)
        case _:
            return draw(st.sampled_from([Case(), draw(full_cases(CLEAN))]))


def both_ways(base: Case, edits: Iterable[Case], knowledge: Knowledge | None = None) -> None:
    """Make each edit of a case and take it back; each time all has to be as if assessed anew."""
    knowledge = knowledge or shipped()
    assessor = Assessor(knowledge)
    fresh = repr(assess(knowledge, base, ON, with_changes=False))
    for edited in edits:
        assert repr(assessor.assess(base, ON)) == fresh
        anew = assess(knowledge, edited, ON, with_changes=False)
        assert repr(assessor.assess(edited, ON)) == repr(anew)
        assert [item.replaced(rank=0) for item in anew.pathways] == judged_whole(
            knowledge, edited, ON
        )


def judged_whole(knowledge: Knowledge, case: Case, on: dt.date) -> list[PathwayAssessment]:
    """Judge every rule of a case: nothing is taken over from a case without answers."""
    said = input_of(case)
    facts = establish_input(knowledge, said)
    judge = Judge(knowledge, facts, on, NeedsFinder(knowledge, facts), said.overrides)
    return list(judge.pathways(tuple(knowledge.pack.pathways)))


def other_answers(case: Case, question: Question) -> Iterator[Case]:
    """Yield the case with each other answer to a question, without one, and with "unknown"."""
    answers = {ident: value for ident, value in case.answers.items() if ident != question.id}
    yield case.replaced(answers=answers)
    yield case.replaced(answers=answers, unknown=case.unknown | {question.id})
    values: list[Answer] = [option.code for option in question.options]
    if question.kind == "bool":
        values = [True, False]
    elif question.kind != "choice":
        ends = [question.min or Decimal(0), question.max or Decimal(27)]
        values = [*ends] if question.kind == "decimal" else [int(end) for end in ends]
    for value in values:
        yield case.replaced(answers={**answers, question.id: value})


BASES = {
    "nothing": Case(),
    "clean": clean(),
    "half": clean().replaced(answers=dict(list(clean().answers.items())[::2])),
    "nothing reviewed": clean({"medications.reviewed": None, "trials.rows_complete": None}),
}


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
def test_each_single_edit_and_its_undoing_come_to_what_a_fresh_start_comes_to(base: Case) -> None:
    every = max(1, round(1 / EFFORT))
    some = ASKED[[*BASES.values()].index(base) % every :: every]
    both_ways(base, (case for item in some for case in other_answers(base, item)))
    medicine, trial = Medication(name="lorazepam"), Trial(drug="sertraline")
    rows = [
        base.replaced(medications=(*base.medications, medicine)),
        base.replaced(trials=(*base.trials, trial)),
        base.replaced(trials=(*base.trials[1:], trial)),
        base.replaced(trials=()),
    ]
    both_ways(base, rows)
    taken = [
        (scale.question, {item.id: score for item in scale.items})
        for scale in SCALES
        for score in (0, 1)
    ]
    both_ways(base, [base.replaced(scale_items={ident: scores}) for ident, scores in taken])
    # A file can hold rows of a table that is marked as not to be established.
    blank, *filled = (case.replaced(unknown=frozenset(ROWS)) for case in (base, *rows))
    both_ways(base, [blank, *filled])
    both_ways(blank, filled)


def test_a_pathway_without_a_rule_on_its_support_is_graded_anew_all_the_same() -> None:
    """Its grade follows from the diagnosis, whether or not a rule reads the diagnosis for it."""
    knowledge = shipped()
    bare = {
        way: tuple(rule for rule in rules if rule.condition is None and not rule.grades)
        for way, rules in knowledge.rules.items()
    }
    question = knowledge.pack.questions["indication.diagnosis"]
    both_ways(clean(), other_answers(clean(), question), knowledge.replaced(rules=bare))


def test_an_override_alone_is_seen_at_the_next_step() -> None:
    case = clean({"medical.respiratory": True, "vitals.systolic": 150})
    ways = assess(shipped(), case, ON, with_changes=False).pathways
    found = [(way.id, finding.rule) for way in ways for finding in way.findings]
    assert found
    both_ways(
        case,
        (
            case.replaced(decision=case.decision.replaced(overrides=overridden(chosen)))
            for chosen in ([one] for one in found)
        ),
    )


def test_a_number_that_is_written_otherwise_is_shown_so() -> None:
    """A reason reads the body mass index and the numbers behind it as they were written."""
    written = [ident for ident, value in CLEAN.items() if isinstance(value, Decimal)]
    assert written
    for ident in written:
        for value in (Decimal(300), Decimal(30)):
            base = clean({ident: value})
            both_ways(base, [clean({ident: Decimal(f"{value}.0")})])


@given(data=st.data())
@settings(max_examples=tries(25), deadline=None)
def test_step_by_step_comes_to_what_a_fresh_start_comes_to(data: st.DataObject) -> None:
    knowledge = shipped()
    assessor, case, on = Assessor(knowledge), Case(), ON
    for _ in range(data.draw(st.integers(5, 20))):
        case = data.draw(edited(case))
        on = data.draw(st.sampled_from([on] * 8 + [ON, LATER]))
        # As text, so that a number counts as another where it is written otherwise.
        fresh = assess(knowledge, case, on, with_changes=False)
        assert repr(assessor.assess(case, on)) == repr(fresh)
        unranked = [item.replaced(rank=0) for item in fresh.pathways]
        assert unranked == judged_whole(knowledge, case, on)


def test_an_assessor_takes_nothing_over_from_other_criteria() -> None:
    """Two packs are two, however alike: what is planned for one is not used for the other."""
    pack = shipped()
    emptied: Knowledge = pack.replaced(rules=dict.fromkeys(pack.rules, ()))
    assert all(item.findings or item.open for item in Assessor(pack).assess(Case(), ON).pathways)
    assert not any(item.open for item in Assessor(emptied).assess(Case(), ON).pathways)
