#!/usr/bin/env bash
# sqlglot turns a number that cannot be read into 0, on its way from DuckDB to SQLite.
#
# Expected: TRY_CAST gives null for what is no number (DuckDB, "Casting"); where a dialect has no
# such thing, unsupported_level=RAISE refuses to write the query (sqlglot, "Unsupported Errors").
# Seen: CAST is written for it, for SQLite, PostgreSQL and MySQL, without an error. In SQLite "not
# measured" is 0, "12 mg" is 12, and "1,5" is 1; PostgreSQL stops at it instead.
# So: null, which is not known, becomes a value that rules go by. Convert texts before the query, or
# look for TRY_CAST in what is to be translated.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" sqlglot==30.30.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import sqlite3

import sqlglot

raising = sqlglot.ErrorLevel.RAISE
query = "SELECT TRY_CAST(pressure AS INTEGER) AS pressure FROM vitals"
for dialect in ("postgres", "mysql", "sqlite"):
    written = sqlglot.transpile(query, "duckdb", dialect, unsupported_level=raising)[0]
    print(dialect, " -> ", written)
database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE vitals (pressure TEXT)")
database.executemany("INSERT INTO vitals VALUES (?)", [["120"], ["not measured"], ["12 mg"], ["1,5"]])
print([pressure for (pressure,) in database.execute(written)])
CODE

echo "sqlglot==30.30.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
postgres  ->  SELECT CAST(pressure AS INT) AS pressure FROM vitals
mysql  ->  SELECT CAST(pressure AS SIGNED) AS pressure FROM vitals
sqlite  ->  SELECT CAST(pressure AS INTEGER) AS pressure FROM vitals
[120, 0, 12, 1]
FOUND
