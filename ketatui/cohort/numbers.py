"""Numbers as whole numbers: decimals are counted in parts of ten, so that arithmetic is exact."""

from __future__ import annotations

from decimal import Decimal

from ketatui.cohort.errors import CohortError
from ketatui.cohort.expressions import (
    FALSE,
    NULL,
    Arithmetic,
    Const,
    Expr,
    and_,
    choose,
    compare,
    is_null,
    or_,
)
from ketatui.structs import Frozen

DIGITS = 8
"""Fraction digits of a decimal, as CQL has them; one that is finer is rounded when it is read."""
_NARROW = 2**62
_WIDE = 2**126


class Number(Frozen, frozen=True):
    """A number: ``expr`` counts parts of ten.

    Attributes:
        expr: The whole number.
        digits: How many fraction digits it counts.
        low: The least it can be.
        high: The greatest it can be.
    """

    expr: Expr
    digits: int
    low: int
    high: int


def number(value: Decimal | int) -> Number:
    """Return a constant."""
    exact = Decimal(value)
    exponent = exact.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    digits = max(0, -exponent)
    whole = int(exact.scaleb(digits))
    return Number(Const(whole), digits, whole, whole)


def calculate(op: str, left: Expr, right: Expr, low: int, high: int) -> Expr:
    """Return a calculation whose result lies between two numbers.

    Raises:
        CohortError: It may need more digits than engines hold.
    """
    if NULL in (left, right):
        return NULL
    if isinstance(left, Const) and isinstance(right, Const):
        assert left.value is not None and right.value is not None
        a, b = int(left.value), int(right.value)
        return Const({"+": a + b, "-": a - b, "*": a * b, "//": a // b if b else 0}[op])
    if op == "*" and Const(1) in (left, right):
        return left if right == Const(1) else right
    if op in ("+", "-") and right == Const(0):
        return left
    most = max(abs(low), abs(high))
    if most >= _WIDE:
        raise CohortError(f"a calculation reaches {most:.1e}, more than a cohort counts with")
    return Arithmetic(op, left, right, wide=most >= _NARROW)  # type: ignore[arg-type]


def rescaled(of: Number, digits: int) -> Number:
    """Return a number that counts more fraction digits."""
    factor = 10 ** (digits - of.digits)
    low, high = of.low * factor, of.high * factor
    return Number(calculate("*", of.expr, Const(factor), low, high), digits, low, high)


def compared(op: str, left: Number, right: Number) -> Expr:
    """Compare two numbers."""
    digits = max(left.digits, right.digits)
    return compare(op, rescaled(left, digits).expr, rescaled(right, digits).expr)


def added(op: str, left: Number, right: Number) -> Number:
    """Add or subtract."""
    digits = max(left.digits, right.digits)
    a, b = rescaled(left, digits), rescaled(right, digits)
    low, high = (a.low + b.low, a.high + b.high) if op == "+" else (a.low - b.high, a.high - b.low)
    return Number(calculate(op, a.expr, b.expr, low, high), digits, low, high)


def multiplied(left: Number, right: Number) -> Number:
    """Multiply."""
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = min(corners), max(corners)
    return Number(
        calculate("*", left.expr, right.expr, low, high), left.digits + right.digits, low, high
    )


def divided(left: Number, right: Number) -> Number:
    """Divide, to `DIGITS` fraction digits, a half away from zero; null by zero.

    Raises:
        CohortError: An operand may be negative, which no criteria need so far.
    """
    _not_negative(left, right)
    # a / 10^m over b / 10^n, in parts of 10^DIGITS, is a * 10^(DIGITS + n - m) over b.
    shift = DIGITS + right.digits - left.digits
    top = rescaled(left, left.digits + max(shift, 0))
    bottom = rescaled(right, right.digits + max(-shift, 0))
    return Number(_quotient(top, bottom, half=True), DIGITS, 0, _most(top, bottom) + 1)


def whole_quotient(left: Number, right: Number) -> Number:
    """Divide and cut the fraction off; null by zero.

    Raises:
        CohortError: An operand may be negative, which no criteria need so far.
    """
    _not_negative(left, right)
    digits = max(left.digits, right.digits)
    top, bottom = rescaled(left, digits), rescaled(right, digits)
    return Number(_quotient(top, bottom, half=False), 0, 0, _most(top, bottom))


def rounded(of: Number, digits: int) -> Number:
    """Round to so many fraction digits, a half toward positive infinity."""
    if digits >= of.digits:
        return of
    step = 10 ** (of.digits - digits)
    # Moved up by whole steps first: what is divided is never negative.
    moved = max(0, -(of.low // step)) * step
    low, high = of.low + moved, of.high + moved
    up = calculate("+", of.expr, Const(moved + step // 2), low, high + step)
    cut = calculate("//", up, Const(step), low // step, high // step + 1)
    back = calculate("-", cut, Const(moved // step), of.low // step, of.high // step + 1)
    return Number(back, digits, of.low // step, of.high // step + 1)


def negated(of: Number) -> Number:
    """Return the negative of a number."""
    return added("-", number(0), of)


def within(of: Expr, low: int | None, high: int | None) -> Expr:
    """Return a whole number where it lies within limits; null elsewhere."""
    limits = and_(
        *(() if low is None else (compare(">=", of, Const(low)),)),
        *(() if high is None else (compare("<=", of, Const(high)),)),
    )
    return choose([(limits, of)], NULL)


def _not_negative(*numbers: Number) -> None:
    if any(item.low < 0 for item in numbers):
        raise CohortError("a cohort divides nothing that may be negative")


def _most(top: Number, bottom: Number) -> int:
    return top.high // max(bottom.low, 1)


def _quotient(top: Number, bottom: Number, *, half: bool) -> Expr:
    a, b, high = top.expr, bottom.expr, top.high
    if half:
        twice = calculate("*", a, Const(2), 0, 2 * high)
        a = calculate("+", twice, b, 0, 2 * high + bottom.high)
        b = calculate("*", b, Const(2), 0, 2 * bottom.high)
    found = calculate("//", a, b, 0, 2 * high + bottom.high)
    if bottom.low > 0:
        return found
    by_zero = or_(is_null(bottom.expr), compare("=", bottom.expr, Const(0)))
    # The divisor is kept from zero too: an engine may divide before it chooses.
    safe = choose([(compare("=", b, Const(0)), Const(1))], b)
    found = calculate("//", a, safe, 0, 2 * high + bottom.high)
    return choose([(by_zero, NULL)], found) if by_zero != FALSE else found
