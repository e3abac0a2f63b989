"""The practice files of a pack: a case with its story and key, topics, the rubric."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from ketatui.contract.base import (
    Closed,
    Code,
    Day,
    Effect,
    LineText,
    Number,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
    Verdict,
)
from ketatui.contract.case import Answered
from ketatui.contract.course import Minute, Severity

Part = Literal["referral", "history", "examination", "medications", "labs"]
PracticeId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
StoryText = Annotated[str, Field(pattern=r"\S", max_length=1800)]
TeachingText = Annotated[str, Field(min_length=1, max_length=600)]


class StoryPart(Closed):
    """A part of the story as it lies before the trainee."""

    part: Part
    title: ShortText
    text: StoryText


class Reveal(Closed):
    """Something that is told only when it is asked for."""

    id: PracticeId
    part: Part
    ask: LineText
    """What the asking is called afterwards: "Ask about headaches"."""
    text: TeachingText
    facts: list[str] = Field(default_factory=list)
    """Questions it answers: asking at any of them tells it. Without any it is told when asking
    elsewhere brings nothing else up, as people say things nobody asked for."""


class Hint(Closed):
    """A nudge that costs points."""

    text: Annotated[str, Field(min_length=1, max_length=300)]


class Plan(Closed):
    """One of the plans to choose from; neither right nor with a harm it is neutral."""

    id: PracticeId
    text: Annotated[str, Field(min_length=1, max_length=240)]
    right: bool = False
    harm: ParagraphText | None = None
    choices: list[str] = Field(default_factory=list)
    """For a right plan: pathways (or ``none``) that go with it beside the best one."""


class Teaching(Closed):
    """Something to take away, with the rules it is about and where to read it."""

    text: TeachingText
    rules: list[RuleId] = Field(default_factory=list)
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class Key(Closed):
    """What the author expects. It is held against the engine and never scored itself."""

    best: str
    """A pathway's id, or ``none``."""
    verdicts: dict[PathwayId, Verdict]
    reasons: dict[PathwayId, list[RuleId]] = Field(default_factory=dict)


class SourceCase(Closed):
    """Where a practice case that was made from a saved case came from."""

    pack: str
    version: str
    made_on: Day


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
Gain = Annotated[int, Field(ge=0, le=100)]
Loss = Annotated[int, Field(ge=-100, le=0)]


class CaseRubric(Closed):
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


CourseDay = Annotated[int, Field(ge=-365, le=1500)]
"""A day of the course; 1 is the day the case plays."""


class ScoreOnDay(Closed):
    """A total of a scale on a day of the course."""

    instrument: Code
    day: CourseDay
    value: Number


class DoseOnDay(Closed):
    """A dose that was given on a day of the course; 0 mg was held."""

    day: CourseDay
    mg: Number
    swallow: Code | None = None


class StagedCourse(Closed):
    """The course whose visits the stages of a case are."""

    pathway: PathwayId
    basis: Code
    site: Code | None = None
    """That of the screening where not given."""
    planned_sessions: Annotated[int, Field(ge=1, le=999)] | None = None
    interval_days: Annotated[int, Field(ge=1, le=365)] | None = None
    instrument: Code | None = None
    scores: list[ScoreOnDay] = Field(default_factory=list)
    sessions: list[DoseOnDay] = Field(default_factory=list)
    """What later stages count, the doses of staged days among it."""


class Watched(Closed):
    """What was measured or seen at one minute of a session."""

    minute: Minute
    systolic: Annotated[int, Field(ge=50, le=300)] | None = None
    diastolic: Annotated[int, Field(ge=20, le=200)] | None = None
    heart_rate: Annotated[int, Field(ge=20, le=250)] | None = None
    respiratory_rate: Annotated[int, Field(ge=4, le=60)] | None = None
    spo2: Annotated[int, Field(ge=50, le=100)] | None = None
    sedation: Annotated[int, Field(ge=0, le=5)] | None = None
    dissociation: Literal["none", "mild", "moderate", "severe"] | None = None


class Happened(Closed):
    """An adverse event of a session."""

    term: LineText
    onset_minute: Minute | None = None
    severity: Severity | None = None
    serious: bool | None = None
    """None while nobody has said."""
    action: Annotated[str, Field(max_length=200)] = ""
    reported_on: Day | None = None


class Stage(Closed):
    """One visit of the course, or a part of one: what is told, what is asked, and its key."""

    id: PracticeId
    title: Annotated[str, Field(min_length=1, max_length=60)]
    day: Annotated[int, Field(ge=1, le=1500)]
    kind: Literal["session", "review"] = "session"
    days_later: Annotated[int, Field(ge=0, le=365)] = 0
    """Days after the visit on which it is judged."""
    story: Annotated[list[StoryPart], Field(min_length=1)]
    reveal: list[Reveal] = Field(default_factory=list)
    hint: list[Hint] = Field(default_factory=list)
    answers: dict[str, Any] = Field(default_factory=dict)
    """By question of the visit, without ``visit.``."""
    unknown: list[Code] = Field(default_factory=list)
    observations: list[Watched] = Field(default_factory=list)
    """Given, as events are: they stand in the chart."""
    events: list[Happened] = Field(default_factory=list)
    key: Annotated[dict[Code, Verdict], Field(min_length=1)]
    """What is decided here, and the verdict that the author expects."""
    reasons: dict[Code, list[RuleId]] = Field(default_factory=dict)
    plans: Annotated[list[Plan], Field(min_length=2, max_length=9)]
    teaching: list[Teaching] = Field(default_factory=list)


