"""What a line of the decision table is, and short ways to write one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ketatui.cases.model import Answer

EFFECT = {
    "C": "contraindicated",
    "NI": "not_indicated",
    "NR": "not_recommended",
    "U": "unmet",
    "!": "caution",
    "n": "note",
}
Changes = Mapping[str, Answer | None]
Rows = Mapping[str, tuple[dict[str, Any], ...]]


@dataclass(frozen=True)
class Line:
    rule: str
    effects: str
    authority: str
    true: Changes = field(default_factory=dict)
    near_miss: Changes = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    takes_instead: tuple[str, ...] = ()
    one_trial: bool = False
    item_9: int | None = None
    tables: Rows = field(default_factory=dict)
    tables_instead: Rows = field(default_factory=dict)

    def effect(self, pathway: int) -> str | None:
        return EFFECT.get(self.effects.split()[pathway])

    def authority_on(self, pathway: int) -> str:
        parts = self.authority.split(" / ")
        if len(parts) == 3:
            return parts[(0, 1, 1, 2)[pathway]]
        return parts[0] if pathway == 0 else parts[-1]


def yes_no(rule: str, effects: str, authority: str, ident: str, *, value: bool = True) -> Line:
    """A yes/no question; the other answer is the near miss."""
    return Line(rule, effects, authority, {ident: value}, {ident: not value})


def code(rule: str, effects: str, authority: str, ident: str, option: str, near: str) -> Line:
    return Line(rule, effects, authority, {ident: option}, {ident: near})


def takes(rule: str, effects: str, authority: str, drug: str, near: str) -> Line:
    return Line(rule, effects, authority, takes=(drug,), takes_instead=(near,))


def rows(
    rule: str, effects: str, authority: str, table: str, row: dict[str, Any], number: int, near: int
) -> Line:
    """A rule that reads how many rows a further table has; another number is the near miss."""
    many, other = {table: (row,) * number}, {table: (row,) * near}
    return Line(rule, effects, authority, tables=many, tables_instead=other)
