"""The case: everything a consultation records, as immutable values.

A case never holds a name or a record number. Keys this version does not know are kept (in
``extra``) and written back, so that a file from elsewhere survives a round trip.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from msgspec import field

from ketatui.cases.base import Answer as Answer
from ketatui.cases.base import Answers as Answers
from ketatui.cases.base import CaseModel as CaseModel
from ketatui.cases.base import Moment as Moment
from ketatui.cases.base import Said as Said
from ketatui.cases.courses import Course
from ketatui.criteria.models import PathwayId
from ketatui.toml_structs import strip_texts

SCHEMA = 1
"""Version of the case file this program writes, and the newest it reads."""

NONE_OF_THESE = "none_of_these"
"""Said of a medicine: it is in none of the classes that rules read."""
NOT_ESTABLISHED = "cannot_be_established"
"""Said of a medicine: what it is was asked and is not known."""

State = Literal["draft", "final", "awaiting_review", "reviewed", "amended"]
ANTIDEPRESSANT = "antidepressant"
"""The kind of a trial that can count as failed; the others are what the criteria name."""
ReviewKind = Literal["comment", "agree", "disagree"]
Meaning = Literal["reviewed", "co-signed", "amended"]
"""What a signature stands for."""


class DoseStep(CaseModel, frozen=True, kw_only=True):
    """One step of a trial: a daily dose in mg, and the weeks it was held."""

    daily_dose_mg: Decimal | None = None
    weeks: Decimal | None = None


class Trial(CaseModel, frozen=True, kw_only=True):
    """One treatment tried. A field not yet known is None; the row is then unfinished."""

    kind: str | None = None
    """A code of the criteria's kinds of treatment; an antidepressant where not given."""
    drug: str = ""
    """Empty where nobody said, and for what is no drug."""
    daily_dose_mg: Decimal | None = None
    """The highest dose, in mg a day."""
    weeks: Decimal | None = None
    """Weeks at or above the minimum adequate dose."""
    steps: tuple[DoseStep, ...] = ()
    """The doses one after the other; they stand for dose and weeks where those are not given."""
    outcome: str | None = None
    """A code of the criteria's outcomes."""
    adherent: bool | None = None
    current_episode: bool | None = None
    dose_adequate: bool | None = None
    """The clinician's word, asked only for a drug without a tabled minimum."""


class Medication(CaseModel, frozen=True, kw_only=True):
    """One medicine the patient takes, as written down."""

    name: str
    dose: str = ""
    classes: tuple[str, ...] = ()
    """What the clinician says a name without an entry is: drug classes, or `NONE_OF_THESE`, or
    `NOT_ESTABLISHED`."""


class ConsentMark(CaseModel, frozen=True, kw_only=True):
    """One consent item as discussed."""

    discussed_at: Moment
    teach_back: str = ""
    """The patient's own words."""
    note: str = ""


class Consent(CaseModel, frozen=True, kw_only=True):
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
    items: dict[str, ConsentMark] = field(default_factory=dict)


class Override(CaseModel, frozen=True, kw_only=True):
    """A finding set aside by the clinician, with a reason; shown forever."""

    pathway: PathwayId
    rule: str
    reason: Said
    by: Said
    at: Moment

    def __post_init__(self) -> None:
        """Keep what is said, without the space around it."""
        strip_texts(self, "reason", "by")


class Decision(CaseModel, frozen=True, kw_only=True):
    """What the clinician decided."""

    pathway: str | None = None
    """A pathway's id, or ``none`` for none of them."""
    verdict: str = ""
    """What the criteria said of it when it was chosen: the decision was made on that."""
    standing: Literal["within_criteria", "provisional", "against_criteria"] | None = None
    reason: str = ""
    by: str = ""
    at: Moment | None = None
    overrides: tuple[Override, ...] = ()


class Review(CaseModel, frozen=True, kw_only=True):
    """What a reviewer said, forever; of the revision they had before them."""

    id: str
    """``r1``, ``r2``, …, in the order they were added."""
    at: Moment
    by: Said
    role: Said
    kind: ReviewKind
    on: str = "case"
    """``case``, ``decision``, ``answer:QUESTION`` or ``finding:PATHWAY/RULE``."""
    text: Said
    revision: int
    digest: str

    def __post_init__(self) -> None:
        """Keep what is said, without the space around it."""
        strip_texts(self, "by", "role", "text")


class Signature(CaseModel, frozen=True, kw_only=True):
    """A name put to a revision, forever."""

    at: Moment
    by: Said
    role: Said
    meaning: Meaning
    revision: int
    """The revision that is signed; a later one is not."""
    digest: str
    """That revision's digest, so that the signature fits no other content."""

    def __post_init__(self) -> None:
        """Keep what is said, without the space around it."""
        strip_texts(self, "by", "role")


class SealedParts(CaseModel, frozen=True, kw_only=True):
    """A short digest of each part of the content, to tell where a change of the file is."""

    revision: int
    """Number of the revision they were made for; of another one they say nothing."""
    digests: str
    """On one line, each path in the file with its digest: ``label 03fe81c2; state 9a0b11d4``."""


class Record(CaseModel, frozen=True, kw_only=True):
    """Who wrote the file and when."""

    created_at: Moment | None = None
    created_by: str = ""
    saved_at: Moment | None = None
    saved_by: str = ""
    program: str = ""
    parts: SealedParts | None = None
    """Of the last revision; None in a file of an older program."""


class Revision(CaseModel, frozen=True, kw_only=True):
    """One save: who, when, why, what changed, and the digest that seals it."""

    number: int
    at: Moment
    by: str = ""
    why: str = ""
    changes: tuple[dict[str, Any], ...] = ()
    """Each ``{"what": path, "old": value, "new": value}``; a missing side is left out."""
    previous: str = ""
    """Digest of the revision before; empty for the first."""
    row: str = ""
    """``sha256:…`` over this row itself, so that a later change can be told to be here."""
    digest: str = ""
    """``sha256:…`` over the case's content as saved and ``previous``."""
    outside: bool = False
    """Whether the content it was saved over was not what the revision before had sealed."""


class Case(CaseModel, frozen=True, kw_only=True):
    """A consultation's content."""

    id: str = ""
    label: str = ""
    """What the clinician calls the case; never a name."""
    state: State = "draft"
    practice: bool = False
    unknown: frozenset[str] = frozenset()
    """Questions that were asked and cannot be established."""
    answers: Answers = field(default_factory=dict)
    scale_items: dict[str, dict[str, int]] = field(default_factory=dict)
    """Item scores by question id, then item id; a half-filled scale has some only."""
    dates: dict[str, dt.date] = field(default_factory=dict)
    """The day an answer was given by question id, where it is not the day of the assessment. In a
    case that is being worked on every answer has its day."""
    notes: dict[str, str] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    medications: tuple[Medication, ...] = ()
    tables: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    """Rows of further questions of kind ``rows``, by question id; each row by column id."""
    consent: Consent = Consent()
    decision: Decision = Decision()
    courses: tuple[Course, ...] = ()
    """Courses of treatment, one after the other."""
    assessment: dict[str, Any] | None = None
    """The assessment as it stood when saved (its JSON form, without nulls)."""
    reviews: tuple[Review, ...] = ()
    signatures: tuple[Signature, ...] = ()
    record: Record = Record()
    revisions: tuple[Revision, ...] = ()
