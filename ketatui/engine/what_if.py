"""What would lift a verdict: the smallest sets of modifiable facts to put right.

Only facts the pack marks as modifiable are tried (blood pressure, setting, transport,
medicines, …), never age or past history, and only facts with an answer: what is still
unanswered is listed under the open rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Set
from decimal import Decimal
from itertools import combinations, product

from ketatui.cases.model import Answer
from ketatui.cql import Condition
from ketatui.criteria.models import Question, Verdict
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.engine.assessment import SEVERITY, Finding, PathwayAssessment, WhatIf
from ketatui.engine.dependencies import dependencies_of
from ketatui.engine.inputs import Input
from ketatui.engine.judging import judge_input
from ketatui.engine.knowledge import Knowledge

_LARGEST_SET = 3
"""Sets larger than this are not a suggestion any more."""
_MOST_FACTS = 8
"""More modifiable facts than this behind one verdict: only their union is tried."""

Change = Answer | tuple[()]
"""A value a fact could take; the empty tuple empties a table."""


def what_would_lift(
    knowledge: Knowledge, given: Input, on: dt.date, pathway: PathwayAssessment
) -> tuple[WhatIf, ...]:
    """Find the smallest sets of facts whose change would lift a pathway's verdict.

    Args:
        knowledge: The compiled criteria.
        given: The case, or whatever else is judged, as it stands.
        on: The day.
        pathway: The pathway's assessment.

    Returns:
        Sets of which no part would do, smallest first; each with the best verdict it leads to.
    """
    decisive = [
        item
        for item in pathway.findings
        if SEVERITY[item.counts_as] == SEVERITY[pathway.verdict] and not item.not_excluded
    ]
    if not decisive:
        return ()
    trial = _Trial(knowledge, given, on, pathway, frozenset(item.rule for item in decisive))
    facts = trial.modifiable_behind(decisive)
    if facts is None:
        return ()
    found: list[WhatIf] = []
    sizes = range(1, min(len(facts), _LARGEST_SET) + 1) if len(facts) <= _MOST_FACTS else ()
    for size in sizes:
        for chosen in combinations(facts, size):
            if any(set(item.facts) <= set(chosen) for item in found):
                continue
            lifted = trial.best_after(chosen)
            if lifted is not None:
                found.append(lifted)
    if not found and len(facts) > _LARGEST_SET:
        lifted = trial.best_after(trial.without_spare(facts))
        if lifted is not None:
            found.append(lifted)
    return tuple(found)


class _Trial:
    """Tries changed answers against one pathway."""

    def __init__(
        self,
        knowledge: Knowledge,
        given: Input,
        on: dt.date,
        pathway: PathwayAssessment,
        decisive: frozenset[str],
    ) -> None:
        self.knowledge = knowledge
        self.given = given
        self.on = on
        self.pathway = pathway
        self.rules = {rule.rule: rule for rule in knowledge.rules[pathway.id]}
        self.decisive = decisive

    def modifiable_behind(self, findings: list[Finding]) -> tuple[str, ...] | None:
        """Return the modifiable answered facts behind findings; None if one has none."""
        found: set[str] = set()
        for finding in findings:
            behind = {
                ident
                for read in finding.facts
                for ident in self._questions_behind(read)
                if self.candidates(ident)
            }
            if not behind:
                return None
            found |= behind
        return tuple(sorted(found, key=self.knowledge.rank_of_question.__getitem__))

    def _conditions(self, finding: Finding) -> tuple[Condition, ...]:
        index = self.rules[finding.rule].condition
        return () if index is None else (self.knowledge.conditions[index],)

    def _questions_behind(self, ident: str) -> Set[str]:
        """Return the questions a fact comes from: its own, and those that hide it."""
        names = dependencies_of(self.knowledge).graph.of((ident,))
        return names.intersection(self.knowledge.pack.questions)

    def candidates(self, ident: str) -> tuple[Change, ...]:
        """Return the values a modifiable fact could be changed to; empty if it cannot."""
        question = self.knowledge.pack.questions[ident]
        if question.modifiable is False:
            return ()
        if ident == MEDICATIONS:
            return ((),) if self.given.tables.get(ident) else ()
        present = self.given.answers.get(ident)
        if present is None:
            return ()
        if isinstance(question.modifiable, tuple) and present not in question.modifiable:
            return ()
        if question.kind == "bool":
            return (not present,)
        if question.kind == "choice":
            return tuple(option.code for option in question.options if option.code != present)
        return self._numbers(question, Decimal(present))

    def _numbers(self, question: Question, present: Decimal) -> tuple[Change, ...]:
        """Try each number it is compared with, and just beside it, the nearest to it last."""
        step = 1 if question.kind != "decimal" else Decimal("0.1")
        bounds = {
            bound
            for finding in self.pathway.findings
            for condition in self._conditions(finding)
            for bound in self._bounds(question.id, present, condition, finding)
        }
        low = question.min if question.min is not None else Decimal(0)
        high = question.max if question.max is not None else Decimal(10_000)
        numbers = {
            value
            for bound in bounds
            for value in (bound - step, bound, bound + step)
            if low <= value <= high
        }
        ordered = sorted(numbers, key=lambda value: (-abs(value - present), value))
        return tuple(int(value) if step == 1 else value for value in ordered)

    def _bounds(
        self, ident: str, present: Decimal, condition: Condition, finding: Finding
    ) -> Iterator[Decimal]:
        """Yield at which values of a number a condition can turn.

        A fact that is added up from it turns when the number changes by what the fact lacks.
        """
        compared = condition.compared
        if ident in condition.reads:
            yield from compared
        for read in condition.reads:
            value = finding.facts.get(read)
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                continue
            if read in self.knowledge.derived and ident in self._questions_behind(read):
                yield from (present + bound - value for bound in compared)

    def best_after(self, facts: tuple[str, ...]) -> WhatIf | None:
        """Return the best verdict that changing these facts can reach, if it is a better one.

        Of the values that reach it the last is kept: for numbers the one nearest to what it is.
        """
        best: WhatIf | None = None
        for values in product(*(self.candidates(ident) for ident in facts)):
            verdict = self._verdict(dict(zip(facts, values, strict=True)))
            if verdict is None:
                continue
            reached = SEVERITY[best.then if best else self.pathway.verdict]
            if SEVERITY[verdict] < reached or (best is not None and SEVERITY[verdict] == reached):
                shown = tuple(None if isinstance(value, tuple) else value for value in values)
                best = WhatIf(facts, verdict, shown)
        return best

    def without_spare(self, facts: tuple[str, ...]) -> tuple[str, ...]:
        """Drop facts from a set that lifts the verdict until none can be spared."""
        kept = facts
        for ident in facts:
            fewer = tuple(item for item in kept if item != ident)
            if self.best_after(fewer) is not None:
                kept = fewer
        return kept

    def _verdict(self, changed: dict[str, Change]) -> Verdict | None:
        """Judge the changed case; None unless every decisive rule is then decided as false.

        A change that only makes a fact unknown again lifts nothing.
        """
        answers: dict[str, Answer] = dict(self.given.answers)
        tables = dict(self.given.tables)
        for ident, value in changed.items():
            if isinstance(value, tuple):
                tables[ident] = value
            else:
                answers[ident] = value
        given = self.given.replaced(answers=answers, tables=tables)
        only = (self.pathway.id,)
        _, (judged,) = judge_input(self.knowledge, given, self.on, only=only, with_needs=False)
        remaining = {item.rule for item in judged.findings} | {item.rule for item in judged.open}
        return None if self.decisive & remaining else judged.verdict
