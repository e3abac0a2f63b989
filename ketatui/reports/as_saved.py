"""The assessment an export shows: as it stood when the case was saved, else a fresh one.

What stands in a file is data of somebody else: nothing about its form is certain, and a part
that is not what it should be is left out here, so that no report has to ask again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Case
from ketatui.cql import Value
from ketatui.engine import Knowledge, assess
from ketatui.engine.assessment import SEVERITY
from ketatui.structs import Frozen


class SeenFinding(Frozen, frozen=True):
    """A finding as saved; codes are those of the pack it was made under."""

    rule: str
    effect: str
    authority: str
    confidence: str
    because: str
    do: str
    sources: tuple[str, ...]
    facts: Mapping[str, Value]
    overridden: bool
    local: bool
    not_excluded: bool
    medicines: tuple[str, ...] = ()


class SeenOpen(Frozen, frozen=True):
    """A rule that was open."""

    rule: str
    effect: str
    needs: tuple[str, ...]
    unknown: tuple[str, ...]
    blocked_by: tuple[str, ...]
    optional: bool


class SeenRequirement(Frozen, frozen=True):
    """One requirement of the payer as saved."""

    rule: str
    title: str
    result: str
    because: str
    facts: Mapping[str, Value]


class SeenCoverage(Frozen, frozen=True):
    """The payer's verdict as saved; it never changed the clinical one."""

    profile: str
    verdict: str
    rules: tuple[SeenRequirement, ...]


class SeenPathway(Frozen, frozen=True):
    """One pathway as saved.

    Attributes:
        reasons: Whether findings were recorded; an older revision keeps verdicts only.
    """

    id: str
    verdict: str
    best: str
    worst: str
    rank: int
    basis: str
    grade: str
    findings: tuple[SeenFinding, ...]
    open: tuple[SeenOpen, ...]
    reasons: bool = True

    @property
    def worst_finding(self) -> SeenFinding | None:
        """The finding that weighs most, the first of equals; an overridden one is a caution."""
        return max(self.findings, key=_weight, default=None)


class Seen(Frozen, frozen=True):
    """An assessment as an export shows it.

    Attributes:
        fresh: Made for the export, because the case holds none.
        other_pack: Made under other criteria than those the words come from.
        policy: Title of the local policy in force; empty without one.
        on: The day assessed for, as written.
    """

    fresh: bool
    other_pack: bool
    pack_id: str
    version: str
    digest: str
    policy: str
    on: str
    headline: str
    pathways: tuple[SeenPathway, ...]
    contradictions: tuple[str, ...]
    unrecognised: tuple[str, ...]
    derived: Mapping[str, Value]
    coverage: SeenCoverage | None

    def pathway(self, ident: str) -> SeenPathway | None:
        """Return a pathway, if the assessment has it."""
        return next((item for item in self.pathways if item.id == ident), None)


