"""What `ketatui course compare --json` prints: two packs, then each case that differs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ketatui.contract.base import Open
from ketatui.contract.listings import VisitReassessment


class ComparedPack(Open):
    """One of two packs' courses of treatment."""

    id: str
    version: str
    """Of its course."""
    digest: str
    policy: str | None
    """Title of the local policy over it."""


class PartChange(Open):
    """One part of an item that differs; null where a side has nothing, a number as text."""

    part: str
    """Its key, of a table of keys the inner one: `effects.iv`."""
    from_: Any = Field(alias="from")
    to: Any


class PackChange(Open):
    """One item that differs between two packs."""

    kind: Literal[
        "decision",
        "rule",
        "threshold",
        "question",
        "fact",
        "instrument",
        "phase",
        "clock",
        "watch",
        "schedule",
        "basis",
        "form",
        "check",
        "contradiction",
        "worksheet",
        "page",
    ]
    id: str
    change: Literal["added", "removed", "changed"]
    parts: list[PartChange]


class PackComparison(Open):
    """`ketatui course compare --json`, its first line: the two packs."""

    schema_: Literal[1] = Field(alias="schema")
    from_: ComparedPack = Field(alias="from")
    to: ComparedPack
    changes: list[PackChange]


class VisitComparison(Open):
    """`ketatui course compare --json`: a case of which a visit comes out otherwise."""

    schema_: Literal[1] = Field(alias="schema")
    case: str
    path: str
    judged: int
    """Visits of the case that were judged under both."""
    changed: bool
    """Whether the verdict of a decision is another one."""
    visits: list[VisitReassessment]
    """Those that come out otherwise; `then` is under the first pack, `now` under the second."""
