"""From a visit of a case to its assessment: facts, decisions, and what to ask next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessment import DecisionAssessment, NextInVisit, VisitAssessment
from ketatui.course.contradictions import dosed_reviews
from ketatui.course.facts import visit_input
from ketatui.course.judging import VisitJudge
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.screening import Screening
from ketatui.engine.contradictions import find_contradictions
from ketatui.engine.next_question import choose_next
from ketatui.engine.staleness import stale_answers


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
    given = visit_input(knowledge, case, course, visit, on, screening)
    judge = VisitJudge(knowledge, course, visit, given, on)
    decisions = judge.decisions(with_changes=with_changes)
    facts = judge.facts
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
        asked={ident: facts.asked[ident] for ident in pack.questions},
        derived=tuple(pack.derived),
        contradictions=(
            *find_contradictions(judge.knowledge, facts),
            *dosed_reviews(course, visit),
        ),
        decisions=decisions,
        next=_next(judge, decisions, case.unknown),
        stale=stale_answers(knowledge.screening, case, visit.date),
    )


def _next(
    judge: VisitJudge, decisions: Sequence[DecisionAssessment], unknown: frozenset[str]
) -> NextInVisit | None:
    """Choose the unanswered question that can change most, and say why.

    Decisions come in the order of a visit: what the gate needs is asked before what leaving needs.

    Returns:
        The question, or None when nothing that could still change a verdict is unanswered.
    """
    # What the screening could not establish is not asked for again here.
    facts = judge.facts.replaced(unknown=judge.facts.unknown | unknown) if unknown else judge.facts
    for decision in decisions:
        if judge.asks(decision.id):
            found = choose_next(judge.knowledge, facts, [judge.judged(decision.id)])
            if found is not None:
                return NextInVisit(found.question, found.because, decision.id)
    return None
