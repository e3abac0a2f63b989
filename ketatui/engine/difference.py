"""The differences between two assessments of a case, and the cause of each where it can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ketatui.cases.saved_assessment import verdicts_of
from ketatui.engine.assessment import SEVERITY, Assessment
from ketatui.engine.case_status import (
    AssessmentLike,
    CaseStatus,
    PathwayStatus,
    RuleStatus,
    read_case_status,
)
from ketatui.engine.causes import Cause, CauseFinder, CauseKind, Circumstances
from ketatui.structs import Frozen

__all__ = [
    "CaseStatus",
    "Cause",
    "CauseKind",
    "Circumstances",
    "Contradicted",
    "Difference",
    "PathwayDifference",
    "RuleChange",
    "compare",
    "is_verdict_changed",
    "read_case_status",
]

ChangeKind = Literal["added", "removed", "opened", "closed", "effect", "overridden", "restated"]
"""A finding that came or went; a rule newly open, or no longer; a finding of another effect, set
aside or no longer set aside; or one that is only said otherwise."""


class RuleChange(Frozen, frozen=True):
    """One rule that stands otherwise on a pathway.

    Attributes:
        rule: Its id.
        title: Its line for the screen; the id where the criteria no longer have it.
        then: How it stood; None where it was false or not in the criteria.
        now: How it stands.
    """

    rule: str
    title: str
    kind: ChangeKind
    then: RuleStatus | None
    now: RuleStatus | None
    causes: tuple[Cause, ...] = ()

    @property
    def effect(self) -> str:
        """The effect it is about: the present one, else that of then."""
        stated = self.now or self.then
        return stated.effect if stated else ""


class PathwayDifference(Frozen, frozen=True):
    """One pathway, then and now.

    Attributes:
        then: How it stood; None where it was not assessed, or its verdict cannot be read.
        now: How it stands; None where the criteria no longer have it.
        rules: What changed, worst effect first; empty where the rules of then are not recorded.
        support: Why basis or grade differ.
    """

    id: str
    then: PathwayStatus | None
    now: PathwayStatus | None
    rules: tuple[RuleChange, ...] = ()
    support: tuple[Cause, ...] = ()

    @property
    def verdict_changed(self) -> bool:
        """Whether there was a verdict and it is another one now."""
        return self.then is not None and (self.now is None or self.then.verdict != self.now.verdict)

    @property
    def support_changed(self) -> bool:
        """Whether basis or grade differ."""
        then, now = self.then, self.now
        if then is None or now is None or then.rules is None or now.rules is None:
            return False
        return (then.basis, then.grade) != (now.basis, now.grade)

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not (self.verdict_changed or self.support_changed or self.rules)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Every cause on this pathway, each once."""
        found = [cause for change in self.rules for cause in change.causes]
        return tuple(dict.fromkeys((*found, *self.support)))


class Contradicted(Frozen, frozen=True):
    """A contradiction that is only in one of the two."""

    id: str
    questions: tuple[str, ...]
    because: str


class Difference(Frozen, frozen=True):
    """What differs between two assessments.

    Attributes:
        then: The earlier one.
        now: The later one.
        pathways: Every pathway of either, in the order of the later.
        contradictions_new: Contradictions that are only in the later one.
        contradictions_gone: Those that are only in the earlier one.
    """

    then: CaseStatus
    now: CaseStatus
    pathways: tuple[PathwayDifference, ...]
    contradictions_new: tuple[Contradicted, ...] = ()
    contradictions_gone: tuple[Contradicted, ...] = ()

    @property
    def verdict_changed(self) -> bool:
        """Whether any pathway's verdict is another one."""
        return any(item.verdict_changed for item in self.pathways)

    @property
    def next_changed(self) -> bool:
        """Whether another question is next."""
        return self.then.is_recorded and self.then.next != self.now.next

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        contradicted = self.contradictions_new or self.contradictions_gone
        return all(item.same for item in self.pathways) and not contradicted

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Every cause, each once."""
        found = [cause for item in self.pathways for cause in item.causes]
        return tuple(dict.fromkeys(found))

    def pathway(self, ident: str) -> PathwayDifference | None:
        """Return one pathway's difference; None where neither assessment has it."""
        return next((item for item in self.pathways if item.id == ident), None)


