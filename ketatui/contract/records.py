"""Answers proposed from a record: `ketatui prefill --json`."""

from typing import Literal

from pydantic import Field

from ketatui.contract.base import Code, Day, Id, Moment, Number, Open

Proposed = bool | int | Number | str


class Proposal(Open):
    """One answer that a record suggests; it counts once a person has confirmed it."""

    question: Id
    value: Proposed
    date: Day | Moment | None
    """The day or moment the record gives for it; null where it gives none, as of a birth date."""
    resource: str
    """``Observation/…``: where it stands."""
    code: str
    stale: bool
    """Too old to count, or of an age that the record does not tell."""
    old: bool = False
    """Of a question that does not say when an answer is too old: whether it is old all the same. To
    confirm it somebody has to say that it still holds."""
    items: dict[Code, int] | None = None
    """Of a scale that was taken item by item: the scores that add up to the value."""
    recognized: str | None = None
    """Of a medicine: the name that its text was recognized as; none while that is open."""
    also: list[str] | None = None
    """Further resources that it rests on, where one alone does not say it."""


class NotUsed(Open):
    """Something in the record that was looked at and proposes nothing."""

    resource: str
    because: str


class Proposals(Open):
    """What one patient's record proposes. Nothing is ever proposed from absence."""

    schema_: Literal[1] = Field(alias="schema")
    patient: str
    proposed: list[Proposal]
    not_used: list[NotUsed | str] = Field(default_factory=list)
