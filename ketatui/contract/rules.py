"""Thresholds, rules and the support table: what decides."""

from typing import Annotated

from pydantic import Field

from ketatui.contract.base import (
    Authority,
    Basis,
    Closed,
    Code,
    Confidence,
    Day,
    Effect,
    Expression,
    Grade,
    LineText,
    Number,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
)


class Threshold(Closed):
    """A number that rules compare with, and that a local policy may change."""

    name: Code
    value: Number
    min: Number
    max: Number
    """Least and greatest value a local policy may set, both ends included."""
    whole: bool = False
    not_above: Code | None = None
    """Another threshold this one may not exceed."""
    unit: str = ""
    title: LineText
    authority: Authority
    confidence: Confidence
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class ThresholdFile(Closed):
    """``thresholds.toml``."""

    thresholds: list[Threshold]


class Variant(Closed):
    """What a rule says differently for one pathway."""

    when: Expression | None = None
    because: ParagraphText | None = None
    do: ParagraphText | None = None
    authority: Authority | None = None
    confidence: Confidence | None = None
    sources: list[SourceRef] | None = None


class Afterwards(Closed):
    """What a dated rule becomes on the day after ``valid_until``."""

    effect: Effect
    because: ParagraphText
    do: ParagraphText


class Rule(Closed):
    """One line of the decision table."""

    id: RuleId
    title: ShortText
    """What the fit pane says in a line."""
    when: Expression | None = None
    support: list[Grade] = Field(default_factory=list)
    """Instead of ``when``: true where the support table gives one of these grades."""
    because: ParagraphText
    do: ParagraphText
    authority: Authority
    confidence: Confidence
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    effects: Annotated[dict[PathwayId, Effect], Field(min_length=1)]
    optional: bool = False
    null_decides: ParagraphText | None = None
    """Why an unanswered question may decide here."""
    decision: Code | None = None
    """Of a course's rule: the decision of a visit that it belongs to."""
    valid_until: Day | None = None
    afterwards: Afterwards | None = None
    on: dict[PathwayId, Variant] = Field(default_factory=dict)


class RuleFile(Closed):
    """A file of ``rules/``."""

    rules: list[Rule]


class SupportCell(Closed):
    """How well one pathway is supported for one indication, and why."""

    basis: Basis | None = None
    """None where the pathway is not for this indication at all."""
    grade: Grade
    reason: ParagraphText
    against: ParagraphText | None = None
    """Trials and guidance that point the other way."""
    confidence: Confidence
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    carried_by: RuleId | None = None
    """The rule that already says it, so that no support rule repeats it."""


class SupportRow(Closed):
    """One line of the indication support table."""

    id: RuleId
    title: LineText
    when: Expression
    on: dict[PathwayId, SupportCell]
    """A cell for every pathway."""


class SupportFile(Closed):
    """``support.toml``."""

    rows: list[SupportRow]
