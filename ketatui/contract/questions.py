"""Questions, rating scales, derived facts and contradictions: what is asked and calculated."""

from typing import Annotated, Literal

from pydantic import Field

from ketatui.contract.base import (
    Closed,
    Code,
    Expression,
    FindWord,
    Id,
    Kind,
    LineText,
    Loinc,
    LongText,
    Number,
    ParagraphText,
    RuleId,
    ShortText,
    SourceRef,
    Ucum,
)


class Option(Closed):
    """One answer of a choice question."""

    code: Code
    label: ShortText
    also: list[Code] = Field(default_factory=list)
    """Other spellings accepted in files and turned into ``code`` when read."""
    counts_as_failed: bool = False
    """For an outcome of a trial: whether the treatment failed."""


class Column(Closed):
    """One column of a question of kind ``rows``."""

    id: Code
    label: ShortText
    kind: Literal["text", "bool", "choice", "int", "decimal"]
    unit: str = ""
    ucum: Ucum | None = None
    min: Number | None = None
    max: Number | None = None
    options: list[Option] = Field(default_factory=list)
    required: bool = True
    """Whether a row without it counts as unfinished."""


class Question(Closed):
    """One question of the consultation."""

    id: Id
    kind: Kind
    label: ShortText
    """What the list line says."""
    text: LongText
    """What the clinician can read aloud."""
    help: ParagraphText
    """How to establish the answer; what counts and what does not."""
    why: ParagraphText
    """Why it is asked: what an answer can change."""
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    find: list[FindWord] = Field(default_factory=list)
    """Other words it is looked for by: abbreviations, synonyms, spellings."""
    unit: str = ""
    ucum: Ucum | None = None
    """The unit's code in UCUM, for other systems."""
    loinc: Loinc | None = None
    """What other systems call the same measurement."""
    min: Number | None = None
    max: Number | None = None
    soft_min: Number | None = None
    soft_max: Number | None = None
    also_in: dict[str, Number] = Field(default_factory=dict)
    """Other units an answer may be typed in, each with its factor to ``unit``."""
    below: Id | None = None
    """Another numeric question this value has to stay below (diastolic below systolic)."""
    options: list[Option] = Field(default_factory=list)
    none: Code | None = None
    """For a choice: the code that means "none", set by "all remaining no"."""
    instrument: str | None = None
    """For a scale: the instrument whose items add up to it."""
    columns: list[Column] = Field(default_factory=list)
    asked_when: Expression | None = None
    asked_because: LineText | None = None
    """Said in a line when the question appears or goes: "asked for major depression"."""
    otherwise: bool | int | str | None = Field(default=None, alias="else")
    """The effective value while ``asked_when`` is false."""
    modifiable: bool | list[Code] = False
    """Whether the fact can be put right; for a choice, from which codes it can."""
    stale_after: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Days an answer counts when a saved case is looked at again; the day given is the first."""
    informs: ParagraphText | None = None
    """For a question no rule reads: why it is asked all the same."""


class Section(Closed):
    """One of the groups of the consultation, and the file its questions are in."""

    id: Code
    title: ShortText
    short: Annotated[str, Field(min_length=1, max_length=16)]
    find: list[FindWord] = Field(default_factory=list)
    """Other words it is looked for by."""


class QuestionFile(Closed):
    """A file of ``questions/``."""

    section: Section
    questions: Annotated[list[Question], Field(min_length=1)]


class InstrumentItem(Closed):
    """One item of a rating scale."""

    id: Code
    text: ParagraphText
    options: Annotated[list[LineText], Field(min_length=2)]
    """Labels of the scores 0, 1, 2, …"""
    above_zero: ParagraphText | None = None
    """What is said at once when it is scored above 0."""
    loinc: Loinc | None = None
    loinc_answers: list[Loinc] = Field(default_factory=list)
    """Codes of the answers, in the order of ``options``."""


class Band(Closed):
    """A named range of a scale's total, both ends included."""

    code: Code
    label: ShortText
    min: int
    max: int


class Instrument(Closed):
    """A rating scale, item by item or (without items) as a total only."""

    id: Code
    question: Id
    title: LineText
    intro: ParagraphText
    licence: ParagraphText
    min: int = 0
    max: int
    items: list[InstrumentItem] = Field(default_factory=list)
    bands: list[Band] = Field(default_factory=list)
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    loinc_panel: Loinc | None = None
    loinc_total: Loinc | None = None


class Derived(Closed):
    """A fact that is calculated, never asked: by an expression or a named calculation."""

    id: Id
    title: ShortText
    kind: Literal["bool", "int", "decimal", "choice", "list"]
    expression: Expression | None = None
    calculation: Code | None = None
    """A calculation of the engine, by name; ``ketatui criteria check`` says which there are."""
    of: Id | None = None
    """For ``band`` and ``item`` the scale, for ``count`` the table."""
    item: Code | None = None
    """For ``item``: the item of the scale."""
    options: list[Code] = Field(default_factory=list)
    """For a choice that is ``given``: its codes."""
    optional: bool = False
    """Whether null is an answer, so that "is null" may be asked of it in rules."""
    unit: str = ""


class DerivedFile(Closed):
    """``derived.toml``."""

    derived: list[Derived]


class Contradiction(Closed):
    """Answers that cannot both be right; shown, never resolved silently."""

    id: RuleId
    when: Expression
    because: ParagraphText


class ContradictionFile(Closed):
    """``contradictions.toml``."""

    contradictions: list[Contradiction]
