"""Judging pathways: which rules are true, which are open, and the verdict they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ketatui.cases.model import Case
from ketatui.cql import Value
from ketatui.criteria.models import SupportRow, Verdict
from ketatui.engine.assessment import SEVERITY, Finding, OpenRule, PathwayAssessment
from ketatui.engine.facts import Facts, establish_input
from ketatui.engine.inputs import Input, input_of
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import Needs, NeedsFinder
from ketatui.engine.rules_in_force import RuleInForce, plan_of

_VERDICT_OF = {severity: name for name, severity in SEVERITY.items()}
_NO_NEEDS = Needs((), (), ())
_CAN_BE_OVERRIDDEN = ("not_recommended", "caution")

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
    judge = Judge(knowledge, facts, on, finder, given.overrides)
    return facts, tuple(judge.pathway(ident) for ident in only or knowledge.rules)


def judge_pathways(
    knowledge: Knowledge,
    case: Case,
    facts: Facts,
    on: dt.date,
    finder: NeedsFinder | None = None,
    only: Sequence[str] | None = None,
) -> list[PathwayAssessment]:
    """Judge pathways: verdict, findings and open rules of each.

    Args:
        knowledge: The compiled pack.
        case: The case.
        facts: Its facts, as established.
        on: The day, for dated rules.
        finder: Finds what open rules need; without one they list no needs.
        only: The pathways to judge; all of them when None.

    Returns:
        One assessment a pathway, not yet ranked, without suggested changes.
    """
    judge = Judge(knowledge, facts, on, finder, input_of(case).overrides)
    return [judge.pathway(ident) for ident in only or knowledge.pack.pathways]


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
        self.on = on
        self.plan = plan_of(knowledge, on)
        self.finder = finder
        self.overridden = overrides
        self._looks: NeedsFinder | None = None
        self._rows: list[SupportRow] | None = None
        self._needs: dict[int | None, Needs] = {}
        self._open: dict[int, OpenRule] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._pathways: dict[str, PathwayAssessment] = {}

    def following(self, facts: Facts, finder: NeedsFinder | None, changed: int) -> Judge:
        """Return the judge of a later state, with all that a change cannot have reached.

        Args:
            facts: The facts as they are then; the overrides are the same.
            finder: Finds what open rules need then.
            changed: The bits of the questions and derived facts that differ.

        Returns:
            A judge that comes to the same as one that begins with nothing.
        """
        judge = Judge(self.knowledge, facts, self.on, finder, self.overridden)
        plan = self.plan
        touched = {
            place
            for condition, places in plan.of_condition.items()
            if plan.reach[condition] & changed
            for place in places
        }
        if not plan.reach[None] & changed:
            judge._rows = self._rows
        judge._outcomes = {
            place: outcome for place, outcome in self._outcomes.items() if place not in touched
        }
        judge._pathways = {
            ident: found
            for ident, found in self._pathways.items()
            # A support table that leaves another row open grades a pathway otherwise.
            if judge._rows is not None and touched.isdisjoint(plan.pathways[ident])
        }
        return judge

    def pathway(self, ident: str) -> PathwayAssessment:
        """Judge one pathway; it is not ranked yet."""
        judged = self._pathways.get(ident)
        if judged is None:
            judged = self._pathways[ident] = self._judged(ident)
        return judged

    def _judged(self, ident: str) -> PathwayAssessment:
        findings: list[Finding] = []
        opened: list[OpenRule] = []
        outcomes = self._outcomes
        for place in self.plan.pathways[ident]:
            if place in outcomes:
                outcome = outcomes[place]
            else:
                outcome = outcomes[place] = self._outcome(self.plan.rules[place])
            if outcome is None:
                continue
            if isinstance(outcome, OpenRule):
                opened.append(outcome)
            else:
                findings.append(outcome)
        if self.overridden:
            findings = [self._set_aside(ident, finding) for finding in findings]
        return self._verdict(ident, tuple(findings), tuple(opened))

    def _outcome(self, item: RuleInForce) -> Outcome:
        result = self._result(item)
        if result is False:
            return None
        if result is None and not self._not_excluded(item):
            return self._opened(item)
        return self._finding(item, unknown=result is None)

    def _result(self, item: RuleInForce) -> Value:
        rule = item.rule
        if rule.condition is not None:
            return self.knowledge.conditions[rule.condition].value(self.facts.values)
        rows = {row.id for row in self.rows}
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
        if condition not in self._needs:
            self._needs[condition] = (
                finder.of([self.knowledge.support[row.id] for row in self.rows])
                if condition is None
                else finder.of_null(self.knowledge.conditions[condition])
            )
        return self._needs[condition]

    def _not_excluded(self, item: RuleInForce) -> bool:
        if item.effect != "caution" or not self.facts.unknown:
            return False
        if self._looks is None:
            self._looks = self.finder or NeedsFinder(self.knowledge, self.facts)
        return self._find_needs(item, self._looks).all_unknown

    def _opened(self, item: RuleInForce) -> OpenRule:
        alike = self._open.get(item.opens_as)
        if alike is not None:
            return alike
        rule = item.rule
        needs = self._find_needs(item, self.finder) if self.finder else _NO_NEEDS
        opened = self._open[item.opens_as] = OpenRule(
            rule.rule,
            rule.title,
            item.effect,
            rule.authority,
            needs.questions,
            needs.unknown,
            needs.blocked_by,
            rule.optional,
        )
        return opened

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
        if finding.effect in _CAN_BE_OVERRIDDEN and (pathway, finding.rule) in self.overridden:
            return finding.replaced(overridden=True)
        return finding

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
        known = max((SEVERITY[item.counts_as] for item in findings), default=0)
        known = max(known, 0)
        # The worst come first.
        feared = SEVERITY[opened[0].effect] if opened else 0
        waiting = any(item.holds_up for item in opened)
        verdict: Verdict = _word(known)
        if known < SEVERITY["incomplete"] and waiting:
            verdict = "incomplete"
        rows = self.rows
        cell = rows[0].on.get(ident) if len(rows) == 1 else None
        graded = cell if cell and cell.grade != "NI" else None
        return PathwayAssessment(
            id=ident,
            verdict=verdict,
            complete=not opened,
            best=_word(known),
            worst=_word(max(known, feared)),
            rank=0,
            basis=graded.basis if graded else None,
            grade=graded.grade if graded else None,
            support_row=rows[0].id if len(rows) == 1 else None,
            findings=findings,
            open=opened,
        )


def _word(severity: int) -> Verdict:
    return _VERDICT_OF[severity]  # type: ignore[return-value]
