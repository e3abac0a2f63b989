"""Judging pathways: which rules are true, which are open, and the verdict they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import get_args

from ketatui.cases.model import Case
from ketatui.cql import Value
from ketatui.criteria.models import Effect, SupportCell, SupportRow, Verdict
from ketatui.engine.assessment import SEVERITY, Finding, OpenRule, PathwayAssessment
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge, PathwayRule
from ketatui.engine.needs import Needs, NeedsFinder

_EFFECTS_FIRST = {effect: place for place, effect in enumerate(get_args(Effect))}
_VERDICT_OF = {severity: name for name, severity in SEVERITY.items()}


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
    judge = _Judge(knowledge, case, facts, on, finder)
    return [judge.pathway(ident) for ident in only or knowledge.pack.pathways]


class _Judge:
    """Judges the pathways of one state of the facts; each condition is evaluated once."""

    def __init__(
        self,
        knowledge: Knowledge,
        case: Case,
        facts: Facts,
        on: dt.date,
        finder: NeedsFinder | None,
    ) -> None:
        self.knowledge = knowledge
        self.case = case
        self.facts = facts
        self.on = on
        self.finder = finder
        self.results = [condition.value(facts.values) for condition in knowledge.conditions]
        self.overridden = {(item.pathway, item.rule) for item in case.decision.overrides}
        self.rows = [
            row
            for row in knowledge.pack.support.values()
            if knowledge.support[row.id].value(facts.values) is not False
        ]
        self._needs: dict[int | None, Needs] = {}

    def pathway(self, ident: str) -> PathwayAssessment:
        findings: list[Finding] = []
        opened: list[OpenRule] = []
        for rule in self.knowledge.rules[ident]:
            in_force = rule.in_force(self.on)
            if in_force is None:
                continue
            result = self.result(rule, ident)
            if result is None and not self.not_excluded(rule, in_force[0]):
                opened.append(self.opened(rule, in_force[0]))
            elif result is not False:
                findings.append(self.finding(rule, ident, in_force, unknown=result is None))
        findings.sort(key=lambda item: _EFFECTS_FIRST[item.effect])
        opened.sort(key=lambda item: _EFFECTS_FIRST[item.effect])
        return self.verdict(ident, tuple(findings), tuple(opened))

    def result(self, rule: PathwayRule, pathway: str) -> Value:
        if rule.condition is not None:
            return self.results[rule.condition]
        says = [
            cell.carried_by is None and cell.grade in rule.grades
            for cell in (cell_of(row, pathway) for row in self.rows)
        ]
        if not any(says):
            return False
        return True if all(says) else None

    def needs(self, rule: PathwayRule) -> Needs:
        if self.finder is None:
            return Needs((), (), ())
        if rule.condition not in self._needs:
            conditions = (
                [self.knowledge.support[row.id] for row in self.rows]
                if rule.condition is None
                else [self.knowledge.conditions[rule.condition]]
            )
            self._needs[rule.condition] = self.finder.of(conditions)
        return self._needs[rule.condition]

    def not_excluded(self, rule: PathwayRule, effect: Effect) -> bool:
        if effect != "caution" or not self.case.unknown:
            return False
        finder = self.finder or NeedsFinder(self.knowledge, self.case, self.facts)
        self.finder = finder
        return self.needs(rule).all_unknown

    def opened(self, rule: PathwayRule, effect: Effect) -> OpenRule:
        needs = self.needs(rule)
        return OpenRule(
            rule=rule.rule,
            title=rule.title,
            effect=effect,
            authority=rule.authority,
            needs=needs.questions,
            unknown=needs.unknown,
            blocked_by=needs.blocked_by,
            optional=rule.optional,
        )

    def finding(
        self, rule: PathwayRule, pathway: str, in_force: tuple[Effect, str, str], *, unknown: bool
    ) -> Finding:
        effect, because, do = in_force
        return Finding(
            rule=rule.rule,
            title=rule.title,
            effect=effect,
            authority=rule.authority,
            confidence=rule.confidence,
            because=because,
            do=do,
            sources=rule.sources,
            facts=self.read_by(rule),
            overridden=effect in ("not_recommended", "caution")
            and (pathway, rule.rule) in self.overridden,
            local=rule.local,
            not_excluded=unknown,
        )

    def read_by(self, rule: PathwayRule) -> dict[str, Value]:
        reads: Sequence[str]
        if rule.condition is not None:
            reads = self.knowledge.conditions[rule.condition].reads
        else:
            reads = tuple(
                dict.fromkeys(
                    ident for row in self.rows for ident in self.knowledge.support[row.id].reads
                )
            )
        return {ident: self.facts.values.get(ident) for ident in reads}

    def verdict(
        self, ident: str, findings: tuple[Finding, ...], opened: tuple[OpenRule, ...]
    ) -> PathwayAssessment:
        known = max((SEVERITY[item.counts_as] for item in findings), default=0)
        known = max(known, 0)
        feared = max((SEVERITY[item.effect] for item in opened), default=0)
        waiting = any(item.holds_up for item in opened)
        verdict: Verdict = _word(known)
        if known < SEVERITY["incomplete"] and waiting:
            verdict = "incomplete"
        cell = cell_of(self.rows[0], ident) if len(self.rows) == 1 else None
        graded = cell is not None and cell.grade != "NI"
        return PathwayAssessment(
            id=ident,
            verdict=verdict,
            complete=not opened,
            best=_word(known),
            worst=_word(max(known, feared)),
            rank=0,
            basis=cell.basis if cell and graded else None,
            grade=cell.grade if cell and graded else None,
            support_row=self.rows[0].id if len(self.rows) == 1 else None,
            findings=findings,
            open=opened,
        )


def cell_of(row: SupportRow, pathway: str) -> SupportCell:
    """Return a support row's cell for one pathway."""
    return row.on[pathway]


def _word(severity: int) -> Verdict:
    return _VERDICT_OF[severity]  # type: ignore[return-value]
