"""From a visit of a case to its assessment: facts, decisions, and what to ask next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessment import DecisionAssessment, NextInVisit, VisitAssessment
from ketatui.course.facts import VisitFacts, establish_visit
from ketatui.course.judging import VisitJudge
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.screening import Screening, screen
from ketatui.course.what_if import what_would_lift_decision
from ketatui.engine.assessment import SEVERITY, ContradictionFound, OpenRule
from ketatui.engine.contradictions import HIDDEN
from ketatui.engine.staleness import stale_answers

_WEIGHT = {
    "contraindicated": 1000,
    "not_indicated": 300,
    "not_recommended": 60,
    "unmet": 15,
    "caution": 3,
    "note": 0,
}
"""How much a rule of each effect weighs when questions of one decision are compared."""


def assess_visit(
    knowledge: CourseKnowledge,
    case: Case,
    course: Course,
    visit: Visit,
    on: dt.date,
    *,
    screening: Screening | None = None,
    with_changes: bool = True,
) -> VisitAssessment:
    """Assess a visit of a case on a day.

    Args:
        knowledge: The compiled course.
        case: The case; its answers, and those of the visit, are valid for the pack.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today: from it the days since the visit count.
        screening: What is read of the screening, if it is known already.
        with_changes: Whether to work out what would lift each verdict.

    Returns:
        The decisions with reasons, what is open, and what to ask next.
    """
    if screening is None:
        screening = screen(knowledge.screening, case, course.pathway, visit.date)
    facts = establish_visit(knowledge, case, course, visit, on, screening)
    judge = VisitJudge(knowledge, facts)
    decisions = judge.all()
    if with_changes:
        decisions = tuple(
            item.replaced(changes=what_would_lift_decision(knowledge, case, judge, item))
            for item in decisions
        )
    pack, policy = knowledge.pack, knowledge.screening.pack.policy
    return VisitAssessment(
        case=case.id,
        course=course.id,
        visit=visit.number,
        on=on,
        date=visit.date,
        pathway=course.pathway,
        basis=course.basis,
        pack_id=pack.info.id,
        pack_version=pack.info.version,
        pack_digest=pack.digest,
        policy=policy.title if policy else None,
        values=facts.values,
        asked=facts.asked,
        derived=tuple(pack.derived),
        contradictions=tuple(_contradictions(knowledge, facts)),
        decisions=decisions,
        next=choose_next(knowledge, facts, decisions),
        stale=stale_answers(knowledge.screening, case, visit.date),
    )


def _contradictions(knowledge: CourseKnowledge, facts: VisitFacts) -> Iterator[ContradictionFound]:
    """Find those that the pack declares, and answers to questions that are not asked."""
    declared = {item.id: item for item in knowledge.pack.info.contradictions}
    for ident, condition in knowledge.contradictions.items():
        if condition.value(facts.values) is True:
            yield ContradictionFound(ident, condition.reads, declared[ident].because)
    for ident in facts.hidden:
        question, reader = knowledge.pack.questions[ident], knowledge.asked_when[ident]
        because = question.asked_because or f"it is asked while {reader.text}"
        said = f"“{question.label}” has an answer that is kept but not used: {because}."
        yield ContradictionFound(HIDDEN, (ident, *reader.reads), said)


def choose_next(
    knowledge: CourseKnowledge, facts: VisitFacts, decisions: Sequence[DecisionAssessment]
) -> NextInVisit | None:
    """Choose the unanswered question that can change most, and say why.

    Decisions come in the order of a visit: what the gate needs is asked before what leaving needs.
    Questions marked unknown are not proposed again.

    Returns:
        The question, or None when nothing that could still change a verdict is unanswered.
    """
    for decision in decisions:
        weights: dict[str, float] = {}
        for rule in _that_matter(decision):
            waiting = [ident for ident in rule.needs if ident not in rule.unknown]
            for ident in waiting:
                weights[ident] = weights.get(ident, 0) + _WEIGHT[rule.effect] / len(waiting)
        if weights:
            asked, rank = facts.asked, knowledge.rank
            best = min(
                weights,
                # Questions that are certainly asked first, then the weightiest.
                key=lambda ident: (asked.get(ident, True) is None, -weights[ident], rank[ident]),
            )
            hanging = [rule for rule in _that_matter(decision) if best in rule.needs]
            gravest = max(hanging, key=lambda rule: SEVERITY[rule.effect])
            word = knowledge.screening.pack.wording.effects[gravest.effect].title
            title = knowledge.pack.decisions[decision.id].short
            because = f"{gravest.title}: could still be “{word}” for {title}"
            return NextInVisit(best, because, decision.id)
    return None


def _that_matter(decision: DecisionAssessment) -> Iterator[OpenRule]:
    """Yield the open rules whose closing could change the verdict."""
    for rule in decision.open:
        graver = SEVERITY[rule.effect] > SEVERITY[decision.best]
        holds_up = rule.holds_up and decision.verdict == "incomplete"
        if rule.effect != "note" and (graver or holds_up):
            yield rule