def compare(
    before: AssessmentLike, after: AssessmentLike, known: Circumstances | None = None
) -> Difference:
    """Compare two assessments of a case, or of two cases.

    Args:
        before: The earlier: an `Assessment`, a `CaseStatus`, or what a case file saved of one. What
            cannot be read counts as not recorded, and nothing is raised for it.
        after: The later, likewise.
        known: What else is known: with the criteria of the later one, and the answers that
            changed or went stale, causes can be told.

    Returns:
        What differs; each change with its causes as far as they can be told.
    """
    then, now = read_case_status(before), read_case_status(after)
    known = known or Circumstances()
    finder = CauseFinder(then, now, known)
    order = [*now.pathways, *(ident for ident in then.pathways if ident not in now.pathways)]
    return Difference(
        then=then,
        now=now,
        pathways=tuple(_pathway(finder, ident) for ident in order),
        contradictions_new=_only_in(now, then),
        contradictions_gone=_only_in(then, now),
    )


def is_verdict_changed(before: Mapping[str, Any] | None, after: Assessment) -> bool:
    """Tell whether any pathway's verdict is another one, and nothing else.

    Args:
        before: What a case file saved of the earlier assessment.
        after: The later one.

    Returns:
        What `compare` says of it, without working out what else differs and why.
    """
    now = {item.id: item.verdict for item in after.pathways}
    then = verdicts_of(before)
    return any(verdict and verdict != now.get(ident) for ident, verdict in then.items())


def _only_in(one: CaseStatus, other: CaseStatus) -> tuple[Contradicted, ...]:
    if not other.is_recorded:
        return ()
    return tuple(
        Contradicted(ident, questions, because)
        for (ident, questions), because in one.contradictions.items()
        if (ident, questions) not in other.contradictions
    )


def _pathway(finder: CauseFinder, ident: str) -> PathwayDifference:
    then, now = finder.before.pathways.get(ident), finder.after.pathways.get(ident)
    then = then if then and then.verdict else None
    now = now if now and now.verdict else None
    if then is None or now is None or then.rules is None or now.rules is None:
        return PathwayDifference(ident, then, now)
    changes = sorted(
        _changes(finder, ident, then.rules, now.rules),
        key=lambda item: -SEVERITY.get(item.effect, -2),
    )
    graded = (then.basis, then.grade) == (now.basis, now.grade)
    support = () if graded else finder.of_support()
    return PathwayDifference(ident, then, now, tuple(changes), support)


def _changes(
    finder: CauseFinder,
    pathway: str,
    earlier: Mapping[str, RuleStatus],
    later: Mapping[str, RuleStatus],
) -> Iterator[RuleChange]:
    knowledge = finder.known.knowledge
    rules = knowledge.pack.rules if knowledge else {}
    for rule in dict.fromkeys((*later, *earlier)):
        old, new = earlier.get(rule), later.get(rule)
        kind = _kind(old, new)
        if kind is not None:
            title = rules[rule].title if rule in rules else rule
            causes = finder.of_rule(pathway, old, new)
            yield RuleChange(rule, title, kind, old, new, causes)


def _kind(then: RuleStatus | None, now: RuleStatus | None) -> ChangeKind | None:
    if now is None:
        return "closed" if then is None or then.is_open else "removed"
    if then is None or then.is_open != now.is_open:
        return "opened" if now.is_open else "added"
    if then.effect != now.effect:
        return "effect"
    if then.overridden != now.overridden:
        return "overridden"
    if now.is_open:
        return None
    stated = [
        (item.because, item.do, item.authority, item.sources, item.local, item.not_excluded)
        for item in (then, now)
    ]
    return None if stated[0] == stated[1] else "restated"
