"""The course of treatment: what a pack may say in ``course/``."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Authority,
    Code,
    Confidence,
    Effect,
    Expression,
    Id,
    LineText,
    LongText,
    PackModel,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
    Verdict,
)
from ketatui.criteria.models.packs import Change, Words
from ketatui.criteria.models.questions import Contradiction, Question
from ketatui.criteria.models.rules import Variant
from ketatui.toml_structs import need_finite

Days = Annotated[int, Meta(ge=1, le=3650)]
Role = Literal["gate", "leave", "continue"]
"""What the program does with a decision beside judging it: ``gate`` is asked again before the clock
of a session is started, ``leave`` is worked out while it runs, ``continue`` stands beside the
course."""
EncounterClass = Literal["AMB", "IMP", "EMER", "VR", "HH"]
"""Codes of HL7's ActEncounterCode: ambulatory, inpatient, emergency, virtual, at home."""


class CourseDecision(PackModel, frozen=True, kw_only=True):
    """One thing that is decided at a visit: to the engine what a pathway is to a screening."""

    id: Code
    title: ShortText
    short: Annotated[str, Meta(min_length=1, max_length=16)]
    in_review: bool = True
    """Whether it has rules in a visit that is a review."""
    needs_dose: bool = False
    """Whether all of it is about a dose that was given: what a held session or a review is not
    asked for."""
    role: Role | None = None


class CourseBasis(PackModel, frozen=True, kw_only=True):
    """What a course can run under: what it is for, as far as its schedule or rules depend on it."""

    id: Code
    title: ShortText
    in_text: ShortText
    """The same within a sentence, after "for"."""
    when: Expression | None = None
    """Over the screening. Those without are offered where no other one holds."""


class CourseFile(PackModel, frozen=True, kw_only=True):
    """``course/course.toml``."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z")]
    title: LineText
    version: str
    about: LongText
    parts: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Every other file of the folder, so that one that is missing is noticed."""
    site: Id
    """The question of the screening whose codes say where a course runs."""
    encounters: dict[Code, EncounterClass] = field(default_factory=dict)
    """How FHIR classes a visit, by site; ambulatory where a site is not named."""
    weight: Id | None = None
    """The question of the screening that a weight taken anew at a visit answers."""
    bases: Annotated[tuple[CourseBasis, ...], Meta(min_length=1)]
    decisions: Annotated[tuple[CourseDecision, ...], Meta(min_length=1)]
    words: dict[Verdict, Words]
    """What verdicts are called here."""
    contradictions: tuple[Contradiction, ...] = ()
    changelog: Annotated[tuple[Change, ...], Meta(min_length=1)]


class NamedTable(PackModel, frozen=True, kw_only=True):
    """Rows or dates of the record that rules lean on; no question, so never marked unknown."""

    id: Id
    label: ShortText


class CourseQuestionFile(PackModel, frozen=True, kw_only=True):
    """``course/questions.toml``."""

    tables: tuple[NamedTable, ...]
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]


class CourseFact(PackModel, frozen=True, kw_only=True):
    """A fact of a visit that is not asked: calculated as its id says, or of the screening."""

    id: Id
    title: ShortText
    kind: Literal["bool", "int", "decimal", "choice"]
    codes: tuple[Code, ...] = ()
    unit: str = ""
    thresholds: tuple[Code, ...] = ()
    """Those that the calculation compares with."""
    screening: Expression | None = None
    """What it is by the screening; of a calculation what counts until a visit says otherwise."""


class CourseFactFile(PackModel, frozen=True, kw_only=True):
    """``course/derived.toml``."""

    derived: Annotated[tuple[CourseFact, ...], Meta(min_length=1)]


class CourseRule(PackModel, frozen=True, kw_only=True):
    """One line of the decision table of a visit."""

    id: RuleId
    decision: Code
    title: ShortText
    when: Expression
    because: ParagraphText
    do: ParagraphText
    authority: Authority
    confidence: Confidence
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    effects: Annotated[dict[PathwayId, Effect], Meta(min_length=1)]
    """By pathway of the course; on a pathway that is not named the rule does not exist."""
    optional: bool = False
    on: dict[PathwayId, Variant] = field(default_factory=dict)


