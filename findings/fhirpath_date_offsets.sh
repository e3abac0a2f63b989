#!/usr/bin/env bash
# fhirpath.js gives the sum of a moment and a duration in another time zone, or in one for none.
#
# Expected: the result has the precision and the offset of the moment (FHIRPath 2.0, "Date/Time
# Arithmetic"): a day after half past midnight of November 21 in Berlin is on November 22.
# Seen: it is given with an offset of zero, on November 21 at 23:30; a moment without an offset gets
# one.
# So: the date of such a result, cut off as text, is the day before. Do not take a date from it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" fhirpath@5.2.2
cat >"$folder/run.cjs" <<'CODE'
const fhirpath = require("fhirpath");

for (const asked of [
  "@2026-11-21T00:30:00+01:00 + 1 day", "@2026-11-21T22:30:00-05:00 + 1 day",
  "@2026-11-21T10:00:00 + 1 day", "@2026-11-21 + 1 day",
]) {
  const said = fhirpath.evaluate({ resourceType: "Patient" }, asked);
  console.log(`${asked}  ->  ${JSON.stringify(said)}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "fhirpath@5.2.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
@2026-11-21T00:30:00+01:00 + 1 day  ->  ["2026-11-21T23:30:00-00:00"]
@2026-11-21T22:30:00-05:00 + 1 day  ->  ["2026-11-23T03:30:00-00:00"]
@2026-11-21T10:00:00 + 1 day  ->  ["2026-11-22T10:00:00-00:00"]
@2026-11-21 + 1 day  ->  ["2026-11-22"]
FOUND
