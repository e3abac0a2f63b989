"""How a case stands: one small value read from an assessment, or from what a file saved of one.

A file may hold anything. What is not of the right shape is left out, and nothing here raises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from msgspec import field

from ketatui.cases.ages import day_of
from ketatui.criteria.models import Effect, Verdict
from ketatui.engine.assessment import Assessment
from ketatui.engine.behind import Criteria, criteria_from, roots_of
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen

_VERDICTS: tuple[str, ...] = get_args(Verdict)
_EFFECTS: tuple[str, ...] = get_args(Effect)


class RuleStanding(Frozen, frozen=True):
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


class PathwayStanding(Frozen, frozen=True):
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
    rules: Mapping[str, RuleStanding] | None = None


class Standing(Frozen, frozen=True):
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
    pathways: Mapping[str, PathwayStanding] = field(default_factory=dict)
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


AssessmentLike = Assessment | Standing | Mapping[str, Any] | None
"""What can be compared: an assessment, its JSON form as saved in a case, or nothing."""


def standing_of(found: AssessmentLike, knowledge: Knowledge | None = None) -> Standing:
    """Read how a case stands.

    Args:
        found: An assessment, or what a case saved of one; foreign shapes are tolerated.
        knowledge: The criteria it was made under, if they are at hand.

    Returns:
        The standing; an empty one where nothing can be read.
    """
    if not isinstance(found, Standing):
        data = found.to_data() if isinstance(found, Assessment) else found
        found = _read(data if isinstance(data, Mapping) else {})
    if knowledge is not None:
        found = found.replaced(criteria=roots_of(knowledge).criteria)
    return found


def verdicts_of(data: Mapping[str, Any] | None) -> dict[str, str]:
    """Read the verdicts alone, of what a file saved of an assessment.

    Args:
        data: What a case saved; foreign shapes are tolerated.

    Returns:
        The verdict of each pathway as `standing_of` reads it; empty where none can be read.
    """
    if not isinstance(data, Mapping):
        return {}
    rows = [row for row in _tables(data.get("pathways")) if _text(row, "id")]
    if rows:
        return {_text(row, "id"): _one_of(row.get("verdict"), _VERDICTS) for row in rows}
    verdicts = data.get("verdicts")
    if not isinstance(verdicts, Mapping):
        return {}
    # What the history of a case keeps of an assessment.
    return {str(key): _one_of(value, _VERDICTS) for key, value in verdicts.items()}


def _read(data: Mapping[str, Any]) -> Standing:
    made = data.get("pack")
    made = made if isinstance(made, Mapping) else {}
    rows = [_pathway(row) for row in _tables(data.get("pathways")) if _text(row, "id")]
    if not rows:
        rows = [PathwayStanding(key, value) for key, value in verdicts_of(data).items()]
    derived = data.get("derived")
    classes = derived.get("drug_classes") if isinstance(derived, Mapping) else None
    following = data.get("next")
    return Standing(
        on=day_of(data.get("on")),
        pack=_text(made, "id"),
        version=_text(made, "version"),
        digest=_text(made, "digest"),
        policy=_text(made, "policy") or None,
        pathways={row.id: row for row in rows},
        contradictions={
            (_text(row, "id"), _texts(row.get("questions"))): _text(row, "because")
            for row in _tables(data.get("contradictions"))
        },
        unrecognised=_texts(data.get("unrecognised_medications")),
        drug_classes=None if classes is None else _texts(classes),
        next=_text(following, "question") or None if isinstance(following, Mapping) else None,
        criteria=criteria_from(data.get("criteria")),
    )


def _pathway(row: Mapping[str, Any]) -> PathwayStanding:
    rank = row.get("rank")
    recorded = isinstance(row.get("findings"), list | tuple)
    rules = {
        item.rule: item
        for item in (
            *(_open(rule) for rule in _tables(row.get("open"))),
            *(_finding(rule) for rule in _tables(row.get("findings"))),
        )
        if item.rule
    }
    return PathwayStanding(
        id=_text(row, "id"),
        verdict=_one_of(row.get("verdict"), _VERDICTS),
        rank=rank if isinstance(rank, int) and not isinstance(rank, bool) else None,
        basis=_text(row, "basis") or None,
        grade=_text(row, "grade") or None,
        rules=rules if recorded else None,
    )


def _finding(row: Mapping[str, Any]) -> RuleStanding:
    return RuleStanding(
        rule=_text(row, "rule"),
        effect=_one_of(row.get("effect"), _EFFECTS),
        authority=_text(row, "authority"),
        because=_text(row, "because"),
        do=_text(row, "do"),
        sources=_texts(row.get("sources")),
        overridden=row.get("overridden") is True,
        local=row.get("local_policy") is True,
        not_excluded=row.get("could_not_be_excluded") is True,
    )


def _open(row: Mapping[str, Any]) -> RuleStanding:
    return RuleStanding(
        rule=_text(row, "rule"),
        effect=_one_of(row.get("effect"), _EFFECTS),
        is_open=True,
        needs=_texts(row.get("needs")),
    )


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    return next((word for word in allowed if word == value), "")


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def _tables(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list | tuple):
        yield from (row for row in value if isinstance(row, Mapping))
