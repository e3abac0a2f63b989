"""Models of the practice files of a pack: a case with its story and key, topics, the rubric.

The answers of a practice case are read like those of a case file, so they are not modelled here.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ketatui.criteria.models import (
    Code,
    Effect,
    LineText,
    PackModel,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
    Verdict,
)

NONE = "none"
"""No pathway at all, where a pathway is chosen."""

Part = Literal["referral", "history", "examination", "medications", "labs"]
PracticeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
StoryText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1800)]
TeachingText = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class StoryPart(PackModel):
    """A part of the story as it lies before the trainee."""

    part: Part
    title: ShortText
    text: StoryText


class Reveal(PackModel):
    """Something that is told only when it is asked for."""

    id: PracticeId
    part: Part
    ask: LineText
    """What the asking is called afterwards: "Ask about headaches"."""
    text: TeachingText
    facts: tuple[str, ...] = ()
    """Questions it answers: asking at any of them tells it. Without any it is told when asking
    elsewhere brings nothing else up, as people say things nobody asked for."""


class Hint(PackModel):
    """A nudge that costs points."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Plan(PackModel):
    """One of the plans to choose from; neither right nor with a harm it is neutral."""

    id: PracticeId
    text: Annotated[str, StringConstraints(min_length=1, max_length=240)]
    right: bool = False
    harm: ParagraphText | None = None


class Teaching(PackModel):
    """Something to take away, with the rules it is about and where to read it."""

    text: TeachingText
    rules: tuple[RuleId, ...] = ()
    sources: tuple[SourceRef, ...] = Field(min_length=1)


class Key(PackModel):
    """What the author expects. It is held against the engine and never scored itself."""

    best: str
    """A pathway's id, or ``none``."""
    verdicts: dict[PathwayId, Verdict]
    reasons: dict[PathwayId, tuple[RuleId, ...]] = Field(default_factory=dict)


class SourceCase(PackModel):
    """Where a practice case that was made from a saved case came from."""

    pack: str
    version: str
    made_on: dt.date


LineId = Literal[
    "decisive_fact",
    "decisive_reason",
    "verdict",
    "choice",
    "plan",
    "harm_pathway",
    "harm_plan",
    "missed_red_flag",
    "hint",
]
Gain = Annotated[int, Field(ge=0, le=100)]
Loss = Annotated[int, Field(ge=-100, le=0)]


class CaseRubric(PackModel):
    """Points that differ for one case."""

    decisive_fact: Gain | None = None
    decisive_reason: Gain | None = None
    verdict: Gain | None = None
    choice: Gain | None = None
    plan: Gain | None = None
    harm_pathway: Loss | None = None
    harm_plan: Loss | None = None
    missed_red_flag: Loss | None = None
    hint: Loss | None = None


class PracticeFile(PackModel):
    """What a practice case says beside its answers."""

    id: PracticeId
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    topic: Code
    difficulty: Annotated[int, Field(ge=1, le=3)]
    minutes: Annotated[int, Field(ge=1, le=90)]
    invented: LineText
    author: Annotated[str, StringConstraints(max_length=60)] = ""
    on: dt.date
    """The day the case plays; ages of answers and dated rules are reckoned from it."""
    story: tuple[StoryPart, ...] = Field(min_length=1)
    reveal: tuple[Reveal, ...] = ()
    hint: tuple[Hint, ...] = ()
    key: Key
    plans: tuple[Plan, ...] = Field(min_length=2, max_length=9)
    teaching: tuple[Teaching, ...] = Field(min_length=1)
    rubric: CaseRubric = CaseRubric()
    source_case: SourceCase | None = None


class Topic(PackModel):
    """What a practice case is about."""

    id: Code
    title: ShortText


class TopicFile(PackModel):
    """``practice/topics.toml``."""

    topics: tuple[Topic, ...] = Field(min_length=1)


class RubricLine(PackModel):
    """One line of the rubric: its points, and what it is for."""

    id: LineId
    points: Annotated[int, Field(ge=-100, le=100)]
    title: LineText
    text: ParagraphText


class RubricFile(PackModel):
    """``practice/rubric.toml``."""

    lines: tuple[RubricLine, ...]
    red_flag_effects: tuple[Effect, ...]
    """A fact that carries a finding with one of these effects is a red flag."""
    red_flag_rules: tuple[RuleId, ...] = ()
    """So is one that carries a finding of one of these rules."""
    alike: tuple[tuple[Verdict, ...], ...]
    """Verdicts close enough to each other to be worth half."""
