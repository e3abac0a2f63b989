"""The cohort held against the engine: random patients, every field of every one."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars

from ketatui.cohort.columns import columns_of
from ketatui.cohort.duckdb_sql import prelude, query
from ketatui.cohort.expressions import Const
from ketatui.cohort.judging import Lowered
from ketatui.cohort.polars_frames import collected
from ketatui.cohort.program import Program
from ketatui.cohort.screening import connect, lowered_for
from ketatui.cohort.sources import Source, open_source
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from reliability.cohort_rows import Maker, Row, expected

ON = dt.date(2026, 11, 21)
CHUNK = 10_000
ENOUGH = 20
"""How often each rule has to have been true, and open."""

KINDS: dict[str, Any] = {
    "bool": polars.Boolean,
    "int": polars.Int64,
    "decimal": polars.Float64,
    "text": polars.String,
    "texts": polars.List(polars.String),
    "day": polars.String,
}


@dataclass
class Compared:
    """What came of a comparison.

    Attributes:
        patients: How many were compared.
        fields: How many fields.
        differing: Those that differ, as texts; the first hundred.
        differ: How many differ.
        planted: Values that no question allows, by column.
        true: How often each column of a rule was true.
        open: How often it was open.
        beside: How many fields of the other engine of tables were held against the first.
        apart: How many of these differ.
        decided: Columns that are the same for every patient there can be.
    """

    patients: int = 0
    fields: int = 0
    beside: int = 0
    apart: int = 0
    differ: int = 0
    differing: list[str] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    decided: set[str] = field(default_factory=set)

    def add(self, other: Compared) -> None:
        """Add another comparison to this one."""
        self.patients += other.patients
        self.fields += other.fields
        self.beside += other.beside
        self.apart += other.apart
        self.differ += other.differ
        self.differing = (self.differing + other.differing)[:100]
        # Not added: a sum of counters forgets what was never true.
        self.planted.update(other.planted)
        self.true.update(other.true)
        self.open.update(other.open)
        self.decided |= other.decided


def frame_of(pack: Pack, rows: Sequence[Row]) -> polars.DataFrame:
    """Return rows as a table that has every column of a pack."""
    schema: dict[str, Any] = {}
    for spec in columns_of(pack).values():
        if spec.kind == "rows":
            fields = {name: KINDS[kind] for name, kind in spec.fields.items()}
            schema[spec.name] = polars.List(polars.Struct(fields))
        else:
            schema[spec.name] = KINDS[spec.kind]
    return polars.DataFrame(rows, schema=schema)


def screen_rows(
    knowledge: Knowledge,
    rows: Sequence[Row],
    engine: str = "duckdb",
    on: dt.date = ON,
    *,
    constants: Mapping[str, Any] | None = None,
    without: Sequence[str] = (),
    ids: bool = False,
) -> tuple[Lowered, list[dict[str, Any]]]:
    """Screen rows by an engine of tables.

    Args:
        knowledge: The compiled pack.
        rows: The patients.
        engine: ``duckdb``, ``polars`` or ``spark``.
        on: The day, for dated rules.
        constants: Answers that hold for every patient; the rows have no columns for them.
        without: Columns that the table lacks.
        ids: Whether to list ids, too.

    Returns:
        The lowered pack, and the result of each row by column.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patients.parquet"
        frame_of(knowledge.pack, rows).drop(*(constants or ()), *without).write_parquet(path)
        connection = connect(1)
        source = open_source(connection, path, knowledge.pack, constants)
        lowered = lowered_for(connection, source, knowledge, on, ids=ids)
        if engine == "spark":
            return lowered, _by_spark(lowered, path)
        return lowered, run(connection, lowered.program, source, path, engine)


