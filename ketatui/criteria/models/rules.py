"""Thresholds, rules and the support table: what decides."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Authority,
    Basis,
    Code,
    Confidence,
    Effect,
    Expression,
    Grade,
    LineText,
    PackModel,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
)
from ketatui.toml_structs import need_finite


class Threshold(PackModel, frozen=True, kw_only=True):
    """A number that rules compare with, and that a local policy may change."""

    name: Code
    value: Decimal
    min: Decimal
    max: Decimal
    """Least and greatest value a local policy may set, both ends included."""
    whole: bool = False
    not_above: Code | None = None
    """Another threshold this one may not exceed."""
    unit: str = ""
    title: LineText
    authority: Authority
    confidence: Confidence
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse what no number can be compared with."""
        need_finite(self, "value", "min", "max")


class ThresholdFile(PackModel, frozen=True, kw_only=True):
    """``thresholds.toml``."""

    thresholds: tuple[Threshold, ...]


class Variant(PackModel, frozen=True, kw_only=True):
    """What a rule says differently for one pathway."""

    when: Expression | None = None
    because: ParagraphText | None = None
    do: ParagraphText | None = None
    authority: Authority | None = None
    confidence: Confidence | None = None
    sources: tuple[SourceRef, ...] | None = None


class Afterwards(PackModel, frozen=True, kw_only=True):
    """What a dated rule becomes on the day after ``valid_until``."""

    effect: Effect
    because: ParagraphText
    do: ParagraphText


class Rule(PackModel, frozen=True, kw_only=True):
    """One line of the decision table."""

    id: RuleId
    title: ShortText
    """What the fit pane says in a line."""
    when: Expression | None = None
    support: tuple[Grade, ...] = ()
    """Instead of ``when``: true where the support table gives one of these grades."""
    because: ParagraphText
    do: ParagraphText
    authority: Authority
    confidence: Confidence
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    effects: Annotated[dict[PathwayId, Effect], Meta(min_length=1)]
    optional: bool = False
    null_decides: ParagraphText | None = None
    """Why an unanswered question may decide here, where the condition uses "is (not) null", "is
    (not) true" or "is (not) false"."""
    decision: Code | None = None
    """Of a course's rule: the decision of a visit that it belongs to."""
    valid_until: dt.date | None = None
    afterwards: Afterwards | None = None
    on: dict[PathwayId, Variant] = field(default_factory=dict)


class RuleFile(PackModel, frozen=True, kw_only=True):
    """A file of ``rules/``."""

    rules: tuple[Rule, ...]


class SupportCell(PackModel, frozen=True, kw_only=True):
    """How well one pathway is supported for one indication, and why."""

    basis: Basis | None = None
    """None where the pathway is not for this indication at all."""
    grade: Grade
    reason: ParagraphText
    against: ParagraphText | None = None
    """Trials and guidance that point the other way."""
    confidence: Confidence
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    carried_by: RuleId | None = None
    """The rule that already says it, so that no support rule repeats it."""


class SupportRow(PackModel, frozen=True, kw_only=True):
    """One line of the indication support table."""

    id: RuleId
    title: LineText
    when: Expression
    on: dict[PathwayId, SupportCell]
    """A cell for every pathway."""


class SupportFile(PackModel, frozen=True, kw_only=True):
    """``support.toml``."""

    rows: tuple[SupportRow, ...]
