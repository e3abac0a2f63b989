"""Three-valued logic: what each operator makes of true, false, null and numbers.

Kleene's logic is sound, not complete: ``x or not x`` stays null while x is. That is why the
assessment shows the best and the worst verdict still possible beside the present one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

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

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""The operators that compare two values, neither of them null."""
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


def compare(op: str, left: Value, right: Value) -> bool | None:
    """Compare two values of one type; null if either is null."""
    return None if left is None or right is None else ORDER[op](left, right)


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
    """Round to so many fraction digits; a half goes toward positive infinity, as in CQL."""
    if value is None:
        return None
    assert isinstance(value, int | Decimal)
    exact = Decimal(value)
    way = ROUND_HALF_DOWN if exact < 0 else ROUND_HALF_UP
    try:
        # CQL has no negative zero: 0 is added to be rid of its sign.
        return exact.quantize(Decimal(1).scaleb(-digits), way) + 0
    except InvalidOperation:
        return None


def _is_held(number: Any) -> bool:
    """Tell whether CQL can hold a number: a larger one is an overflow, which is null."""
    return bool(abs(number) < Decimal(10) ** 28)
