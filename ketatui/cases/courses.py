"""Courses of treatment: visits, what was seen and measured in each, and the scores.

Answers of a visit name the questions of the pack's ``course/``; `ketatui.cases.course_reading`
holds them against it.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from ketatui.cases.base import Answer, Answers, CaseModel, Moment, Said
from ketatui.criteria.models import Code, PathwayId
from ketatui.toml_structs import strip_texts

VisitKind = Literal["session", "review"]
Dissociation = Literal["none", "mild", "moderate", "severe"]
Severity = Literal["mild", "moderate", "severe"]

Minute = Annotated[int, Meta(ge=0, le=10_000)]
"""Minutes from the first device, or from the start of the infusion or injection."""
Systolic = Annotated[int, Meta(ge=50, le=300)]
Diastolic = Annotated[int, Meta(ge=20, le=200)]
HeartRate = Annotated[int, Meta(ge=20, le=250)]
RespiratoryRate = Annotated[int, Meta(ge=4, le=60)]
Saturation = Annotated[int, Meta(ge=50, le=100)]
Sedation = Annotated[int, Meta(ge=0, le=5)]


class Observation(CaseModel, frozen=True, kw_only=True):
    """What was measured or seen at one minute of a session; each part only where it was."""

    minute: Minute
    systolic: Systolic | None = None
    """mmHg."""
    diastolic: Diastolic | None = None
    heart_rate: HeartRate | None = None
    respiratory_rate: RespiratoryRate | None = None
    spo2: Saturation | None = None
    """Percent."""
    sedation: Sedation | None = None
    """MOAA/S: 5 is fully awake."""
    dissociation: Dissociation | None = None
    """Beyond the person's own usual state."""
    at: Moment | None = None
    by: str = ""


class Event(CaseModel, frozen=True, kw_only=True):
    """An adverse event of a session."""

    term: Said
    onset_minute: Minute | None = None
    end_minute: Minute | None = None
    severity: Severity | None = None
    serious: bool | None = None
    """None while nobody has said."""
    action: str = ""
    reported_on: dt.date | None = None
    reported_to: str = ""

    def __post_init__(self) -> None:
        """Keep what is said, without the space around it."""
        strip_texts(self, "term")


class EarlierReading(CaseModel, frozen=True, kw_only=True):
    """A value that was taken again: the answer is the later one, this one stays on record."""

    question: str
    value: Any
    at: Moment | None = None
    by: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no answer."""
        if not isinstance(self.value, Answer):
            raise ValueError(f"value: {type(self.value).__name__} is no answer")


class EarlierRow(CaseModel, frozen=True, kw_only=True):
    """A row of a session as it stood before it was corrected or struck out: it stays on record."""

    observation: Observation | None = None
    event: Event | None = None
    struck: bool = False
    """Struck out; otherwise another row stands in its place."""
    at: Moment | None = None
    by: str = ""


class Device(CaseModel, frozen=True, kw_only=True):
    """A device, vial or dose unit taken from stock: used, or wasted before a witness."""

    lot: str = ""
    serial: str = ""
    used: bool | None = None
    wasted_mg: Decimal | None = None
    witness: str = ""


class VisitOverride(CaseModel, frozen=True, kw_only=True):
    """A finding of a visit set aside by the clinician, with a reason; shown forever."""

    decision: str
    rule: str
    reason: Said
    by: Said
    at: Moment

    def __post_init__(self) -> None:
        """Keep what is said, without the space around it."""
        strip_texts(self, "reason", "by")


class Visit(CaseModel, frozen=True, kw_only=True):
    """A session, in which a dose was given, held or is about to be; or a review."""

    number: Annotated[int, Meta(ge=1, le=9999)]
    kind: VisitKind = "session"
    date: dt.date
    planned_on: dt.date | None = None
    first_dose_at: Moment | None = None
    """The session's clock: the first device, or the start of the infusion or injection."""
    last_dose_at: Moment | None = None
    unknown: frozenset[str] = frozenset()
    """Questions of the visit that were asked and cannot be established."""
    answers: Answers = field(default_factory=dict)
    """By question id (``visit.systolic``)."""
    notes: dict[str, str] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    events: tuple[Event, ...] = ()
    readings: tuple[EarlierReading, ...] = ()
    corrected: tuple[EarlierRow, ...] = ()
    devices: tuple[Device, ...] = ()
    weight_kg: Decimal | None = None
    """Taken anew at this visit; the screening's counts until one is."""
    papers: dict[str, dt.date] = field(default_factory=dict)
    """The day a paper was sent, signed or handed over, by the form or check it is."""
    overrides: tuple[VisitOverride, ...] = ()
    closed_at: Moment | None = None
    closed_by: str = ""
    assessment: dict[str, Any] | None = None
    """How it was judged when it was closed (JSON form, without nulls)."""


class Score(CaseModel, frozen=True, kw_only=True):
    """A total of a scale on a day."""

    instrument: str
    date: dt.date
    value: Decimal
    by: str = ""


class Course(CaseModel, frozen=True, kw_only=True):
    """One course of treatment."""

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")]
    pathway: PathwayId
    basis: Code
    """What it runs under: one of the bases of the pack's course."""
    site: str
    """A code of the question that the pack's course names for it."""
    planned_sessions: Annotated[int, Meta(ge=1, le=999)] | None = None
    """Of a racemic course; for SPRAVATO the label's schedule counts."""
    interval_days: Annotated[int, Meta(ge=1, le=365)] | None = None
    """In maintenance; of a racemic course from the first session on."""
    instrument: str | None = None
    """The scale by which benefit is judged."""
    reasons: str = ""
    """Why this plan."""
    stopped: dt.date | None = None
    stop_reason: str = ""
    scores: tuple[Score, ...] = ()
    visits: tuple[Visit, ...] = ()
    criteria: dict[str, Any] = field(default_factory=dict)
    """The rules of its pathway that closed visits were judged by, in short, by the digest that
    their judgments name; once for all visits of one digest."""

    def visit(self, number: int) -> Visit | None:
        """Return the visit of a number, if there is one."""
        return next((item for item in self.visits if item.number == number), None)

    def has_ended(self, on: dt.date) -> bool:
        """Tell whether it is stopped by a day: one that is to stop on a later day still runs."""
        return self.stopped is not None and self.stopped <= on

    @property
    def in_order(self) -> tuple[Visit, ...]:
        """The visits by date, then number."""
        return tuple(sorted(self.visits, key=lambda item: (item.date, item.number)))
