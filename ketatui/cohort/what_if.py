"""What another policy would change: who, from what to what, and by which rule.

Only rules that read otherwise under the two are worked out for everybody; the verdicts, which hang
on all rules, only for those for whom such a rule comes out otherwise.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ketatui.cohort.columns import ID
from ketatui.cohort.disclosure import hide
from ketatui.cohort.duckdb_sql import prelude, query, quoted, text
from ketatui.cohort.expressions import FALSE, Col, Expr, Lookup, parts, rebuilt
from ketatui.cohort.judging import Lowered
from ketatui.cohort.names import name_tables
from ketatui.cohort.program import Program, Steps, arrange
from ketatui.cohort.screening import lowered_with
from ketatui.cohort.sources import Source, distinct_names
from ketatui.engine import Knowledge
from ketatui.structs import Frozen

_CHANGED = "changed"


class PathwayChange(Frozen, frozen=True):
    """What changes on a pathway; None stands for a number that is not shown.

    Attributes:
        id: The pathway.
        changed: How many patients have another verdict.
        moves: From which verdict to which, and how many; the most frequent first.
        rules: The rules that come out otherwise for them, and for how many.
    """

    id: str
    changed: int | None
    moves: tuple[tuple[str, str, int | None], ...]
    rules: tuple[tuple[str, int | None], ...]


class WhatIf(Frozen, frozen=True):
    """What another policy would change.

    Attributes:
        patients: How many there are.
        rules: The rules that read otherwise.
        pathways: What changes on each pathway.
    """

    patients: int
    rules: tuple[str, ...]
    pathways: tuple[PathwayChange, ...]


class _Both(Frozen, frozen=True):
    """Two lowered packs in one namespace: what reads alike has one name."""

    named: Mapping[str, Expr]
    outputs: tuple[Mapping[str, Expr], Mapping[str, Expr]]
    lookups: Mapping[str, Any]


def compare_policies(
    connection: Any,
    source: Source,
    one: Knowledge,
    other: Knowledge,
    on: dt.date,
    out: Path | None = None,
) -> WhatIf:
    """Compare what two policies come to over a table.

    Args:
        connection: To DuckDB.
        source: The table.
        one: The pack under one policy.
        other: The pack under the other.
        on: The day, for dated rules.
        out: A Parquet file to write those to who have another verdict, if any.

    Returns:
        Who changes, and by which rule; small numbers are hidden.
    """
    names = distinct_names(connection, source)
    lowered = tuple(
        lowered_with(source, each, name_tables(each, names), on) for each in (one, other)
    )
    both = _joined(lowered[0], lowered[1])
    differ = _differing(lowered, both)
    _run(connection, source, both, differ, tuple(one.pack.pathways))
    if out is not None:
        connection.execute(f"COPY {_CHANGED} TO {text(str(out))} (FORMAT parquet)")
    patients = connection.execute(f"SELECT count(*) FROM {source.sql}").fetchone()[0]
    return WhatIf(
        patients,
        tuple(dict.fromkeys(rule for rules in differ.values() for rule in rules)),
        tuple(
            _pathway(connection, ident, patients, tuple(differ.get(ident, ())))
            for ident in one.pack.pathways
        ),
    )


def _joined(one: Lowered, other: Lowered) -> _Both:
    """Put two lowered packs into one namespace, by what each column comes to."""
    named: dict[str, Expr] = {}
    lookups: dict[str, Any] = {}
    outputs = []
    for each in (one, other):
        names: dict[str, str] = {}
        for stage in each.program.stages:
            for name, expr in stage.items():
                moved = _renamed(expr, names, each.program, lookups)
                names[name] = _digest(moved)
                named[names[name]] = moved
        outputs.append(
            {
                name: _renamed(expr, names, each.program, lookups)
                for name, expr in each.program.outputs.items()
            }
        )
    return _Both(named, (outputs[0], outputs[1]), lookups)


def _digest(expr: Expr) -> str:
    return hashlib.sha256(repr(expr).encode()).hexdigest()[:20]


def _renamed(
    expr: Expr, names: Mapping[str, str], program: Program, lookups: dict[str, Any]
) -> Expr:
    """Return an expression over the joined columns and tables of texts."""
    if isinstance(expr, Col):
        return expr.replaced(name=names.get(expr.name, expr.name))
    if isinstance(expr, Lookup):
        table = program.lookups.get(expr.table, {})
        name = f"{expr.table} {hashlib.sha256(repr(table).encode()).hexdigest()[:12]}"
        lookups[name] = table
        return Lookup(name, expr.column, _renamed(expr.of, names, program, lookups))
    if not parts(expr):
        return expr
    return rebuilt(expr, lambda part: _renamed(part, names, program, lookups))


def _differing(
    lowered: tuple[Lowered, ...], both: _Both
) -> dict[str, dict[str, tuple[Expr, Expr]]]:
    """Return the rules that read otherwise, by pathway, with what each comes to under both."""
    one, other = lowered
    found: dict[str, dict[str, tuple[Expr, Expr]]] = {}
    for pathway in one.rules:
        for rule in {**one.rules[pathway], **other.rules[pathway]}:
            sides = []
            for each, outputs in zip(lowered, both.outputs, strict=True):
                column = each.rules[pathway].get(rule)
                sides.append(FALSE if column is None else outputs[column])
            effects = [each.effects[pathway].get(rule) for each in lowered]
            if sides[0] != sides[1] or (None not in effects and effects[0] != effects[1]):
                found.setdefault(pathway, {})[rule] = (sides[0], sides[1])
    return found


def _run(
    connection: Any,
    source: Source,
    both: _Both,
    differ: Mapping[str, Mapping[str, tuple[Expr, Expr]]],
    pathways: tuple[str, ...],
) -> None:
    """Work out the verdicts of all for whom a rule comes out otherwise, into a table."""
    outcomes: dict[str, Expr] = {}
    for pathway, rules in differ.items():
        for rule, (a, b) in rules.items():
            outcomes[f"{pathway}/{rule}/before"] = a
            outcomes[f"{pathway}/{rule}/after"] = b
    verdicts: dict[str, Expr] = {}
    for pathway in pathways:
        verdicts[f"{pathway}/before"] = both.outputs[0][f"{pathway}.verdict"]
        verdicts[f"{pathway}/after"] = both.outputs[1][f"{pathway}.verdict"]
    kept: dict[str, Expr] = {ID: Col(ID)} if ID in source.cells else {}
    steps = Steps()
    steps.named = dict(both.named)
    full = arrange(steps, {**kept, **verdicts, **outcomes}, both.lookups)
    first = arrange(steps, {**{name: Col(name) for name in full.reads}, **outcomes}, both.lookups)
    for statement in prelude(full):
        connection.execute(statement)
    tests = [
        f"({quoted(name)} IS DISTINCT FROM {quoted(name.removesuffix('before') + 'after')})"
        for name in outcomes
        if name.endswith("/before")
    ]
    reads = ", ".join(quoted(name) for name in full.reads)
    moved = (
        f"(SELECT {reads} FROM ({query(first, source.sql)}) WHERE {' OR '.join(tests) or 'false'})"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_CHANGED} AS {query(full, moved)}")


def _pathway(connection: Any, ident: str, patients: int, rules: tuple[str, ...]) -> PathwayChange:
    before, after = quoted(f"{ident}/before"), quoted(f"{ident}/after")
    rows = connection.execute(
        f"SELECT {before}, {after}, count(*) FROM {_CHANGED} WHERE {before} <> {after} "
        "GROUP BY ALL ORDER BY count(*) DESC, 1, 2"
    ).fetchall()
    changed = sum(number for *_, number in rows)
    line = {f"{a}/{b}": number for a, b, number in rows} | {"same": patients - changed}
    shown = hide({"": line}, list(line))
    moves = tuple(
        (a, b, None if shown is None else shown.cells["", f"{a}/{b}"]) for a, b, _ in rows
    )
    found = []
    for rule in rules:
        first, second = quoted(f"{ident}/{rule}/before"), quoted(f"{ident}/{rule}/after")
        number = connection.execute(
            f"SELECT count(*) FROM {_CHANGED} WHERE {before} <> {after} "
            f"AND {first} IS DISTINCT FROM {second}"
        ).fetchone()[0]
        if number:
            split = {"moved": number, "not": patients - number}
            told = hide({"": split}, list(split))
            found.append((number, rule, None if told is None else told.cells["", "moved"]))
    found.sort(key=lambda each: (-each[0], each[1]))
    split = {"changed": changed, "same": patients - changed}
    whole = hide({"": split}, list(split))
    # Where it is hidden whither some went, so is how many went: one follows from the other.
    is_told = whole is not None and all(number is not None for *_, number in moves)
    total = whole.cells["", "changed"] if whole is not None and is_told else None
    return PathwayChange(ident, total, moves, tuple((rule, told) for _, rule, told in found))
