"""What the program says: the assessment of a case, of a visit, and what is due."""

from typing import Annotated, Literal

from pydantic import Field

from ketatui.contract.base import (
    Authority,
    Basis,
    Code,
    Confidence,
    Day,
    Digest,
    Effect,
    Grade,
    Number,
    Open,
    PathwayId,
    RuleId,
    Settled,
    Verdict,
)

Fact = bool | int | Number | str | list[str] | None
"""A value that a rule read; null where nobody knows it."""
Coverage = Literal["met", "not_met", "unknown"]


class PackName(Open):
    """The criteria something was assessed under."""

    id: str
    version: str
    digest: Digest
    policy: str | None
    """The local policy in force, if any."""


class Finding(Open):
    """A rule that applies."""

    rule: str
    effect: Effect
    authority: Authority
    confidence: Confidence
    because: str
    do: str
    sources: list[str]
    facts: dict[str, Fact]
    """The values its condition read."""
    overridden: bool
    """Set aside by the clinician; it then counts as a caution."""
    local_policy: bool
    could_not_be_excluded: bool
    """It counts only because what it asks is unknown."""
    medicines: list[str] = Field(default_factory=list)
    """Medicines behind it, as written; left out where there are none."""


class OpenRule(Open):
    """A rule that cannot be decided yet."""

    rule: str
    effect: Effect
    needs: list[str]
    """Unanswered questions that are asked now and can still change it."""
    unknown: list[str]
    """Those of ``needs`` that were asked and could not be established."""
    blocked_by: list[str]
    """Answered questions that keep it open."""
    optional: bool
    """It holds nothing up while it is open."""


class Change(Open):
    """A smallest set of facts that can be put right and would lift the verdict."""

    facts: list[str]
    then: Verdict


class Judged(Open):
    """What the rules come to for a pathway, or for a decision of a visit."""

    id: str
    verdict: Verdict
    complete: bool
    """No rule is open; ``best`` and ``worst`` then equal ``verdict``."""
    best: Settled
    """The verdict if every open rule turned out false."""
    worst: Settled
    """The verdict if every open rule turned out true."""
    findings: list[Finding]
    open: list[OpenRule]
    changes: list[Change]


class PathwayAssessment(Judged):
    """One pathway: verdict, reasons, and what could still change it."""

    rank: Annotated[int, Field(ge=1)]
    basis: Basis | None
    grade: Grade | None


class Contradiction(Open):
    """Answers that cannot all be right."""

    id: str
    questions: list[str]
    because: str


class NextQuestion(Open):
    """The unanswered question that matters most."""

    question: str
    because: str
    pathways: list[str] = Field(default_factory=list)
    """Pathways whose verdict it can still change."""


class CoverageRule(Open):
    """One requirement of the payer."""

    rule: str
    result: Coverage
    title: str
    because: str
    facts: dict[str, Fact]


class PayerCoverage(Open):
    """What a payer's published policy comes to. It never changes a clinical verdict."""

    profile: str
    verdict: Coverage
    rules: list[CoverageRule]


class StaleAnswer(Open):
    """An answer that does not count, because of its day: too old, or still to come."""

    question: str
    since: Day
    days: int


Seal = Literal["sealed", "altered", "never_sealed"]


class Altered(Open):
    """A part of a case that is not what was sealed."""

    path: str | None
    """Its path in the file; null where the file does not tell which part it is."""
    of: int
    """Number of the revision that sealed it."""


class Integrity(Open):
    """What is known of a saved case beside its content."""

    seal: Seal
    revision: int | None
    """The last one; null where the program never saved the file."""
    altered: list[Altered]
    saved_over_outside_changes: list[int]
    """Revisions saved over content that had been changed by other means."""
    same_id_in: list[str]
    """Other files of the folder that are named after the same case."""
    said: list[str]
    """The same in sentences, the worst first; empty where nothing is wrong."""


class Assessment(Open):
    """`ketatui assess --json`: everything the criteria say about a case on a day."""

    schema_: Literal[1] = Field(alias="schema")
    case: str
    pack: PackName
    on: Day
    derived: dict[str, Fact]
    """Calculated facts, without ``derived.`` before their names."""
    unrecognised_medications: list[str]
    contradictions: list[Contradiction]
    pathways: list[PathwayAssessment]
    next: NextQuestion | None
    coverage: PayerCoverage
    headline: str
    practice: bool = False
    stale: list[StaleAnswer] = Field(default_factory=list)
    """Answers that were left out because of their day; absent where there are none."""
    remarks: list[str] = Field(default_factory=list)
    """What the case holds that may be meant otherwise, such as keys that nobody reads; absent
    where there is nothing to say."""
    integrity: Integrity | None = None
    """What is altered in a case that was changed outside the program; absent for any other."""


class VisitDecision(Judged):
    """One decision of a visit."""

    id: Code


class VisitAssessment(Open):
    """`ketatui course assess --json`: what the criteria say about a visit."""

    schema_: Literal[1] = Field(alias="schema")
    case: str
    course: str
    visit: int
    on: Day
    pathway: PathwayId
    basis: Code
    pack: PackName
    """The criteria of the course, which are not those of the screening."""
    derived: dict[str, Fact]
    """Facts by their full ids, ``course.day``."""
    contradictions: list[Contradiction]
    next: NextQuestion | None
    decisions: Annotated[list[VisitDecision], Field(min_length=1)]
    """Every decision of the pack's course, in its order."""
    practice: bool = False
    stale: list[StaleAnswer] = Field(default_factory=list)
    """Answers of the screening that are too old on the visit's day, and count all the same: what
    changes from day to day is asked anew at a visit. Absent where there are none."""
    remarks: list[str] = Field(default_factory=list)
    """What the case holds that may be meant otherwise, such as keys that nobody reads; absent
    where there is nothing to say."""
    integrity: Integrity | None = None
    """What is altered in a case that was changed outside the program; absent for any other."""


class Due(Open):
    """`ketatui course due --json`: one thing that has to be done by a day."""

    case: str
    course: str
    what: RuleId
    for_visit: int | None = None
    by: Day
    overdue: bool
