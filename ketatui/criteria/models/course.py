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


class CourseFile(PackModel, frozen=True, kw_only=True):
    """``course/course.toml``."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z")]
    title: LineText
    version: str
    about: LongText
    parts: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Every other file of the folder, so that one that is missing is noticed."""
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
    """A fact of a visit that is calculated, never asked; its id names the calculation."""

    id: Id
    title: ShortText
    kind: Literal["bool", "int", "decimal", "choice"]
    codes: tuple[Code, ...] = ()
    unit: str = ""
    thresholds: tuple[Code, ...] = ()
    """Those that the calculation compares with."""


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


class DueDates(PackModel, frozen=True, kw_only=True):
    """When what falls due, in days."""

    rems_form_days: Days
    review_day: Days
    review_after_session: Days
    liver_days: Days
    urinary_days: Days
    held_days: Days = 7
    """From a session that was held before any dose, where the plan has no interval."""


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


class ScheduleFile(PackModel, frozen=True, kw_only=True):
    """``course/schedule.toml``."""

    planned_sessions: Days
    """Of a racemic course that plans no number."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    phases: Annotated[tuple[Phase, ...], Meta(min_length=1)]
    benefit: BenefitDates
    due: DueDates
    clocks: Annotated[tuple[DoseClock, ...], Meta(min_length=1)]
    watch: tuple[Watch, ...] = ()
    """What a session is watched for."""
    usual_events: tuple[ShortText, ...] = ()
    """Adverse events as they are usually called: another term is asked about once."""

    def clock(self, pathway: str) -> DoseClock:
        """Return what the clocks of a pathway's sessions count from."""
        found = (item for item in self.clocks if pathway in item.pathways)
        return next(found, DoseClock(pathways=(pathway,), begins="the dose"))


class WorksheetField(PackModel, frozen=True, kw_only=True):
    """One line of the worksheet for a form, and the one way its value comes about."""

    id: RuleId
    label: ShortText
    required: bool = False
    """Whether the form marks it so."""
    since: LineText
    """The version of the form it was first seen in, and what is known of later ones."""
    confidence: Confidence
    chart: bool = False
    """Kept in the patient's chart, and never here."""
    shows: tuple[Id, ...] = ()
    """Answers and facts of the visit."""
    when: Expression | None = None
    """Yes or no by the visit."""
    screening: Expression | None = None
    """Yes or no by the screening."""
    pressure: tuple[int, ...] = ()
    """The two minutes between which a blood pressure was taken."""
    devices: bool = False
    """The lots of the devices used."""

    def __post_init__(self) -> None:
        """Refuse a field that says in no way, or in several, where its value comes from."""
        ways = (self.chart, self.shows, self.when, self.screening, self.pressure, self.devices)
        if sum(map(bool, ways)) != 1:
            raise ValueError("needs one of chart, shows, when, screening, pressure and devices")
        if self.pressure and len(self.pressure) != 2:
            raise ValueError("pressure takes two minutes")


class WorksheetFile(PackModel, frozen=True, kw_only=True):
    """``course/worksheet.toml``."""

    title: LineText
    note: ParagraphText
    pathway: PathwayId
    site: Code
    """Where a session has to be reported so."""
    paper: RuleId
    """What the record calls it once it was sent."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    fields: Annotated[tuple[WorksheetField, ...], Meta(min_length=1)]


class PageSection(PackModel, frozen=True, kw_only=True):
    """A part of the page that a patient takes home."""

    id: RuleId
    title: ShortText


class PageLine(PackModel, frozen=True, kw_only=True):
    """One line of the page that a patient takes home."""

    id: RuleId
    section: RuleId
    text: ParagraphText
    pathways: tuple[PathwayId, ...] = ()
    """Pathways it is for; all of them where none is named."""
    when: Expression | None = None
    """By the visit; the line is left out only where this is false."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]


class GoingHomeFile(PackModel, frozen=True, kw_only=True):
    """``course/going-home.toml``: ``{medicine}`` and ``{date}`` are filled in."""

    title: ShortText
    given: LineText
    """After a dose."""
    held: LineText
    """After a session without one."""
    unsaid: LineText
    """Where the record does not say."""
    planned: LineText
    not_planned: ShortText
    """Before room to write the day in by hand; so are the telephone numbers."""
    telephone: ShortText
    after_hours: ShortText
    medicines: dict[PathwayId, ShortText]
    """What a patient calls what was given, by pathway."""
    sections: Annotated[tuple[PageSection, ...], Meta(min_length=1)]
    lines: Annotated[tuple[PageLine, ...], Meta(min_length=1)]
