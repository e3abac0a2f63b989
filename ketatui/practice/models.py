"""Models of the practice files of a pack: a case with its story and key, topics, the rubric.

The answers of a practice case are read like those of a case file, so they are not modeled here.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from ketatui.cases.courses import (
    Diastolic,
    Dissociation,
    Event,
    HeartRate,
    Minute,
    Observation,
    RespiratoryRate,
    Saturation,
    Sedation,
    Severity,
    Systolic,
    VisitKind,
)
from ketatui.criteria.models import (
    Code,
    Effect,
    LineText,
    PackModel,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
    Verdict,
)
from ketatui.toml_structs import SAYS_SOMETHING, field_names, strip_texts

NONE = "none"
"""No pathway at all, where a pathway is chosen."""

Part = Literal["referral", "history", "examination", "medications", "labs"]
PracticeId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=60)]
StoryText = Annotated[str, Meta(pattern=SAYS_SOMETHING, max_length=1800)]
TeachingText = Annotated[str, Meta(min_length=1, max_length=600)]


class StoryPart(PackModel, frozen=True, kw_only=True):
    """A part of the story as it lies before the trainee."""

    part: Part
    title: ShortText
    text: StoryText

    def __post_init__(self) -> None:
        """Take the line breaks away that a long text in TOML begins and ends with."""
        strip_texts(self, "text")


class Reveal(PackModel, frozen=True, kw_only=True):
    """Something that is told only when it is asked for."""

    id: PracticeId
    part: Part
    ask: LineText
    """What the asking is called afterwards: "Ask about headaches"."""
    text: TeachingText
    facts: tuple[str, ...] = ()
    """Questions it answers: asking at any of them tells it. Without any it is told when asking
    elsewhere brings nothing else up, as people say things nobody asked for."""


class Hint(PackModel, frozen=True, kw_only=True):
    """A nudge that costs points."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]


class Plan(PackModel, frozen=True, kw_only=True):
    """One of the plans to choose from; neither right nor with a harm it is neutral."""

    id: PracticeId
    text: Annotated[str, Meta(min_length=1, max_length=240)]
    right: bool = False
    harm: ParagraphText | None = None
    choices: tuple[str, ...] = ()
    """For a right plan: pathways (or ``none``) that go with it beside the best one."""


class Teaching(PackModel, frozen=True, kw_only=True):
    """Something to take away, with the rules it is about and where to read it."""

    text: TeachingText
    rules: tuple[RuleId, ...] = ()
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]


class Key(PackModel, frozen=True, kw_only=True):
    """What the author expects. It is held against the engine and never scored itself."""

    best: str
    """A pathway's id, or ``none``."""
    verdicts: dict[PathwayId, Verdict]
    reasons: dict[PathwayId, tuple[RuleId, ...]] = field(default_factory=dict)


class SourceCase(PackModel, frozen=True, kw_only=True):
    """Where a practice case that was made from a saved case came from."""

    pack: str
    version: str
    made_on: dt.date


LineId = Literal[
    "decisive_fact",
    "decisive_reason",
    "verdict",
    "choice",
    "plan",
    "wrong_reason",
    "harm_pathway",
    "harm_plan",
    "missed_red_flag",
    "left_open",
    "left_open_other",
    "hint",
]
Gain = Annotated[int, Meta(ge=0, le=100)]
Loss = Annotated[int, Meta(ge=-100, le=0)]


class CaseRubric(PackModel, frozen=True, kw_only=True):
    """Points that differ for one case."""

    decisive_fact: Gain | None = None
    decisive_reason: Gain | None = None
    verdict: Gain | None = None
    choice: Gain | None = None
    plan: Gain | None = None
    wrong_reason: Loss | None = None
    harm_pathway: Loss | None = None
    harm_plan: Loss | None = None
    missed_red_flag: Loss | None = None
    left_open: Loss | None = None
    left_open_other: Loss | None = None
    hint: Loss | None = None


