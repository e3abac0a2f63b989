"""Which decision of a visit a question is asked for: the first one whose rules read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from ketatui.cases.courses import Visit
from ketatui.course.knowledge import CourseKnowledge
from ketatui.criteria.models import Question
from ketatui.engine.fingerprints import roots_of
from ketatui.engine.knowledge import Knowledge


def groups_of(
    knowledge: CourseKnowledge, pathway: str, visit: Visit, asked: Sequence[Question]
) -> dict[str, tuple[Question, ...]]:
    """Group the questions of a visit that are asked by decision, each in the order of the pack.

    Args:
        knowledge: The compiled course.
        pathway: Of the visit's course.
        visit: The visit; a review does not have every decision.
        asked: The questions that are asked now.

    Returns:
        Questions by decision; decisions without any, and questions that nothing reads in such a
        visit, are left out. What is recorded is kept all the same.
    """
    kinds = knowledge.pack.info.decisions
    review = visit.kind == "review"
    kept = [item.id for item in kinds if item.in_review or not review]
    left_out = frozenset(item.id for item in kinds) - frozenset(kept)
    decided_by = decisions_of(knowledge.pathways[pathway], left_out)
    found: dict[str, list[Question]] = {item: [] for item in kept}
    for question in asked:
        if question.id in decided_by:
            found[decided_by[question.id]].append(question)
        elif question.id in visit.answers or question.id in visit.unknown:
            found[kept[0]].append(question)
    return {key: tuple(rows) for key, rows in found.items() if rows}


@lru_cache(maxsize=16)
def decisions_of(knowledge: Knowledge, left_out: frozenset[str]) -> Mapping[str, str]:
    """Group the questions of a visit by decision.

    Args:
        knowledge: What the visits of a pathway are judged by.
        left_out: Decisions that such a visit does not have.

    Returns:
        The decision by question id; a question that no rule of the pathway reads is left out.
    """
    roots = roots_of(knowledge)
    found: dict[str, str] = {}
    for decision, rules in knowledge.rules.items():
        for rule in rules if decision not in left_out else ():
            for ident in roots.rules[rule.rule].questions:
                found.setdefault(ident, decision)
    return found
