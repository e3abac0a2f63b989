#!/usr/bin/env bash
# DuckDB gives three answers to when "2026-11-21T23:30:00-05:00" was, by how it is read.
#
# Expected: a column whose moments carry offsets is one of TIMESTAMP WITH TIME ZONE, as read_csv finds,
# or text; and as a plain TIMESTAMP it is what a cast of the same text gives, the time of the wall.
# Seen: read_json makes a plain TIMESTAMP of it in Greenwich's time, so the evening of the 21st is the
# 22nd, and an early morning further east is the day before. A cast drops the offset: 23:30 on the
# 21st. One moment without an offset in the file is mixed in as it stands, and one date alone makes
# text of all of them.
# So: of two doses the later one can come first, and a day's dose counts for another day. Name the types
# in read_json(columns = ...), or read text and cast to TIMESTAMPTZ.
# Documented in part: duckdb issue 14919 asks for TIMESTAMPTZ, in 22103 the maintainers say that the
# offset is not applied (github.com/duckdb/duckdb/issues/22103); here it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" duckdb==1.5.5
cd "$folder"
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import json
from pathlib import Path

import duckdb

evening, morning = "2026-11-21T23:30:00-05:00", "2026-11-22T01:00:00+02:00"


def read(name, *moments):
    """Print the type and the texts that the moments are read with."""
    lines = [json.dumps({"t": moment}) for moment in moments] if name == "read_json" else ["t", *moments]
    file = Path(f"moments.{name.removeprefix('read_')}")
    file.write_text("\n".join(lines))
    rows = duckdb.sql(f"SELECT typeof(t), CAST(t AS VARCHAR) FROM {name}('{file}')").fetchall()
    print(f"{name} of {', '.join(moments)}  ->  {rows[0][0]}: {', '.join(row[1] for row in rows)}")


duckdb.sql("SET TimeZone = 'America/New_York'")
read("read_json", evening, morning)
read("read_csv", evening, morning)
print("cast  -> ", *duckdb.sql(f"SELECT CAST(CAST('{evening}' AS TIMESTAMP) AS VARCHAR)").fetchone())
read("read_json", evening, "2026-11-21T23:30:00")
read("read_json", evening, "2026-11-22")
CODE

echo "duckdb==1.5.5"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
read_json of 2026-11-21T23:30:00-05:00, 2026-11-22T01:00:00+02:00  ->  TIMESTAMP: 2026-11-22 04:30:00, 2026-11-21 23:00:00
read_csv of 2026-11-21T23:30:00-05:00, 2026-11-22T01:00:00+02:00  ->  TIMESTAMP WITH TIME ZONE: 2026-11-21 23:30:00-05, 2026-11-21 18:00:00-05
cast  ->  2026-11-21 23:30:00
read_json of 2026-11-21T23:30:00-05:00, 2026-11-21T23:30:00  ->  TIMESTAMP: 2026-11-22 04:30:00, 2026-11-21 23:30:00
read_json of 2026-11-21T23:30:00-05:00, 2026-11-22  ->  VARCHAR: 2026-11-21T23:30:00-05:00, 2026-11-22
FOUND
