"""The `VisitAssessment`: the one value that everything said about a visit is drawn from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ketatui.cql import Value
from ketatui.criteria.models import Verdict
from ketatui.engine.assessment import (
    ContradictionFound,
    Finding,
    OpenRule,
    WhatIf,
    finding_data,
    open_data,
    plain,
)
from ketatui.engine.staleness import StaleAnswer, stale_data
from ketatui.structs import Frozen

SCHEMA = 1
"""Version of the JSON form."""


class DecisionAssessment(Frozen, frozen=True):
    """One decision of a visit: verdict, reasons, and what could still change it.

    Attributes:
        id: ``gate``, ``dose``, ``leave``, ``report`` or ``continue``.
        verdict: The worst effect that is true, or `incomplete`.
        complete: No rule is open.
        best: The verdict if every open rule turned out false.
        worst: The verdict if every open rule turned out true.
        changes: Smallest sets of facts whose change would lift the verdict.
    """

    id: str
    verdict: Verdict
    complete: bool
    best: Verdict
    worst: Verdict
    findings: tuple[Finding, ...]
    open: tuple[OpenRule, ...]
    changes: tuple[WhatIf, ...] = ()

    def finding(self, rule: str) -> Finding | None:
        """Return the finding of a rule, if it applies."""
        return next((item for item in self.findings if item.rule == rule), None)

    @property
    def clear(self) -> bool:
        """Whether nothing stands against it, with cautions or without."""
        return self.verdict in ("fits", "caution")


class NextInVisit(Frozen, frozen=True):
    """The unanswered question of a visit that matters most, and why."""

    question: str
    because: str
    decision: str
    """The decision that it is asked for."""


class VisitAssessment(Frozen, frozen=True):
    """Everything the criteria say about a visit on a day.

    Attributes:
        values: Effective answers and calculated facts, by id.
        asked: Whether each question is asked now; None while that is not settled itself.
        stale: Answers of the screening that are too old on the visit's day. They count all the
            same: what changes from day to day is asked anew at the visit.
    """

    case: str
    course: str
    visit: int
    on: dt.date
    date: dt.date
    pathway: str
    basis: str
    pack_id: str
    pack_version: str
    pack_digest: str
    policy: str | None
    values: Mapping[str, Value]
    asked: Mapping[str, bool | None]
    derived: tuple[str, ...]
    """Ids of the calculated facts, in the order of the pack."""
    contradictions: tuple[ContradictionFound, ...]
    decisions: tuple[DecisionAssessment, ...]
    next: NextInVisit | None
    stale: tuple[StaleAnswer, ...] = ()

    def decision(self, ident: str) -> DecisionAssessment:
        """Return one decision.

        Raises:
            KeyError: There is no such decision.
        """
        for item in self.decisions:
            if item.id == ident:
                return item
        raise KeyError(ident)

    def to_data(self) -> dict[str, Any]:
        """Return the JSON form of the public contract."""
        return {
            "schema": SCHEMA,
            "case": self.case,
            "course": self.course,
            "visit": self.visit,
            "on": self.on.isoformat(),
            "pathway": self.pathway,
            "basis": self.basis,
            "pack": {
                "id": self.pack_id,
                "version": self.pack_version,
                "digest": self.pack_digest,
                "policy": self.policy,
            },
            "derived": {ident: plain(self.values.get(ident)) for ident in self.derived},
            "contradictions": [
                {"id": item.id, "questions": list(item.questions), "because": item.because}
                for item in self.contradictions
            ],
            "next": None
            if self.next is None
            else {"question": self.next.question, "because": self.next.because},
            "decisions": [_decision_data(item) for item in self.decisions],
            **({"stale": stale_data(self.stale)} if self.stale else {}),
        }


def _decision_data(item: DecisionAssessment) -> dict[str, Any]:
    return {
        "id": item.id,
        "verdict": item.verdict,
        "complete": item.complete,
        "best": item.best,
        "worst": item.worst,
        "findings": [finding_data(finding) for finding in item.findings],
        "open": [open_data(rule) for rule in item.open],
        "changes": [{"facts": list(change.facts), "then": change.then} for change in item.changes],
    }