Day = Annotated[int, Meta(ge=-365, le=1500)]
"""A day of the course; 1 is the day the case plays."""


class ScoreOnDay(PackModel, frozen=True, kw_only=True):
    """A total of a scale on a day of the course."""

    instrument: Code
    day: Day
    value: Decimal


class DoseOnDay(PackModel, frozen=True, kw_only=True):
    """A dose that was given on a day of the course; 0 mg was held."""

    day: Day
    mg: Decimal
    swallow: Code | None = None


class StagedCourse(PackModel, frozen=True, kw_only=True):
    """The course whose visits the stages of a case are."""

    pathway: PathwayId
    basis: Code
    site: Code | None = None
    """That of the screening where not given."""
    planned_sessions: Annotated[int, Meta(ge=1, le=999)] | None = None
    interval_days: Annotated[int, Meta(ge=1, le=365)] | None = None
    instrument: Code | None = None
    scores: tuple[ScoreOnDay, ...] = ()
    sessions: tuple[DoseOnDay, ...] = ()
    """What later stages count, the doses of staged days among it."""


class Watched(PackModel, frozen=True, kw_only=True):
    """What was measured or seen at one minute of a session."""

    minute: Minute
    systolic: Systolic | None = None
    diastolic: Diastolic | None = None
    heart_rate: HeartRate | None = None
    respiratory_rate: RespiratoryRate | None = None
    spo2: Saturation | None = None
    sedation: Sedation | None = None
    dissociation: Dissociation | None = None

    @property
    def observation(self) -> Observation:
        """It as a visit records it."""
        return Observation(**{name: getattr(self, name) for name in field_names(Watched)})


class Happened(PackModel, frozen=True, kw_only=True):
    """An adverse event of a session."""

    term: LineText
    onset_minute: Minute | None = None
    severity: Severity | None = None
    serious: bool | None = None
    """None while nobody has said."""
    action: Annotated[str, Meta(max_length=200)] = ""
    reported_on: dt.date | None = None

    @property
    def event(self) -> Event:
        """It as a visit records it."""
        return Event(**{name: getattr(self, name) for name in field_names(Happened)})


