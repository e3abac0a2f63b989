"""The pack as a whole: wording, version, and the local policy on top of it."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Authority,
    Basis,
    Effect,
    Grade,
    LineText,
    LongText,
    PackModel,
    ParagraphText,
    ShortText,
    Verdict,
)


class Words(PackModel, frozen=True, kw_only=True):
    """A word shown to people, its symbol (always beside color), and what it means."""

    title: ShortText
    symbol: Annotated[str, Meta(min_length=1, max_length=1)]
    meaning: ParagraphText


class WhoPart(PackModel, frozen=True, kw_only=True):
    """A part of the line that says who a case is about.

    Attributes:
        name: What it is called while nothing of it is known.
        say: How it is said; ``{question.id}`` stands for an answer.
        in_label: Whether it is part of the label that a case has until somebody gives it one.
        once_known: Whether it is left out while nothing of it is known.
    """

    name: ShortText
    say: ShortText
    in_label: bool = False
    once_known: bool = False


class WhoMarks(PackModel, frozen=True, kw_only=True):
    """What stands for an answer that is not there, and behind one that is too old."""

    open: ShortText = "–"
    unknown: ShortText = "?"
    too_old: ShortText = "(old)"


class WordingFile(PackModel, frozen=True, kw_only=True):
    """``wording.toml``: what verdicts, effects, authorities and grades are called."""

    verdicts: dict[Verdict, Words]
    effects: dict[Effect, Words]
    authorities: dict[Authority, ShortText]
    bases: dict[Basis, ShortText]
    grades: dict[Grade, ParagraphText]
    who: tuple[WhoPart, ...] = ()
    """Who a case is about, in one line."""
    who_marks: WhoMarks = field(default_factory=WhoMarks)
    who_words: dict[str, dict[str, ShortText]] = field(default_factory=dict)
    """Short words for choices in that line, by question and code."""
    who_oldest: dict[str, int] = field(default_factory=dict)
    """Numbers above which a label says only that they are above it, by question."""


class Change(PackModel, frozen=True, kw_only=True):
    """An entry of the pack's changelog."""

    version: str
    date: dt.date
    text: LongText


class PackFile(PackModel, frozen=True, kw_only=True):
    """``pack.toml``."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z")]
    title: LineText
    version: str
    effective: dt.date
    review_by: dt.date
    jurisdiction: LineText
    about: LongText
    weights: dict[Effect, Annotated[int, Meta(ge=0, le=1_000_000)]]
    """What an open rule of each effect weighs in the choice of the next question."""
    parts: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Every other file of the pack, so that one that is missing is noticed."""
    changelog: Annotated[tuple[Change, ...], Meta(min_length=1)]
