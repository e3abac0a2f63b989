"""A course of treatment in the case file: visits, observations, events and scores."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ketatui.contract.base import Day, Id, Moment, Number, Open

CoursePathway = Literal["spravato", "iv", "im", "oral"]
CourseBasis = Literal["trd", "mdsi", "other"]
ScaleId = Literal["phq9", "madrs", "qids_sr16", "pcl5", "ybocs", "pain_nrs"]
Severity = Literal["mild", "moderate", "severe"]
VisitAnswer = bool | int | Number | str
Minute = Annotated[int, Field(ge=0)]
"""Minutes from the first device, or from the start of the infusion or injection."""


class Score(Open):
    """What a scale came to on a day."""

    instrument: ScaleId
    date: Day
    value: Number


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


class Event(Open):
    """Something that happened during or after a session."""

    term: str
    onset_minute: Minute | None = None
    severity: Severity | None = None
    serious: bool | None = None
    reported_on: Day | None = None
    reported_to: str = ""


class Visit(Open):
    """A session, in which a dose was given, held or is about to be, or a review."""

    number: Annotated[int, Field(ge=1)]
    kind: Literal["session", "review"] = "session"
    date: Day
    first_dose_at: Moment | None = None
    """The clock of the session."""
    unknown: list[Id] = Field(default_factory=list)
    """Questions that were asked and cannot be established."""
    answers: dict[str, dict[str, VisitAnswer]] = Field(default_factory=dict)
    """By the first part of a question's id, then by the last: ``answers.visit.systolic``."""
    observations: list[Observation] = Field(default_factory=list)
    events: list[Event] = Field(default_factory=list)


class Course(Open):
    """One course of treatment by one pathway."""

    id: str
    pathway: CoursePathway
    basis: CourseBasis
    site: str
    """A code of the question ``setting.site``."""
    planned_sessions: Annotated[int, Field(ge=1)] | None = None
    interval_days: Annotated[int, Field(ge=1)] | None = None
    instrument: ScaleId | None = None
    """The scale that benefit is judged by."""
    stopped: Day | None = None
    stop_reason: str = ""
    scores: list[Score] = Field(default_factory=list)
    visits: list[Visit] = Field(default_factory=list)
    overrides: list[dict[str, Any]] = Field(default_factory=list)
