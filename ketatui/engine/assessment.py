"""The `Assessment`: the one value every screen, report and export is drawn from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from ketatui.cql import Value
from ketatui.criteria.models import Authority, Basis, Confidence, Effect, Grade, Verdict
from ketatui.engine.drug_classes import MedicineTaken
from ketatui.engine.trials import TrialCount
from ketatui.structs import Frozen

SCHEMA = 1
"""Version of the JSON form."""

SEVERITY: dict[str, int] = {
    "contraindicated": 6,
    "not_indicated": 5,
    "not_recommended": 4,
    "unmet": 3,
    "incomplete": 2,
    "caution": 1,
    "fits": 0,
    "note": -1,
}
"""Effects and verdicts on one scale, worst highest. A note never changes a verdict."""

TIER: dict[Verdict, int] = {
    "fits": 0,
    "caution": 0,
    "incomplete": 1,
    "unmet": 2,
    "not_recommended": 3,
    "not_indicated": 4,
    "contraindicated": 5,
}
"""Tiers of the ranking: usable pathways first."""


class Finding(Frozen, frozen=True):
    """A rule that applies.

    Attributes:
        rule: The rule's id.
        effect: What it does to the pathway.
        facts: The values its condition read.
        overridden: Set aside by the clinician; it then counts as a caution, and is shown so.
        local: Comes from, or was changed by, a local policy.
        not_excluded: Counts only because it could not be excluded: what it asks is unknown.
        medicines: Medicines behind it, as written: those of a drug class that it reads.
    """

    rule: str
    title: str
    effect: Effect
    authority: Authority
    confidence: Confidence
    because: str
    do: str
    sources: tuple[str, ...]
    facts: Mapping[str, Value]
    overridden: bool
    local: bool
    not_excluded: bool
    medicines: tuple[str, ...] = ()

    @property
    def counts_as(self) -> Effect:
        """The effect that enters the verdict, an override considered."""
        return "caution" if self.overridden else self.effect


class OpenRule(Frozen, frozen=True):
    """A rule that cannot be decided yet.

    Attributes:
        needs: Questions without an answer, asked now, that can still decide it. One marked
            unknown is among them: establishing it after all would decide the rule.
        unknown: Those of ``needs`` that were asked and could not be established.
        blocked_by: Answered questions that keep it open (medicines not reviewed).
        optional: Never makes a case incomplete.
    """

    rule: str
    title: str
    effect: Effect
    authority: Authority
    needs: tuple[str, ...]
    unknown: tuple[str, ...]
    blocked_by: tuple[str, ...]
    optional: bool

    @property
    def holds_up(self) -> bool:
        """Whether it keeps the case incomplete."""
        return not self.optional and self.effect != "note"


class WhatIf(Frozen, frozen=True):
    """A smallest set of modifiable facts whose change would lift the verdict."""

    facts: tuple[str, ...]
    then: Verdict
    values: tuple[Value, ...] = ()
    """One value for each fact that leads there; None for "without what is listed"."""


class PathwayAssessment(Frozen, frozen=True):
    """One pathway: verdict, reasons, and what could still change it.

    Attributes:
        verdict: The worst effect that is true, or `incomplete`.
        complete: No rule is open.
        best: The verdict if every open rule turned out false.
        worst: The verdict if every open rule turned out true.
        rank: Place among the pathways, from 1.
        basis: On or off label; None while the support row is not settled, or is "not indicated".
        grade: Evidence A to E; None likewise.
        support_row: The settled row of the support table.
    """

    id: str
    verdict: Verdict
    complete: bool
    best: Verdict
    worst: Verdict
    rank: int
    basis: Basis | None
    grade: Grade | None
    support_row: str | None
    findings: tuple[Finding, ...]
    open: tuple[OpenRule, ...]
    changes: tuple[WhatIf, ...] = ()

    def finding(self, rule: str) -> Finding | None:
        """Return the finding of a rule, if it applies."""
        return next((item for item in self.findings if item.rule == rule), None)

    @property
    def usable(self) -> bool:
        """Whether criteria are met, with cautions or without."""
        return self.verdict in ("fits", "caution")


class ContradictionFound(Frozen, frozen=True):
    """Answers that cannot all be right."""

    id: str
    questions: tuple[str, ...]
    because: str


class NextQuestion(Frozen, frozen=True):
    """The unanswered question that matters most, and why."""

    question: str
    because: str
    pathways: tuple[str, ...]
    """Pathways whose verdict it can still change."""


CoverageResult = Literal["met", "not_met", "unknown"]


class CoverageRule(Frozen, frozen=True):
    """One requirement of the payer."""

    rule: str
    title: str
    result: CoverageResult
    because: str
    facts: Mapping[str, Value]


class Coverage(Frozen, frozen=True):
    """The payer's verdict. It never changes the clinical one."""

    profile: str
    verdict: CoverageResult
    rules: tuple[CoverageRule, ...]