def seen(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Seen:
    """Return the assessment a case was saved with, or a fresh one that is marked so.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for.

    Returns:
        The assessment, pathways best first; none for a case that holds none and that the criteria
        of today do not know all of.
    """
    case = reading.case
    saved = case.assessment
    if saved and _tables(saved.get("pathways")):
        return _seen(saved, knowledge.pack.digest, fresh=False)
    if reading.unknown_here:
        return as_saved(case, knowledge.pack.digest)
    made = assess(knowledge, case, today, with_changes=False)
    return _seen(made.to_data(), knowledge.pack.digest, fresh=True)


def as_saved(case: Case, digest: str) -> Seen:
    """Return what the file holds of an assessment; nothing is assessed anew.

    Args:
        case: The case. An older revision keeps day, criteria, headline and verdicts only.
        digest: Of the criteria the words come from.

    Returns:
        The assessment; without pathways where the case holds none.
    """
    return _seen(case.assessment or {}, digest, fresh=False)


def _seen(data: Mapping[str, Any], digest: str, *, fresh: bool) -> Seen:
    made = data.get("pack")
    pack = made if isinstance(made, Mapping) else {}
    pathways = [_pathway(row) for row in _tables(data.get("pathways"))]
    verdicts = data.get("verdicts")
    if not pathways and isinstance(verdicts, Mapping):
        pathways = [_in_short(str(ident), str(verdict)) for ident, verdict in verdicts.items()]
    return Seen(
        fresh=fresh,
        other_pack=_text(pack, "digest") != digest,
        pack_id=_text(pack, "id"),
        version=_text(pack, "version"),
        digest=_text(pack, "digest"),
        policy=_text(pack, "policy"),
        on=_text(data, "on"),
        headline=_text(data, "headline"),
        pathways=tuple(sorted(pathways, key=lambda item: item.rank)),
        contradictions=tuple(_text(row, "because") for row in _tables(data.get("contradictions"))),
        unrecognised=_texts(data.get("unrecognised_medications")),
        derived=_facts(data.get("derived")),
        coverage=_coverage(data.get("coverage")),
    )


def _in_short(ident: str, verdict: str) -> SeenPathway:
    return SeenPathway(ident, verdict, "", "", 0, "", "", (), (), reasons=False)


def _coverage(data: Any) -> SeenCoverage | None:
    if not isinstance(data, Mapping) or not _text(data, "verdict"):
        return None
    return SeenCoverage(
        _text(data, "profile"),
        _text(data, "verdict"),
        tuple(
            SeenRequirement(
                rule=_text(row, "rule"),
                title=_text(row, "title"),
                result=_text(row, "result"),
                because=_text(row, "because"),
                facts=_facts(row.get("facts")),
            )
            for row in _tables(data.get("rules"))
        ),
    )


def _pathway(row: Mapping[str, Any]) -> SeenPathway:
    rank = row.get("rank")
    return SeenPathway(
        id=_text(row, "id"),
        verdict=_text(row, "verdict"),
        best=_text(row, "best"),
        worst=_text(row, "worst"),
        rank=rank if isinstance(rank, int) else 0,
        basis=_text(row, "basis"),
        grade=_text(row, "grade"),
        findings=tuple(_finding(item) for item in _tables(row.get("findings"))),
        open=tuple(
            SeenOpen(
                rule=_text(item, "rule"),
                effect=_text(item, "effect"),
                needs=_texts(item.get("needs")),
                unknown=_texts(item.get("unknown")),
                blocked_by=_texts(item.get("blocked_by")),
                optional=item.get("optional") is True,
            )
            for item in _tables(row.get("open"))
        ),
    )


def _finding(row: Mapping[str, Any]) -> SeenFinding:
    return SeenFinding(
        rule=_text(row, "rule"),
        effect=_text(row, "effect"),
        authority=_text(row, "authority"),
        confidence=_text(row, "confidence"),
        because=_text(row, "because"),
        do=_text(row, "do"),
        sources=_texts(row.get("sources")),
        facts=_facts(row.get("facts")),
        overridden=row.get("overridden") is True,
        local=row.get("local_policy") is True,
        not_excluded=row.get("could_not_be_excluded") is True,
        medicines=_texts(row.get("medicines")),
    )


def _weight(finding: SeenFinding) -> int:
    return SEVERITY.get("caution" if finding.overridden else finding.effect, -2)


def _facts(value: Any) -> dict[str, Value]:
    return {str(k): _value(v) for k, v in value.items()} if isinstance(value, Mapping) else {}


def _value(value: Any) -> Value:
    match value:
        case None | bool() | int() | Decimal() | str():
            return value
        case float():
            return Decimal(str(value))
        case list() | tuple():
            return tuple(str(item) for item in value)
        case _:
            return str(value)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return "" if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def _tables(value: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(_only_tables(value)) if isinstance(value, list | tuple) else ()


def _only_tables(rows: list[Any] | tuple[Any, ...]) -> Iterator[Mapping[str, Any]]:
    yield from (row for row in rows if isinstance(row, Mapping))