class CourseRuleFile(PackModel, frozen=True, kw_only=True):
    """A file of ``course/rules/``."""

    rules: tuple[CourseRule, ...]


class CourseInstrument(PackModel, frozen=True, kw_only=True):
    """A scale by which benefit is judged."""

    id: Code
    title: ShortText
    min: int
    max: int
    fractions: bool = False
    """Whether a score may lie between whole numbers."""
    now_after_days: Days
    """Days after day 1 from which a score says how things are now."""
    response_percent: Decimal
    """The least fall from baseline, in percent of it, that is a response."""
    remission_below: Decimal | None = None
    remission_at_most: Decimal | None = None
    remission_threshold: Code | None = None
    """A threshold at or below which there is remission."""
    points: Code
    """The threshold by which a score has to rise to count as worse."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        need_finite(self, "response_percent", "remission_below", "remission_at_most")


class CourseInstrumentFile(PackModel, frozen=True, kw_only=True):
    """``course/instruments.toml``."""

    instruments: Annotated[tuple[CourseInstrument, ...], Meta(min_length=1)]


class Phase(PackModel, frozen=True, kw_only=True):
    """A stretch of a course, and how far apart its sessions are.

    The first phase that fits the pathway, the basis and the week or the session counts.
    """

    id: Code
    title: ShortText
    pathways: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]
    bases: tuple[Code, ...] = ()
    """Bases it is for; every one where none is named."""
    first_week: int | None = None
    last_week: int | None = None
    sessions: Literal["planned", "further"] | None = None
    """Instead of weeks: up to the number of planned sessions, or beyond it."""
    interval: tuple[Days, ...] = ()
    """Days from one session to the next, the usual one first."""
    planned_interval: tuple[Days, ...] = ()
    """Least and greatest interval that a course may plan for itself."""
    usual_interval: Days | None = None
    """Of a course that plans none."""
    sessions_a_week: int | None = None


class BenefitDates(PackModel, frozen=True, kw_only=True):
    """From when on a score or a review says something about benefit."""

    from_day: Days
    """Of a course that counts weeks: the day of the course."""
    after_session: Days
    """Of a course that counts sessions: after this dosed one."""
    counts_for: Code
    """The threshold for how many days a look at benefit counts."""


class DueDates(PackModel, frozen=True, kw_only=True):
    """When what falls due, in days."""

    review_day: Days
    """Of a course that counts weeks: the day of the course of the first look at benefit."""
    review_after_session: Days
    """Of a course that counts sessions: the dosed session after which it is due."""
    held_days: Days = 7
    """From a session that was held before any dose, where the plan has no interval."""


class Form(PackModel, frozen=True, kw_only=True):
    """A form that is sent after every session with a dose, where its question is asked."""

    id: RuleId
    title: ShortText
    days: Days
    """From the session."""
    question: Id
    """Whether it was sent, asked at the visit."""


class Check(PackModel, frozen=True, kw_only=True):
    """What is asked or measured again every so many days of a course."""

    id: RuleId
    """Also what a paper of a visit is called that records it."""
    title: ShortText
    days: Days
    question: Id
    """Of the visit; any answer counts as done."""
    unless: Code | None = None
    """The answer that does not."""
    pathways: tuple[PathwayId, ...] = ()
    """All of them where none is named."""


class DoseClock(PackModel, frozen=True, kw_only=True):
    """What the clocks of a session count from, by pathway."""

    pathways: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]
    begins: Annotated[str, Meta(min_length=1, max_length=30)]
    """What is given first: ``first device``."""
    ends: Annotated[str, Meta(max_length=30)] = ""
    """With what the dose is complete; empty where it is at once."""
    minutes: Id | None = None
    """The question that tells at which minute the dose is complete."""

    def __post_init__(self) -> None:
        """Refuse an end without the question that tells when it was."""
        if bool(self.ends) != (self.minutes is not None):
            raise ValueError("ends and minutes go together")


Part = Literal[
    "systolic", "diastolic", "heart_rate", "respiratory_rate", "spo2", "sedation", "dissociation"
]
"""What an observation of a session may have."""
SessionMinute = Annotated[int, Meta(ge=0, le=10_000)]
"""Minutes from the first device, or from the start of the infusion or injection."""


class Watch(PackModel, frozen=True, kw_only=True):
    """What a running session is watched for: once at a minute, or every so many minutes."""

    id: RuleId
    title: ShortText
    pathways: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    minute: SessionMinute
    """When it is due first."""
    within: tuple[Code, ...] = ()
    """Of one that is due once: the thresholds of the first and last minute that count as that."""
    every: Annotated[int, Meta(ge=1, le=1440)] | None = None
    """Minutes from one observation to the next, of one that is due again and again."""
    until: SessionMinute | None = None
    """The last minute at which it is due again."""
    at_least: dict[Part, Code] = field(default_factory=dict)
    """Of a closer watch: it holds while a part was seen last at or above a threshold."""
    below: dict[Part, Code] = field(default_factory=dict)
    """Likewise, while a part was seen last below a threshold."""
    authority: Authority
    confidence: Confidence
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse what is due both once and again, or at no minute that counts."""
        if (self.every is None) == (not self.within):
            raise ValueError("needs one of within and every")
        if self.within and len(self.within) != 2:
            raise ValueError("within takes two thresholds, of the first and the last minute")
        if self.closer and self.every is None:
            raise ValueError("at_least and below belong to every")
        if self.until is not None and (self.every is None or self.until < self.minute):
            raise ValueError("until belongs to every, and is no earlier than minute")

    @property
    def closer(self) -> bool:
        """Whether it holds only while something that was seen calls for it."""
        return bool(self.at_least or self.below)


