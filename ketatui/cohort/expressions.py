"""Expressions over columns that know no engine: what the pack is lowered to.

Truth is three-valued as in SQL, which is Kleene's logic and CQL's: null spreads through comparisons
and arithmetic, false wins in "and", true in "or". The functions that make expressions leave out
what is decided already, so that a column that is not there costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, Literal

from ketatui.structs import Frozen


class Const(Frozen, frozen=True):
    """A constant; None is null."""

    value: bool | int | None


class Col(Frozen, frozen=True):
    """A column of the stage before.

    Attributes:
        name: Its name.
        sure: It is never null.
    """

    name: str
    sure: bool = False


class Field(Frozen, frozen=True):
    """A field of the element of a list of structs."""

    name: str


class Item(Frozen, frozen=True):
    """The element of a list."""


class Lookup(Frozen, frozen=True):
    """The number that a table of texts has for a text; null for what is not in it.

    Attributes:
        table: The table's name; see `Program.lookups`.
        column: Which of its numbers.
        of: The text.
    """

    table: str
    column: str
    of: Expr


class Scaled(Frozen, frozen=True):
    """A number as so many parts of ten: 70.5 with one digit is 705; null for what is no number."""

    of: Expr
    digits: int


class Not(Frozen, frozen=True):
    """Negation; null stays null."""

    of: Expr


class And(Frozen, frozen=True):
    """All of them: false wins over null."""

    items: tuple[Expr, ...]


class Or(Frozen, frozen=True):
    """Any of them: true wins over null."""

    items: tuple[Expr, ...]


class Compare(Frozen, frozen=True):
    """A comparison; null where either is."""

    op: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


class IsNull(Frozen, frozen=True):
    """Whether a value is null; itself never null."""

    of: Expr


class Choose(Frozen, frozen=True):
    """The value of the first case whose condition is true; a null condition is passed over."""

    cases: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr


class Coalesce(Frozen, frozen=True):
    """A value, or a constant where it is null."""

    of: Expr
    value: bool | int


class Arithmetic(Frozen, frozen=True):
    """Whole numbers added, subtracted or multiplied; ``//`` only of what is not negative.

    Attributes:
        wide: The result may need more than 63 bits.
    """

    op: Literal["+", "-", "*", "//"]
    left: Expr
    right: Expr
    wide: bool = False


class AnyBit(Frozen, frozen=True):
    """Whether a whole number has any of some bits."""

    of: Expr
    mask: int


class Masked(Frozen, frozen=True):
    """Some bits of a whole number."""

    of: Expr
    mask: int


class AllBits(Frozen, frozen=True):
    """Several whole numbers joined bit by bit."""

    items: tuple[Expr, ...]


class Greatest(Frozen, frozen=True):
    """The greater of two whole numbers, neither of them null."""

    left: Expr
    right: Expr


class Length(Frozen, frozen=True):
    """How many elements a list has; null for a null list."""

    of: Expr


class Each(Frozen, frozen=True):
    """A list with a whole number for each element of another."""

    of: Expr
    element: Expr


class Joined(Frozen, frozen=True):
    """The numbers of a list's elements joined bit by bit; null for an empty or null list."""

    of: Expr
    element: Expr


class Distinct(Frozen, frozen=True):
    """How many different numbers a list's elements come to, nulls aside; null for a null list."""

    of: Expr
    element: Expr


class Word(Frozen, frozen=True):
    """The word that stands for a whole number from 0 on."""

    of: Expr
    words: tuple[str, ...]


class Texts(Frozen, frozen=True):
    """A list of texts, each with its condition: those whose condition is true, in order."""

    items: tuple[tuple[str, Expr], ...]


Expr = (
    Const
    | Col
    | Field
    | Item
    | Lookup
    | Scaled
    | Not
    | And
    | Or
    | Compare
    | IsNull
    | Choose
    | Coalesce
    | Arithmetic
    | AnyBit
    | Masked
    | AllBits
    | Greatest
    | Length
    | Each
    | Joined
    | Distinct
    | Word
    | Texts
)

TRUE, FALSE, NULL = Const(True), Const(False), Const(None)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct operands of an expression."""
    return _PARTS[type(expr)](expr)


# By kind: asking one kind after the other takes twenty times as long, and lowering a pack asks a
# hundred thousand times.
_PARTS: dict[type[Expr], Callable[[Any], tuple[Expr, ...]]] = {
    **dict.fromkeys((Const, Col, Field, Item), lambda leaf: ()),
    **dict.fromkeys((And, Or, AllBits), attrgetter("items")),
    **dict.fromkeys((Compare, Arithmetic, Greatest), attrgetter("left", "right")),
    **dict.fromkeys((Each, Joined, Distinct), attrgetter("of", "element")),
    **dict.fromkeys(
        (Coalesce, Lookup, Scaled, Not, IsNull, AnyBit, Masked, Length, Word),
        lambda expr: (expr.of,),
    ),
    Choose: lambda expr: (*(part for case in expr.cases for part in case), expr.otherwise),
    Texts: lambda expr: tuple(condition for _, condition in expr.items),
}


def rebuilt(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return an expression with each direct operand changed."""

    def changed(value: Any) -> Any:
        kind = type(value)
        if kind is tuple:
            return tuple(changed(each) for each in value)
        return change(value) if kind in _PARTS else value

    return type(expr)(*[changed(getattr(expr, name)) for name in expr.__struct_fields__])


