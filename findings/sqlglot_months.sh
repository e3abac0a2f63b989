#!/usr/bin/env bash
# sqlglot turns months into days for MySQL, and into 30 days each for SQLite.
#
# Expected: date_diff('month', ...) counts months in every dialect, or unsupported_level=RAISE
# refuses to write it (sqlglot, "Unsupported Errors"). MySQL has TIMESTAMPDIFF(MONTH, ...).
# Seen: DATEDIFF(b, a) for MySQL, which counts days (MySQL, "Date and Time Functions"), for years
# and weeks too. For SQLite years are 365 days, so that a patient is 18 three days before the
# birthday. The other way round MySQL's TIMESTAMPDIFF(YEAR, ...), which counts full years, becomes
# DuckDB's date_diff, which counts the turns of the year: of age from January 1 on.
# So: "older than 3 months" is true after four days. Compare days with days: b >= a + INTERVAL '3'
# MONTH.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" sqlglot==30.30.0 duckdb==2.0.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import sqlite3

import duckdb
import sqlglot

raising = sqlglot.ErrorLevel.RAISE
for unit in ("month", "year"):
    query = f"SELECT date_diff('{unit}', a, b) FROM days"
    for dialect in ("mysql", "sqlite"):
        written = sqlglot.transpile(query, "duckdb", dialect, unsupported_level=raising)[0]
        print(f"{unit}, duckdb to {dialect}  ->  {written}")
born = "SELECT TIMESTAMPDIFF(YEAR, a, b) FROM days"
back = sqlglot.transpile(born, "mysql", "duckdb", unsupported_level=raising)[0]
print(f"year, mysql to duckdb  ->  {back}")
days = "WITH days AS (SELECT {}'2008-11-26' AS a, {}'2026-11-23' AS b) "
print("sqlite, born 2008-11-26, on 2026-11-23: ",
      sqlite3.connect(":memory:").execute(days.format("", "") + written).fetchone()[0])
days = days.replace("11-23", "01-01").format("DATE ", "DATE ")
print("duckdb, born 2008-11-26, on 2026-01-01: ", duckdb.sql(days + back).fetchall()[0][0])
CODE

echo "sqlglot==30.30.0 duckdb==2.0.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
month, duckdb to mysql  ->  SELECT DATEDIFF(b, a) FROM days
month, duckdb to sqlite  ->  SELECT CAST((JULIANDAY(b) - JULIANDAY(a)) / 30.0 AS INTEGER) FROM days
year, duckdb to mysql  ->  SELECT DATEDIFF(b, a) FROM days
year, duckdb to sqlite  ->  SELECT CAST((JULIANDAY(b) - JULIANDAY(a)) / 365.0 AS INTEGER) FROM days
year, mysql to duckdb  ->  SELECT DATE_DIFF('YEAR', a, b) FROM days
sqlite, born 2008-11-26, on 2026-11-23:  18
duckdb, born 2008-11-26, on 2026-01-01:  18
FOUND
