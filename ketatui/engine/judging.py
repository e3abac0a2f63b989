"""Judging pathways: which rules are true, which are open, and the verdict they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, get_args

from ketatui.cases.model import Case
from ketatui.cql import Value
from ketatui.criteria.models import SET_ASIDE, SupportRow, Verdict
from ketatui.engine.assessment import SEVERITY, Finding, OpenRule, PathwayAssessment
from ketatui.engine.facts import Facts, establish_input
from ketatui.engine.inputs import Input, input_of
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import Needs, NeedsFinder
from ketatui.engine.rules_in_force import RuleInForce, Step, plan_of

_VERDICT_OF: dict[int, Verdict] = {SEVERITY[name]: name for name in get_args(Verdict)}
_NO_NEEDS = Needs((), (), ())
_UNJUDGED = object()

Overrides = frozenset[tuple[str, str]]
Outcome = Finding | OpenRule | None
"""What a rule comes to: it applies, it is open, or it does not apply."""


def judge_input(
    knowledge: Knowledge,
    given: Input,
    on: dt.date,
    *,
    only: Sequence[str] | None = None,
    with_needs: bool = True,
) -> tuple[Facts, tuple[PathwayAssessment, ...]]:
    """Judge any input under any criteria: the pathways of a screening, the decisions of a visit.

    Args:
        knowledge: The compiled criteria; what they decide on is in ``knowledge.rules``.
        given: The input; its answers are valid for the criteria.
        on: The day, for dated rules.
        only: What to judge; everything when None.
        with_needs: Whether to find what open rules need.

    Returns:
        The facts, and verdict, findings and open rules of each, without suggested changes.
    """
    facts = establish_input(knowledge, given)
    finder = NeedsFinder(knowledge, facts) if with_needs else None
    judge = judge_of(knowledge, given, facts, on, finder)
    return facts, judge.pathways(only or tuple(knowledge.rules))


def judge_pathways(
    knowledge: Knowledge,
    case: Case,
    facts: Facts,
    on: dt.date,
    only: Sequence[str] | None = None,
) -> list[PathwayAssessment]:
    """Judge pathways: verdict and findings of each, and open rules without what they need.

    Args:
        knowledge: The compiled pack.
        case: The case.
        facts: Its facts, as established.
        on: The day, for dated rules.
        only: The pathways to judge; all of them when None.

    Returns:
        One assessment a pathway, not yet ranked, without suggested changes.
    """
    judge = judge_of(knowledge, input_of(case), facts, on, None)
    return list(judge.pathways(only or tuple(knowledge.pack.pathways)))


def judge_of(
    knowledge: Knowledge, given: Input, facts: Facts, on: dt.date, finder: NeedsFinder | None
) -> Judge:
    """Return the judge of an input.

    While few questions are answered most rules wait, and say what they say of an input without
    any answer: those that lean on nothing that was said are taken over from there.

    Args:
        knowledge: The compiled criteria.
        given: The input.
        facts: Its facts, as established.
        on: The day, for dated rules.
        finder: Finds what open rules need; without one they list no needs.

    Returns:
        A judge that has judged no pathway yet.
    """
    if finder is None or 2 * len(given.answers) > len(knowledge.pack.questions):
        return Judge(knowledge, facts, on, finder, given.overrides)
    empty = _judge_of_nothing(knowledge, plan_of(knowledge, on).until)
    return empty.following(facts, finder, given.entries(), given.overrides)


@lru_cache(maxsize=8)
def _judge_of_nothing(knowledge: Knowledge, on: dt.date) -> Judge:
    facts = establish_input(knowledge, Input())
    judge = Judge(knowledge, facts, on, NeedsFinder(knowledge, facts))
    judge.pathways(tuple(knowledge.rules))
    return judge


class Judge:
    """Judges the pathways of one state of the facts.

    Each condition is evaluated once, and each rule judged once for all pathways it reads the same
    for. A judge of a later state of the case takes over what `following` knows to be untouched.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        facts: Facts,
        on: dt.date,
        finder: NeedsFinder | None,
        overrides: Overrides = frozenset(),
    ) -> None:
        """Begin with nothing judged.

        Args:
            knowledge: The compiled criteria.
            facts: The facts, as established.
            on: The day, for dated rules.
            finder: Finds what open rules need; without one they list no needs.
            overrides: Findings set aside: pathway (or decision) and rule.
        """
        self.knowledge = knowledge
        self.facts = facts
        self.plan = plan_of(knowledge, on)
        self.finder = finder
        self.overridden = overrides
        self._looks: NeedsFinder | None = None
        self._rows: list[SupportRow] | None = None
        self._needs: dict[int | None, Needs] = {}
        self._results: dict[int, Value] = {}
        self._row_ids: frozenset[str] | None = None
        self._open: dict[int, OpenRule] = {}
        self._outcomes: list[Any] = [_UNJUDGED] * len(self.plan.rules)
        self._pathways: dict[str, PathwayAssessment] = {}

    def following(
        self,
        facts: Facts,
        finder: NeedsFinder | None,
        changed: Iterable[str],
        overrides: Overrides,
    ) -> Judge:
        """Return the judge of another state, with all that a change cannot have reached.

        Args:
            facts: The facts as they are then.
            finder: Finds what open rules need then.
            changed: The questions and derived facts that differ.
            overrides: The findings set aside then.

        Returns:
            A judge that comes to the same as one that begins with nothing.
        """
        plan = self.plan
        judge = Judge(self.knowledge, facts, plan.until, finder, overrides)
        bits, differ = plan.bits, 0
        for ident in changed:
            differ |= bits.get(ident, 0)
        judge._outcomes = outcomes = self._outcomes.copy()
        for reach, places in plan.reached:
            if reach & differ:
                for place in places:
                    outcomes[place] = _UNJUDGED
        if not plan.reach[None] & differ:
            judge._rows = self._rows
        if overrides == self.overridden:
            judge._pathways = {
                ident: found
                for ident, found in self._pathways.items()
                if not plan.reach_of_pathway[ident] & differ
            }
        return judge

    def pathways(self, idents: Sequence[str]) -> tuple[PathwayAssessment, ...]:
        """Judge pathways; they are not ranked yet.

        Args:
            idents: Their ids; several of them at once are judged at less than the sum.
        """
        known, steps = self._pathways, self.plan.steps
        missing = [ident for ident in idents if ident not in known]
        if missing:
            self._judge_rules(steps[missing[0] if len(missing) == 1 else None])
        for ident in missing:
            known[ident] = self._judged(ident)
        return tuple([known[ident] for ident in idents])

    def pathway(self, ident: str) -> PathwayAssessment:
        """Judge one pathway; it is not ranked yet."""
        return self.pathways((ident,))[0]

    def _judge_rules(self, steps: Iterable[Step]) -> None:
        """Judge those of some rules that have not been judged."""
        plan, outcomes, results = self.plan, self._outcomes, self._results
        conditions, values = self.knowledge.conditions, self.facts.values
        nothing_unknown = not self.facts.unknown
        for place, condition, first in steps:
            if outcomes[place] is not _UNJUDGED:
                continue
            if condition is None:
                result = self._of_support(plan.rules[place])
            elif condition in results:
                result = results[condition]
            else:
                result = results[condition] = conditions[condition].value(values)
            if result is False:
                outcomes[place] = None
            elif result is None and nothing_unknown:
                # A rule that is open alike for several pathways is told once.
                outcomes[place] = self._open.get(first) or self._opened(place, first)
            else:
                outcomes[place] = self._outcome(place, first, result)

    def _judged(self, ident: str) -> PathwayAssessment:
        outcomes = self._outcomes
        told = [
            outcome
            for place in self.plan.pathways[ident]
            if (outcome := outcomes[place]) is not None
        ]
        opened = tuple([outcome for outcome in told if outcome.__class__ is OpenRule])
        findings: list[Finding] = []
        if len(opened) < len(told):
            findings = [outcome for outcome in told if outcome.__class__ is Finding]
        if self.overridden:
            findings = [self._set_aside(ident, finding) for finding in findings]
        return self._verdict(ident, tuple(findings), opened)

    def _outcome(self, place: int, first: int, result: Value) -> Outcome:
        """Return what a rule comes to whose condition is true or null."""
        item = self.plan.rules[place]
        if result is None and not self._not_excluded(item):
            return self._open.get(first) or self._opened(place, first)
        return self._finding(item, unknown=result is None)

    def _of_support(self, item: RuleInForce) -> Value:
        rows = self._row_ids
        if rows is None:
            rows = self._row_ids = frozenset([row.id for row in self.rows])
        if rows.isdisjoint(item.rows):
            return False
        return True if rows <= item.rows else None

    @property
    def rows(self) -> list[SupportRow]:
        """The rows of the support table that are true or may turn out to be."""
        if self._rows is None:
            values, conditions = self.facts.values, self.knowledge.support
            self._rows = [
                row
                for row in self.knowledge.pack.support.values()
                if conditions[row.id].value(values) is not False
            ]
        return self._rows

    def _find_needs(self, item: RuleInForce, finder: NeedsFinder) -> Needs:
        """Find what a rule waits for whose result is null."""
        condition = item.rule.condition
        needs = self._needs.get(condition)
        if needs is None:
            if condition is None:
                needs = finder.of([self.knowledge.support[row.id] for row in self.rows])
            else:
                needs = finder.of_null(self.knowledge.conditions[condition])
            self._needs[condition] = needs
        return needs

    def _not_excluded(self, item: RuleInForce) -> bool:
        if item.effect != "caution" or not self.facts.unknown:
            return False
        if self._looks is None:
            self._looks = self.finder or NeedsFinder(self.knowledge, self.facts)
        return self._find_needs(item, self._looks).all_unknown

    def _opened(self, place: int, first: int) -> OpenRule:
        """Tell a rule as open, for all that are told alike."""
        item = self.plan.rules[place]
        needs = self._find_needs(item, self.finder) if self.finder else _NO_NEEDS
        rule = item.rule
        told = self._open[first] = OpenRule(
            rule.rule,
            rule.title,
            item.effect,
            rule.authority,
            needs.questions,
            needs.unknown,
            needs.blocked_by,
            rule.optional,
        )
        return told

    def _finding(self, item: RuleInForce, *, unknown: bool) -> Finding:
        rule = item.rule
        return Finding(
            rule=rule.rule,
            title=rule.title,
            effect=item.effect,
            authority=rule.authority,
            confidence=rule.confidence,
            because=item.because,
            do=item.do,
            sources=rule.sources,
            facts=self._read_by(item),
            overridden=False,
            local=rule.local,
            not_excluded=unknown,
            medicines=self._medicines(item, unknown=unknown),
        )

    def _medicines(self, item: RuleInForce, *, unknown: bool) -> tuple[str, ...]:
        """Return the medicines behind a finding, as written: each that is in a class it reads.

        Of what could not be excluded they are those of which nobody can say what they are.
        """
        classes = self.plan.classes.get(item.rule.condition)
        if not classes:
            return ()
        names = (
            taken.name
            for taken in self.facts.medicines
            if not classes.isdisjoint(taken.classes) or (unknown and not taken.settled)
        )
        return tuple(dict.fromkeys(names))

    def _set_aside(self, pathway: str, finding: Finding) -> Finding:
        """Mark a finding that the clinician has overridden for a pathway."""
        aside = self._is_set_aside(pathway, finding)
        return finding.replaced(overridden=True) if aside else finding

    def _is_set_aside(self, pathway: str, item: Finding | OpenRule) -> bool:
        return item.effect in SET_ASIDE and (pathway, item.rule) in self.overridden

    def _feared(self, pathway: str, opened: tuple[OpenRule, ...]) -> int:
        """Return how grave it is if every open rule turns out true."""
        if not self.overridden or not opened:
            # The worst come first.
            return SEVERITY[opened[0].effect] if opened else 0
        return max(
            SEVERITY["caution" if self._is_set_aside(pathway, item) else item.effect]
            for item in opened
        )

    def _read_by(self, item: RuleInForce) -> dict[str, Value]:
        condition = item.rule.condition
        reads: Sequence[str]
        if condition is not None:
            reads = self.knowledge.conditions[condition].reads
        else:
            reads = tuple(
                dict.fromkeys(
                    ident for row in self.rows for ident in self.knowledge.support[row.id].reads
                )
            )
        return {ident: self.facts.values.get(ident) for ident in reads}

    def _verdict(
        self, ident: str, findings: tuple[Finding, ...], opened: tuple[OpenRule, ...]
    ) -> PathwayAssessment:
        known = max([0, *[SEVERITY[item.counts_as] for item in findings]])
        feared = self._feared(ident, opened)
        waiting = any(item.holds_up for item in opened)
        waits = known < SEVERITY["incomplete"] and waiting
        rows = self.rows
        cell = rows[0].on.get(ident) if len(rows) == 1 else None
        graded = cell if cell and cell.grade != "NI" else None
        return PathwayAssessment(
            id=ident,
            verdict="incomplete" if waits else _VERDICT_OF[known],
            complete=not opened,
            best=_VERDICT_OF[known],
            worst=_VERDICT_OF[max(known, feared)],
            rank=0,
            basis=graded.basis if graded else None,
            grade=graded.grade if graded else None,
            support_row=rows[0].id if len(rows) == 1 else None,
            findings=findings,
            open=opened,
        )