Marked = Literal["systolic", "diastolic", "spo2"]
"""Parts of an observation that a screen marks."""


class Marks(PackModel, frozen=True, kw_only=True):
    """The thresholds by which a screen marks what was measured, each where there is one."""

    high: Code | None = None
    """At or above it is marked in the worst color."""
    raised: Code | None = None
    """Above it is a caution."""
    low: Code | None = None
    """Below it is a caution."""
    very_low: Code | None = None
    """Below it is marked in the worst color."""

    @property
    def named(self) -> dict[str, str]:
        """The thresholds by key."""
        keys = ("high", "raised", "low", "very_low")
        return {key: name for key in keys if (name := getattr(self, key)) is not None}


class ScheduleFile(PackModel, frozen=True, kw_only=True):
    """``course/schedule.toml``."""

    planned_sessions: Days
    """Of a racemic course that plans no number."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    phases: Annotated[tuple[Phase, ...], Meta(min_length=1)]
    benefit: BenefitDates
    due: DueDates
    forms: tuple[Form, ...] = ()
    checks: tuple[Check, ...] = ()
    marks: dict[Marked, Marks] = field(default_factory=dict)
    clocks: Annotated[tuple[DoseClock, ...], Meta(min_length=1)]
    watch: tuple[Watch, ...] = ()
    """What a session is watched for."""
    usual_events: tuple[ShortText, ...] = ()
    """Adverse events as they are usually called: another term is asked about once."""

    @property
    def thresholds(self) -> frozenset[str]:
        """The thresholds that are named here."""
        marks = (name for item in self.marks.values() for name in item.named.values())
        watched = (
            name
            for item in self.watch
            for name in (*item.within, *item.at_least.values(), *item.below.values())
        )
        return frozenset((self.benefit.counts_for, *marks, *watched))

    @property
    def errands(self) -> tuple[Form | Check, ...]:
        """Forms and checks: all that falls due by a question of a visit."""
        return (*self.forms, *self.checks)

    def clock(self, pathway: str) -> DoseClock:
        """Return what the clocks of a pathway's sessions count from."""
        found = (item for item in self.clocks if pathway in item.pathways)
        return next(found, DoseClock(pathways=(pathway,), begins="the dose"))
