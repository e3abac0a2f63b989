"""Judging the decisions of a visit by the engine that judges the pathways of a screening."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Course, Visit
from ketatui.course.assessment import DecisionAssessment
from ketatui.course.knowledge import CourseKnowledge
from ketatui.engine.assessment import PathwayAssessment
from ketatui.engine.facts import Facts, establish_input
from ketatui.engine.inputs import Input
from ketatui.engine.judging import judge_of
from ketatui.engine.needs import NeedsFinder
from ketatui.engine.what_if import what_would_lift


class VisitJudge:
    """Judges the decisions of one state of a visit."""

    def __init__(
        self, knowledge: CourseKnowledge, course: Course, visit: Visit, given: Input, on: dt.date
    ) -> None:
        """Prepare to judge.

        Args:
            knowledge: The compiled course.
            course: The visit's course.
            visit: The visit.
            given: What of it is judged.
            on: Today.
        """
        self.pack = knowledge.pack
        self.knowledge = knowledge.pathways[course.pathway]
        self.visit = visit
        self.given = given
        self.on = on
        self.facts: Facts = establish_input(self.knowledge, given)
        finder = NeedsFinder(self.knowledge, self.facts)
        self._judge = judge_of(self.knowledge, given, self.facts, on, finder)

    def has(self, decision: str) -> bool:
        """Tell whether the visit has rules of a decision: a review has some of them only."""
        return self.visit.kind == "session" or self.pack.decisions[decision].in_review

    def asks(self, decision: str) -> bool:
        """Tell whether the visit is asked what the rules of a decision wait for."""
        known = self.pack.decisions[decision]
        return self.visit.kind == "session" or (known.in_review and not known.needs_dose)

    def decisions(self, *, with_changes: bool = False) -> tuple[DecisionAssessment, ...]:
        """Judge every decision, in order.

        Args:
            with_changes: Whether to work out what would lift each verdict.
        """
        return tuple(
            self.decision(ident, with_changes=with_changes) for ident in self.pack.decisions
        )

    def decision(self, ident: str, *, with_changes: bool = False) -> DecisionAssessment:
        """Judge one decision.

        Args:
            ident: The decision.
            with_changes: Whether to work out what would lift its verdict.
        """
        if not self.has(ident):
            return DecisionAssessment(ident, "fits", True, "fits", "fits", (), ())
        judged = self.judged(ident)
        if with_changes:
            changes = what_would_lift(self.knowledge, self.given, self.on, judged)
            judged = judged.replaced(changes=changes)
        return _as_decision(judged)

    def judged(self, ident: str) -> PathwayAssessment:
        """Return a decision as the engine judges it, which to it is a pathway."""
        return self._judge.pathway(ident)


def _as_decision(judged: PathwayAssessment) -> DecisionAssessment:
    return DecisionAssessment(
        id=judged.id,
        verdict=judged.verdict,
        complete=judged.complete,
        best=judged.best,
        worst=judged.worst,
        findings=judged.findings,
        open=judged.open,
        changes=judged.changes,
    )
