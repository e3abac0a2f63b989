"""What a case file holds of an assessment, read once and leniently.

It may be altered, or another program's: nothing about its form is certain. What can be read is
read, what cannot is named in ``foreign``, and nothing is raised. The file's own table stays in
the case as it is, so that nothing is lost by reading it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

from msgspec import field

from ketatui.cases.lenient import LenientTable, day_of, finite
from ketatui.cql import Value
from ketatui.criteria.models import Effect, Verdict
from ketatui.structs import Frozen

_VERDICTS: tuple[str, ...] = get_args(Verdict)
_EFFECTS: tuple[str, ...] = get_args(Effect)


class SavedFinding(Frozen, frozen=True):
    """A finding as saved; codes are those of the pack it was made under.

    Attributes:
        rule: The rule's id; empty where the file names none.
        not_excluded: It could not be excluded, and was decided all the same.
    """

    rule: str = ""
    effect: str = ""
    authority: str = ""
    confidence: str = ""
    because: str = ""
    do: str = ""
    sources: tuple[str, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    overridden: bool = False
    local: bool = False
    not_excluded: bool = False
    medicines: tuple[str, ...] = ()

    @property
    def counts_as(self) -> str:
        """The effect it has on the verdict: an overridden finding is a caution."""
        return "caution" if self.overridden else self.effect


class SavedOpenRule(Frozen, frozen=True):
    """A rule that was open."""

    rule: str = ""
    effect: str = ""
    needs: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    optional: bool = False


class SavedPathway(Frozen, frozen=True):
    """One pathway as saved.

    Attributes:
        id: Its id; empty where the file names none.
        verdict: As written, which may be a word that nobody knows; see `known_verdict`.
        rank: Its place, from 1; None where it has none.
        reasons: Whether findings were recorded; an older revision keeps verdicts only.
    """

    id: str
    verdict: str = ""
    best: str = ""
    worst: str = ""
    rank: int | None = None
    basis: str = ""
    grade: str = ""
    findings: tuple[SavedFinding, ...] = ()
    open: tuple[SavedOpenRule, ...] = ()
    reasons: bool = True

    @property
    def known_verdict(self) -> str:
        """The verdict, if it is one there is; else empty."""
        return self.verdict if self.verdict in _VERDICTS else ""

    @property
    def worst_finding(self) -> SavedFinding | None:
        """The finding that weighs most."""
        return worst_of(self.findings)


class SavedRequirement(Frozen, frozen=True):
    """One requirement of the payer as saved."""

    rule: str = ""
    title: str = ""
    result: str = ""
    because: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)


class SavedCoverage(Frozen, frozen=True):
    """The payer's verdict as saved; it never changed the clinical one."""

    profile: str
    verdict: str
    rules: tuple[SavedRequirement, ...] = ()


class SavedContradiction(Frozen, frozen=True):
    """Answers that could not all be right."""

    id: str = ""
    questions: tuple[str, ...] = ()
    because: str = ""


class Criteria(Frozen, frozen=True):
    """The criteria in short, as an assessment was made under them.

    Attributes:
        thresholds: Value of every threshold in force.
        rules: Fingerprint of every rule, by id.
        support: Fingerprint of the support table.
    """

    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    support: str = ""


class SavedAssessment(Frozen, frozen=True, kw_only=True):
    """What a file holds of an assessment.

    Attributes:
        on: The day assessed for, as written; see `day`.
        policy: Title of the local policy in force; empty without one.
        pathways: In the order of the file; those of an older revision have verdicts only.
        unrecognised: Names of medicines nobody knew.
        derived: Derived facts by their name without ``derived.``.
        next: The question to ask next; empty for none.
        criteria: The criteria in short; None where they were not recorded.
        in_short: Verdicts only, as the history of a case keeps them.
        foreign: Paths of the parts that cannot be read, such as ``pathways[0].rank``.
    """

    on: str = ""
    pack_id: str = ""
    version: str = ""
    digest: str = ""
    policy: str = ""
    headline: str = ""
    pathways: tuple[SavedPathway, ...] = ()
    contradictions: tuple[SavedContradiction, ...] = ()
    unrecognised: tuple[str, ...] = ()
    derived: Mapping[str, Value] = field(default_factory=dict)
    coverage: SavedCoverage | None = None
    next: str = ""
    criteria: Criteria | None = None
    in_short: bool = False
    foreign: tuple[str, ...] = ()

    @property
    def day(self) -> dt.date | None:
        """The day assessed for; None where it is not recorded, or is no day."""
        return day_of(self.on)

    def pathway(self, ident: str) -> SavedPathway | None:
        """Return a pathway, if the assessment has it; the first of two with one id."""
        return next((item for item in self.pathways if item.id == ident), None)


def read_assessment(data: Any) -> SavedAssessment:
    """Read what a case file holds of an assessment.

    Args:
        data: The file's table ``assessment``, or anything else.

    Returns:
        All that can be read of it; an empty one where nothing can.
    """
    part = LenientTable(data, "", [])
    if part.is_foreign:
        part.foreign.append("assessment")
    made = part.table("pack")
    pathways = tuple(_pathways(part))
    return SavedAssessment(
        on=part.day("on"),
        pack_id=made.text("id"),
        version=made.text("version"),
        digest=made.text("digest"),
        policy=made.text("policy"),
        headline=part.text("headline"),
        pathways=pathways,
        contradictions=tuple(
            SavedContradiction(row.text("id"), row.texts("questions"), row.text("because"))
            for row in part.tables("contradictions")
        ),
        unrecognised=part.texts("unrecognised_medications"),
        derived=part.facts("derived"),
        coverage=_coverage(part.table("coverage")),
        next=part.table("next").text("question"),
        criteria=_criteria(part.table("criteria")),
        in_short=bool(pathways) and not any(True for _ in part.tables("pathways")),
        foreign=tuple(dict.fromkeys(part.foreign)),
    )


