#!/usr/bin/env bash
# DuckDB's read_json reads a period without an end, as PostgreSQL writes it, as one that ended in 1900.
#
# Expected: "infinity" is the date after all others, as PostgreSQL writes it into JSON (its manual,
# "Date/Time Types", "Special Values"), and as DuckDB's own cast, read_csv, and read_json with a type
# for the column read it.
# Seen: a column of dates in which "infinity", "-infinity" or "epoch" stands is found to be one of
# dates, and all three become 1900-01-01; with times of day too. No error, no warning.
# So: a course that goes on ended before it began, and its days until today are less than none. Name the
# type in read_json(columns = ...).
# Not documented: duckdb.org/docs/stable/data/json/loading_json; no thread about it found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" duckdb==1.5.5
cd "$folder"
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import json
from pathlib import Path

import duckdb


def read(source, *ends):
    """Print the type and the texts that the ends are read with."""
    Path("ends.json").write_text("\n".join(json.dumps({"until": end}) for end in ends))
    Path("ends.csv").write_text("\n".join(["until", *ends]))
    rows = duckdb.sql(f"SELECT typeof(until), CAST(until AS VARCHAR) FROM {source}").fetchall()
    print(f"{source} of {', '.join(ends)}  ->  {rows[0][0]}: {', '.join(row[1] for row in rows)}")


read("read_json('ends.json')", "2026-11-21", "infinity")
read("read_json('ends.json')", "2026-11-21", "-infinity", "epoch")
read("read_json('ends.json')", "2026-11-21T10:00:00", "infinity")
read("read_json('ends.json', columns = {'until': 'DATE'})", "2026-11-21", "infinity")
read("read_csv('ends.csv')", "2026-11-21", "infinity")
CODE

echo "duckdb==1.5.5"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
read_json('ends.json') of 2026-11-21, infinity  ->  DATE: 2026-11-21, 1900-01-01
read_json('ends.json') of 2026-11-21, -infinity, epoch  ->  DATE: 2026-11-21, 1900-01-01, 1900-01-01
read_json('ends.json') of 2026-11-21T10:00:00, infinity  ->  TIMESTAMP: 2026-11-21 10:00:00, 1900-01-01 00:00:00
read_json('ends.json', columns = {'until': 'DATE'}) of 2026-11-21, infinity  ->  DATE: 2026-11-21, infinity
read_csv('ends.csv') of 2026-11-21, infinity  ->  DATE: 2026-11-21, infinity
FOUND
