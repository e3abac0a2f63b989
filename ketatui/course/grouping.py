"""Which decision of a visit a question is asked for: the first one whose rules read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ketatui.cases.courses import Visit
from ketatui.course.assessment import DecisionAssessment, VisitAssessment
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.past import dose_of
from ketatui.course.vocabulary import DOSE
from ketatui.cql import Condition
from ketatui.cql.syntax import Binary, Literal, Name
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models import Question
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.dependencies import dependencies_of
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
    pack, pathway_knowledge = knowledge.pack, knowledge.pathways[pathway]
    aside = left_out(pack, visit)
    kept = [item.id for item in pack.info.decisions if item.id not in aside]
    decided_by = decisions_of(pathway_knowledge, aside)
    # What is answered stays where it was asked; the dose itself is what tells a held session.
    usual = decisions_of(pathway_knowledge, frozenset())
    session = visit.kind == "session"
    found: dict[str, list[Question]] = {item.id: [] for item in pack.info.decisions}
    for question in asked:
        if question.id in decided_by:
            found[decided_by[question.id]].append(question)
        elif question.id in visit.answers or question.id in visit.unknown:
            found[usual.get(question.id, kept[0]) if session else kept[0]].append(question)
    return {key: tuple(rows) for key, rows in found.items() if rows}


def left_out(pack: CoursePack, visit: Visit) -> frozenset[str]:
    """Return the decisions that a visit without a dose is asked nothing for."""
    review = visit.kind == "review"
    if not review and dose_of(visit) != 0:
        return frozenset()
    kinds = pack.info.decisions
    return frozenset(
        item.id for item in kinds if item.needs_dose or (review and not item.in_review)
    )


def decided_at(
    pack: CoursePack, visit: Visit, decisions: Sequence[DecisionAssessment]
) -> tuple[DecisionAssessment, ...]:
    """Return what is told of a visit's decisions.

    A review says nothing of giving a dose or leaving, and of reporting only where there is
    something to report: its rules wait for a dose that a review does not have.

    Args:
        pack: The course of the pack.
        visit: The visit.
        decisions: Those of its assessment.
    """
    if visit.kind == "session":
        return tuple(decisions)
    known = pack.decisions
    return tuple(
        item
        for item in decisions
        if known[item.id].in_review
        and (not known[item.id].needs_dose or item.findings or visit.events)
    )


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


def counted_against(
    knowledge: CourseKnowledge, visit: Visit, found: VisitAssessment
) -> frozenset[str]:
    """Return the answers of a visit that findings worse than a note hold against it.

    That a dose was given is a condition of most rules and no fault: an answer counts where the
    decision that it is asked for reads it beyond that.

    Args:
        knowledge: The compiled course.
        visit: The visit.
        found: Its assessment.
    """
    compiled = knowledge.pathways[found.pathway]
    review = left_out(knowledge.pack, visit) if visit.kind == "review" else frozenset()
    asked_for = decisions_of(compiled, review)
    weighed = _weighed(compiled)
    return frozenset(
        ident
        for decision in found.decisions
        for finding in decision.findings
        if SEVERITY[finding.effect] >= SEVERITY["caution"]
        for ident in weighed.get((decision.id, finding.rule), ())
        if found.values.get(ident) is not None and asked_for.get(ident) == decision.id
    )


@lru_cache(maxsize=8)
def _weighed(knowledge: Knowledge) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return what each rule of a decision weighs: what it reads beside that a dose was given."""
    graph = dependencies_of(knowledge).through_derived
    return {
        (decision, rule.rule): graph.of(
            ident
            for part in _conjuncts(knowledge.conditions[rule.condition])
            if not _says_dosed(part.node)
            for ident in part.reads
        )
        for decision, rules in knowledge.rules.items()
        for rule in rules
        if rule.condition is not None
    }


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    node = condition.node
    if isinstance(node, Binary) and node.op == "and":
        for part in condition.parts:
            yield from _conjuncts(part)
    else:
        yield condition


def _says_dosed(node: object) -> bool:
    """Tell whether a condition says that a dose was given, and no more."""
    return (
        isinstance(node, Binary)
        and node.op == ">"
        and isinstance(node.left, Name)
        and node.left.id == DOSE
        and isinstance(node.right, Literal)
        and node.right.value == 0
    )
