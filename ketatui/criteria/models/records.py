"""What in a patient's record answers a question, and what does not."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from ketatui.criteria.models.base import (
    Code,
    Id,
    LineText,
    Loinc,
    PackModel,
    PathwayId,
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


class RecordPatient(PackModel, frozen=True, kw_only=True):
    """What of the patient resource answers a question."""

    age: Id
    sex: Id
    birth_sex_extension: Word
    birth_sex: dict[Word, Code]
    """Codes of the extension and what each answers; any other answers nothing."""
    gender: dict[Word, Code]
    """Read where no birth sex is recorded."""
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


class NotReadKind(PackModel, frozen=True, kw_only=True):
    """A kind of resource that proposes nothing."""

    resource: Word
    because: LineText


class RecordFile(PackModel, frozen=True, kw_only=True):
    """``records.toml``."""

    statuses: Annotated[tuple[Word, ...], Meta(min_length=1)]
    """Of an observation that counts."""
    patient: RecordPatient
    medicines: RecordMedicines
    readings: tuple[RecordReading, ...] = ()
    scales: tuple[RecordScale, ...] = ()
    refused: tuple[RefusedCode, ...] = ()
    not_read: tuple[NotReadKind, ...] = ()
    orders: tuple[RecordOrder, ...] = ()
