"""The case file: everything a consultation records, as TOML or as JSON has it."""

from typing import Any, Literal

from pydantic import Field

from ketatui.contract.base import Code, Day, Id, Moment, Number, Open, PathwayId, Said
from ketatui.contract.course import Course

Outcome = Code
"""One of the outcomes of a trial that the criteria tell apart."""


class DoseStep(Open):
    """One step of a trial: a daily dose in mg, and the weeks it was held."""

    daily_dose_mg: Number | None = None
    weeks: Number | None = None


class Trial(Open):
    """One treatment tried. A field not yet known is None; the row is then unfinished."""

    kind: Code | None = None
    """One of the criteria's kinds of treatment; an antidepressant where not given."""
    drug: str = ""
    """As it is called; empty where nobody said, or for what is no drug."""
    daily_dose_mg: Number | None = None
    """The highest dose, in mg a day."""
    weeks: Number | None = None
    """Weeks at or above the minimum adequate dose."""
    steps: list[DoseStep] = Field(default_factory=list)
    """The doses one after the other; they stand for dose and weeks where those are not given."""
    outcome: Outcome | None = None
    adherent: bool | None = None
    current_episode: bool | None = None
    dose_adequate: bool | None = None
    """The clinician's word, asked only for a drug without a tabled minimum."""


class Medication(Open):
    """One medicine the patient takes, as written down."""

    name: str
    dose: str = ""
    classes: list[Code] = Field(default_factory=list)
    """What the clinician says a name without an entry is: drug classes, or ``none_of_these``, or
    ``cannot_be_established``."""


class ConsentMark(Open):
    """One consent item as discussed."""

    discussed_at: Moment
    teach_back: str = ""
    """The patient's own words."""
    note: str = ""


class Consent(Open):
    """The consent conversation and how it ended."""

    outcome: Literal["agreed", "declined", "deferred"] | None = None
    ended_at: Moment | None = None
    present: str = ""
    """Who was there, by role."""
    interpreter: str = ""
    copy_given: bool | None = None
    pathway: str = ""
    """The pathway that was chosen when it ended, or first saved; empty where none was."""
    verdict: str = ""
    """What the criteria said of that pathway then."""
    items: dict[str, ConsentMark] = Field(default_factory=dict)


class Override(Open):
    """A finding set aside by the clinician, with a reason; shown forever."""

    pathway: PathwayId
    rule: str
    reason: Said
    by: Said
    at: Moment


class Decision(Open):
    """What the clinician decided."""

    pathway: str | None = None
    """A pathway's id, or ``none`` for none of them."""
    verdict: str = ""
    """What the criteria said of it when it was chosen: the decision was made on that."""
    standing: Literal["within_criteria", "provisional", "against_criteria"] | None = None
    reason: str = ""
    by: str = ""
    at: Moment | None = None
    overrides: list[Override] = Field(default_factory=list)


class Review(Open):
    """What a reviewer said, forever; of the revision they had before them."""

    id: str
    """``r1``, ``r2``, …, in the order they were added."""
    at: Moment
    by: Said
    role: Said
    kind: Literal["comment", "agree", "disagree"]
    on: str = "case"
    """``case``, ``decision``, ``answer:QUESTION`` or ``finding:PATHWAY/RULE``."""
    text: Said
    revision: int
    digest: str


class Signature(Open):
    """A name put to a revision, forever."""

    at: Moment
    by: Said
    role: Said
    meaning: Literal["reviewed", "co-signed", "amended"]
    revision: int
    """The revision that is signed; a later one is not."""
    digest: str
    """That revision's digest, so that the signature fits no other content."""


class SealedParts(Open):
    """A short digest of each part of the content, to tell where a change of the file is."""

    revision: int
    """Number of the revision they were made for; of another one they say nothing."""
    digests: str
    """On one line, each path in the file with its digest."""


class Record(Open):
    """Who wrote the file and when."""

    created_at: Moment | None = None
    created_by: str = ""
    saved_at: Moment | None = None
    saved_by: str = ""
    program: str = ""
    parts: SealedParts | None = None
    """Of the last revision; absent in a file of an older program."""


class Revision(Open):
    """One save: who, when, why, what changed, and the digest that seals it."""

    number: int
    at: Moment
    by: str = ""
    why: str = ""
    changes: list[dict[str, Any]] = Field(default_factory=list)
    """Each ``{"what": path, "old": value, "new": value}``; a missing side is left out."""
    previous: str = ""
    """Digest of the revision before; empty for the first."""
    row: str = ""
    """``sha256:…`` over this row itself, so that a later change can be told to be here."""
    digest: str = ""
    """``sha256:…`` over the case's content as saved and ``previous``."""
    outside: bool = False
    """Whether the content it was saved over was not what the revision before had sealed."""


class CaseProposal(Open):
    """What a patient's record proposes: no answer until a person confirms it."""

    question: Id
    value: bool | int | Number | str
    date: str | None = None
    """When it is from, as the record writes it."""
    resource: str
    code: str
    stale: bool = False
    """Too old to count on the day it was read."""
    old: bool = False
    """Old, though its question does not say when an answer is too old. Whoever confirmed it said
    that it still holds."""
    items: dict[str, int] | None = None
    recognized: str | None = None
    read_on: Day
    confirmed_by: str = ""
    """Who confirmed it; its value is then an answer of the case. Empty while nobody did."""
    confirmed_at: Moment | None = None


class Answered(Open):
    """What a case and a practice case share: what was answered."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    unknown: list[Id] = Field(default_factory=list)
    """Questions that were asked and cannot be established."""
    answers: dict[str, Any] = Field(default_factory=dict)
    """A table a section; the last part of a question's id is the key."""
    scale_items: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Item scores by question id, then item id; a half-filled scale has some only."""
    antidepressant_trials: list[Trial] = Field(default_factory=list)
    medications: list[Medication] = Field(default_factory=list)
    tables: dict[str, Any] = Field(default_factory=dict)
    """Rows of further questions of kind ``rows``: ``[[tables."question.id"]]``, by column id."""


class Case(Answered):
    """A case file."""

    id: str = ""
    """Unique, sortable by time, safe as a file name."""
    label: str = ""
    """What the clinician calls the case; never a name."""
    state: Literal["draft", "final", "awaiting_review", "reviewed", "amended"] = "draft"
    practice: bool = False
    dates: dict[str, Day] = Field(default_factory=dict)
    """The day an answer was given, by question id, where it is not the day of the assessment."""
    notes: dict[str, str] = Field(default_factory=dict)
    """Free text by question id."""
    consent: Consent = Consent()
    decision: Decision = Decision()
    courses: list[Course] = Field(default_factory=list)
    assessment: dict[str, Any] | None = None
    """The assessment as it stood when saved (its JSON form, without nulls)."""
    reviews: list[Review] = Field(default_factory=list)
    signatures: list[Signature] = Field(default_factory=list)
    record: Record = Record()
    revisions: list[Revision] = Field(default_factory=list)
    proposals: list[CaseProposal] = Field(default_factory=list)
    """Assessed by nothing."""
    expect: dict[str, Any] | None = None
    """Allowed, and not read."""