def columns(expr: Expr) -> frozenset[str]:
    """Return the names of the columns that an expression reads."""
    found = set()
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if type(one) is Col:
            found.add(one.name)
        else:
            waiting += parts(one)
    return frozenset(found)


def is_sure(expr: Expr) -> bool:
    """Tell whether an expression is known never to be null."""
    match expr:
        case Const(value=value):
            return value is not None
        case Col(sure=sure):
            return sure
        case IsNull() | Coalesce():
            return True
        case Not() | And() | Or() | Compare() | AnyBit() | Masked() | AllBits() | Greatest():
            return all(is_sure(part) for part in parts(expr))
        case Choose(cases=cases, otherwise=otherwise):
            return is_sure(otherwise) and all(is_sure(value) for _, value in cases)
        case _:
            return False


def not_(of: Expr) -> Expr:
    """Negate."""
    match of:
        case Const(value=value):
            return NULL if value is None else Const(not value)
        case Not(of=inner):
            return inner
        case _:
            return Not(of)


def and_(*items: Expr) -> Expr:
    """Join by "and"."""
    return _joined(items, FALSE, TRUE, And)


def or_(*items: Expr) -> Expr:
    """Join by "or"."""
    return _joined(items, TRUE, FALSE, Or)


def _joined(items: Iterable[Expr], wins: Const, neutral: Const, kind: type[And] | type[Or]) -> Expr:
    kept: dict[Expr, None] = {}
    for item in items:
        inner = item.items if isinstance(item, kind) else (item,)
        for one in inner:
            if one == wins:
                return wins
            if one != neutral:
                kept[one] = None
    if not kept:
        return neutral
    return next(iter(kept)) if len(kept) == 1 else kind(tuple(kept))


def compare(op: str, left: Expr, right: Expr) -> Expr:
    """Compare; null where either is."""
    if NULL in (left, right):
        return NULL
    if isinstance(left, Const) and isinstance(right, Const):
        a, b = left.value, right.value
        assert a is not None and b is not None
        return Const(
            {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
        )
    return Compare(op, left, right)  # type: ignore[arg-type]


def is_null(of: Expr) -> Expr:
    """Ask whether a value is null."""
    if isinstance(of, Const):
        return Const(of.value is None)
    if is_sure(of):
        return FALSE
    return IsNull(of.of if isinstance(of, Not) else of)


def is_true(of: Expr) -> Expr:
    """Ask whether a yes/no is true: never null."""
    return or_else(of, value=False)


def choose(cases: Sequence[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    """Take the value of the first case that is true."""
    kept: list[tuple[Expr, Expr]] = []
    for condition, value in cases:
        if condition == TRUE:
            otherwise = value
            break
        if not (isinstance(condition, Const)):
            kept.append((condition, value))
    while kept and kept[-1][1] == otherwise:
        kept.pop()
    if not kept:
        return otherwise
    if len(kept) == 1 and kept[0][1] == TRUE and otherwise == FALSE and is_sure(kept[0][0]):
        return kept[0][0]
    return Choose(tuple(kept), otherwise)


def or_else(of: Expr, value: bool | int) -> Expr:
    """Take a constant where a value is null."""
    if is_sure(of):
        return of
    if isinstance(of, Const):
        return Const(value)
    return Coalesce(of, value)


def any_bit(of: Expr, mask: int) -> Expr:
    """Ask whether a whole number has any of some bits."""
    if isinstance(of, Const):
        return NULL if of.value is None else Const(bool(of.value & mask))
    return AnyBit(of, mask) if mask else FALSE


def masked(of: Expr, mask: int) -> Expr:
    """Take some bits of a whole number."""
    if isinstance(of, Const):
        return NULL if of.value is None else Const(int(of.value) & mask)
    return Masked(of, mask)


def all_bits(items: Iterable[Expr]) -> Expr:
    """Join whole numbers bit by bit; what is none of them has no bits."""
    kept = tuple(dict.fromkeys(item for item in items if item != Const(0)))
    if not kept:
        return Const(0)
    return kept[0] if len(kept) == 1 else AllBits(kept)