class Assessment(Frozen, frozen=True):
    """Everything the criteria say about a case on a day."""

    case: str
    pack_id: str
    pack_version: str
    pack_digest: str
    policy: str | None
    on: dt.date
    values: Mapping[str, Value]
    asked: Mapping[str, bool | None]
    contradictions: tuple[ContradictionFound, ...]
    pathways: tuple[PathwayAssessment, ...]
    next: NextQuestion | None
    coverage: Coverage
    headline: str
    trials: TrialCount
    unrecognised: tuple[str, ...]
    medicines: tuple[MedicineTaken, ...] = ()

    def pathway(self, ident: str) -> PathwayAssessment:
        """Return one pathway's assessment.

        Raises:
            KeyError: No such pathway.
        """
        for item in self.pathways:
            if item.id == ident:
                return item
        raise KeyError(ident)

    @property
    def ranked(self) -> tuple[PathwayAssessment, ...]:
        """The pathways, best first."""
        return tuple(sorted(self.pathways, key=lambda item: item.rank))

    def to_data(self) -> dict[str, Any]:
        """Return the JSON form of the public contract."""
        derived = {k: v for k, v in self.values.items() if k.startswith("derived.")}
        return {
            "schema": SCHEMA,
            "case": self.case,
            "pack": {
                "id": self.pack_id,
                "version": self.pack_version,
                "digest": self.pack_digest,
                "policy": self.policy,
            },
            "on": self.on.isoformat(),
            "derived": {k.removeprefix("derived."): plain(v) for k, v in derived.items()},
            "unrecognised_medications": list(self.unrecognised),
            "contradictions": [
                {"id": item.id, "questions": list(item.questions), "because": item.because}
                for item in self.contradictions
            ],
            "pathways": [_pathway_data(item) for item in self.pathways],
            "next": None
            if self.next is None
            else {
                "question": self.next.question,
                "because": self.next.because,
                "pathways": list(self.next.pathways),
            },
            "coverage": _coverage_data(self.coverage),
            "headline": self.headline,
        }


def _coverage_data(coverage: Coverage) -> dict[str, Any]:
    return {
        "profile": coverage.profile,
        "verdict": coverage.verdict,
        "rules": [
            {
                "rule": item.rule,
                "result": item.result,
                "title": item.title,
                "because": item.because,
                "facts": {k: plain(v) for k, v in item.facts.items()},
            }
            for item in coverage.rules
        ],
    }


def plain(value: Value) -> bool | int | float | str | list[str] | None:
    """Turn a fact into what JSON can hold."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


def _pathway_data(item: PathwayAssessment) -> dict[str, Any]:
    return {
        "id": item.id,
        "verdict": item.verdict,
        "complete": item.complete,
        "best": item.best,
        "worst": item.worst,
        "rank": item.rank,
        "basis": item.basis,
        "grade": item.grade,
        "findings": [finding_data(finding) for finding in item.findings],
        "open": [open_data(rule) for rule in item.open],
        "changes": [{"facts": list(change.facts), "then": change.then} for change in item.changes],
    }


def open_data(rule: OpenRule) -> dict[str, Any]:
    """Return the JSON form of a rule that cannot be decided yet."""
    return {
        "rule": rule.rule,
        "effect": rule.effect,
        "needs": list(rule.needs),
        "unknown": list(rule.unknown),
        "blocked_by": list(rule.blocked_by),
        "optional": rule.optional,
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return the JSON form of a rule that applies."""
    medicines = {"medicines": list(finding.medicines)} if finding.medicines else {}
    return medicines | {
        "rule": finding.rule,
        "effect": finding.effect,
        "authority": finding.authority,
        "confidence": finding.confidence,
        "because": finding.because,
        "do": finding.do,
        "sources": list(finding.sources),
        "facts": {key: plain(value) for key, value in finding.facts.items()},
        "overridden": finding.overridden,
        "local_policy": finding.local,
        "could_not_be_excluded": finding.not_excluded,
    }
