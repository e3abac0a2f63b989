"""Pathways, consent items, payer profiles and sources: what is shown and told."""

from typing import Annotated, Literal

from pydantic import Field

from ketatui.contract.base import (
    Closed,
    Code,
    Confidence,
    ConsentId,
    Expression,
    LineText,
    LongText,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
)


class RouteFact(Closed):
    """One line of the comparison of pathways."""

    id: Code
    label: ShortText
    text: ParagraphText
    confidence: Literal["high", "medium", "low"]
    """Shown beside the fact; these are for talking through, no rule reads them."""
    sources: list[SourceRef] = Field(default_factory=list)


class Pathway(Closed):
    """A way of giving the drug."""

    id: PathwayId
    title: ShortText
    short: Annotated[str, Field(min_length=1, max_length=10)]
    product: LineText
    legal: ParagraphText
    facts: list[RouteFact]


class PathwayGroup(Closed):
    """Pathways that rules speak of together: what is said of the group holds for each member."""

    id: PathwayId
    title: ShortText
    members: Annotated[list[PathwayId], Field(min_length=1)]


class PathwayFile(Closed):
    """``pathways.toml``."""

    groups: list[PathwayGroup] = Field(default_factory=list)
    pathways: Annotated[list[Pathway], Field(min_length=1)]


class ConsentItem(Closed):
    """Something the patient has to be told, worded to be read aloud."""

    id: ConsentId
    title: ShortText
    pathways: Annotated[list[PathwayId], Field(min_length=1)]
    text: LongText
    on: dict[PathwayId, LongText] = Field(default_factory=dict)
    """An added sentence for one pathway."""
    about: list[str] = Field(default_factory=list)
    """Answers it speaks of: where one of them changes, it has to be talked about again."""
    hidden_when: Expression | None = None
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class ConsentFile(Closed):
    """``consent.toml``."""

    items: list[ConsentItem]


class PayerRule(Closed):
    """One requirement of a payer: true is met, false is not met, null is unknown."""

    id: RuleId
    title: LineText
    when: Expression
    because: ParagraphText


class Payer(Closed):
    """A prior-authorization profile. It never changes a clinical verdict."""

    id: Code
    title: LineText
    policy: LineText
    captured: LineText
    """When and how the policy text was seen."""
    pathways: Annotated[list[PathwayId], Field(min_length=1)]
    confidence: Confidence
    note: ParagraphText | None = None
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    rules: Annotated[list[PayerRule], Field(min_length=1)]


class Source(Closed):
    """A document the pack leans on."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1, max_length=160)]
    publisher: str
    date: str
    """As precise as it is known: ``2026-03-13``, ``2019``, ``undated``."""
    address: str
    verified: Literal["official_text", "older_official_text", "abstract", "secondary"]
    note: ParagraphText | None = None


class SourceFile(Closed):
    """``sources.toml``."""

    sources: list[Source]
