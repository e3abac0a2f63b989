#!/usr/bin/env bash
# In fhirpath.js a year is 12 months and 365 days, and 12 months are not 365 days.
#
# Expected: equality is transitive, or the comparison of calendar units is empty.
# Seen: 1 year equals 12 months and 365 days; 12 months equal 360 days and do not equal 365. Against
# UCUM's year ('a') equality is empty and equivalence is true.
# So: a rule that says 365 days and one that says 12 months part company although both equal one year.
# Keep durations in conditions in one unit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" fhirpath@5.2.2
cat >"$folder/run.cjs" <<'CODE'
const fhirpath = require("fhirpath");

for (const asked of [
  "1 year = 12 months", "1 year = 365 days", "12 months = 365 days", "12 months = 360 days",
  "1 year = 1 'a'", "1 year ~ 1 'a'",
]) {
  const said = fhirpath.evaluate({ resourceType: "Patient" }, asked);
  console.log(`${asked}  ->  ${JSON.stringify(said)}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "fhirpath@5.2.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
1 year = 12 months  ->  [true]
1 year = 365 days  ->  [true]
12 months = 365 days  ->  [false]
12 months = 360 days  ->  [true]
1 year = 1 'a'  ->  []
1 year ~ 1 'a'  ->  [true]
FOUND
