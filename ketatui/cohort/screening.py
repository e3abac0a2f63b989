"""Screening a table: part by part, so that memory is bounded and a killed run goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ketatui.cohort import manifest as manifests
from ketatui.cohort.checking import Check, look_over
from ketatui.cohort.columns import ID
from ketatui.cohort.duckdb_sql import file_text, prelude, query, text
from ketatui.cohort.errors import CohortError, extra
from ketatui.cohort.judging import Lowered, lower
from ketatui.cohort.names import name_tables
from ketatui.cohort.parts import Part, rows_sql
from ketatui.cohort.program import Lookups
from ketatui.cohort.sources import CSV, Source, distinct_names, open_source
from ketatui.engine import Knowledge
from ketatui.structs import Frozen

PART_ROWS = 4 * 122_880
"""Patients of a part: four row groups, as DuckDB writes them."""
MEMORY = "700MB"
_LIBRARY = {"duckdb": "duckdb", "polars": "polars", "spark": "pyspark"}
_STAGED = ".staged.parquet"


class Screening(Frozen, frozen=True):
    """What is screened, by what, and where the results go.

    Attributes:
        knowledge: The compiled pack.
        path: The table of patients.
        out: The folder of the results.
        on: The day, for dated rules.
        constants: Answers that hold for every patient.
        ids: Whether to list ids of rules, too.
        keep: Columns to group by later.
        engine: ``duckdb``, ``polars`` or ``spark``.
        part_rows: Patients of a part.
        threads: How many processors to use; all of them when None.
    """

    knowledge: Knowledge
    path: Path
    out: Path
    on: dt.date
    constants: Mapping[str, Any] = {}
    ids: bool = False
    keep: tuple[str, ...] = ()
    engine: str = "polars"
    part_rows: int = PART_ROWS
    threads: int | None = None


def connect(threads: int | None = None) -> Any:
    """Open DuckDB, in memory and with bounds.

    Raises:
        CohortError: It is not installed.
    """
    duckdb = extra("duckdb")
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET enable_progress_bar = false")
    if threads:
        connection.execute(f"SET threads = {threads}")
    return connection


def lowered_for(
    connection: Any,
    source: Source,
    knowledge: Knowledge,
    on: dt.date,
    *,
    names: Mapping[str, Iterable[str]] | None = None,
    ids: bool = False,
    keep: Sequence[str] = (),
) -> Lowered:
    """Lower a pack for a table, its names recognized.

    Args:
        connection: To DuckDB.
        source: The table.
        knowledge: The compiled pack.
        on: The day, for dated rules.
        names: Every distinct name in each table of rows; looked for when None.
        ids: Whether to list ids of rules, too.
        keep: Columns to group by later.

    Raises:
        CohortError: A column that is to be kept is not there.
    """
    for name in keep:
        if name not in source.cells and name not in source.ignored:
            allowed = ", ".join([*source.cells, *source.ignored])
            raise CohortError(f"--keep {name}: no such column; allowed: {allowed}")
        if not source.ready and name in source.ignored:
            raise CohortError(
                f"--keep {name}: only questions are kept of a table that is no Parquet"
            )
    found = distinct_names(connection, source) if names is None else names
    return lowered_with(source, knowledge, name_tables(knowledge, found), on, ids=ids, keep=keep)


def lowered_with(
    source: Source,
    knowledge: Knowledge,
    names: Lookups,
    on: dt.date,
    *,
    ids: bool = False,
    keep: Sequence[str] = (),
) -> Lowered:
    """Lower a pack for a table whose names have been recognized."""
    carried = (ID,) if ID in source.cells else ()
    return lower(knowledge, source.given, names, on, ids=ids, carried=carried, keep=keep)


def screen(job: Screening, say: Callable[[int, int], None] = lambda done, of: None) -> Check:
    """Screen a table, or go on with a screening that was cut short.

    Args:
        job: What, by what, and where to.
        say: Told how many patients are done, and of how many.

    Returns:
        What the table holds.

    Raises:
        CohortError: The table cannot be used, or the folder holds another screening.
    """
    connection = connect(job.threads)
    source = open_source(connection, job.path, job.knowledge.pack, job.constants)
    checked = look_over(connection, source, job.knowledge, job.on)
    lowered = lowered_for(
        connection,
        source,
        job.knowledge,
        job.on,
        names=checked.names,
        ids=job.ids,
        keep=job.keep,
    )
    sql = query(lowered.program, "patients")
    rows = _rows_of(connection, source)
    engine = f"{job.engine} {extra(_LIBRARY[job.engine]).__version__}"
    about = manifests.described(job.knowledge.pack, source, lowered, sql, engine, rows)
    about["check"] = _told(checked)
    about["part_rows"] = job.part_rows
    _prepare(job.out, about)
    parts = list(_parts(connection, source, job, rows))
    _remove_others(job.out, parts)
    run = _runner(job.engine, connection, lowered)
    done = 0
    for part in parts:
        target = job.out / manifests.PARTS / part.name
        if not target.exists():
            # Under another name until it is whole: a part that is there is finished.
            begun = target.with_name(f".{part.name}.begun")
            run(part, begun)
            begun.replace(target)
        done += part.last - part.first
        say(done, sum(rows))
    (job.out / _STAGED).unlink(missing_ok=True)
    manifests.write(job.out, {**about, "parts": [each.name for each in parts], "finished": True})
    return checked


def _told(checked: Check) -> dict[str, Any]:
    return {
        "rows": checked.rows,
        "bad": {each.column: each.count for each in checked.bad},
        "missing": {ident: list(rules) for ident, rules in checked.missing.items()},
        "ignored": list(checked.ignored),
        "unresolved": [[name, count] for name, count in checked.unresolved[:100]],
        "same_id": checked.same_id,
        "not_worked_out": {
            ident: [calculation, *rules]
            for ident, (calculation, rules) in checked.not_worked_out.items()
        },
    }


def _prepare(out: Path, about: Mapping[str, Any]) -> None:
    """Make the folder, or find that it holds the beginning of this very screening.

    Raises:
        CohortError: It holds something else.
    """
    try:
        (out / manifests.PARTS).mkdir(parents=True, exist_ok=True)
        is_new = not (out / manifests.NAME).exists()
        if is_new and ((out / _STAGED).exists() or any((out / manifests.PARTS).iterdir())):
            raise CohortError(f"{out}: holds other files; name a new folder with --out")
        if not is_new:
            before = manifests.read(out)
            for key, value in about.items():
                if before.get(key) != value:
                    raise CohortError(
                        f"{out}: holds another screening ({key} differs); name a new folder"
                    )
            return
        manifests.write(out, about)
    except OSError as error:
        raise CohortError(f"{out}: {error.strerror}; --out names a folder") from None


def _remove_others(out: Path, parts: Sequence[Part]) -> None:
    """Remove what a killed run left unfinished."""
    names = {part.name for part in parts}
    for path in (out / manifests.PARTS).iterdir():
        if path.name not in names:
            path.unlink()


def _rows_of(connection: Any, source: Source) -> list[int]:
    """Return the number of patients of each file."""
    if source.form == "parquet":
        return [
            connection.execute(
                f"SELECT num_rows FROM parquet_file_metadata({file_text(path)})"
            ).fetchone()[0]
            for path in source.files
        ]
    reader = "read_ndjson_objects" if source.form == "ndjson" else "read_csv"
    options = "" if source.form == "ndjson" else f", {CSV}"
    return [
        connection.execute(f"SELECT count(*) FROM {reader}({file_text(path)}{options})").fetchone()[
            0
        ]
        for path in source.files
    ]


def _parts(connection: Any, source: Source, job: Screening, rows: Sequence[int]) -> Iterator[Part]:
    """Yield the parts of a table; one that is not ready is first written as it is read."""
    files, counts = source.files, rows
    if not source.ready:
        staged = job.out / _STAGED
        if not staged.exists():
            begun = staged.with_suffix(".begun")
            connection.execute(f"COPY (FROM {source.sql}) TO {text(str(begun))} (FORMAT parquet)")
            begun.replace(staged)
        files, counts = (staged,), [sum(rows)]
    number = 0
    for path, count in zip(files, counts, strict=True):
        for first in range(0, count, job.part_rows):
            yield Part(number, path, first, min(first + job.part_rows, count))
            number += 1


def _runner(engine: str, connection: Any, lowered: Lowered) -> Callable[[Part, Path], None]:
    if engine == "polars":
        from ketatui.cohort.polars_frames import runner

        return runner(lowered.program)
    if engine == "spark":
        from ketatui.cohort.spark_sql import runner as spark_runner

        return spark_runner(lowered.program)
    for statement in prelude(lowered.program):
        connection.execute(statement)

    def run(part: Part, target: Path) -> None:
        sql = query(lowered.program, rows_sql(part))
        connection.execute(
            f"COPY ({sql}) TO {text(str(target))} (FORMAT parquet, COMPRESSION snappy)"
        )

    return run


def results(out: Path) -> str:
    """Return SQL for the results in a folder."""
    return f"read_parquet({file_text(out / manifests.PARTS, '/*.parquet')})"
