"""What in a patient's record answers a question, and what does not."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Code,
    Icd10cm,
    Id,
    LineText,
    Loinc,
    PackModel,
    PathwayId,
    ShortText,
    Snomed,
    SourceRef,
    Ucum,
)
from ketatui.toml_structs import need_finite

Word = Annotated[str, Meta(min_length=1, max_length=80)]
"""A code of FHIR, or the address of a system of codes."""
Sources = Annotated[tuple[SourceRef, ...], Meta(min_length=1)]


class RecordPart(PackModel, frozen=True, kw_only=True):
    """One value of a reading, and the question that it answers."""

    question: Id
    code: Loinc | None = None
    """The component that holds it; the observation's own value where not given."""
    units: Annotated[dict[Ucum, Decimal], Meta(min_length=1)]
    """The units that are taken, each with its factor to the unit of the question."""
    rounded: bool = False
    """Whether a value that is no whole number is rounded to one, a half up; refused otherwise."""

    def __post_init__(self) -> None:
        """Refuse a factor that is no number, or turns a value around.

        Raises:
            ValueError: There is one.
        """
        need_finite(self, "units")
        for unit, factor in self.units.items():
            if factor <= 0:
                raise ValueError(f"units: {unit}: {factor} is no factor; allowed: above 0")


class RecordReading(PackModel, frozen=True, kw_only=True):
    """An observation that is measured; its values are taken together or not at all."""

    id: Code
    codes: Annotated[tuple[Loinc, ...], Meta(min_length=1)]
    parts: Annotated[tuple[RecordPart, ...], Meta(min_length=1)]
    not_with: tuple[Loinc, ...] = ()
    """Components beside which the value answers another question."""
    not_with_because: LineText | None = None
    sources: Sources


class RecordScale(PackModel, frozen=True, kw_only=True):
    """A scale that is read by the codes of its instrument."""

    question: Id
    units: tuple[Ucum, ...] = ()
    """Units that a score may be written in; a bare whole number needs none."""
    sources: Sources


class RefusedCode(PackModel, frozen=True, kw_only=True):
    """A code that looks like one that is read, and asks something else."""

    code: Loinc
    because: LineText
    sources: Sources


class RecordSex(PackModel, frozen=True, kw_only=True):
    """An extension of the patient that says which sex is recorded, beside the sex at birth."""

    extension: Word
    label: LineText
    """What it is called where it is named."""
    part: Word | None = None
    """Of an extension that is made of others: the one that holds the value."""
    systems: tuple[Word, ...] = ()
    """Systems that its codes may be of; none where it is a bare code."""
    codes: dict[Word, Code]
    """What each of its codes answers; any other answers nothing."""
    stands_alone: bool = True
    """Whether it is a sex by itself; else it only has to agree with what is one."""
    sources: Sources


class RecordPatient(PackModel, frozen=True, kw_only=True):
    """What of the patient resource answers a question."""

    age: Id
    sex: Id
    birth_sex_extension: Word
    birth_sex: dict[Word, Code]
    """Codes of the extension and what each answers; any other answers nothing."""
    gender: dict[Word, Code]
    """Read where no birth sex is recorded."""
    recorded_sex: tuple[RecordSex, ...] = ()
    """Further places; what is recorded there has to agree, and the gender where no birth sex is."""
    sources: Sources


class RecordMedicines(PackModel, frozen=True, kw_only=True):
    """Which statements and orders say that a medicine is taken."""

    question: Id
    stale_after: Annotated[int, Meta(ge=1, le=36500)]
    """Days; an order that is older may have ended without a word."""
    statements: tuple[Word, ...]
    orders: tuple[Word, ...]
    intents: tuple[Word, ...]
    nothing_said: tuple[Word, ...] = ()
    """Systems whose codes say that nothing is known, or nothing taken."""
    sources: Sources


class RecordOrder(PackModel, frozen=True, kw_only=True):
    """Which pathways an order of an ingredient may be of."""

    ingredient: Word
    """As the table of medicines names it."""
    pathways: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]
    """Those it may be of where the order does not say how it is given."""
    routes: dict[Word, PathwayId]
    """Codes of SNOMED CT, and the pathway of each; by any other route it is of none."""
    sources: Sources


class RecordMeaning(PackModel, frozen=True, kw_only=True):
    """Conditions that answer a question; a code that ends with ``-`` stands for all below it."""

    question: Id
    value: bool | Code
    """Never a no: that nothing is recorded says nothing."""
    ever: bool = False
    """Whether a condition that is over answers it as well."""
    within: Annotated[int, Meta(ge=1, le=36500)] | None = None
    """Days in which it has to have begun; any time where not given."""
    icd10cm: tuple[Icd10cm, ...] = ()
    snomed: tuple[Snomed, ...] = ()
    sources: Sources


