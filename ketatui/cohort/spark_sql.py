"""A lowered pack in Spark's SQL, and through sqlglot in the dialects of other engines.

It runs under ANSI rules: nothing is divided by zero or cast beyond its range without being asked
whether it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ketatui.cohort.duckdb_sql import Tables, Writer, written
from ketatui.cohort.errors import CohortError, extra
from ketatui.cohort.expressions import Arithmetic, Expr, Lookup, Texts
from ketatui.cohort.parts import Part
from ketatui.cohort.program import Program

_INLINE = 200
"""Longest table of texts that stands in the query itself."""
_VARIABLE = "ketatui_table_"


def spark_statements(program: Program, source: str) -> list[str]:
    """Return the statements that screen a table: long tables of texts, then the query.

    Args:
        program: The lowered pack.
        source: What stands after FROM.
    """
    writer = _SparkWriter(program.lookups)
    query = written(program, source, writer)
    declared = [
        f"DECLARE OR REPLACE VARIABLE {name} MAP<STRING, BIGINT> DEFAULT {writer.map(*table)}"
        for table, name in writer.variables.items()
    ]
    return [*declared, query]


def transpiled(program: Program, source: str, dialect: str) -> str:
    """Return the query in the dialect of another engine, as sqlglot writes it.

    Raises:
        CohortError: There is no such dialect.
    """
    sqlglot = extra("sqlglot")
    known = sorted(each.value for each in sqlglot.Dialects if each.value)
    if dialect not in known:
        raise CohortError(f"no dialect {dialect!r}; allowed: {', '.join(known)}")
    statements = spark_statements(program, source)
    if dialect == "spark":
        return ";\n".join(statements)
    level = sqlglot.ErrorLevel.RAISE
    try:
        made = [
            sqlglot.transpile(each, read="spark", write=dialect, unsupported_level=level)[0]
            for each in statements
        ]
    except Exception as error:
        message = str(error).strip().splitlines()[0]
        raise CohortError(f"the query cannot be written for {dialect}: {message}") from None
    note = f"-- Written for {dialect} by sqlglot and never run there: try it before it is used."
    return "\n".join([note, ";\n".join(made)])


class _SparkWriter(Writer):
    """Writes expressions for Spark."""

    def __init__(self, lookups: Tables) -> None:
        super().__init__(lookups)
        self.variables: dict[tuple[str, str], str] = {}

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def text(self, value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def whole(self, value: int) -> str:
        return f"{value}L" if abs(value) >= 2**31 else str(value)

    def scaled(self, of: Expr, digits: int) -> str:
        return f"TRY_CAST(round(CAST({self.write(of)} AS DOUBLE) * 1e{digits}D) AS BIGINT)"

    def lookup(self, expr: Lookup) -> str:
        table = (expr.table, expr.column)
        entries = self.lookups.get(expr.table) or {}
        if not any(expr.column in each for each in entries.values()):
            return "CAST(NULL AS BIGINT)"
        if len(entries) > _INLINE:
            # As a variable, or a long table would stand in the query again and again.
            self.variables.setdefault(table, f"{_VARIABLE}{len(self.variables)}")
            return f"try_element_at({self.variables[table]}, {self.write(expr.of)})"
        return f"try_element_at({self.map(*table)}, {self.write(expr.of)})"

    def map(self, table: str, column: str) -> str:
        """Write a table of texts as a map."""
        pairs = [
            f"{self.text(name)}, CAST({each[column]} AS BIGINT)"
            for name, each in self.lookups[table].items()
            if column in each
        ]
        return f"map({', '.join(pairs)})"

    def arithmetic(self, expr: Arithmetic) -> str:
        kind = "DECIMAL(38, 0)" if expr.wide else "BIGINT"
        left, right = self.write(expr.left), self.write(expr.right)
        op = "div" if expr.op == "//" else expr.op
        return f"(CAST({left} AS {kind}) {op} CAST({right} AS {kind}))"

    def length(self, of: Expr) -> str:
        return f"array_size({self.write(of)})"

    def joined(self, of: Expr, element: Expr) -> str:
        each = self.each(of, element)
        return f"aggregate({each}, CAST(0 AS BIGINT), (a, b) -> a | coalesce(b, CAST(0 AS BIGINT)))"

    def distinct(self, of: Expr, element: Expr) -> str:
        return f"array_size(array_distinct(filter({self.each(of, element)}, e -> e IS NOT NULL)))"

    def each(self, of: Expr, element: Expr) -> str:
        outer = self.write(of)
        item, inner = self.inside(element)
        return f"transform({outer}, {item} -> {inner})"

    def texts(self, expr: Texts) -> str:
        listed = ", ".join(
            f"CASE WHEN {self.write(condition)} THEN {self.text(word)} END"
            for word, condition in expr.items
        )
        return f"array_compact(array({listed}))"


def session() -> Any:
    """Open Spark on this machine, with ANSI rules.

    Raises:
        CohortError: It is not installed, or there is no Java for it.
    """
    extra("pyspark")
    sql = extra("pyspark.sql")
    try:
        return (
            sql.SparkSession.builder.master("local[*]")
            .appName("ketatui cohort")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
    except Exception as error:
        raise CohortError(f"ketatui cohort: Spark cannot be started: {error}") from None


def runner(program: Program) -> Callable[[Part, Path], None]:
    """Return what screens one part of a table with Spark."""
    spark = session()

    def run(part: Part, target: Path) -> None:
        place = "_metadata.row_index"
        rows = spark.read.parquet(str(part.file)).where(
            f"{place} >= {part.first} AND {place} < {part.last}"
        )
        rows.createOrReplaceTempView("patients")
        folder = target.with_suffix(".spark")
        *declared, query = spark_statements(program, "patients")
        for statement in declared:
            spark.sql(statement)
        found = spark.sql(query).coalesce(1)
        found.write.mode("overwrite").parquet(str(folder))
        written_file = next(folder.glob("part-*.parquet"))
        written_file.replace(target)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

    return run
