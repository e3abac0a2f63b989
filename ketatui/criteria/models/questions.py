"""Questions, rating scales, derived facts and contradictions: what is asked and calculated."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Code,
    Expression,
    FindWord,
    Id,
    Kind,
    LineText,
    Loinc,
    LongText,
    PackModel,
    ParagraphText,
    RuleId,
    ShortText,
    SourceRef,
    Ucum,
)
from ketatui.toml_structs import need_finite


class Option(PackModel, frozen=True, kw_only=True):
    """One answer of a choice question."""

    code: Code
    label: ShortText
    also: tuple[Code, ...] = ()
    """Other spellings accepted in files and turned into ``code`` when read."""
    counts_as_failed: bool = False
    """For an outcome of a trial: whether the treatment failed."""


class Column(PackModel, frozen=True, kw_only=True):
    """One column of a question of kind ``rows``."""

    id: Code
    label: ShortText
    kind: Literal["text", "bool", "choice", "int", "decimal"]
    unit: str = ""
    ucum: Ucum | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    options: tuple[Option, ...] = ()
    required: bool = True
    """Whether a row without it counts as unfinished."""

    def __post_init__(self) -> None:
        """Refuse limits that are no numbers."""
        need_finite(self, "min", "max")


class Question(PackModel, frozen=True, kw_only=True):
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
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    find: tuple[FindWord, ...] = ()
    """Other words it is looked for by: abbreviations, synonyms, spellings."""
    unit: str = ""
    ucum: Ucum | None = None
    """The unit's code in UCUM, for other systems."""
    loinc: Loinc | None = None
    """What other systems call the same measurement."""
    min: Decimal | None = None
    max: Decimal | None = None
    soft_min: Decimal | None = None
    soft_max: Decimal | None = None
    also_in: dict[str, Decimal] = field(default_factory=dict)
    """Other units an answer may be typed in, each with its factor to ``unit``."""
    below: Id | None = None
    """Another numeric question this value has to stay below (diastolic below systolic)."""
    options: tuple[Option, ...] = ()
    none: Code | None = None
    """For a choice: the code that means "none", set by "all remaining no"."""
    instrument: str | None = None
    """For a scale: the instrument whose items add up to it."""
    columns: tuple[Column, ...] = ()
    asked_when: Expression | None = None
    asked_because: LineText | None = None
    """Said in a line when the question appears or goes: "asked for major depression"."""
    otherwise: bool | int | str | None = field(default=None, name="else")
    """The effective value while ``asked_when`` is false."""
    modifiable: bool | tuple[Code, ...] = False
    """Whether the fact can be put right; for a choice, from which codes it can."""
    stale_after: Annotated[int, Meta(ge=1, le=3650)] | None = None
    """Days an answer counts when a saved case is looked at again; the day given is the first."""
    informs: ParagraphText | None = None
    """For a question no rule reads: why it is asked all the same."""

    def __post_init__(self) -> None:
        """Refuse limits that are no numbers."""
        need_finite(self, "min", "max", "soft_min", "soft_max", "also_in")


class Section(PackModel, frozen=True, kw_only=True):
    """One of the groups of the consultation, and the file its questions are in."""

    id: Code
    title: ShortText
    short: Annotated[str, Meta(min_length=1, max_length=16)]
    find: tuple[FindWord, ...] = ()
    """Other words it is looked for by."""


class QuestionFile(PackModel, frozen=True, kw_only=True):
    """A file of ``questions/``."""

    section: Section
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]


class InstrumentItem(PackModel, frozen=True, kw_only=True):
    """One item of a rating scale."""

    id: Code
    text: ParagraphText
    options: Annotated[tuple[LineText, ...], Meta(min_length=2)]
    """Labels of the scores 0, 1, 2, …"""
    above_zero: ParagraphText | None = None
    """What is said at once when it is scored above 0."""
    loinc: Loinc | None = None
    loinc_answers: tuple[Loinc, ...] = ()
    """Codes of the answers, in the order of ``options``."""


class Band(PackModel, frozen=True, kw_only=True):
    """A named range of a scale's total, both ends included."""

    code: Code
    label: ShortText
    min: int
    max: int


class Instrument(PackModel, frozen=True, kw_only=True):
    """A rating scale, item by item or (without items) as a total only."""

    id: Code
    question: Id
    title: LineText
    intro: ParagraphText
    licence: ParagraphText
    min: int = 0
    max: int
    items: tuple[InstrumentItem, ...] = ()
    bands: tuple[Band, ...] = ()
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    loinc_panel: Loinc | None = None
    loinc_total: Loinc | None = None


class Derived(PackModel, frozen=True, kw_only=True):
    """A fact that is calculated, never asked: by an expression or a named calculation."""

    id: Id
    title: ShortText
    kind: Literal["bool", "int", "decimal", "choice", "list"]
    expression: Expression | None = None
    calculation: Code | None = None
    """A calculation of the engine, by name; `criteria check` says which there are."""
    of: Id | None = None
    """For ``band`` and ``item`` the scale, for ``count`` the table."""
    item: Code | None = None
    """For ``item``: the item of the scale."""
    options: tuple[Code, ...] = ()
    """For a choice that is ``given``: its codes."""
    optional: bool = False
    """Whether null is an answer, so that "is null" may be asked of it in rules: a scale that was
    taken as a total has no items."""
    unit: str = ""


class DerivedFile(PackModel, frozen=True, kw_only=True):
    """``derived.toml``."""

    derived: tuple[Derived, ...]


class Contradiction(PackModel, frozen=True, kw_only=True):
    """Answers that cannot both be right; shown, never resolved silently."""

    id: RuleId
    when: Expression
    because: ParagraphText


class ContradictionFile(PackModel, frozen=True, kw_only=True):
    """``contradictions.toml``."""

    contradictions: tuple[Contradiction, ...]