def worst_of(findings: Iterable[SavedFinding]) -> SavedFinding | None:
    """Return the finding that weighs most, the first of equals; a foreign effect weighs least."""
    return min(findings, key=_place_of_effect, default=None)


def verdicts_of(data: Any) -> dict[str, str]:
    """Read the verdicts alone: what `read_assessment` says of them, in less time.

    Args:
        data: The file's table ``assessment``, or anything else.

    Returns:
        The known verdict of each pathway that has an id; empty where it is none there is.
    """
    found: dict[str, str] = {}
    for item in _pathways(LenientTable(data, "", []), only_verdicts=True):
        if item.id:
            found.setdefault(item.id, item.known_verdict)
    return found


def assessed_day(data: Any) -> dt.date | None:
    """Read the day alone: what `SavedAssessment.day` is, in less time.

    Args:
        data: The file's table ``assessment``, or anything else.
    """
    return day_of(LenientTable(data, "", []).day("on"))


def pathway_at(data: Any, place: int) -> str:
    """Read which pathway a row of the file is of.

    Args:
        data: The file's table ``assessment``, or anything else.
        place: Of the row in the file, from 0; rows that are no table count.

    Returns:
        The pathway's id; empty where the row names none.
    """
    path = f"pathways[{place}]"
    rows = LenientTable(data, "", []).tables("pathways")
    return next((row.text("id") for row in rows if row.path == path), "")


def in_short(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the assessment as a history needs it: day, criteria and verdicts, as written.

    Its reasons follow from the answers, which the history has; every revision would repeat
    hundreds of lines of them.
    """
    short = {key: data[key] for key in ("on", "pack", "headline") if key in data}
    pathways = data.get("pathways")
    if isinstance(pathways, list) and all(isinstance(row, Mapping) for row in pathways):
        short["verdicts"] = {str(row.get("id")): row.get("verdict", "") for row in pathways}
    return short


def visit_in_short(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the judgment of a visit without its reasons, which follow from the answers as well."""
    return {key: data[key] for key in ("on", "pack", "verdicts") if key in data}


def _pathways(part: LenientTable, *, only_verdicts: bool = False) -> Iterator[SavedPathway]:
    rows = list(part.tables("pathways"))
    seen: set[str] = set()
    for row in rows:
        ident = row.text("id")
        if not ident or ident in seen:
            row.misread("id")
        seen.add(ident)
        yield SavedPathway(ident, row.text("verdict")) if only_verdicts else _pathway(row, ident)
    if rows:
        return
    # What the history of a case keeps of an assessment.
    verdicts = part.table("verdicts")
    for key in verdicts.data:
        yield SavedPathway(str(key), verdicts.code(key, _VERDICTS), reasons=False)


def _pathway(row: LenientTable, ident: str) -> SavedPathway:
    findings = row.data.get("findings")
    return SavedPathway(
        id=ident,
        verdict=row.code("verdict", _VERDICTS),
        best=row.text("best"),
        worst=row.text("worst"),
        rank=row.whole("rank"),
        basis=row.text("basis"),
        grade=row.text("grade"),
        findings=tuple(_finding(item) for item in row.tables("findings")),
        open=tuple(
            SavedOpenRule(
                rule=item.name("rule"),
                effect=item.code("effect", _EFFECTS),
                needs=item.texts("needs"),
                unknown=item.texts("unknown"),
                blocked_by=item.texts("blocked_by"),
                optional=item.flag("optional"),
            )
            for item in row.tables("open")
        ),
        reasons=isinstance(findings, list | tuple),
    )


def _finding(item: LenientTable) -> SavedFinding:
    return SavedFinding(
        rule=item.name("rule"),
        effect=item.code("effect", _EFFECTS),
        authority=item.text("authority"),
        confidence=item.text("confidence"),
        because=item.text("because"),
        do=item.text("do"),
        sources=item.texts("sources"),
        facts=item.facts("facts"),
        overridden=item.flag("overridden"),
        local=item.flag("local_policy"),
        not_excluded=item.flag("could_not_be_excluded"),
        medicines=item.texts("medicines"),
    )


def _coverage(part: LenientTable) -> SavedCoverage | None:
    verdict = part.text("verdict")
    if not verdict:
        return None
    rules = tuple(
        SavedRequirement(
            rule=row.text("rule"),
            title=row.text("title"),
            result=row.text("result"),
            because=row.text("because"),
            facts=row.facts("facts"),
        )
        for row in part.tables("rules")
    )
    return SavedCoverage(part.text("profile"), verdict, rules)


def _criteria(part: LenientTable) -> Criteria | None:
    if not isinstance(part.data.get("rules"), str):
        part.text("rules")
        return None
    pairs = (word.partition("=") for word in part.text("rules").split())
    thresholds = {}
    for name, value in part.table("thresholds").data.items():
        number = finite(value)
        if number is None:
            part.misread(f"thresholds.{name}")
        else:
            thresholds[str(name)] = number
    return Criteria(thresholds, {ident: mark for ident, _, mark in pairs}, part.text("support"))


def _place_of_effect(finding: SavedFinding) -> int:
    """Return the place of a finding's effect, worst first; a foreign one comes last."""
    effect = finding.counts_as
    return _EFFECTS.index(effect) if effect in _EFFECTS else len(_EFFECTS)
