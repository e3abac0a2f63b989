"""Types of expressions, and the check that nothing incomparable is compared.

A mistake in a rule has to surface when the pack is loaded: at run time it could only be a null,
which would read as "more information needed" forever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import NoneType
from typing import Literal as Lit

from msgspec import field

from ketatui.close_names import close_names
from ketatui.cql.errors import ExpressionError
from ketatui.cql.syntax import (
    Between,
    Binary,
    Is,
    ListOf,
    Literal,
    Name,
    Node,
    Round,
    Threshold,
    Unary,
)
from ketatui.structs import Frozen

Kind = Lit["boolean", "number", "text", "list", "null"]


class Type(Frozen, frozen=True):
    """The type of an expression.

    Attributes:
        kind: What it is; ``null`` fits everything.
        codes: For text and lists of text: the only values possible, None when any text is.
        element: For a list: the kind of its elements.
        literal: For a text constant: its value, so that it can be held against ``codes``. Not
            None either for a list of constants, which allows any text to be looked for.
    """

    kind: Kind
    codes: frozenset[str] | None = None
    element: Kind = "null"
    literal: str | None = None

    def __str__(self) -> str:
        """Return the word used in messages."""
        return {"text": "choice" if self.codes else "text", "boolean": "yes/no"}.get(
            self.kind, self.kind
        )


BOOLEAN = Type("boolean")
NUMBER = Type("number")
TEXT = Type("text")
NULL = Type("null")
_OF: Mapping[type, Type] = {NoneType: NULL, bool: BOOLEAN, int: NUMBER, Decimal: NUMBER}
"""The type of a constant that is no text, by its Python type."""


class Scope(Frozen, frozen=True):
    """What an expression may name.

    Attributes:
        facts: Type of every question and derived fact, by id.
        thresholds: Value of every threshold, by name.
    """

    facts: Mapping[str, Type] = field(default_factory=dict)
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)


def check(node: Node, scope: Scope) -> Type:
    """Check an expression against the dictionary.

    Args:
        node: A parsed expression.
        scope: The ids and thresholds it may name.

    Returns:
        The expression's type.

    Raises:
        ExpressionError: Unknown id, threshold or choice code; operands of different types.
    """
    match node:
        case Literal():
            text = node.value
            return Type("text", literal=text) if isinstance(text, str) else _OF[type(text)]
        case Name():
            if node.id not in scope.facts:
                raise ExpressionError(_unknown("id", node.id, scope.facts), node.at)
            return scope.facts[node.id]
        case Threshold():
            if node.name not in scope.thresholds:
                raise ExpressionError(_unknown("threshold", node.name, scope.thresholds), node.at)
            return NUMBER
        case ListOf():
            return _of_list(node, scope)
        case Unary():
            wanted = BOOLEAN if node.op == "not" else NUMBER
            _want(wanted, f"'{node.op}'", node.at, check(node.operand, scope))
            return wanted
        case Round():
            _want(NUMBER, "'Round'", node.at, check(node.operand, scope))
            return NUMBER
        case Is():
            found = check(node.operand, scope)
            if node.what is not None:
                _want(BOOLEAN, "'is true' and 'is false'", node.at, found)
            return BOOLEAN
        case Between():
            parts = [check(part, scope) for part in (node.operand, node.low, node.high)]
            _ordered(parts[0], parts[1], "between", node.at)
            _ordered(parts[0], parts[2], "between", node.at)
            return BOOLEAN
        case Binary():
            return _of_binary(node, check(node.left, scope), check(node.right, scope))


def _of_list(node: ListOf, scope: Scope) -> Type:
    found = NULL
    kinds = [check(item, scope) for item in node.items]
    for one in kinds:
        if one.kind == "list":
            raise ExpressionError("a list cannot hold a list", node.at)
        _same(found, one, "a list", node.at)
        found = one if found.kind == "null" else found
        if one.codes is not None:
            for other in kinds:
                _known_code(one, other.literal, node.at)
    if found.kind != "text":
        return Type("list", element=found.kind)
    texts = [one for one in kinds if one.kind == "text"]
    literals = frozenset(one.literal for one in texts if one.literal is not None)
    choices = [one.codes for one in texts if one.codes is not None]
    if any(one.literal is None and one.codes is None for one in texts):
        return Type("list", element="text")
    if choices:
        return Type("list", codes=literals.union(*choices), element="text")
    # Constants alone allow any text to be looked for among them.
    return Type("list", codes=literals, element="text", literal="")


def _of_binary(node: Binary, left: Type, right: Type) -> Type:
    op = node.op
    if op in ("and", "or", "xor", "implies"):
        _want(BOOLEAN, f"'{op}'", node.at, left, right)
        return BOOLEAN
    if op in ("+", "-", "*", "/", "div"):
        _want(NUMBER, f"'{op}'", node.at, left, right)
        return NUMBER
    if op in ("=", "!="):
        if "list" in (left.kind, right.kind):
            raise ExpressionError(f"'{op}' does not compare lists; use in or contains", node.at)
        _same(left, right, f"'{op}'", node.at)
    elif op in ("in", "contains"):
        element, many = (left, right) if op == "in" else (right, left)
        _member(element, many, op, node.at)
    else:
        _ordered(left, right, op, node.at)
    return BOOLEAN


def _want(wanted: Type, what: str, at: int, *operands: Type) -> None:
    for found in operands:
        if found.kind not in (wanted.kind, "null"):
            raise ExpressionError(f"{what} takes {wanted}, not {found}", at)


def _same(left: Type, right: Type, what: str, at: int) -> None:
    if "null" in (left.kind, right.kind):
        return
    if left.kind != right.kind:
        raise ExpressionError(f"{what} mixes {left} and {right}", at)
    if left.codes is not None:
        _known_code(left, right.literal, at)
    if right.codes is not None:
        _known_code(right, left.literal, at)
    if left.codes and right.codes and not left.codes & right.codes:
        raise ExpressionError(f"{what} compares choices that have no code in common", at)


def _ordered(left: Type, right: Type, op: str, at: int) -> None:
    for one in (left, right):
        if one.kind == "text" and one.codes is not None:
            raise ExpressionError(f"choice codes have no order for '{op}'", at)
        if one.kind not in ("number", "text", "null"):
            raise ExpressionError(f"'{op}' compares numbers, not {one}", at)
    _same(left, right, f"'{op}'", at)


def _member(element: Type, many: Type, op: str, at: int) -> None:
    if many.kind == "null":
        return
    if many.kind != "list":
        side = "right" if op == "in" else "left"
        raise ExpressionError(f"'{op}' takes a list on its {side}, not {many}", at)
    if element.kind == "list":
        raise ExpressionError(f"'{op}' looks for one value, not a list", at)
    if "null" not in (element.kind, many.element) and element.kind != many.element:
        raise ExpressionError(f"'{op}' mixes {element} and a list of {many.element}", at)
    if element.literal is not None:
        _known_code(many, element.literal, at)
    elif element.codes is not None:
        for code in sorted(many.codes or ()):
            _known_code(element, code, at)


def _known_code(choice: Type, code: str | None, at: int) -> None:
    if code is None or choice.codes is None or choice.literal is not None:
        return
    if code not in choice.codes:
        allowed = ", ".join(sorted(choice.codes))
        raise ExpressionError(f"unknown choice code '{code}'; allowed: {allowed}", at)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = close_names(name, known, likeness=0.6)
    return f"unknown {what} '{name}'" + (f"; near: {', '.join(near)}" if near else "")
