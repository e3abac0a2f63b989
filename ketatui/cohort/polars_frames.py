"""A lowered pack as expressions of Polars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def runner(program: Program) -> Callable[[Part, Path], None]:
    """Return what screens one part of a table."""
    polars = extra("polars")

    def run(part: Part, target: Path) -> None:
        frame = polars.scan_parquet(part.file).slice(part.first, part.last - part.first)
        found = screened(program, frame).collect()
        found.write_parquet(target, compression="snappy", statistics=False)

    return run


class _Writer:
    """Writes expressions."""

    def __init__(self, polars: Any, lookups: Tables) -> None:
        self.pl = polars
        self.lookups = lookups
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
                return self._choose(expr)
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
            case Each(of=of, element=element):
                return self.write(of).list.eval(self._whole(element))
            case Joined(of=of, element=element):
                inner = self._whole(element).bitwise_or()
                return self.write(of).list.agg(inner)
            case Distinct(of=of, element=element):
                inner = self._whole(element).drop_nulls().n_unique()
                return self.write(of).list.agg(inner).cast(pl.Int64)
            case Word(of=of, words=words):
                kind = pl.Enum(list(words))
                return self.write(of).replace_strict(
                    list(range(len(words))), list(words), return_dtype=kind
                )
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

    def _whole(self, element: Expr) -> Any:
        return self.write(element).cast(self.pl.Int64)

    def _lookup(self, expr: Lookup) -> Any:
        pl = self.pl
        entries = self.lookups.get(expr.table) or {}
        numbers = {name: each[expr.column] for name, each in entries.items() if expr.column in each}
        of = self.write(expr.of)
        if not numbers:
            return pl.lit(None, dtype=pl.Int64)
        return of.replace_strict(
            list(numbers), list(numbers.values()), default=None, return_dtype=pl.Int64
        )

    def _choose(self, expr: Choose) -> Any:
        pl = self.pl
        first, *others = expr.cases
        found = pl.when(self.write(first[0])).then(self.write(first[1]))
        for condition, value in others:
            found = found.when(self.write(condition)).then(self.write(value))
        return found.otherwise(self.write(expr.otherwise))

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