class Stage(PackModel, frozen=True, kw_only=True):
    """One visit of the course, or a part of one: what is told, what is asked, and its key."""

    id: PracticeId
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    day: Annotated[int, Meta(ge=1, le=1500)]
    kind: VisitKind = "session"
    days_later: Annotated[int, Meta(ge=0, le=365)] = 0
    """Days after the visit on which it is judged."""
    story: Annotated[tuple[StoryPart, ...], Meta(min_length=1)]
    reveal: tuple[Reveal, ...] = ()
    hint: tuple[Hint, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    """By question of the visit, without ``visit.``."""
    unknown: tuple[Code, ...] = ()
    observations: tuple[Watched, ...] = ()
    """Given, as events are: they stand in the chart."""
    events: tuple[Happened, ...] = ()
    key: Annotated[dict[Code, Verdict], Meta(min_length=1)]
    """What is decided here, and the verdict that the author expects."""
    reasons: dict[Code, tuple[RuleId, ...]] = field(default_factory=dict)
    plans: Annotated[tuple[Plan, ...], Meta(min_length=2, max_length=9)]
    teaching: tuple[Teaching, ...] = ()


class BaseStory(PackModel, frozen=True, kw_only=True):
    """A sentence or two of a base, told where a case leaves all of its facts as they are."""

    part: Part
    title: ShortText
    text: StoryText
    facts: tuple[str, ...]


class PracticeBase(PackModel, frozen=True, kw_only=True):
    """What a base says beside its answers: ``practice/bases/….toml``."""

    id: PracticeId
    title: ParagraphText
    story: Annotated[tuple[BaseStory, ...], Meta(min_length=1)]
    visits: dict[Code, dict[str, Any]] = field(default_factory=dict)
    """For each decision of a visit the answers that have nothing against it."""
    visit_story: tuple[BaseStory, ...] = ()
    """Told in a stage that takes all of its facts from the base."""
    observations: tuple[Watched, ...] = ()
    """Those of a session that went well."""


class PracticeFile(PackModel, frozen=True, kw_only=True):
    """What a practice case says beside its answers."""

    id: PracticeId
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    topic: Code
    difficulty: Annotated[int, Meta(ge=1, le=3)]
    minutes: Annotated[int, Meta(ge=1, le=90)]
    invented: LineText
    author: Annotated[str, Meta(max_length=60)] = ""
    on: dt.date
    """The day the case plays; ages of answers and dated rules are reckoned from it."""
    base: PracticeId | None = None
    """A base whose answers and story it takes, as far as it has none of its own."""
    story: Annotated[tuple[StoryPart, ...], Meta(min_length=1)]
    reveal: tuple[Reveal, ...] = ()
    hint: tuple[Hint, ...] = ()
    key: Key | None = None
    """Of the screening; a case without one begins at its first stage."""
    plans: Annotated[tuple[Plan, ...], Meta(max_length=9)] = ()
    teaching: tuple[Teaching, ...] = ()
    course: StagedCourse | None = None
    stages: tuple[Stage, ...] = ()
    rubric: CaseRubric = CaseRubric()
    source_case: SourceCase | None = None


class Topic(PackModel, frozen=True, kw_only=True):
    """What a practice case is about."""

    id: Code
    title: ShortText


class TopicFile(PackModel, frozen=True, kw_only=True):
    """``practice/topics.toml``."""

    topics: Annotated[tuple[Topic, ...], Meta(min_length=1)]


class Undecided(PackModel, frozen=True, kw_only=True):
    """Rules that no practice case can turn on, with one reason for all of them."""

    rules: Annotated[tuple[RuleId, ...], Meta(min_length=1)]
    because: ParagraphText


class UndecidedFile(PackModel, frozen=True, kw_only=True):
    """``practice/undecided.toml``."""

    undecided: Annotated[tuple[Undecided, ...], Meta(min_length=1)]


class DrillStart(PackModel, frozen=True, kw_only=True):
    """A patient, or a visit, with nothing against it."""

    id: PracticeId
    base: PracticeId
    text: ParagraphText
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Beside those of the base, by section."""
    course: StagedCourse | None = None
    day: Annotated[int, Meta(ge=1, le=1500)] = 1
    decisions: tuple[Code, ...] = ()
    visit: dict[str, Any] = field(default_factory=dict)
    """Of the visit's questions, without ``visit.``."""


class DrillFile(PackModel, frozen=True, kw_only=True):
    """``practice/drills.toml``."""

    starts: Annotated[tuple[DrillStart, ...], Meta(min_length=1)]


class RubricLine(PackModel, frozen=True, kw_only=True):
    """One line of the rubric: its points, and what it is for."""

    id: LineId
    points: Annotated[int, Meta(ge=-100, le=100)]
    title: LineText
    text: ParagraphText


class RubricFile(PackModel, frozen=True, kw_only=True):
    """``practice/rubric.toml``."""

    lines: tuple[RubricLine, ...]
    red_flag_effects: tuple[Effect, ...]
    """A fact that carries a finding with one of these effects is a red flag."""
    red_flag_rules: tuple[RuleId, ...] = ()
    """So is one that carries a finding of one of these rules."""
    circumstances: tuple[str, ...] = ()
    """Questions that are never a red flag, whatever they carry: where, and for what."""
    let_through: dict[Code, tuple[Verdict, ...]] = field(default_factory=dict)
    """For each decision of a visit: verdicts that it harms to take for clear."""
    alike: tuple[tuple[Verdict, ...], ...]
    """Verdicts close enough to each other to be worth half."""
