"""``records.toml``: what in a patient's record answers a question, and what does not."""

from typing import Annotated

from pydantic import Field

from ketatui.contract.base import (
    Closed,
    Code,
    Icd10cm,
    Id,
    LineText,
    Loinc,
    Number,
    PathwayId,
    ShortText,
    Snomed,
    SourceRef,
    Ucum,
)

Word = Annotated[str, Field(min_length=1, max_length=80)]
Sources = Annotated[list[SourceRef], Field(min_length=1)]


class RecordPart(Closed):
    """One value of a reading, and the question that it answers."""

    question: Id
    code: Loinc | None = None
    """The component that holds it; the observation's own value where not given."""
    units: Annotated[dict[Ucum, Number], Field(min_length=1)]
    """The units that are taken, each with its factor to the unit of the question."""
    rounded: bool = False
    """Whether a value that is no whole number is rounded to one, a half up; refused otherwise."""


class RecordReading(Closed):
    """An observation that is measured; its values are taken together or not at all."""

    id: Code
    codes: Annotated[list[Loinc], Field(min_length=1)]
    parts: Annotated[list[RecordPart], Field(min_length=1)]
    not_with: list[Loinc] = Field(default_factory=list)
    """Components beside which the value answers another question."""
    not_with_because: LineText | None = None
    sources: Sources


class RecordScale(Closed):
    """A scale that is read by the codes of its instrument."""

    question: Id
    units: list[Ucum] = Field(default_factory=list)
    """Units that a score may be written in; a bare whole number needs none."""
    sources: Sources


class RefusedCode(Closed):
    """A code that looks like one that is read, and asks something else."""

    code: Loinc
    because: LineText
    sources: Sources


class RecordSex(Closed):
    """An extension of the patient that says which sex is recorded, beside the sex at birth."""

    extension: Word
    label: LineText
    """What it is called where it is named."""
    part: Word | None = None
    """Of an extension that is made of others: the one that holds the value."""
    systems: list[Word] = Field(default_factory=list)
    """Systems that its codes may be of; none where it is a bare code."""
    codes: dict[Word, Code]
    """What each of its codes answers; any other answers nothing."""
    stands_alone: bool = True
    """Whether it is a sex by itself; else it only has to agree with what is one."""
    sources: Sources


class RecordPatient(Closed):
    """What of the patient resource answers a question."""

    age: Id
    sex: Id
    birth_sex_extension: Word
    birth_sex: dict[Word, Code]
    """Codes of the extension and what each answers; any other answers nothing."""
    gender: dict[Word, Code]
    """Read where no birth sex is recorded."""
    recorded_sex: list[RecordSex] = Field(default_factory=list)
    """Further places; what is recorded there has to agree, and the gender where no birth sex is."""
    sources: Sources


class RecordMedicines(Closed):
    """Which statements and orders say that a medicine is taken."""

    question: Id
    stale_after: Annotated[int, Field(ge=1, le=36500)]
    """Days; an order that is older may have ended without a word."""
    statements: list[Word]
    orders: list[Word]
    intents: list[Word]
    nothing_said: list[Word] = Field(default_factory=list)
    """Systems whose codes say that nothing is known, or nothing taken."""
    sources: Sources


class RecordOrder(Closed):
    """Which pathways an order of an ingredient may be of."""

    ingredient: Word
    """As the table of medicines names it."""
    pathways: Annotated[list[PathwayId], Field(min_length=1)]
    """Those it may be of where the order does not say how it is given."""
    routes: dict[Word, PathwayId]
    """Codes of SNOMED CT, and the pathway of each; by any other route it is of none."""
    sources: Sources


class RecordMeaning(Closed):
    """Conditions that answer a question; a code that ends with ``-`` stands for all below it."""

    question: Id
    value: bool | Code
    """Never a no: that nothing is recorded says nothing."""
    ever: bool = False
    """Whether a condition that is over answers it as well."""
    within: Annotated[int, Field(ge=1, le=36500)] | None = None
    """Days in which it has to have begun; any time where not given."""
    icd10cm: list[Icd10cm] = Field(default_factory=list)
    snomed: list[Snomed] = Field(default_factory=list)
    sources: Sources


