"""What a visit reads of the screening: its verdict, and the facts that the pack names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from ketatui.cases.ages import days_of
from ketatui.cases.model import Case
from ketatui.cql import Condition, Value, check, compile_expression, parse
from ketatui.engine.facts import establish
from ketatui.engine.judging import judge_pathways
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import Needs, NeedsFinder
from ketatui.structs import Frozen


class Screening(Frozen, frozen=True):
    """The screening as a visit reads it.

    Attributes:
        verdict: Of the course's pathway, by the answers of the case as they stand.
        values: The facts of the course that are expressions over the screening.
        needs: What each of them waits for that is null.
        weighed_on: The day of its weight, where a visit has a weight too; None where not known.
    """

    verdict: str
    values: Mapping[str, Value]
    needs: Mapping[str, Needs]
    weighed_on: dt.date | None = None


def screen(knowledge: Knowledge, case: Case, pathway: str, on: dt.date) -> Screening:
    """Read the screening of a case for a visit.

    How old an answer is does not count here: a visit asks anew what changes from day to day, and
    for all of it after a long gap.

    Args:
        knowledge: The compiled pack.
        case: The case.
        pathway: The pathway of the course.
        on: The visit's day.

    Returns:
        The verdict and facts.
    """
    facts = establish(knowledge, case)
    judged = judge_pathways(knowledge, case, facts, on, only=(pathway,))[0]
    conditions = _conditions(knowledge)
    values = {ident: condition.value(facts.values) for ident, condition in conditions.items()}
    finder = NeedsFinder(knowledge, facts)
    needs = {
        ident: finder.of((condition,))
        for ident, condition in conditions.items()
        if values[ident] is None
    }
    return Screening(judged.verdict, values, needs, _weighed_on(knowledge, case))


def _weighed_on(knowledge: Knowledge, case: Case) -> dt.date | None:
    visits = (visit for course in case.courses for visit in course.visits)
    if all(visit.weight_kg is None for visit in visits):
        return None
    return days_of(case).get(knowledge.pack.course.info.weight or "")


@lru_cache(maxsize=4)
def _conditions(knowledge: Knowledge) -> dict[str, Condition]:
    facts = knowledge.pack.course.derived.values()
    return {fact.id: over_screening(knowledge, fact.screening) for fact in facts if fact.screening}


def over_screening(knowledge: Knowledge, text: str) -> Condition:
    """Compile an expression over the screening.

    Args:
        knowledge: The compiled pack.
        text: The expression.

    Raises:
        ExpressionError: It is wrong, or the pack has no such question.
    """
    node = parse(text)
    check(node, knowledge.scope)
    return compile_expression(text, node, knowledge.scope.thresholds)
