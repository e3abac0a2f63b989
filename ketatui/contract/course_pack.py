"""What a pack says about the course of treatment, in ``course/``."""

from typing import Annotated, Literal

from pydantic import Field

from ketatui.contract.base import (
    Authority,
    Closed,
    Code,
    Confidence,
    Effect,
    Expression,
    Id,
    LineText,
    LongText,
    Number,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
    Verdict,
)
from ketatui.contract.packs import Change, Words
from ketatui.contract.questions import Contradiction, Question
from ketatui.contract.rules import Variant

Days = Annotated[int, Field(ge=1, le=3650)]
Role = Literal["gate", "leave", "continue"]
"""What the program does with a decision beside judging it: ``gate`` is asked again before the clock
of a session is started, ``leave`` is worked out while it runs, ``continue`` stands beside the
course."""
EncounterClass = Literal["AMB", "IMP", "EMER", "VR", "HH"]
"""Codes of HL7's ActEncounterCode: ambulatory, inpatient, emergency, virtual, at home."""


class CourseDecision(Closed):
    """One thing that is decided at a visit: to the engine what a pathway is to a screening."""

    id: Code
    title: ShortText
    short: Annotated[str, Field(min_length=1, max_length=16)]
    in_review: bool = True
    """Whether it has rules in a visit that is a review."""
    needs_dose: bool = False
    """Whether all of it is about a dose that was given: what a held session or a review is not
    asked for."""
    role: Role | None = None


class CourseBasis(Closed):
    """What a course can run under: what it is for, as far as its schedule or rules depend on it."""

    id: Code
    title: ShortText
    in_text: ShortText
    """The same within a sentence, after "for"."""
    when: Expression | None = None
    """Over the screening. Those without are offered where no other one holds."""