def screen_by_both(
    knowledge: Knowledge, rows: Sequence[Row], on: dt.date = ON, *, ids: bool = False
) -> tuple[Lowered, list[dict[str, Any]], list[dict[str, Any]]]:
    """Screen rows by DuckDB and by Polars.

    Args:
        knowledge: The compiled pack.
        rows: The patients.
        on: The day, for dated rules.
        ids: Whether to list ids, too.

    Returns:
        The lowered pack, and the result of each row by column, of the one and of the other.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patients.parquet"
        frame_of(knowledge.pack, rows).write_parquet(path)
        connection = connect(1)
        source = open_source(connection, path, knowledge.pack)
        lowered = lowered_for(connection, source, knowledge, on, ids=ids)
        both = [run(connection, lowered.program, source, path, e) for e in ("duckdb", "polars")]
        return lowered, both[0], both[1]


def run(
    connection: Any, program: Program, source: Source, path: Path, engine: str
) -> list[dict[str, Any]]:
    """Run a program by DuckDB or by Polars, and return the result of each row by column."""
    if engine == "polars":
        found: list[dict[str, Any]] = collected(program, polars.scan_parquet(path)).to_dicts()
        return found
    for statement in prelude(program):
        connection.execute(statement)
    done = connection.execute(query(program, source.sql))
    names = [column[0] for column in done.description]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _by_spark(lowered: Lowered, path: Path) -> list[dict[str, Any]]:
    from ketatui.cohort.spark_sql import session, spark_statements

    spark = session()
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
    spark.read.parquet(str(path)).createOrReplaceTempView("patients")
    *declared, query_ = spark_statements(lowered.program, "patients")
    for statement in declared:
        spark.sql(statement)
    return [row.asDict() for row in spark.sql(query_).collect()]


def compare(
    knowledge: Knowledge, maker: Maker, count: int, first: int = 0, engine: str = "duckdb"
) -> Compared:
    """Hold what an engine of tables says of random patients against our own engine.

    Args:
        knowledge: The compiled pack.
        maker: Makes the rows.
        count: How many.
        first: The number of the first.
        engine: ``duckdb``, ``polars``, ``spark``, or ``both``: DuckDB, and Polars against it.

    Returns:
        What differs, and how often each rule was true and open.
    """
    rows = list(maker.rows(count, first))
    found = Compared()
    if engine == "both":
        lowered, results, beside = screen_by_both(knowledge, rows)
        _hold_apart(found, results, beside)
    else:
        lowered, results = screen_rows(knowledge, rows, engine)
    found.planted += Counter(maker.planted)
    outputs = lowered.program.outputs
    found.decided |= {name for name, each in outputs.items() if isinstance(each, Const)}
    rules = {column for columns in lowered.rules.values() for column in columns.values()}
    for row, result in zip(rows, results, strict=True):
        found.patients += 1
        wanted = expected(knowledge, row, lowered.rules, lowered.payers, ON)
        for column, value in wanted.items():
            found.fields += 1
            if column in rules:
                found.true[column] += value is True
                found.open[column] += value is None
            got = result[column]
            if got != value or (got is None) is not (value is None):
                found.differ += 1
                if len(found.differing) < 100:
                    found.differing.append(f"{row['id']} {column}: {got!r}, not {value!r}")
    return found


def _hold_apart(
    found: Compared, one: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]
) -> None:
    for first, second in zip(one, other, strict=True):
        found.beside += len(first)
        if first != second:
            apart = [name for name in first if first[name] != second.get(name)]
            found.apart += len(apart)
            found.differing += [f"{first['id']} {name}: Polars differs" for name in apart][:3]


def seldom(found: Compared) -> list[str]:
    """Return the columns of rules that were true or open too seldom to tell.

    Those that are the same for every patient there can be are left out.
    """
    return [
        f"{column}: {found.true[column]} times true, {found.open[column]} times open"
        for column in found.true
        if column not in found.decided
        and (found.true[column] < ENOUGH or found.open[column] < ENOUGH)
    ]


_knowledge: Knowledge | None = None


def _chunk(about: tuple[int, int, int, str]) -> Compared:
    global _knowledge
    seed, first, count, engine = about
    if _knowledge is None:
        _knowledge = compile_pack(load_pack(default_folder({})))
    return compare(_knowledge, Maker(_knowledge, seed), count, first, engine)


def compare_many(count: int, seed: int = 1, engine: str = "duckdb") -> Iterator[Compared]:
    """Compare very many patients, on all processors.

    Yields:
        What came of all patients so far.
    """
    so_far = Compared()
    chunks = [(seed, first, min(CHUNK, count - first), engine) for first in range(0, count, CHUNK)]
    # A fork would take along the threads of DuckDB and Polars, and now and then dies of it; and
    # Spark uses all processors by itself.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1 if engine == "spark" else None, context) as pool:
        for done in as_completed([pool.submit(_chunk, chunk) for chunk in chunks]):
            so_far.add(done.result())
            yield so_far
