"""How a case stands: one small value read from an assessment, or from what a file saved of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, get_args

from msgspec import field

from ketatui.cases.saved_assessment import (
    Criteria,
    SavedAssessment,
    SavedFinding,
    SavedOpenRule,
    SavedPathway,
    read_assessment,
)
from ketatui.criteria.models import Effect
from ketatui.engine.assessment import Assessment
from ketatui.engine.fingerprints import roots_of
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen

_EFFECTS: tuple[str, ...] = get_args(Effect)


class RuleStatus(Frozen, frozen=True):
    """A rule that applies to a pathway, or is open on it.

    Attributes:
        rule: The rule's id.
        effect: What it does, or would do.
        is_open: It could not be decided.
        needs: For an open rule: what it waits for.
    """

    rule: str
    effect: str
    is_open: bool = False
    authority: str = ""
    because: str = ""
    do: str = ""
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    overridden: bool = False
    local: bool = False
    not_excluded: bool = False


class PathwayStatus(Frozen, frozen=True):
    """One pathway.

    Attributes:
        verdict: Its code; empty where none can be read.
        rules: Findings and open rules by rule; None where they were not recorded.
    """

    id: str
    verdict: str = ""
    rank: int | None = None
    basis: str | None = None
    grade: str | None = None
    rules: Mapping[str, RuleStatus] | None = None


class CaseStatus(Frozen, frozen=True):
    """How a case stood on a day under certain criteria.

    Attributes:
        on: The day; None where it is not recorded.
        digest: Of the criteria.
        policy: Title of the local policy in force.
        pathways: By id; empty where nothing was assessed.
        contradictions: Each as its id and its questions.
        unrecognised: Names of medicines nobody knew.
        drug_classes: Classes of the medicines; None while that is open, or not recorded.
        next: The question to ask next.
        criteria: The criteria in short; None where they were not recorded.
    """

    on: dt.date | None = None
    pack: str = ""
    version: str = ""
    digest: str = ""
    policy: str | None = None
    pathways: Mapping[str, PathwayStatus] = field(default_factory=dict)
    contradictions: Mapping[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    unrecognised: tuple[str, ...] = ()
    drug_classes: tuple[str, ...] | None = None
    next: str | None = None
    criteria: Criteria | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether there is any verdict."""
        return any(item.verdict for item in self.pathways.values())

    @property
    def criteria_name(self) -> str:
        """The criteria as people call them."""
        policy = f" with local policy “{self.policy}”" if self.policy else ""
        return (f"{self.pack} {self.version}".strip() or "criteria not recorded") + policy


AssessmentLike = Assessment | CaseStatus | SavedAssessment | Mapping[str, Any] | None
"""What can be compared: an assessment, what a case saved of one, read or not, or nothing."""


def read_case_status(found: AssessmentLike, knowledge: Knowledge | None = None) -> CaseStatus:
    """Read how a case stands.

    Args:
        found: An assessment, or what a case saved of one; foreign shapes are tolerated.
        knowledge: The criteria it was made under, if they are at hand.

    Returns:
        The status; an empty one where nothing can be read.
    """
    if not isinstance(found, CaseStatus):
        data = found.to_data() if isinstance(found, Assessment) else found
        found = _status_of(data if isinstance(data, SavedAssessment) else read_assessment(data))
    if knowledge is not None:
        found = found.replaced(criteria=roots_of(knowledge).criteria)
    return found


def _status_of(saved: SavedAssessment) -> CaseStatus:
    classes = saved.derived.get("drug_classes")
    if classes is not None and not isinstance(classes, tuple):
        classes = ()
    pathways: dict[str, PathwayStatus] = {}
    for row in saved.pathways:
        # Of two with one id the first counts.
        if row.id and row.id not in pathways:
            pathways[row.id] = _pathway(row)
    return CaseStatus(
        on=saved.day,
        pack=saved.pack_id,
        version=saved.version,
        digest=saved.digest,
        policy=saved.policy or None,
        pathways=pathways,
        contradictions={(item.id, item.questions): item.because for item in saved.contradictions},
        unrecognised=saved.unrecognised,
        drug_classes=classes,
        next=saved.next or None,
        criteria=saved.criteria,
    )


def _pathway(row: SavedPathway) -> PathwayStatus:
    rules = (*map(_open, row.open), *map(_finding, row.findings))
    return PathwayStatus(
        id=row.id,
        verdict=row.known_verdict,
        rank=row.rank,
        basis=row.basis or None,
        grade=row.grade or None,
        rules={item.rule: item for item in rules if item.rule} if row.reasons else None,
    )


def _finding(item: SavedFinding) -> RuleStatus:
    return RuleStatus(
        rule=item.rule,
        effect=_known(item.effect),
        authority=item.authority,
        because=item.because,
        do=item.do,
        sources=item.sources,
        overridden=item.overridden,
        local=item.local,
        not_excluded=item.not_excluded,
    )


def _open(item: SavedOpenRule) -> RuleStatus:
    return RuleStatus(item.rule, _known(item.effect), is_open=True, needs=item.needs)


def _known(effect: str) -> str:
    return effect if effect in _EFFECTS else ""
