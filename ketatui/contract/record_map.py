"""``records.toml``: what in a patient's record answers a question, and what does not."""

from typing import Annotated

from pydantic import Field

from ketatui.contract.base import (
    Closed,
    Code,
    Id,
    LineText,
    Loinc,
    Number,
    PathwayId,
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


class RecordPatient(Closed):
    """What of the patient resource answers a question."""

    age: Id
    sex: Id
    birth_sex_extension: Word
    birth_sex: dict[Word, Code]
    """Codes of the extension and what each answers; any other answers nothing."""
    gender: dict[Word, Code]
    """Read where no birth sex is recorded."""
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


class NotReadKind(Closed):
    """A kind of resource that proposes nothing."""

    resource: Word
    because: LineText


class RecordFile(Closed):
    """``records.toml``."""

    statuses: Annotated[list[Word], Field(min_length=1)]
    """Of an observation that counts."""
    patient: RecordPatient
    medicines: RecordMedicines
    readings: list[RecordReading] = Field(default_factory=list)
    scales: list[RecordScale] = Field(default_factory=list)
    refused: list[RefusedCode] = Field(default_factory=list)
    not_read: list[NotReadKind] = Field(default_factory=list)
    orders: list[RecordOrder] = Field(default_factory=list)