class RecordToAsk(PackModel, frozen=True, kw_only=True):
    """Conditions that bear on a question and do not answer it."""

    question: Id
    because: LineText
    icd10cm: tuple[Icd10cm, ...] = ()
    snomed: tuple[Snomed, ...] = ()
    sources: Sources


class RecordConditions(PackModel, frozen=True, kw_only=True):
    """Which conditions count, and what they answer."""

    verification: Annotated[tuple[Word, ...], Meta(min_length=1)]
    """Codes that say that it is sure."""
    refuted: tuple[Word, ...]
    """Codes that say that it is not so."""
    present: Annotated[tuple[Word, ...], Meta(min_length=1)]
    """Clinical statuses of a condition that is there now."""
    past: tuple[Word, ...]
    """Clinical statuses of a condition that is over."""
    words_against: tuple[Word, ...] = ()
    """What words begin with that say something else than the code beside them."""
    words_against_at_end: tuple[Word, ...] = ()
    """What such words end with."""
    meanings: tuple[RecordMeaning, ...] = ()
    to_ask: tuple[RecordToAsk, ...] = ()
    sources: Sources


class RecordCoded(PackModel, frozen=True, kw_only=True):
    """A result that is a code, and what each of its codes answers."""

    question: Id
    codes: Annotated[tuple[Loinc, ...], Meta(min_length=1)]
    loinc: dict[Loinc, Code] = field(default_factory=dict)
    snomed: dict[Snomed, Code] = field(default_factory=dict)
    interpretation: dict[Word, Code] = field(default_factory=dict)
    """What codes of its interpretation answer; one that answers otherwise leaves it open."""
    sources: Sources


class RecordTest(PackModel, frozen=True, kw_only=True):
    """One blood test that is held against the upper limit of its own laboratory."""

    id: Code
    label: ShortText
    codes: Annotated[tuple[Loinc, ...], Meta(min_length=1)]
    units: Annotated[tuple[Ucum, ...], Meta(min_length=1)]
    """Units that are taken; the limit has to be in the same one."""
    far: bool = False
    """Whether `times` its limit answers something else than being above it."""


class RecordLimits(PackModel, frozen=True, kw_only=True):
    """Blood tests that answer a question together."""

    question: Id
    within: Code
    """The answer where none is above its limit, and all were measured."""
    above: Code
    far_above: Code
    times: Decimal
    """How many times its limit is far above."""
    tests: Annotated[tuple[RecordTest, ...], Meta(min_length=1)]
    sources: Sources

    def __post_init__(self) -> None:
        """Refuse a factor that is no number, or that no value above the limit could miss.

        Raises:
            ValueError: It is refused.
        """
        need_finite(self, "times")
        if self.times <= 1:
            raise ValueError(f"times: {self.times} is no multiple; allowed: above 1")


class RecordForms(PackModel, frozen=True, kw_only=True):
    """Which forms that somebody filled in count."""

    statuses: Annotated[tuple[Word, ...], Meta(min_length=1)]
    not_from: tuple[Id, ...] = ()
    """Questions that are not taken from a form, beside those that are measured."""
    sources: Sources


class NotReadKind(PackModel, frozen=True, kw_only=True):
    """A kind of resource that proposes nothing."""

    resource: Word
    because: LineText


class RecordFile(PackModel, frozen=True, kw_only=True):
    """``records.toml``."""

    statuses: Annotated[tuple[Word, ...], Meta(min_length=1)]
    """Of an observation that counts."""
    void_statuses: tuple[Word, ...] = ()
    """Of one that says that nothing was measured: an older one counts beside it."""
    old_after: Annotated[int, Meta(ge=1, le=36500)]
    """Days after which a value is old whose question does not say when it is stale."""
    unit_words: dict[Ucum, tuple[Word, ...]] = field(default_factory=dict)
    """How people write a unit; other codes of the same unit stand among its words."""
    patient: RecordPatient
    medicines: RecordMedicines
    readings: tuple[RecordReading, ...] = ()
    scales: tuple[RecordScale, ...] = ()
    refused: tuple[RefusedCode, ...] = ()
    not_read: tuple[NotReadKind, ...] = ()
    orders: tuple[RecordOrder, ...] = ()
    conditions: RecordConditions | None = None
    coded: tuple[RecordCoded, ...] = ()
    limits: tuple[RecordLimits, ...] = ()
    forms: RecordForms | None = None
