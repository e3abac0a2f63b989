"""Tables of patients on disk: Parquet, CSV or NDJSON, and the columns of the pack in them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ketatui.cohort.columns import ID, SPEAKS_OF, ColumnSpec, Given, columns_of
from ketatui.cohort.duckdb_sql import file_text, quoted, text
from ketatui.cohort.errors import CohortError
from ketatui.cohort.typing_sql import ALLOWED, RowsSql, is_ready, typed, typed_rows
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.structs import Frozen

FORMS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
CSV = """all_varchar = true, header = true, quote = '"', escape = '"', comment = ''"""
"""How a CSV is read: what quotes a cell is not guessed from its first rows, which may have no
quotes yet, and no patient is taken for a remark."""
NAMED = {MEDICATIONS: "name", TRIALS: "drug"}
"""The field of each table of rows that is a name to be recognized."""
_LOOKED_AT = 100_000
"""Lines of a CSV that are looked at to say why it cannot be read."""
_LINE = 4 * 1024 * 1024
"""Bytes of the longest line that is read."""


class Source(Frozen, frozen=True):
    """A table of patients.

    Attributes:
        files: Its files, all of one form.
        form: ``parquet``, ``csv`` or ``ndjson``.
        raw: SQL for its rows as they are.
        cells: SQL for each column as it is read, over `raw`.
        rows: How each table of rows is read.
        given: What it gives the pack.
        ignored: Columns that the pack does not know.
        ready: It is read as it is: no cell has to be turned into another type.
    """

    files: tuple[Path, ...]
    form: str
    raw: str
    cells: Mapping[str, str]
    rows: Mapping[str, RowsSql]
    given: Given
    ignored: tuple[str, ...]
    ready: bool

    @property
    def sql(self) -> str:
        """SQL for the rows as the pack reads them."""
        if self.ready:
            return self.raw
        listed = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in self.cells.items())
        return f"(SELECT {listed} FROM {self.raw})"


def files_of(path: Path) -> tuple[tuple[Path, ...], str]:
    """Return the files of an input and their form.

    Raises:
        CohortError: There are none, or of several forms.
    """
    if path.is_dir():
        files = tuple(sorted(each for each in path.iterdir() if each.suffix in FORMS))
    else:
        files = (path,)
        if not path.is_file():
            raise CohortError(f"{path}: no such file or folder")
    forms = {FORMS.get(each.suffix) for each in files}
    allowed = ", ".join(FORMS)
    if not files or None in forms:
        raise CohortError(f"{path}: no table of patients; allowed: files that end in {allowed}")
    if len(forms) > 1:
        raise CohortError(f"{path}: files of several forms; allowed: one of {allowed}")
    return files, str(forms.pop())


def open_source(
    connection: Any,
    path: Path,
    pack: Pack,
    constants: Mapping[str, Any] | None = None,
    known: Mapping[str, ColumnSpec] | None = None,
) -> Source:
    """Look at a table of patients.

    Args:
        connection: To DuckDB.
        path: A file, or a folder of files of one form.
        pack: The criteria.
        constants: Answers that hold for every patient.
        known: The columns it may have; those of a table of patients when None.

    Returns:
        The table, not yet read.

    Raises:
        CohortError: It cannot be read, or a column can hold nothing that the pack reads there.
    """
    files, form = files_of(path)
    try:
        raw, natives = _look(connection, files, form)
    except CohortError as error:
        raise CohortError(f"{path}: {error}") from None
    except Exception as error:
        message = str(error).strip().splitlines()[0]
        raise CohortError(f"{path}: cannot be read as {form}: {message}") from None
    known = columns_of(pack) if known is None else known
    read = _read(path, natives, known)
    cells, rows = read.cells, read.rows
    problems = read.problems + _clashes(path, natives, known, cells, constants or {})
    if problems:
        raise CohortError("\n".join(problems))
    if not cells:
        said = f"{path}: no column has the id of a question, like patient.age"
        raise CohortError((_uneven(files, known) if form == "csv" else "") or said)
    fields = {name: frozenset(found.cells) for name, found in rows.items()}
    return Source(
        files,
        form,
        raw,
        cells,
        rows,
        Given(frozenset(cells), fields, dict(constants or {})),
        tuple(name for name in natives if name not in known),
        read.ready and form == "parquet",
    )


class _Read(NamedTuple):
    """SQL for the columns of a table.

    Attributes:
        cells: Of each column that has the id of something that is asked.
        rows: Of those that hold lists.
        ready: Whether all of them are the columns as they are.
        problems: What can hold nothing that is read there.
    """

    cells: dict[str, str]
    rows: dict[str, RowsSql]
    ready: bool
    problems: list[str]


def _read(path: Path, natives: Mapping[str, str], known: Mapping[str, ColumnSpec]) -> _Read:
    problems: list[str] = []
    cells: dict[str, str] = {}
    rows: dict[str, RowsSql] = {}
    ready = True
    for name, native in natives.items():
        spec = known.get(name)
        if spec is None:
            continue
        found = _cell(spec, native)
        if found is None:
            allowed = ALLOWED[spec.kind]
            problems.append(f"{path}: column {name}: {native} cannot be used; allowed: {allowed}")
            continue
        if isinstance(found, RowsSql):
            rows[name] = found
            cells[name], as_it_is = found.sql, found.ready
        else:
            cells[name], as_it_is = found
        ready = ready and as_it_is
    return _Read(cells, rows, ready, problems)


def _clashes(
    path: Path,
    natives: Mapping[str, str],
    known: Mapping[str, ColumnSpec],
    cells: Mapping[str, str],
    constants: Mapping[str, Any],
) -> list[str]:
    """Find columns that stand twice, and what the site file cannot answer beside the table."""
    problems = [
        f"{path}: column {name}: stands more than once; allowed: once"
        for name in _twice(natives, known)
    ]
    problems += [
        f"{path}: column {name}: the site file answers it too; allowed: one of both"
        for name in sorted(constants.keys() & cells.keys())
    ]
    problems += [
        f"{path}: the site file answers {name}, and there is no column {told_of}; "
        "allowed: with that column, for those who have a list"
        for name, told_of in SPEAKS_OF.items()
        if name in constants and told_of not in cells
    ]
    return problems


def _cell(spec: ColumnSpec, native: str) -> RowsSql | tuple[str, bool] | None:
    """Return SQL for a column, and whether that is the column as it is."""
    raw = quoted(spec.name)
    if spec.name == ID:
        if native == "JSON":
            return f"({raw} ->> '$')", False
        return (raw, True) if native == "VARCHAR" else (f"CAST({raw} AS VARCHAR)", False)
    if spec.kind == "rows":
        return typed_rows(spec, raw, native)
    sql = typed(spec.kind, raw, native)
    return None if sql is None else (sql, is_ready(spec.kind, native))


def _look(connection: Any, files: tuple[Path, ...], form: str) -> tuple[str, dict[str, str]]:
    """Return SQL for the rows as they are, and the type of each column."""
    listed = "[" + ", ".join(file_text(each) for each in files) + "]"
    if form == "ndjson":
        return _look_at_json(connection, listed)
    if form == "csv":
        # Every cell as text: what it is, the pack decides and no guess of a reader.
        raw = f"read_csv({listed}, {CSV}, union_by_name = true)"
    else:
        raw = f"read_parquet({listed}, union_by_name = true)"
        if len(files) == 1:
            raw = f"read_parquet({listed})"
    found = connection.execute(f"DESCRIBE SELECT * FROM {raw}").fetchall()
    return raw, {row[0]: row[1] for row in found}


def _uneven(files: Sequence[Path], known: Mapping[str, Any]) -> str:
    """Name the row of a CSV that has other cells than the first one, for which it is left out.

    The reader looks for a first row that suits the others, and finds one without names.
    """
    for file in files:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            lines = list(islice(stream, _LOOKED_AT))
        for mark in ",;\t|":
            rows = csv.reader(lines, delimiter=mark)
            first = next(rows, [])
            if known.keys().isdisjoint(first):
                continue
            for row in rows:
                if row and len(row) != len(first):
                    many = f"{len(row)} cells; allowed: {len(first)}, as in the first line"
                    return f"{file}:{rows.line_num}: {many}"
    return ""


def _look_at_json(connection: Any, listed: str) -> tuple[str, dict[str, str]]:
    objects = f"read_ndjson_objects({listed}, maximum_object_size = {_LINE})"
    keys = connection.execute(
        f"SELECT DISTINCT unnest(json_keys(json)) AS key FROM {objects} ORDER BY key"
    ).fetchall()
    # DuckDB has no column without a name.
    names = [row[0] for row in keys if row[0]]
    number = Counter(name.casefold() for name in names)
    twins = [name for name in names if number[name.casefold()] > 1]
    if twins:
        raise CohortError(f"columns that differ in case alone: {', '.join(twins)}; allowed: one")
    shape = ", ".join(f"{text(name)}: 'JSON'" for name in names)
    # JSON's null is nothing, like a key that is not there; anything else stays as it is written.
    raw = f"read_ndjson({listed}, columns = {{{shape}}}, maximum_object_size = {_LINE})"
    return raw, dict.fromkeys(names, "JSON")


def _twice(natives: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the known columns that stand more than once, as DuckDB then calls them."""
    known = set(known)
    parted = (name.casefold().rpartition("_") for name in natives if name not in known)
    return sorted({first for first, _, last in parted if first in known and last.isdigit()})


def distinct_names(connection: Any, source: Source) -> dict[str, dict[str, int]]:
    """Return every distinct name in each table of rows, and how often it stands there."""
    found = {}
    for column, field in NAMED.items():
        if field in source.given.fields.get(column, ()):
            rows = connection.execute(
                f"SELECT r.{quoted(field)} AS name, count(*) FROM "
                f"(SELECT unnest({quoted(column)}) AS r FROM {source.sql}) "
                "WHERE name IS NOT NULL GROUP BY name"
            ).fetchall()
            found[column] = dict(rows)
    return found


def missing(pack: Pack, given: Given) -> Iterator[str]:
    """Yield the questions that neither a column nor a constant answers."""
    for ident in pack.questions:
        if ident not in given.columns and ident not in given.constants:
            yield ident
