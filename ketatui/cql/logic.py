"""Three-valued evaluation: expressions become functions from facts to true, false or null.

Kleene's logic is sound, not complete: ``x or not x`` stays null while x is. That is why the
assessment shows the best and the worst verdict still possible beside the present one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Any

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
    children,
)
from ketatui.structs import Frozen

Value = bool | int | Decimal | str | tuple[str, ...] | None
"""A fact: yes/no, a number, a code, a list of codes, or null."""


class PartialList(tuple[str, ...]):
    """A list of codes that may hold more than is known: what is in it is, what is not may be.

    ``contains`` and ``in`` are true for what is in it and null for all else.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a text that no other list has."""
        return f"PartialList({list(self)!r})"

    def __eq__(self, other: object) -> bool:
        """Equal another list of which as much is known, and no finished one."""
        return isinstance(other, PartialList) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        """Differ from all else."""
        return not self == other

    def __hash__(self) -> int:
        """Hash what is known."""
        return tuple.__hash__(self)


def is_settled(value: Value) -> bool:
    """Tell whether a fact is known whole: it is not null, and no list that may go on."""
    return value is not None and not isinstance(value, PartialList)


Facts = Mapping[str, Value]
"""Effective values by id. An id that is absent is null."""

Function = Callable[[Facts], Value]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CQL_DECIMAL = Decimal("0.00000001")
"""CQL decimals have eight fraction digits."""


def not_(value: Value) -> bool | None:
    """Negate; null stays null."""
    return None if value is None else not value


def and_(left: Value, right: Value) -> bool | None:
    """Both: false wins over null."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def or_(left: Value, right: Value) -> bool | None:
    """Either: true wins over null."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def xor_(left: Value, right: Value) -> bool | None:
    """Exactly one; null if either is."""
    return None if left is None or right is None else left is not right


def implies_(left: Value, right: Value) -> bool | None:
    """If left then right: ``not left or right``."""
    return or_(not_(left), right)


_LOGIC: dict[str, Callable[[Value, Value], bool | None]] = {
    "or": or_,
    "and": and_,
    "xor": xor_,
    "implies": implies_,
}


def compare(op: str, left: Value, right: Value) -> bool | None:
    """Compare two values of one type; null if either is null."""
    return None if left is None or right is None else _ORDER[op](left, right)


def among(value: Value, items: tuple[Value, ...] | None) -> bool | None:
    """Membership as ``value = a or value = b or …``; null for a null list.

    In a list that may go on, what is not found may yet be there.
    """
    if items is None:
        return None
    found: bool | None = None if isinstance(items, PartialList) else False
    for item in items:
        found = or_(found, compare("=", value, item))
    return found


def arithmetic(op: str, left: Value, right: Value) -> Value:
    """Add, subtract, multiply or divide; null for null operands and for division by zero.

    ``div`` cuts the fraction off, as in CQL: ``-7 div 2`` is -3.
    """
    if left is None or right is None:
        return None
    a: Any = left
    b: Any = right
    try:
        if op in ("/", "div"):
            if b == 0:
                return None
            if op == "div":
                return whole_part(Decimal(a), Decimal(b))
            return (Decimal(a) / Decimal(b)).quantize(_CQL_DECIMAL, ROUND_HALF_UP)
        result: Any = {"+": a + b, "-": a - b, "*": a * b}[op]
    except InvalidOperation:
        # CQL: an overflow is null.
        return None
    return result if _is_held(result) else None


def whole_part(a: Decimal, b: Decimal) -> int | None:
    """Divide and cut the fraction off."""
    whole = int(a // b)
    return whole if _is_held(whole) else None


def rounded(value: Value, digits: int) -> Value:
    """Round to so many fraction digits; a half goes towards positive infinity, as in CQL."""
    if value is None:
        return None
    assert isinstance(value, int | Decimal)
    exact = Decimal(value)
    way = ROUND_HALF_DOWN if exact < 0 else ROUND_HALF_UP
    try:
        return exact.quantize(Decimal(1).scaleb(-digits), way)
    except InvalidOperation:
        return None


def _is_held(number: Any) -> bool:
    """Tell whether CQL can hold a number: a larger one is an overflow, which is null."""
    return bool(abs(number) < Decimal(10) ** 28)


def _compile(
    node: Node, operands: Sequence[Function], thresholds: Mapping[str, Decimal]
) -> Function:
    match node:
        case Literal(value=constant):
            return lambda facts: constant
        case Name(id=name):
            return lambda facts: facts.get(name)
        case Threshold(name=name):
            number = thresholds[name]
            return lambda facts: number
        case ListOf(items=items):
            return _compile_list(items, operands)
        case Binary(op=op):
            return _compile_binary(op, *operands)
        case Between():
            inner, low, high = operands
            return lambda facts: and_(
                compare(">=", inner(facts), low(facts)), compare("<=", inner(facts), high(facts))
            )
    (inner,) = operands
    match node:
        case Unary(op=op):
            negative = not_ if op == "not" else partial(arithmetic, "-", 0)
            return lambda facts: negative(inner(facts))
        case Is(what=what, negated=negated):
            return lambda facts: (inner(facts) is what) is not negated
        case Round(digits=digits):
            return lambda facts: rounded(inner(facts), digits)


def _compile_list(items: Sequence[Node], operands: Sequence[Function]) -> Function:
    if all(isinstance(item, Literal) for item in items):
        constants = tuple(part({}) for part in operands)
        return lambda facts: constants  # type: ignore[return-value]
    return lambda facts: tuple(part(facts) for part in operands)  # type: ignore[misc]


def _compile_binary(op: str, left: Function, right: Function) -> Function:
    if op in _LOGIC:
        both = _LOGIC[op]
        return lambda facts: both(left(facts), right(facts))
    if op == "in":
        return lambda facts: among(left(facts), right(facts))  # type: ignore[arg-type]
    if op == "contains":
        return lambda facts: among(right(facts), left(facts))  # type: ignore[arg-type]
    if op in _ORDER:
        test = _ORDER[op]

        def compared(facts: Facts) -> bool | None:
            a, b = left(facts), right(facts)
            return None if a is None or b is None else test(a, b)

        return compared
    return lambda facts: arithmetic(op, left(facts), right(facts))


class Condition(Frozen, frozen=True):
    """A checked expression, ready to be evaluated.

    Attributes:
        text: The expression as written.
        node: Its syntax tree.
        value: The function from facts to its value.
        reads: Ids it reads, in order of appearance.
        thresholds: Names of the thresholds it compares with.
        parts: Conditions of the direct operands, for `waits_for`.
    """

    text: str
    node: Node
    value: Function
    reads: tuple[str, ...]
    thresholds: tuple[str, ...]
    parts: tuple[Condition, ...]

    def waits_for(self, facts: Facts) -> tuple[str, ...]:
        """Return the null facts that still decide the value; empty once it is not null.

        A false operand of ``or`` or a true operand of ``and`` has had its say: only operands
        that are null themselves are followed.
        """
        # A list has a value of its own even where its elements are null.
        if not isinstance(self.node, ListOf) and is_settled(self.value(facts)):
            return ()
        return self.waits_while_null(facts)

    def waits_while_null(self, facts: Facts) -> tuple[str, ...]:
        """Return the same for facts under which the value is known to be null."""
        if len(self.reads) == 1 and not isinstance(self.node, ListOf):
            return self.reads
        found: dict[str, None] = {}
        for part in self.parts:
            found.update(dict.fromkeys(part.waits_for(facts)))
        return tuple(found)


def compile_expression(text: str, node: Node, thresholds: Mapping[str, Decimal]) -> Condition:
    """Compile a parsed and checked expression.

    Args:
        text: The expression as written, kept for showing.
        node: Its syntax tree.
        thresholds: Values of the thresholds it names.

    Returns:
        The condition; evaluating it raises nothing for facts of the checked types.
    """
    parts = tuple(compile_expression("", child, thresholds) for child in children(node))
    used = [node.name] if isinstance(node, Threshold) else []
    reads = [node.id] if isinstance(node, Name) else []
    for part in parts:
        used += part.thresholds
        reads += part.reads
    return Condition(
        text=text,
        node=node,
        value=_compile(node, [part.value for part in parts], thresholds),
        reads=tuple(dict.fromkeys(reads)),
        thresholds=tuple(dict.fromkeys(used)),
        parts=parts,
    )
