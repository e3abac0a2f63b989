#!/usr/bin/env bash
# Medplum shows a date without a time as the evening before, west of Greenwich.
#
# Expected: a FHIR date has no time zone and is the same day everywhere; one of a month is shown as a
# month (R4, "Datatypes", dateTime).
# Seen: formatDateTime of 2026-11-21 is November 20, 7 in the evening, in New York; formatDate of
# 2026-11 is November 1.
# So: format what has no time by itself, by how long its text is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13
cat >"$folder/run.cjs" <<'CODE'
process.env.TZ = "America/New_York";
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { formatDate, formatDateTime } = require("@medplum/core");

for (const date of ["2026-11-21", "2026-11", "2026"]) {
  const said = [formatDate(date, "en-US"), formatDateTime(date, "en-US")];
  console.log(`${date}  ->  ${JSON.stringify(said).replaceAll("\u202f", " ")}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
2026-11-21  ->  ["11/21/2026","11/20/2026, 7:00:00 PM"]
2026-11  ->  ["11/1/2026","10/31/2026, 8:00:00 PM"]
2026  ->  ["1/1/2026","12/31/2025, 7:00:00 PM"]
FOUND
