"""What an answer can not have reached is taken over: the assessment is that of a fresh start."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case, Override
from ketatui.engine import Assessor, assess
from ketatui.engine.knowledge import Knowledge
from tests.effort import tries
from tests.engine.clean import CLEAN
from tests.strategies import MEDICATIONS, ON, TRIALS, answers_to, full_cases, shipped

LATER = dt.date(2031, 1, 1)
ASKED = [question for question in shipped().pack.questions.values() if question.kind != "rows"]
RULES = sorted({(way, rule.rule) for way, rules in shipped().rules.items() for rule in rules})

OTHERS = ["clear", "written", "unknown", "rows", "override", "other"]


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
        case "override":
            chosen = draw(st.lists(st.sampled_from(RULES), max_size=3, unique=True))
            decision = case.decision.replaced(overrides=overridden(chosen))
            return case.replaced(decision=decision)
        case _:
            return draw(st.sampled_from([Case(), draw(full_cases(CLEAN))]))


@given(data=st.data())
@settings(max_examples=tries(25), deadline=None)
def test_step_by_step_comes_to_what_a_fresh_start_comes_to(data: st.DataObject) -> None:
    knowledge = shipped()
    assessor, case, on = Assessor(knowledge), Case(), ON
    for _ in range(data.draw(st.integers(5, 20))):
        case = data.draw(edited(case))
        on = data.draw(st.sampled_from([on] * 8 + [ON, LATER]))
        # As text, so that a number counts as another where it is written otherwise.
        assert repr(assessor.assess(case, on)) == repr(
            assess(knowledge, case, on, with_changes=False)
        )


def test_an_assessor_takes_nothing_over_from_other_criteria() -> None:
    """Two packs are two, however alike: what is planned for one is not used for the other."""
    pack = shipped()
    emptied: Knowledge = pack.replaced(rules=dict.fromkeys(pack.rules, ()))
    assert all(item.findings or item.open for item in Assessor(pack).assess(Case(), ON).pathways)
    assert not any(item.open for item in Assessor(emptied).assess(Case(), ON).pathways)
