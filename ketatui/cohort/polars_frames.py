"""A lowered pack as expressions of Polars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

from ketatui.cohort.errors import extra
from ketatui.cohort.expressions import (
    NULL,
    AllBits,
    And,
    AnyBit,
    Arithmetic,
    Choose,
    Coalesce,
    Col,
    Compare,
    Const,
    Distinct,
    Each,
    Expr,
    Field,
    Greatest,
    IsNull,
    Item,
    Joined,
    Length,
    Lookup,
    Masked,
    Not,
    Or,
    Scaled,
    Texts,
    Word,
    columns,
    parts,
)
from ketatui.cohort.parts import Part
from ketatui.cohort.program import Program

Tables = Mapping[str, Mapping[str, Mapping[str, int]]]


def screened(program: Program, frame: Any) -> Any:
    """Return the result of a program over a lazy frame.

    Args:
        program: The lowered pack.
        frame: The table of patients.

    Returns:
        A lazy frame with the columns of the result.
    """
    writer = _Writer(extra("polars"), program.lookups)
    frame = frame.select(list(program.reads))
    wanted = [frozenset().union(*(columns(each) for each in program.outputs.values()))]
    for stage in reversed(program.stages):
        below = frozenset().union(*(columns(each) for each in stage.values()))
        wanted.append((wanted[-1] - frozenset(stage)) | below)
    wanted.reverse()
    for number, stage in enumerate(program.stages):
        kept = sorted(wanted[number + 1] - frozenset(stage))
        made = [writer.write(each).alias(name) for name, each in stage.items()]
        frame = frame.select([*kept, *made])
    return frame.select([writer.output(each).alias(n) for n, each in program.outputs.items()])


def collected(program: Program, frame: Any) -> Any:
    """Return the result of a program over a lazy frame, its rows in the order of the frame.

    What only chooses between constants counts as free of order for Polars (2.1.0), whose rows then
    come as the row groups of the file are done.
    """
    in_order = extra("polars").QueryOptFlags(check_order_observe=False)
    return screened(program, frame).collect(optimizations=in_order)


def runner(program: Program) -> Callable[[Part, Path], None]:
    """Return what screens one part of a table."""
    polars = extra("polars")

    def run(part: Part, target: Path) -> None:
        frame = polars.scan_parquet(part.file).slice(part.first, part.last - part.first)
        found = collected(program, frame)
        found.write_parquet(target, compression="snappy", statistics=False)

    return run


class _Writer:
    """Writes expressions."""

    def __init__(self, polars: Any, lookups: Tables) -> None:
        self.pl = polars
        self.lookups = lookups
        self._coded: dict[tuple[str, Expr], str] = {}
        self._compare = {
            "=": lambda a, b: a == b,
            "!=": lambda a, b: a != b,
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
        }

    def output(self, expr: Expr) -> Any:
        """Write a yes/no, or a column of the result: one that is always null is a yes/no, too."""
        return self.pl.lit(None, dtype=self.pl.Boolean) if expr == NULL else self.write(expr)

    def write(self, expr: Expr) -> Any:  # noqa: PLR0911, PLR0912  (a line for each kind)
        pl = self.pl
        match expr:
            case Const():
                return self._constant(expr)
            case Col(name=name):
                return pl.col(name)
            case Field(name=name):
                return pl.element().struct.field(name)
            case Item():
                return pl.element()
            case Lookup():
                return self._lookup(expr)
            case Scaled(of=of, digits=digits):
                scaled = (self.write(of).cast(pl.Float64) * 10.0**digits).round()
                return scaled.cast(pl.Int64, strict=False)
            case Not(of=of):
                return self.write(of).not_()
            case And(items=items):
                return reduce(and_, map(self.output, items))
            case Or(items=items):
                return reduce(or_, map(self.output, items))
            case Compare(op=op, left=left, right=Const(value=value)):
                return self._compare[op](self.write(left), pl.lit(value))
            case Compare(op=op, left=left, right=right):
                return self._compare[op](self.write(left), self.write(right))
            case IsNull(of=of):
                return self.write(of).is_null()
            case Choose():
                return self._choose(expr, self.write)
            case Coalesce(of=of, value=value):
                return self.write(of).fill_null(value)
            case Arithmetic():
                return self._arithmetic(expr)
            case AnyBit(of=of, mask=mask):
                return self._bits(of, mask) != 0
            case Masked(of=of, mask=mask):
                return self._bits(of, mask)
            case AllBits(items=items):
                return reduce(or_, (self.write(item).cast(pl.Int64) for item in items))
            case Greatest(left=left, right=right):
                return pl.max_horizontal(self.write(left), self.write(right))
            case Length(of=of):
                return self.write(of).list.len().cast(pl.Int64)
            case Each():
                listed, inner = self._elements(expr)
                return listed.list.eval(inner)
            case Joined():
                listed, inner = self._elements(expr)
                return listed.list.agg(inner.bitwise_or())
            case Distinct():
                listed, inner = self._elements(expr)
                return listed.list.agg(inner.drop_nulls().n_unique()).cast(pl.Int64)
            case Word():
                return self._word(expr)
            case Texts(items=items):
                listed = [pl.when(self.write(c)).then(pl.lit(word)) for word, c in items]
                return pl.concat_list(listed).list.drop_nulls()

    def _constant(self, expr: Const) -> Any:
        value = expr.value
        if value is None or isinstance(value, bool):
            return self.pl.lit(value)
        # Without a type Polars may take it, and with it what it is chosen beside, for 32 bits wide.
        is_wide = not -(1 << 63) <= value < 1 << 63
        return self.pl.lit(value, dtype=self.pl.Int128 if is_wide else self.pl.Int64)

    def _bits(self, of: Expr, mask: int) -> Any:
        return self.write(of).cast(self.pl.Int64) & self.pl.lit(mask, dtype=self.pl.Int64)

    def _elements(self, expr: Each | Joined | Distinct) -> tuple[Any, Any]:
        """Write a list, and a whole number over its elements.

        What is looked up more than once of a text is first put beside it: Polars works out anew
        whatever stands twice over the elements of a list.
        """
        pl = self.pl
        listed, before = self.write(expr.of), self._coded
        places = Counter((each.table, each.of) for each in _lookups(expr.element))
        often = [(table, of) for (table, of), times in places.items() if times > 1]
        self._coded = {}
        fields = [
            self._code(table, of).alias(f"{number}") for number, (table, of) in enumerate(often)
        ]
        self._coded = {place: f"{number}" for number, place in enumerate(often)}
        if fields:
            listed = listed.list.eval(pl.element().struct.with_fields(fields))
        inner = self.write(expr.element).cast(pl.Int64)
        self._coded = before
        return listed, inner

    def _code(self, table: str, of: Expr) -> Any:
        """Write the place of a text in a table of texts."""
        pl = self.pl
        name = self._coded.get((table, of))
        if name is not None:
            return pl.element().struct.field(name)
        kind = pl.Enum(list(self.lookups[table]))
        return self.write(of).cast(kind, strict=False).to_physical()

    def _lookup(self, expr: Lookup) -> Any:
        pl = self.pl
        entries = self.lookups.get(expr.table) or {}
        numbers = [each.get(expr.column) for each in entries.values()]
        if all(number is None for number in numbers):
            return pl.lit(None, dtype=pl.Int64)
        place = self._code(expr.table, expr.of)
        if numbers == list(range(len(numbers))):
            return place
        # Not gathered: that is done list by list, a hundred times as slow.
        return place.replace_strict(range(len(numbers)), numbers, return_dtype=pl.Int64)

    def _word(self, expr: Word) -> Any:
        pl = self.pl
        kind = pl.Enum(list(expr.words))

        def word(value: Expr) -> Any:
            if not isinstance(value, Const):
                return pl.lit(pl.Series(expr.words, dtype=kind)).gather(self.write(value))
            return pl.lit(None if value.value is None else expr.words[value.value], dtype=kind)

        return self._choose(expr.of, word) if isinstance(expr.of, Choose) else word(expr.of)

    def _choose(self, expr: Choose, write: Callable[[Expr], Any]) -> Any:
        first, *others = expr.cases
        found = self.pl.when(self.write(first[0])).then(write(first[1]))
        for condition, value in others:
            found = found.when(self.write(condition)).then(write(value))
        return found.otherwise(write(expr.otherwise))

    def _arithmetic(self, expr: Arithmetic) -> Any:
        kind = self.pl.Int128 if expr.wide else self.pl.Int64
        left, right = self.write(expr.left).cast(kind), self.write(expr.right).cast(kind)
        match expr.op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                return left // right


def _lookups(element: Expr) -> Iterator[Lookup]:
    """Yield what is looked up of the fields of an element, but not in a list within it."""
    if isinstance(element, Lookup) and isinstance(element.of, Field):
        yield element
    elif isinstance(element, Each | Joined | Distinct):
        yield from _lookups(element.of)
    else:
        for part in parts(element):
            yield from _lookups(part)
