"""Medicines: interaction classes, and the doses from which a trial is adequate."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from ketatui.criteria.models.base import (
    Code,
    PackModel,
    ShortText,
    SourceRef,
)
from ketatui.tables import need_finite


class DrugClass(PackModel, frozen=True, kw_only=True):
    """A class of medicines that rules refer to."""

    id: Code
    title: ShortText


class MedicineFile(PackModel, frozen=True, kw_only=True):
    """``drugs/medicines.toml``: classes, and the names that belong to them."""

    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    salts: tuple[str, ...]
    """Suffixes dropped when a name is matched ("hydrochloride", "xr", …)."""
    classes: tuple[DrugClass, ...]
    names: dict[str, tuple[Code, ...]]


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
