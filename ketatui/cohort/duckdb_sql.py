"""A lowered pack in DuckDB's SQL.

Every expression is bracketed: no engine's precedence is leaned on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

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
from ketatui.cohort.program import Program

Tables = Mapping[str, Mapping[str, Mapping[str, int]]]


def quoted(name: str) -> str:
    """Return a name as SQL writes one."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as SQL writes one."""
    return "'" + value.replace("'", "''") + "'"


def file_text(path: Path, pattern: str = "") -> str:
    """Return the path of a file as SQL reads it, its own ``*``, ``?`` and ``[`` as they are.

    Args:
        path: The file, or the folder of the files.
        pattern: Which files of the folder, with a ``/`` before it.
    """
    return text(re.sub(r"[*?[]", r"[\g<0>]", str(path)) + pattern)


def type_name(table: str) -> str:
    """Return the name of the type that holds the texts of a table."""
    return quoted(f"texts of {table}")


def prelude(program: Program) -> list[str]:
    """Return the statements that have to be run before the query: the tables of texts, as types."""
    return [
        f"CREATE OR REPLACE TEMP TYPE {type_name(name)} AS ENUM ("
        + ", ".join(text(each) for each in entries)
        + ")"
        for name, entries in program.lookups.items()
        if entries
    ]


def query(program: Program, source: str) -> str:
    """Return the query that screens a table.

    Args:
        program: The lowered pack.
        source: What stands after FROM.

    Returns:
        One SELECT statement, a subquery a stage.
    """
    return written(program, source, Writer(program.lookups))


def expression(expr: Expr, lookups: Tables) -> str:
    """Return one expression; fields are those of ``x0``."""
    return Writer(lookups).write(expr)


def written(program: Program, source: str, writer: Writer) -> str:
    """Return the query of a program as a writer writes it."""
    wanted = [frozenset().union(*(columns(expr) for expr in program.outputs.values()))]
    for stage in reversed(program.stages):
        below = frozenset().union(*(columns(expr) for expr in stage.values()))
        wanted.append((wanted[-1] - frozenset(stage)) | below)
    wanted.reverse()
    inner = f"FROM {source}"
    for number, stage in enumerate(program.stages):
        carried = sorted(wanted[number + 1] - frozenset(stage))
        listed = [writer.quoted(name) for name in carried]
        listed += [
            f"{writer.write(expr)} AS {writer.quoted(name)}"
            for name, expr in stage.items()
            if name in wanted[number + 1]
        ]
        inner = "FROM (SELECT\n  " + ",\n  ".join(listed) + f"\n{inner})"
    outputs = [
        f"{writer.output(expr)} AS {writer.quoted(name)}" for name, expr in program.outputs.items()
    ]
    return "SELECT\n  " + ",\n  ".join(outputs) + f"\n{inner}"


