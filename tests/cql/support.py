"""A small dictionary and one-line evaluation, for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ketatui.cql import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Condition,
    Scope,
    Type,
    Value,
    check,
    compile_expression,
    parse,
)

SCOPE = Scope(
    facts={
        "p": BOOLEAN,
        "q": BOOLEAN,
        "r": BOOLEAN,
        "x": NUMBER,
        "y": NUMBER,
        "name": TEXT,
        "color": Type("text", codes=frozenset({"red", "green", "blue"})),
        "paint": Type("text", codes=frozenset({"red", "green", "blue"})),
        "classes": Type("list", codes=frozenset({"opioid", "alcohol"}), element="text"),
    },
    thresholds={"limit": Decimal(10)},
)


def compiled(text: str) -> Condition:
    node = parse(text)
    check(node, SCOPE)
    return compile_expression(text, node, SCOPE.thresholds)


def evaluate(text: str, facts: Mapping[str, Value] | None = None) -> Value:
    return compiled(text).value(facts or {})
