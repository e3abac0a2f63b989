"""Strict reading of cells in DuckDB's SQL: a cell of another kind is null, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ketatui.cohort.columns import ColumnSpec, Kind
from ketatui.cohort.duckdb_sql import quoted, text
from ketatui.structs import Frozen

_WHOLE = r"[+-]?[0-9]{1,15}(\.0*)?"
_NUMBER = r"[+-]?[0-9]{1,15}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?"
_WHOLE_TYPES = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
)
_STRUCT = re.compile(r"^STRUCT\((.*)\)\[\]$", re.DOTALL)

CANONICAL: Mapping[Kind, str] = {
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "decimal": "DOUBLE",
    "text": "VARCHAR",
    "texts": "VARCHAR[]",
    "day": "VARCHAR",
}
"""The type that each kind is read as."""
ALLOWED: Mapping[Kind, str] = {
    "bool": "true and false",
    "int": "whole numbers",
    "decimal": "numbers",
    "text": "text",
    "day": "days, YYYY-MM-DD",
    "texts": "a list of texts",
    "rows": "a list of structs",
}
UNREADABLE = "[CAST(NULL AS VARCHAR)]"
"""What a cell is read as that holds something, and no list: one element that nobody can read."""


def is_ready(kind: Kind, native: str) -> bool:
    """Tell whether a column can be read as it is.

    Args:
        kind: What it has to hold; not rows.
        native: The type it has.
    """
    if kind == "int":
        return native in _WHOLE_TYPES
    if kind == "decimal":
        return native == "DOUBLE" or native in _WHOLE_TYPES
    return native == CANONICAL[kind]


def fields_of(native: str) -> dict[str, str] | None:
    """Return the fields of a list of structs with their types; None for any other type."""
    found = _STRUCT.match(native)
    if found is None:
        return None
    fields = {}
    for part in _split(found[1]):
        name, _, kind = part.strip().partition(" ")
        if part.strip().startswith('"'):
            name, _, kind = part.strip()[1:].partition('" ')
        fields[name] = kind
    return fields


def _split(listed: str) -> Iterator[str]:
    """Split at the commas that are in no brackets or quotes."""
    depth, quotes, start = 0, False, 0
    for place, letter in enumerate(listed):
        if letter == '"':
            quotes = not quotes
        elif not quotes and letter in "([":
            depth += 1
        elif not quotes and letter in ")]":
            depth -= 1
        elif letter == "," and not depth and not quotes:
            yield listed[start:place]
            start = place + 1
    yield listed[start:]


def typed(kind: Kind, raw: str, native: str) -> str | None:
    """Return SQL that reads a cell, null where it is of another kind.

    Args:
        kind: What it has to hold; not rows.
        raw: SQL for the cell.
        native: Its type.

    Returns:
        The SQL; None where no cell of that type can hold it.
    """
    if is_ready(kind, native):
        return raw
    if native == "JSON":
        return _of_json(kind, raw)
    if kind == "day" and native == "DATE":
        return f"CAST({raw} AS VARCHAR)"
    if native == "VARCHAR" or native.startswith("ENUM("):
        return _of_text(kind, raw if native == "VARCHAR" else f"CAST({raw} AS VARCHAR)")
    is_number = native in (
        "FLOAT",
        "DOUBLE",
        "HUGEINT",
        "UBIGINT",
        "UHUGEINT",
    ) or native.startswith("DECIMAL(")
    if is_number and kind in ("int", "decimal"):
        # A short float is the number that it is written as, not the one it is stored as.
        wide = f"TRY_CAST(CAST({raw} AS VARCHAR) AS DOUBLE)" if native != "DOUBLE" else raw
        return wide if kind == "decimal" else _whole(wide)
    if kind == "texts" and native == "JSON[]":
        return _texts(raw)
    return None


def _whole(raw: str) -> str:
    return f"(CASE WHEN abs({raw}) < 1e15 AND {raw} = floor({raw}) THEN CAST({raw} AS BIGINT) END)"


def _of_text(kind: Kind, raw: str) -> str:
    match kind:
        case "bool":
            return f"(CASE lower({raw}) WHEN 'true' THEN true WHEN 'false' THEN false END)"
        case "int":
            return (
                f"(CASE WHEN regexp_full_match({raw}, {text(_WHOLE)}) "
                f"THEN CAST(CAST({raw} AS DOUBLE) AS BIGINT) END)"
            )
        case "decimal":
            return (
                f"(CASE WHEN regexp_full_match({raw}, {text(_NUMBER)}) "
                f"THEN CAST({raw} AS DOUBLE) END)"
            )
        case "texts":
            as_json = f"TRY_CAST({raw} AS JSON)"
            return (
                f"(CASE WHEN {raw} IS NOT NULL AND {as_json} IS NULL THEN {UNREADABLE} "
                f"ELSE {_of_json(kind, as_json)} END)"
            )
        case _:
            return raw


def _of_json(kind: Kind, raw: str) -> str:
    match kind:
        case "bool":
            return f"(CASE json_type({raw}) WHEN 'BOOLEAN' THEN CAST({raw} AS BOOLEAN) END)"
        case "int" | "decimal":
            number = f"TRY_CAST({raw} AS DOUBLE)"
            is_number = (
                f"json_type({raw}) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')"
            )
            inner = number if kind == "decimal" else _whole(number)
            return f"(CASE WHEN {is_number} THEN {inner} END)"
        case "texts":
            listed = _texts(f"CAST({raw} AS JSON[])")
            return (
                f"(CASE WHEN coalesce(json_type({raw}), 'NULL') = 'NULL' THEN NULL "
                f"WHEN json_type({raw}) = 'ARRAY' THEN {listed} ELSE {UNREADABLE} END)"
            )
        case _:
            return f"(CASE json_type({raw}) WHEN 'VARCHAR' THEN {raw} ->> '$' END)"


def _texts(raw: str) -> str:
    return f"list_transform({raw}, lambda t: {_of_json('text', 't')})"


class RowsSql(Frozen, frozen=True):
    """How a table of rows is read.

    Attributes:
        elements: SQL for the list of rows as they are.
        raw: SQL for each field of a row ``r`` as it is.
        cells: SQL for each field of a row ``r`` as it is read.
        ready: The list is read as it is.
        odd: SQL for whether ``r`` is no row at all, or stands for a cell that is no list.
    """

    elements: str
    raw: Mapping[str, str]
    cells: Mapping[str, str]
    ready: bool
    odd: str = "r IS NULL"

    @property
    def sql(self) -> str:
        """SQL for the list as it is read."""
        if self.ready:
            return self.elements
        packed = ", ".join(f"{quoted(name)} := {sql}" for name, sql in self.cells.items())
        return f"list_transform({self.elements}, lambda r: struct_pack({packed}))"


def typed_rows(spec: ColumnSpec, raw: str, native: str) -> RowsSql | None:
    """Return how a table of rows is read.

    Args:
        spec: The column.
        raw: SQL for it.
        native: Its type.

    Returns:
        None where no cell of that type can hold rows, or a field cannot hold what it has to.
    """
    fields = fields_of(native)
    if fields is not None:
        shared = {name: kind for name, kind in spec.fields.items() if name in fields}
        here = {name: f"r.{quoted(name)}" for name in shared}
        made = {name: typed(kind, here[name], fields[name]) for name, kind in shared.items()}
        cells = {name: sql for name, sql in made.items() if sql is not None}
        if not shared or len(cells) < len(shared):
            return None
        ready = all(is_ready(kind, fields[name]) for name, kind in shared.items())
        return RowsSql(raw, here, cells, ready)
    if native not in ("JSON", "VARCHAR"):
        return None
    as_json = raw if native == "JSON" else f"TRY_CAST({raw} AS JSON)"
    # What is no list may say anything: it is read as one row that says nothing, and stays open.
    elements = (
        f"(CASE WHEN {raw} IS NULL OR json_type({as_json}) = 'NULL' THEN NULL "
        f"WHEN json_type({as_json}) = 'ARRAY' THEN CAST({as_json} AS JSON[]) "
        f"ELSE [to_json(CAST({raw} AS VARCHAR))] END)"
    )
    parts = {name: "json_extract(r, " + text('$."' + name + '"') + ")" for name in spec.fields}
    here = {
        name: f"(CASE json_type({sql}) WHEN 'NULL' THEN NULL ELSE {sql} END)"
        for name, sql in parts.items()
    }
    cells = {name: _of_json(spec.fields[name], sql) for name, sql in parts.items()}
    odd = "coalesce(json_type(r), 'NULL') != 'OBJECT'"
    return RowsSql(elements, here, cells, ready=False, odd=odd)
