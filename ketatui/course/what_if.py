"""What would lift the verdict of a decision: the smallest sets of facts to put right.

Only answered questions of the visit that the pack marks as modifiable are tried (pressure, food,
setting, the time of leaving, …). What is still unanswered is listed under the open rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product

from ketatui.cases.model import Answer, Case
from ketatui.course.assessment import DecisionAssessment
from ketatui.course.facts import establish_visit
from ketatui.course.judging import VisitJudge
from ketatui.course.knowledge import CALCULATIONS, CourseKnowledge
from ketatui.cql import Condition
from ketatui.cql.syntax import Literal, walk
from ketatui.criteria.models import Question, Verdict
from ketatui.engine.assessment import SEVERITY, WhatIf

_LARGEST_SET = 3
"""Sets larger than this are no suggestion any more."""
_MOST_FACTS = 8
"""Of more facts than this behind one verdict none is suggested."""


def what_would_lift_decision(
    knowledge: CourseKnowledge, case: Case, judge: VisitJudge, decision: DecisionAssessment
) -> tuple[WhatIf, ...]:
    """Find the smallest sets of facts whose change would lift a verdict.

    Args:
        knowledge: The compiled course.
        case: The case as it stands.
        judge: What judged the visit as it stands.
        decision: The decision's assessment.

    Returns:
        Sets of which no part would do, smallest first; each with the best verdict it leads to.
    """
    decisive = frozenset(
        item.rule
        for item in decision.findings
        if SEVERITY[item.counts_as] == SEVERITY[decision.verdict] and not item.not_excluded
    )
    if not decisive:
        return ()
    trial = _Trial(knowledge, case, judge, decision, decisive)
    facts = trial.modifiable()
    if not facts or len(facts) > _MOST_FACTS:
        return ()
    found: list[WhatIf] = []
    for size in range(1, min(len(facts), _LARGEST_SET) + 1):
        for chosen in combinations(facts, size):
            if not any(set(item.facts) <= set(chosen) for item in found):
                lifted = trial.best_after(chosen)
                found += [lifted] if lifted else []
    return tuple(found)


class _Trial:
    """Tries changed answers of a visit against one decision."""

    def __init__(
        self,
        knowledge: CourseKnowledge,
        case: Case,
        judge: VisitJudge,
        decision: DecisionAssessment,
        decisive: frozenset[str],
    ) -> None:
        self.knowledge = knowledge
        self.case = case
        self.state = judge.facts.state
        self.decision = decision
        self.decisive = decisive
        rules = judge.rules(decision.id)
        self.conditions = {rule.rule: rule.condition for rule in rules if rule.rule in decisive}

    def modifiable(self) -> tuple[str, ...]:
        """Return the facts worth changing; none if one of the findings has none behind it."""
        found: set[str] = set()
        for condition in self.conditions.values():
            behind = {
                ident
                for read in condition.reads
                for ident in self._behind(read)
                if self.candidates(ident)
            }
            if not behind:
                return ()
            found |= behind
        return tuple(sorted(found, key=self.knowledge.rank.__getitem__))

    def _behind(self, ident: str) -> Iterator[str]:
        """Yield the questions of the visit that a fact comes from, and those that hide them."""
        waiting, seen = [ident], set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.knowledge.pack.questions:
                yield name
                asked = self.knowledge.asked_when.get(name)
                waiting += asked.reads if asked else ()
            elif name in CALCULATIONS:
                waiting += CALCULATIONS[name].reads

    def candidates(self, ident: str) -> tuple[Answer, ...]:
        """Return the values a modifiable fact could be changed to; none if it cannot."""
        question = self.knowledge.pack.questions[ident]
        present = self.state.visit.answers.get(ident)
        if question.modifiable is False or present is None:
            return ()
        if isinstance(question.modifiable, tuple) and present not in question.modifiable:
            return ()
        if question.kind == "bool":
            return (not present,)
        if question.kind == "choice":
            return tuple(option.code for option in question.options if option.code != present)
        return self._numbers(question, present)

    def _numbers(self, question: Question, present: Answer) -> tuple[Answer, ...]:
        """Try each number the fact is compared with, and just beside it, nearest to now last."""
        step = Decimal("0.1") if question.kind == "decimal" else Decimal(1)
        low, high = question.min or Decimal(0), question.max or Decimal(10_000)
        bounds = {
            bound + shift
            for condition in self.conditions.values()
            for bound in self._constants(condition)
            for shift in self._shifts(question.id)
        }
        tried = {bound + by for bound in bounds for by in (-step, Decimal(0), step)}
        inside = sorted(
            (value for value in tried if low <= value <= high),
            key=lambda value: -abs(value - Decimal(present)),
        )
        return tuple(value if question.kind == "decimal" else int(value) for value in inside)

    def _shifts(self, ident: str) -> tuple[Decimal, ...]:
        """Return by how much a bound lies elsewhere on the clock that counts from the start."""
        later = [self.state.number(name) for name in ("visit.minutes_dosing",)]
        later += [self.state.number("visit.infusion_minutes")]
        if ident != "visit.end_minute":
            return (Decimal(0),)
        return (Decimal(0), *(minute for minute in later if minute))

    def _constants(self, condition: Condition) -> set[Decimal]:
        written = {
            Decimal(node.value)
            for node in walk(condition.node)
            if isinstance(node, Literal)
            and isinstance(node.value, int | Decimal)
            and not isinstance(node.value, bool)
        }
        limits = self.knowledge.pack.threshold_values
        return written | {limits[name] for name in condition.thresholds}

    def best_after(self, facts: tuple[str, ...]) -> WhatIf | None:
        """Return the best verdict that changing these facts can reach, if it is a better one.

        Of the values that reach it the last is kept: for numbers, the one nearest to what it is.
        """
        best: WhatIf | None = None
        for values in product(*(self.candidates(ident) for ident in facts)):
            verdict = self._verdict(dict(zip(facts, values, strict=True)))
            if verdict is None:
                continue
            reached = SEVERITY[best.then if best else self.decision.verdict]
            if SEVERITY[verdict] < reached or (best is not None and SEVERITY[verdict] == reached):
                best = WhatIf(facts, verdict, values)
        return best

    def _verdict(self, changed: dict[str, Answer]) -> Verdict | None:
        """Judge the changed visit; None unless every decisive rule is then decided as false."""
        state = self.state
        visit = state.visit.replaced(answers={**state.visit.answers, **changed})
        facts = establish_visit(
            self.knowledge, self.case, state.course, visit, state.on, state.screening
        )
        judged = VisitJudge(self.knowledge, facts).decision(self.decision.id)
        remaining = {item.rule for item in judged.findings} | {item.rule for item in judged.open}
        return None if self.decisive & remaining else judged.verdict