class CourseFile(Closed):
    """``course/course.toml``."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: LineText
    version: str
    about: LongText
    parts: Annotated[list[str], Field(min_length=1)]
    """Every other file of the folder, so that one that is missing is noticed."""
    site: Id
    """The question of the screening whose codes say where a course runs."""
    encounters: dict[Code, EncounterClass] = Field(default_factory=dict)
    """How FHIR classes a visit, by site; ambulatory where a site is not named."""
    weight: Id | None = None
    """The question of the screening that a weight taken anew at a visit answers."""
    bases: Annotated[list[CourseBasis], Field(min_length=1)]
    decisions: Annotated[list[CourseDecision], Field(min_length=1)]
    words: dict[Verdict, Words]
    """What verdicts are called here."""
    contradictions: list[Contradiction] = Field(default_factory=list)
    changelog: Annotated[list[Change], Field(min_length=1)]


class NamedTable(Closed):
    """Rows or dates of the record that rules lean on; no question, so never marked unknown."""

    id: Id
    label: ShortText


class CourseQuestionFile(Closed):
    """``course/questions.toml``."""

    tables: list[NamedTable]
    questions: Annotated[list[Question], Field(min_length=1)]


class CourseFact(Closed):
    """A fact of a visit that is not asked: calculated as its id says, or of the screening."""

    id: Id
    title: ShortText
    kind: Literal["bool", "int", "decimal", "choice"]
    codes: list[Code] = Field(default_factory=list)
    unit: str = ""
    thresholds: list[Code] = Field(default_factory=list)
    """Those that the calculation compares with."""
    screening: Expression | None = None
    """What it is by the screening; of a calculation what counts until a visit says otherwise."""


class CourseFactFile(Closed):
    """``course/derived.toml``."""

    derived: Annotated[list[CourseFact], Field(min_length=1)]


class CourseRule(Closed):
    """One line of the decision table of a visit."""

    id: RuleId
    decision: Code
    title: ShortText
    when: Expression
    because: ParagraphText
    do: ParagraphText
    authority: Authority
    confidence: Confidence
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    effects: Annotated[dict[PathwayId, Effect], Field(min_length=1)]
    """By pathway of the course; on a pathway that is not named the rule does not exist."""
    optional: bool = False
    on: dict[PathwayId, Variant] = Field(default_factory=dict)


class CourseRuleFile(Closed):
    """A file of ``course/rules/``."""

    rules: list[CourseRule]


class CourseInstrument(Closed):
    """A scale by which benefit is judged."""

    id: Code
    title: ShortText
    min: int
    max: int
    fractions: bool = False
    """Whether a score may lie between whole numbers."""
    now_after_days: Days
    """Days after day 1 from which a score says how things are now."""
    response_percent: Number
    """The least fall from baseline, in percent of it, that is a response."""
    remission_below: Number | None = None
    remission_at_most: Number | None = None
    remission_threshold: Code | None = None
    """A threshold at or below which there is remission."""
    points: Code
    """The threshold by which a score has to rise to count as worse."""
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class CourseInstrumentFile(Closed):
    """``course/instruments.toml``."""

    instruments: Annotated[list[CourseInstrument], Field(min_length=1)]


Part = Literal[
    "systolic", "diastolic", "heart_rate", "respiratory_rate", "spo2", "sedation", "dissociation"
]
"""What an observation of a session may have."""
SessionMinute = Annotated[int, Field(ge=0, le=10_000)]
"""Minutes from the first device, or from the start of the infusion or injection."""


class Phase(Closed):
    """A stretch of a course, and how far apart its sessions are.

    The first phase that fits the pathway, the basis and the week or the session counts.
    """

    id: Code
    title: ShortText
    pathways: Annotated[list[PathwayId], Field(min_length=1)]
    bases: list[Code] = Field(default_factory=list)
    """Bases it is for; every one where none is named."""
    first_week: int | None = None
    last_week: int | None = None
    sessions: Literal["planned", "further"] | None = None
    """Instead of weeks: up to the number of planned sessions, or beyond it."""
    interval: list[Days] = Field(default_factory=list)
    """Days from one session to the next, the usual one first."""
    planned_interval: list[Days] = Field(default_factory=list)
    """Least and greatest interval that a course may plan for itself."""
    usual_interval: Days | None = None
    """Of a course that plans none."""
    sessions_a_week: int | None = None


class BenefitDates(Closed):
    """From when on a score or a review says something about benefit."""

    from_day: Days
    """Of a course that counts weeks: the day of the course."""
    after_session: Days
    """Of a course that counts sessions: after this dosed one."""
    counts_for: Code
    """The threshold for how many days a look at benefit counts."""


class DueDates(Closed):
    """When what falls due, in days."""

    review_day: Days
    """Of a course that counts weeks: the day of the course of the first look at benefit."""
    review_after_session: Days
    """Of a course that counts sessions: the dosed session after which it is due."""
    held_days: Days = 7
    """From a session that was held before any dose, where the plan has no interval."""


class Form(Closed):
    """A form that is sent after every session with a dose, where its question is asked."""

    id: RuleId
    title: ShortText
    days: Days
    """From the session."""
    question: Id
    """Whether it was sent, asked at the visit."""


class Check(Closed):
    """What is asked or measured again every so many days of a course."""

    id: RuleId
    """Also what a paper of a visit is called that records it."""
    title: ShortText
    days: Days
    question: Id
    """Of the visit; any answer counts as done."""
    unless: Code | None = None
    """The answer that does not."""
    pathways: list[PathwayId] = Field(default_factory=list)
    """All of them where none is named."""


class DoseClock(Closed):
    """What the clocks of a session count from, by pathway."""

    pathways: Annotated[list[PathwayId], Field(min_length=1)]
    begins: Annotated[str, Field(min_length=1, max_length=30)]
    """What is given first: ``first device``."""
    ends: Annotated[str, Field(max_length=30)] = ""
    """With what the dose is complete; empty where it is at once."""
    minutes: Id | None = None
    """The question that tells at which minute the dose is complete."""


class Watch(Closed):
    """What a running session is watched for: once at a minute, or every so many minutes."""

    id: RuleId
    title: ShortText
    pathways: Annotated[list[PathwayId], Field(min_length=1)]
    parts: Annotated[list[Part], Field(min_length=1)]
    minute: SessionMinute
    """When it is due first."""
    within: list[Code] = Field(default_factory=list)
    """Of one that is due once: the thresholds of the first and last minute that count as that."""
    every: Annotated[int, Field(ge=1, le=1440)] | None = None
    """Minutes from one observation to the next, of one that is due again and again."""
    until: SessionMinute | None = None
    """The last minute at which it is due again."""
    at_least: dict[Part, Code] = Field(default_factory=dict)
    """Of a closer watch: it holds while a part was seen last at or above a threshold."""
    below: dict[Part, Code] = Field(default_factory=dict)
    """Likewise, while a part was seen last below a threshold."""
    authority: Authority
    confidence: Confidence
    sources: Annotated[list[SourceRef], Field(min_length=1)]


Marked = Literal["systolic", "diastolic", "spo2"]
"""Parts of an observation that a screen marks."""


class Marks(Closed):
    """The thresholds by which a screen marks what was measured, each where there is one."""

    high: Code | None = None
    """At or above it is marked in the worst color."""
    raised: Code | None = None
    """Above it is a caution."""
    low: Code | None = None
    """Below it is a caution."""
    very_low: Code | None = None
    """Below it is marked in the worst color."""


class ScheduleFile(Closed):
    """``course/schedule.toml``."""

    planned_sessions: Days
    """Of a racemic course that plans no number."""
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    phases: Annotated[list[Phase], Field(min_length=1)]
    benefit: BenefitDates
    due: DueDates
    forms: list[Form] = Field(default_factory=list)
    checks: list[Check] = Field(default_factory=list)
    marks: dict[Marked, Marks] = Field(default_factory=dict)
    clocks: Annotated[list[DoseClock], Field(min_length=1)]
    watch: list[Watch] = Field(default_factory=list)
    """What a session is watched for."""
    usual_events: list[ShortText] = Field(default_factory=list)
    """Adverse events as they are usually called: another term is asked about once."""


class WorksheetField(Closed):
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
    shows: list[Id] = Field(default_factory=list)
    """Answers and facts of the visit."""
    when: Expression | None = None
    """Yes or no by the visit."""
    screening: Expression | None = None
    """Yes or no by the screening."""
    pressure: list[int] = Field(default_factory=list)
    """The two minutes between which a blood pressure was taken."""
    devices: bool = False
    """The lots of the devices used."""


class WorksheetFile(Closed):
    """``course/worksheet.toml``."""

    title: LineText
    note: ParagraphText
    pathway: PathwayId
    site: Code
    """Where a session has to be reported so."""
    paper: RuleId
    """What the record calls it once it was sent."""
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    fields: Annotated[list[WorksheetField], Field(min_length=1)]


class PageSection(Closed):
    """A part of the page that a patient takes home."""

    id: RuleId
    title: ShortText


class PageLine(Closed):
    """One line of the page that a patient takes home."""

    id: RuleId
    section: RuleId
    text: ParagraphText
    pathways: list[PathwayId] = Field(default_factory=list)
    """Pathways it is for; all of them where none is named."""
    when: Expression | None = None
    """By the visit; the line is left out only where this is false."""
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class GoingHomeFile(Closed):
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
    sections: Annotated[list[PageSection], Field(min_length=1)]
    lines: Annotated[list[PageLine], Field(min_length=1)]
