"""The pack as a whole: wording, version, and the local policy on top of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from ketatui.criteria.models.base import (
    Authority,
    Basis,
    Code,
    Effect,
    Grade,
    LineText,
    LongText,
    PackModel,
    ParagraphText,
    ShortText,
    Verdict,
)
from ketatui.criteria.models.rules import Rule


class Words(PackModel):
    """A word shown to people, its symbol (always beside colour), and what it means."""

    title: ShortText
    symbol: Annotated[str, StringConstraints(min_length=1, max_length=1)]
    meaning: ParagraphText


class WordingFile(PackModel):
    """``wording.toml``: what verdicts, effects, authorities and grades are called."""

    verdicts: dict[Verdict, Words]
    effects: dict[Effect, Words]
    authorities: dict[Authority, ShortText]
    bases: dict[Basis, ShortText]
    grades: dict[Grade, ParagraphText]


class Change(PackModel):
    """An entry of the pack's changelog."""

    version: str
    date: dt.date
    text: LongText


class PackFile(PackModel):
    """``pack.toml``."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: LineText
    version: str
    effective: dt.date
    review_by: dt.date
    jurisdiction: LineText
    about: LongText
    parts: tuple[str, ...] = Field(min_length=1)
    """Every other file of the pack, so that one that is missing is noticed."""
    changelog: tuple[Change, ...] = Field(min_length=1)


class PolicyFile(PackModel):
    """A local policy: thresholds changed and rules added, all marked "local policy"."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: LineText
    thresholds: dict[Code, Decimal] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
