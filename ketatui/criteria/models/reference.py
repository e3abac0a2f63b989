"""Pathways, consent items, payer profiles and sources: what is shown and told."""

from typing import Annotated, Literal

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Code,
    Confidence,
    ConsentId,
    Expression,
    LineText,
    LongText,
    PackModel,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
)


class RouteFact(PackModel, frozen=True, kw_only=True):
    """One line of the comparison of pathways."""

    id: Code
    label: ShortText
    text: ParagraphText
    confidence: Literal["high", "medium", "low"]
    """Shown beside the fact; these are for talking through, no rule reads them."""
    sources: tuple[SourceRef, ...] = ()


class Pathway(PackModel, frozen=True, kw_only=True):
    """A way of giving the drug."""

    id: PathwayId
    title: ShortText
    short: Annotated[str, Meta(min_length=1, max_length=10)]
    product: LineText
    legal: ParagraphText
    facts: tuple[RouteFact, ...]


class PathwayGroup(PackModel, frozen=True, kw_only=True):
    """Pathways that rules speak of together: what is said of the group holds for each member."""

    id: PathwayId
    title: ShortText
    members: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]


class PathwayFile(PackModel, frozen=True, kw_only=True):
    """``pathways.toml``."""

    groups: tuple[PathwayGroup, ...] = ()
    pathways: Annotated[tuple[Pathway, ...], Meta(min_length=1)]


class ConsentItem(PackModel, frozen=True, kw_only=True):
    """Something the patient has to be told, worded to be read aloud."""

    id: ConsentId
    title: ShortText
    pathways: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]
    text: LongText
    on: dict[PathwayId, LongText] = field(default_factory=dict)
    """An added sentence for one pathway."""
    about: tuple[str, ...] = ()
    """Answers it speaks of: where one of them changes, it has to be talked about again."""
    hidden_when: Expression | None = None
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]


class ConsentFile(PackModel, frozen=True, kw_only=True):
    """``consent.toml``."""

    items: tuple[ConsentItem, ...]


class PayerRule(PackModel, frozen=True, kw_only=True):
    """One requirement of a payer: true is met, false is not met, null is unknown."""

    id: RuleId
    title: LineText
    when: Expression
    because: ParagraphText


class Payer(PackModel, frozen=True, kw_only=True):
    """A prior-authorization profile. It never changes a clinical verdict."""

    id: Code
    title: LineText
    policy: LineText
    captured: LineText
    """When and how the policy text was seen."""
    pathways: Annotated[tuple[PathwayId, ...], Meta(min_length=1)]
    confidence: Confidence
    note: ParagraphText | None = None
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    rules: Annotated[tuple[PayerRule, ...], Meta(min_length=1)]


class Source(PackModel, frozen=True, kw_only=True):
    """A document the pack leans on."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*\Z")]
    title: Annotated[str, Meta(min_length=1, max_length=160)]
    publisher: str
    date: str
    """As precise as it is known: ``2026-03-13``, ``2019``, ``undated``."""
    address: str
    verified: Literal["official_text", "older_official_text", "abstract", "secondary"]
    note: ParagraphText | None = None


class SourceFile(PackModel, frozen=True, kw_only=True):
    """``sources.toml``."""

    sources: tuple[Source, ...]
