"""A course of treatment in the case file: visits, observations, events and scores."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ketatui.contract.base import Code, Day, Id, Moment, Number, Open, PathwayId

Severity = Literal["mild", "moderate", "severe"]
VisitAnswer = bool | int | Number | str
Minute = Annotated[int, Field(ge=0, le=10_000)]
"""Minutes from the first device, or from the start of the infusion or injection."""


class Score(Open):
    """What a scale came to on a day."""

    instrument: Code
    date: Day
    value: Number
    by: str = ""


class Observation(Open):
    """What was measured and seen at one time after a dose."""

    minute: Minute
    systolic: int | None = None
    """mmHg"""
    diastolic: int | None = None
    """mmHg"""
    heart_rate: int | None = None
    """/min"""
    respiratory_rate: int | None = None
    """/min"""
    spo2: int | None = None
    """%"""
    sedation: Annotated[int, Field(ge=0, le=5)] | None = None
    """MOAA/S: 5 is awake, 0 does not respond."""
    dissociation: Literal["none", "mild", "moderate", "severe"] | None = None
    """Beyond the person's own usual."""
    at: Moment | None = None
    by: str = ""


class Event(Open):
    """Something that happened during or after a session."""

    term: str
    onset_minute: Minute | None = None
    end_minute: Minute | None = None
    severity: Severity | None = None
    serious: bool | None = None
    """None while nobody has said."""
    action: str = ""
    reported_on: Day | None = None
    reported_to: str = ""


class EarlierReading(Open):
    """A value that was taken again: the answer is the later one, this one stays on record."""

    question: Id
    value: VisitAnswer
    at: Moment | None = None
    by: str = ""


class EarlierRow(Open):
    """A row of a session as it stood before it was corrected or struck out: it stays on record."""

    observation: Observation | None = None
    event: Event | None = None
    struck: bool = False
    """Struck out; otherwise another row stands in its place."""
    at: Moment | None = None
    by: str = ""


class Device(Open):
    """A device, vial or dose unit taken from stock: used, or wasted before a witness."""

    lot: str = ""
    serial: str = ""
    used: bool | None = None
    wasted_mg: Number | None = None
    witness: str = ""


class VisitOverride(Open):
    """A finding of a visit set aside by the clinician, with a reason; shown forever."""

    decision: str
    rule: str
    reason: str
    by: str
    at: Moment


class Visit(Open):
    """A session, in which a dose was given, held or is about to be, or a review."""

    number: Annotated[int, Field(ge=1)]
    kind: Literal["session", "review"] = "session"
    date: Day
    planned_on: Day | None = None
    first_dose_at: Moment | None = None
    """The clock of the session."""
    last_dose_at: Moment | None = None
    unknown: list[Id] = Field(default_factory=list)
    """Questions that were asked and cannot be established."""
    answers: dict[str, dict[str, VisitAnswer]] = Field(default_factory=dict)
    """By the first part of a question's id, then by the last: ``answers.visit.systolic``."""
    notes: dict[str, str] = Field(default_factory=dict)
    observations: list[Observation] = Field(default_factory=list)
    events: list[Event] = Field(default_factory=list)
    readings: list[EarlierReading] = Field(default_factory=list)
    corrected: list[EarlierRow] = Field(default_factory=list)
    devices: list[Device] = Field(default_factory=list)
    weight_kg: Number | None = None
    """Taken anew at this visit; the screening's counts until one is."""
    papers: dict[str, Day] = Field(default_factory=dict)
    """The day a paper was sent, signed or handed over, by the form or check it is."""
    overrides: list[VisitOverride] = Field(default_factory=list)
    closed_at: Moment | None = None
    closed_by: str = ""
    assessment: dict[str, Any] | None = None
    """How it was judged when it was closed: of its assessment the day, the criteria, verdicts by
    decision, and as rows findings, open rules and contradictions (JSON form, without nulls)."""


class Course(Open):
    """One course of treatment by one pathway."""

    id: str
    pathway: PathwayId
    basis: Code
    """What it runs under: one of the bases of the pack's course."""
    site: str
    """A code of the question that the pack's course names for it."""
    planned_sessions: Annotated[int, Field(ge=1)] | None = None
    interval_days: Annotated[int, Field(ge=1)] | None = None
    instrument: Code | None = None
    """The scale that benefit is judged by."""
    reasons: str = ""
    """Why this plan."""
    stopped: Day | None = None
    stop_reason: str = ""
    scores: list[Score] = Field(default_factory=list)
    visits: list[Visit] = Field(default_factory=list)
    criteria: dict[str, Any] = Field(default_factory=dict)
    """The rules that closed visits were judged by, in short, by the digest that their judgments
    name: thresholds in force and each rule with its fingerprint."""
