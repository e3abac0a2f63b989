"""Medicines: interaction classes, and the doses from which a trial is adequate."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Code,
    PackModel,
    ShortText,
    SourceRef,
)
from ketatui.toml_structs import need_finite


class DrugClass(PackModel, frozen=True, kw_only=True):
    """A class of medicines that rules refer to."""

    id: Code
    title: ShortText


class MedicineFile(PackModel, frozen=True, kw_only=True):
    """``drugs/medicines.toml``: the classes."""

    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    classes: tuple[DrugClass, ...]


class Medicine(PackModel, frozen=True, kw_only=True):
    """One line of ``drugs/names.toml``: what a name stands for.

    Attributes:
        ingredients: What is in it, in the table's own names; the file's ``is``.
        classes: Classes that rules refer to; none says only that the pack holds no interaction.
        kind: What kind of name it is.
        confidence: How sure its classes are.
        tags: Finer groups ("ssri", "cyp3a4_strong").
        listed: Registers the name was found in.
        note: What to know of it.
        may_mean: For a name that is asked about: what it may stand for. Then nothing else is said.
    """

    ingredients: tuple[str, ...] = field(default=(), name="is")
    classes: tuple[Code, ...] = ()
    kind: Literal["generic", "brand", "combination", "supplement", "street"] = "generic"
    confidence: Literal["high", "medium", "low"] = "high"
    tags: tuple[Code, ...] = ()
    listed: tuple[Literal["ndc", "unii"], ...] = ()
    note: str = ""
    may_mean: tuple[str, ...] | None = None


class NameFile(PackModel, frozen=True, kw_only=True):
    """``drugs/names.toml``. Only its head is read so; the names are, line by line, when met."""

    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    names: dict[str, Medicine] = field(default_factory=dict)
    ambiguous: dict[str, Medicine] = field(default_factory=dict)


class VocabularyWords(PackModel, frozen=True, kw_only=True):
    """Words beside a name, by what they say."""

    forms: tuple[str, ...]
    units: tuple[str, ...]
    numbers: tuple[str, ...]
    when: tuple[str, ...]
    taking: tuple[str, ...]
    joining: tuple[str, ...]


class Purposes(PackModel, frozen=True, kw_only=True):
    """What a medicine is taken for: words that may stand alone, and those that need "for"."""

    alone: tuple[str, ...]
    more: tuple[str, ...]


class NotTaken(PackModel, frozen=True, kw_only=True):
    """Words that say that something is not, or not certainly, taken."""

    words: tuple[str, ...]


class Vocabulary(PackModel, frozen=True, kw_only=True):
    """``drugs/vocabulary.toml``: what may stand beside a name without changing it."""

    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    salts: tuple[str, ...]
    releases: dict[str, tuple[str, ...]]
    """Every way to write a release form, by the one the table of antidepressants uses."""
    routes: dict[str, tuple[str, ...]]
    """Every way to write a route, by the one that names of the table end with."""
    words: VocabularyWords
    headings: tuple[str, ...]
    """Lines above a list of medicines, without a colon: no medicine themselves."""
    purposes: Purposes
    not_taken: NotTaken
    endings: tuple[str, ...] = ()
    """Words that leave a name open directly after it: they can be a drug of their own."""


class Antidepressant(PackModel, frozen=True, kw_only=True):
    """An antidepressant and the lowest daily dose that counts as an adequate trial."""

    name: str
    also: tuple[str, ...] = ()
    """Brand names and release forms that are the same drug at the same minimum."""
    same_drug_as: str | None = None
    """The drug it counts as, where a form has a minimum of its own ("paroxetine cr")."""
    group: str
    minimum_mg: Decimal
    """Minimum adequate dose, mg a day (a patch: mg/24 h)."""

    def __post_init__(self) -> None:
        """Refuse a dose that is no number."""
        need_finite(self, "minimum_mg")


class AntidepressantFile(PackModel, frozen=True, kw_only=True):
    """``drugs/antidepressants.toml``."""

    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    antidepressants: tuple[Antidepressant, ...]