class RecordToAsk(Closed):
    """Conditions that bear on a question and do not answer it."""

    question: Id
    because: LineText
    icd10cm: list[Icd10cm] = Field(default_factory=list)
    snomed: list[Snomed] = Field(default_factory=list)
    sources: Sources


class RecordConditions(Closed):
    """Which conditions count, and what they answer."""

    verification: Annotated[list[Word], Field(min_length=1)]
    """Codes that say that it is sure."""
    refuted: list[Word]
    """Codes that say that it is not so."""
    present: Annotated[list[Word], Field(min_length=1)]
    """Clinical statuses of a condition that is there now."""
    past: list[Word]
    """Clinical statuses of a condition that is over."""
    words_against: list[Word] = Field(default_factory=list)
    """What words begin with that say something else than the code beside them."""
    words_against_at_end: list[Word] = Field(default_factory=list)
    """What such words end with."""
    meanings: list[RecordMeaning] = Field(default_factory=list)
    to_ask: list[RecordToAsk] = Field(default_factory=list)
    sources: Sources


class RecordCoded(Closed):
    """A result that is a code, and what each of its codes answers."""

    question: Id
    codes: Annotated[list[Loinc], Field(min_length=1)]
    loinc: dict[Loinc, Code] = Field(default_factory=dict)
    snomed: dict[Snomed, Code] = Field(default_factory=dict)
    interpretation: dict[Word, Code] = Field(default_factory=dict)
    """What codes of its interpretation answer; one that answers otherwise leaves it open."""
    sources: Sources


class RecordTest(Closed):
    """One blood test that is held against the upper limit of its own laboratory."""

    id: Code
    label: ShortText
    codes: Annotated[list[Loinc], Field(min_length=1)]
    units: Annotated[list[Ucum], Field(min_length=1)]
    """Units that are taken; the limit has to be in the same one."""
    far: bool = False
    """Whether `times` its limit answers something else than being above it."""


class RecordLimits(Closed):
    """Blood tests that answer a question together."""

    question: Id
    within: Code
    """The answer where none is above its limit, and all were measured."""
    above: Code
    far_above: Code
    times: Number
    """How many times its limit is far above."""
    tests: Annotated[list[RecordTest], Field(min_length=1)]
    sources: Sources


class RecordForms(Closed):
    """Which forms that somebody filled in count."""

    statuses: Annotated[list[Word], Field(min_length=1)]
    not_from: list[Id] = Field(default_factory=list)
    """Questions that are not taken from a form, beside those that are measured."""
    sources: Sources


class NotReadKind(Closed):
    """A kind of resource that proposes nothing."""

    resource: Word
    because: LineText


class RecordFile(Closed):
    """``records.toml``."""

    statuses: Annotated[list[Word], Field(min_length=1)]
    """Of an observation that counts."""
    void_statuses: list[Word] = Field(default_factory=list)
    """Of one that says that nothing was measured: an older one counts beside it."""
    old_after: Annotated[int, Field(ge=1, le=36500)]
    """Days after which a value is old whose question does not say when it is stale."""
    unit_words: dict[Ucum, list[Word]] = Field(default_factory=dict)
    """How people write a unit; other codes of the same unit stand among its words."""
    patient: RecordPatient
    medicines: RecordMedicines
    readings: list[RecordReading] = Field(default_factory=list)
    scales: list[RecordScale] = Field(default_factory=list)
    refused: list[RefusedCode] = Field(default_factory=list)
    not_read: list[NotReadKind] = Field(default_factory=list)
    orders: list[RecordOrder] = Field(default_factory=list)
    conditions: RecordConditions | None = None
    coded: list[RecordCoded] = Field(default_factory=list)
    limits: list[RecordLimits] = Field(default_factory=list)
    forms: RecordForms | None = None