class BaseStory(Closed):
    """A sentence or two of a base, told where a case leaves all of its facts as they are."""

    part: Part
    title: ShortText
    text: StoryText
    facts: list[str]


class PracticeBase(Answered):
    """A base: answers and story that short practice cases share."""

    model_config = ConfigDict(extra="forbid")

    id: PracticeId
    title: ParagraphText
    story: Annotated[list[BaseStory], Field(min_length=1)]
    visits: dict[Code, dict[str, Any]] = Field(default_factory=dict)
    """For each decision of a visit the answers that have nothing against it."""
    visit_story: list[BaseStory] = Field(default_factory=list)
    """Told in a stage that takes all of its facts from the base."""
    observations: list[Watched] = Field(default_factory=list)
    """Those of a session that went well."""


class PracticeFile(Answered):
    """A practice case: its answers, and what it says beside them."""

    model_config = ConfigDict(extra="forbid")

    id: PracticeId
    title: Annotated[str, Field(min_length=1, max_length=60)]
    topic: Code
    difficulty: Annotated[int, Field(ge=1, le=3)]
    minutes: Annotated[int, Field(ge=1, le=90)]
    invented: LineText
    author: Annotated[str, Field(max_length=60)] = ""
    on: Day
    """The day the case plays; ages of answers and dated rules are reckoned from it."""
    base: PracticeId | None = None
    """A base whose answers and story it takes, as far as it has none of its own."""
    story: Annotated[list[StoryPart], Field(min_length=1)]
    reveal: list[Reveal] = Field(default_factory=list)
    hint: list[Hint] = Field(default_factory=list)
    key: Key | None = None
    """Of the screening; a case without one begins at its first stage."""
    plans: Annotated[list[Plan], Field(max_length=9)] = Field(default_factory=list)
    teaching: list[Teaching] = Field(default_factory=list)
    course: StagedCourse | None = None
    stages: list[Stage] = Field(default_factory=list)
    rubric: CaseRubric = CaseRubric()
    source_case: SourceCase | None = None


class Topic(Closed):
    """What a practice case is about."""

    id: Code
    title: ShortText


class TopicFile(Closed):
    """``practice/topics.toml``."""

    topics: Annotated[list[Topic], Field(min_length=1)]


class Undecided(Closed):
    """Rules that no practice case can turn on, with one reason for all of them."""

    rules: Annotated[list[RuleId], Field(min_length=1)]
    because: ParagraphText


class UndecidedFile(Closed):
    """``practice/undecided.toml``."""

    undecided: Annotated[list[Undecided], Field(min_length=1)]


Count = Annotated[int, Field(ge=0)]


class PeersOf(Closed):
    """What others committed to in one part of a case, as counts."""

    case: PracticeId
    part: str = ""
    """The stage's id; empty for the screening."""
    attempts: Annotated[int, Field(ge=1)]
    """First tries that were counted."""
    plans: dict[str, Count] = Field(default_factory=dict)
    choices: dict[str, Count] = Field(default_factory=dict)
    verdicts: dict[Code, dict[Verdict, Count]] = Field(default_factory=dict)
    reasons: dict[Code, dict[RuleId, Count]] = Field(default_factory=dict)


class PeersFile(Closed):
    """``peers.toml`` of a teacher's folder."""

    peers: list[PeersOf] = Field(default_factory=list)


class DrillStart(Closed):
    """A patient, or a visit, with nothing against it."""

    id: PracticeId
    base: PracticeId
    text: ParagraphText
    answers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Beside those of the base, by section."""
    course: StagedCourse | None = None
    day: Annotated[int, Field(ge=1, le=1500)] = 1
    decisions: list[Code] = Field(default_factory=list)
    visit: dict[str, Any] = Field(default_factory=dict)
    """Of the visit's questions, without ``visit.``."""


class DrillFile(Closed):
    """``practice/drills.toml``."""

    starts: Annotated[list[DrillStart], Field(min_length=1)]


class RubricLine(Closed):
    """One line of the rubric: its points, and what it is for."""

    id: LineId
    points: Annotated[int, Field(ge=-100, le=100)]
    title: LineText
    text: ParagraphText


class Assignment(Closed):
    """``assignment.toml`` of a teacher's folder: what a class is to do."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    cases: Annotated[list[PracticeId], Field(min_length=1)]
    due: Day | None = None
    """The last day on which an attempt counts as in time."""
    hints: bool = True
    """Whether hints may be taken."""
    tries: Annotated[int, Field(ge=1, le=20)] | None = None
    """How many attempts at each case count; as many as one likes without."""


class RubricFile(Closed):
    """``practice/rubric.toml``."""

    lines: list[RubricLine]
    red_flag_effects: list[Effect]
    """A fact that carries a finding with one of these effects is a red flag."""
    red_flag_rules: list[RuleId] = Field(default_factory=list)
    """So is one that carries a finding of one of these rules."""
    circumstances: list[str] = Field(default_factory=list)
    """Questions that are never a red flag, whatever they carry: where, and for what."""
    let_through: dict[Code, list[Verdict]] = Field(default_factory=dict)
    """For each decision of a visit: verdicts that it harms to take for clear."""
    alike: list[list[Verdict]]
    """Verdicts close enough to each other to be worth half."""
