"""Judging the decisions of a visit: which rules are true, which are open, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ketatui.course.assessment import DecisionAssessment
from ketatui.course.facts import VisitFacts
from ketatui.course.knowledge import CourseKnowledge, VisitRule
from ketatui.course.needs import VisitNeeds
from ketatui.criteria.models import Verdict
from ketatui.engine.assessment import SEVERITY, Finding, OpenRule

_VERDICT_OF: dict[int, Verdict] = {
    severity: name  # type: ignore[misc]
    for name, severity in SEVERITY.items()
    if name != "note"
}
_Judged = TypeVar("_Judged", Finding, OpenRule)
_CAN_BE_OVERRIDDEN = ("not_recommended", "caution")


class VisitJudge:
    """Judges the decisions of one state of a visit; each decision once."""

    def __init__(self, knowledge: CourseKnowledge, facts: VisitFacts) -> None:
        """Args: the compiled course, and the facts as established."""
        self.knowledge = knowledge
        self.facts = facts
        self.finder = VisitNeeds(knowledge, facts)
        visit = facts.state.visit
        self.overridden = {(item.decision, item.rule) for item in visit.overrides}

    def all(self) -> tuple[DecisionAssessment, ...]:
        """Judge every decision, in order."""
        return tuple(self.decision(ident) for ident in self.knowledge.pack.decisions)

    def rules(self, decision: str) -> tuple[VisitRule, ...]:
        """Return the rules of a decision that this visit has."""
        state = self.facts.state
        if state.visit.kind == "review" and not self.knowledge.pack.decisions[decision].in_review:
            return ()
        return self.knowledge.rules[state.course.pathway][decision]

    def decision(self, ident: str) -> DecisionAssessment:
        """Judge one decision, without what would lift its verdict."""
        findings: list[Finding] = []
        opened: list[OpenRule] = []
        for rule in self.rules(ident):
            result = rule.condition.value(self.facts.values)
            if result is False:
                continue
            needs = self.finder.of_null(rule.condition) if result is None else None
            if needs is not None and not (rule.effect == "caution" and needs.all_unknown):
                opened.append(
                    OpenRule(
                        rule.rule,
                        rule.title,
                        rule.effect,
                        rule.authority,
                        needs.questions,
                        needs.unknown,
                        needs.blocked_by,
                        rule.optional,
                    )
                )
            else:
                findings.append(self._finding(ident, rule, unknown=result is None))
        return _verdict(ident, _worst_first(findings), _worst_first(opened))

    def _finding(self, decision: str, rule: VisitRule, *, unknown: bool) -> Finding:
        can_be = rule.effect in _CAN_BE_OVERRIDDEN
        return Finding(
            rule=rule.rule,
            title=rule.title,
            effect=rule.effect,
            authority=rule.authority,
            confidence=rule.confidence,
            because=rule.because,
            do=rule.do,
            sources=rule.sources,
            facts={ident: self.facts.values.get(ident) for ident in rule.condition.reads},
            overridden=can_be and (decision, rule.rule) in self.overridden,
            local=rule.local,
            not_excluded=unknown,
        )


def _worst_first(items: Iterable[_Judged]) -> tuple[_Judged, ...]:
    return tuple(sorted(items, key=lambda item: -SEVERITY[item.effect]))


def _verdict(
    ident: str, findings: tuple[Finding, ...], opened: tuple[OpenRule, ...]
) -> DecisionAssessment:
    known = max((SEVERITY[item.counts_as] for item in findings), default=0)
    known = max(known, 0)
    feared = SEVERITY[opened[0].effect] if opened else 0
    waiting = any(item.holds_up for item in opened)
    verdict = _VERDICT_OF[known]
    if known < SEVERITY["incomplete"] and waiting:
        verdict = "incomplete"
    return DecisionAssessment(
        id=ident,
        verdict=verdict,
        complete=not opened,
        best=_VERDICT_OF[known],
        worst=_VERDICT_OF[max(known, feared)],
        findings=findings,
        open=opened,
    )