class Writer:
    """Writes expressions; what another engine says otherwise is a method of its own."""

    def __init__(self, lookups: Tables) -> None:
        """Args: the tables of texts."""
        self.lookups = lookups
        self._depth = 0

    def output(self, expr: Expr) -> str:
        """Write a column of the result: one that is always null is a yes/no all the same."""
        return "CAST(NULL AS BOOLEAN)" if expr == NULL else self.write(expr)

    def write(self, expr: Expr) -> str:  # noqa: PLR0911, PLR0912  (a line for each kind)
        """Write an expression."""
        match expr:
            case Const(value=value):
                return self.constant(value)
            case Col(name=name):
                return self.quoted(name)
            case Field(name=name):
                return f"{self.item}.{self.quoted(name)}"
            case Item():
                return self.item
            case Lookup():
                return self.lookup(expr)
            case Scaled(of=of, digits=digits):
                return self.scaled(of, digits)
            case Not(of=of):
                return f"(NOT {self.write(of)})"
            case And(items=items):
                return "(" + " AND ".join(map(self.write, items)) + ")"
            case Or(items=items):
                return "(" + " OR ".join(map(self.write, items)) + ")"
            case Compare(op=op, left=left, right=right):
                op_ = "<>" if op == "!=" else op
                return f"({self.write(left)} {op_} {self.write(right)})"
            case IsNull(of=of):
                return f"({self.write(of)} IS NULL)"
            case Choose():
                return self._choose(expr)
            case Coalesce(of=of, value=value):
                return f"coalesce({self.write(of)}, {self.constant(value)})"
            case Arithmetic():
                return self.arithmetic(expr)
            case AnyBit(of=of, mask=mask):
                return f"(({self.write(of)} & {self.whole(mask)}) <> 0)"
            case Masked(of=of, mask=mask):
                return f"({self.write(of)} & {self.whole(mask)})"
            case AllBits(items=items):
                return "(" + " | ".join(map(self.write, items)) + ")"
            case Greatest(left=left, right=right):
                return f"greatest({self.write(left)}, {self.write(right)})"
            case Length(of=of):
                return self.length(of)
            case Each(of=of, element=element):
                return self.each(of, element)
            case Joined(of=of, element=element):
                return self.joined(of, element)
            case Distinct(of=of, element=element):
                return self.distinct(of, element)
            case Word(of=of, words=words):
                whens = " ".join(f"WHEN {n} THEN {self.text(w)}" for n, w in enumerate(words))
                return f"(CASE {self.write(of)} {whens} END)"
            case Texts():
                return self.texts(expr)

    @property
    def item(self) -> str:
        """What the element of the list at hand is called."""
        return f"x{self._depth}"

    def inside(self, element: Expr) -> tuple[str, str]:
        """Write an expression over the elements of a list, and say what one is called."""
        self._depth += 1
        found = self.item, self.write(element)
        self._depth -= 1
        return found

    def _choose(self, expr: Choose) -> str:
        whens = " ".join(
            f"WHEN {self.write(condition)} THEN {self.write(value)}"
            for condition, value in expr.cases
        )
        otherwise = "" if expr.otherwise == Const(None) else f" ELSE {self.write(expr.otherwise)}"
        return f"(CASE {whens}{otherwise} END)"

    def constant(self, value: bool | int | None) -> str:
        """Write a constant."""
        if value is None:
            return "NULL"
        return str(value).upper() if isinstance(value, bool) else self.whole(value)

    # --- what engines say otherwise ----------------------------------------------------------

    def quoted(self, name: str) -> str:
        """Write the name of a column."""
        return quoted(name)

    def text(self, value: str) -> str:
        """Write a text."""
        return text(value)

    def whole(self, value: int) -> str:
        """Write a whole number."""
        return str(value)

    def scaled(self, of: Expr, digits: int) -> str:
        """Write a number as parts of ten; null for what is no number."""
        return f"TRY_CAST(round(CAST({self.write(of)} AS DOUBLE) * 1e{digits}) AS BIGINT)"

    def lookup(self, expr: Lookup) -> str:
        """Write what a table of texts has for a text."""
        entries = self.lookups.get(expr.table) or {}
        numbers = [each.get(expr.column) for each in entries.values()]
        if all(number is None for number in numbers):
            return "CAST(NULL AS BIGINT)"
        place = f"enum_code(TRY_CAST({self.write(expr.of)} AS {type_name(expr.table)}))"
        if numbers == list(range(len(numbers))):
            return place
        listed = ", ".join("NULL" if number is None else str(number) for number in numbers)
        return f"list_extract(CAST([{listed}] AS BIGINT[]), CAST({place} AS BIGINT) + 1)"

    def arithmetic(self, expr: Arithmetic) -> str:
        """Write a calculation."""
        left, right = self.write(expr.left), self.write(expr.right)
        # Narrow columns would overflow, or make the result narrow.
        kind = "HUGEINT" if expr.wide else "BIGINT"
        return f"(CAST({left} AS {kind}) {expr.op} CAST({right} AS {kind}))"

    def length(self, of: Expr) -> str:
        """Write the length of a list."""
        return f"len({self.write(of)})"

    def each(self, of: Expr, element: Expr) -> str:
        """Write a list with something for each element of another."""
        outer = self.write(of)
        item, inner = self.inside(element)
        return f"list_transform({outer}, lambda {item}: {inner})"

    def joined(self, of: Expr, element: Expr) -> str:
        """Write the numbers of a list's elements, joined bit by bit."""
        return f"list_bit_or({self.each(of, element)})"

    def distinct(self, of: Expr, element: Expr) -> str:
        """Write how many different numbers a list's elements come to."""
        return f"list_unique({self.each(of, element)})"

    def texts(self, expr: Texts) -> str:
        """Write a list of those texts whose condition is true."""
        listed = ", ".join(
            f"CASE WHEN {self.write(condition)} THEN {self.text(word)} END"
            for word, condition in expr.items
        )
        return f"list_filter([{listed}], lambda x: x IS NOT NULL)"
