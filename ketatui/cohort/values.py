"""What an expression of the pack comes to as columns: yes/no, number, code, or list of codes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ketatui.cohort.errors import CohortError
from ketatui.cohort.expressions import (
    FALSE,
    NULL,
    TRUE,
    Const,
    Expr,
    and_,
    any_bit,
    choose,
    compare,
    is_null,
    is_true,
    not_,
    or_,
)
from ketatui.cohort.numbers import (
    Number,
    added,
    compared,
    divided,
    multiplied,
    negated,
    number,
    rounded,
    whole_quotient,
)
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


class Truth(Frozen, frozen=True):
    """A yes/no."""

    expr: Expr


class Code(Frozen, frozen=True):
    """A code: ``expr`` is its place among the codes it can be."""

    expr: Expr
    codes: tuple[str, ...]


class Codes(Frozen, frozen=True):
    """A list of codes, a bit for each; while it is open it may hold more than is known.

    Attributes:
        bits: A bit for each code, by its place among `codes`; never null.
        open: Whether it may go on; never null.
    """

    bits: Expr
    open: Expr
    codes: tuple[str, ...]


class Several(Frozen, frozen=True):
    """A list written in the expression itself."""

    items: tuple[Value, ...]


class Nothing(Frozen, frozen=True):
    """The constant null."""


Value = Truth | Number | Code | Codes | Several | Nothing


def expr_of(value: Value) -> Expr:
    """Return the one column that a value is, where it is one."""
    match value:
        case Truth() | Number() | Code():
            return value.expr
        case _:
            return NULL


def truth_of(value: Value) -> Expr:
    """Return a value that has to be a yes/no."""
    if isinstance(value, Truth | Nothing):
        return expr_of(value)
    raise CohortError(f"{type(value).__name__.lower()} is not a yes or no")


def is_absent(value: Value) -> Expr:
    """Ask whether a value is null."""
    match value:
        case Codes(bits=bits, open=open_):
            return and_(open_, compare("=", bits, Const(0)))
        case Several():
            return FALSE
        case _:
            return is_null(expr_of(value))


def is_settled(value: Value) -> Expr:
    """Ask whether a value is known whole."""
    return not_(value.open) if isinstance(value, Codes) else not_(is_absent(value))


class Reader(Frozen, frozen=True):
    """Turns expressions of the pack into expressions over columns.

    Attributes:
        fact: The value of a question or derived fact.
        thresholds: The value of a threshold.
    """

    fact: Callable[[str], Value]
    threshold: Callable[[str], Decimal]

    def read(self, node: Node) -> Value:
        """Return what an expression comes to.

        Raises:
            CohortError: A cohort has no way to say it.
        """
        match node:
            case Literal(value=value):
                return _literal(value)
            case Name(id=ident):
                return self.fact(ident)
            case Threshold(name=name):
                return number(self.threshold(name))
            case ListOf(items=items):
                return Several(tuple(self.read(item) for item in items))
            case Unary(op=op):
                return self._unary(op, self.read(node.operand))
            case Is():
                return Truth(_is(self.read(node.operand), node.what, negated=node.negated))
            case Round(digits=digits):
                inner = self.read(node.operand)
                return rounded(inner, digits) if isinstance(inner, Number) else Nothing()
            case Between():
                inner, low, high = (self.read(n) for n in (node.operand, node.low, node.high))
                return Truth(and_(_compared(">=", inner, low), _compared("<=", inner, high)))
            case Binary(op=op):
                return self._binary(op, self.read(node.left), self.read(node.right))

    def _unary(self, op: str, inner: Value) -> Value:
        if op == "not":
            return Truth(not_(truth_of(inner)))
        if not isinstance(inner, Number):
            return Nothing()
        return negated(inner) if op == "-" else inner

    def _binary(self, op: str, left: Value, right: Value) -> Value:
        if op in ("and", "or", "xor", "implies"):
            return Truth(_logic(op, truth_of(left), truth_of(right)))
        if op == "in":
            return Truth(_among(left, right))
        if op == "contains":
            return Truth(_among(right, left))
        if op in ("=", "!=", "<", "<=", ">", ">="):
            return Truth(_compared(op, left, right))
        match left, right:
            case Number(), Number():
                return _calculated(op, left, right)
            case _:
                return Nothing()


def _calculated(op: str, left: Number, right: Number) -> Value:
    match op:
        case "+" | "-":
            return added(op, left, right)
        case "*":
            return multiplied(left, right)
        case "/":
            return divided(left, right)
        case _:
            return whole_quotient(left, right)


def _literal(value: object) -> Value:
    match value:
        case None:
            return Nothing()
        case bool():
            return Truth(Const(value))
        case int() | Decimal():
            return number(value)
        case _:
            return Code(Const(0), (str(value),))


def _logic(op: str, left: Expr, right: Expr) -> Expr:
    match op:
        case "and":
            return and_(left, right)
        case "or":
            return or_(left, right)
        case "implies":
            return or_(not_(left), right)
        case _:
            return compare("!=", left, right)


def _is(value: Value, what: bool | None, *, negated: bool) -> Expr:
    if what is None:
        found = is_absent(value)
    else:
        inner = truth_of(value)
        found = is_true(inner if what else not_(inner))
    return not_(found) if negated else found


def _compared(op: str, left: Value, right: Value) -> Expr:
    match left, right:
        case (Nothing(), _) | (_, Nothing()):
            return NULL
        case Number(), Number():
            return compared(op, left, right)
        case Code(), Code():
            return _same_code(op, left, right)
        case _:
            return compare(op, truth_of(left), truth_of(right))


def _same_code(op: str, left: Code, right: Code) -> Expr:
    """Compare two codes, each a place in a list of its own."""
    if op not in ("=", "!="):
        raise CohortError(f"a cohort does not compare texts by {op}")
    same: Expr
    if len(right.codes) == 1:
        # A constant stands first: it has one place among the codes of the other.
        left, right = right, left
    if left.codes == right.codes:
        same = compare("=", left.expr, right.expr)
    else:
        places = [
            (compare("=", left.expr, Const(place)), Const(right.codes.index(code)))
            for place, code in enumerate(left.codes)
            if code in right.codes
        ]
        there = choose([*places, (is_null(left.expr), NULL)], Const(-1))
        same = compare("=", right.expr, there)
    return same if op == "=" else not_(same)


def _among(value: Value, many: Value) -> Expr:
    """Ask whether a value is in a list; in one that may go on, what is not found may be there."""
    match many:
        case Nothing():
            return NULL
        case Several(items=items):
            return or_(*(_compared("=", value, item) for item in items))
        case Codes(bits=bits, open=open_, codes=codes):
            return _in_codes(value, bits, open_, codes)
        case _:
            raise CohortError(f"{type(many).__name__.lower()} is no list")


def _in_codes(value: Value, bits: Expr, open_: Expr, codes: tuple[str, ...]) -> Expr:
    match value:
        case Nothing() | Code(expr=Const(value=None)):
            # Of nothing known it cannot be said to be in a list, but for one that is empty.
            return choose([(and_(not_(open_), compare("=", bits, Const(0))), FALSE)], NULL)
        case Code(expr=Const(value=int(place)), codes=known):
            mask = 1 << codes.index(known[place]) if known[place] in codes else 0
            return choose([(any_bit(bits, mask), TRUE), (open_, NULL)], FALSE)
        case _:
            raise CohortError("a cohort looks for a constant in a list, and for nothing else")
