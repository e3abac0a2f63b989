#!/usr/bin/env bash
# Medplum's FHIRPath, and its age, take a date of a month or a year for its first moment.
#
# Expected: dates of different precision that agree as far as both go compare to empty: nobody knows
# whether November 27 is after "November" (FHIRPath 2.0, "Comparison", "Equals").
# Seen: it is after it, is not equal to it, and a patient whose birth year alone is known has an age to
# the day.
# So: what was not known reads as an answer. Look at the length of a date before it is compared.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { calculateAge, evalFhirPath } = require("@medplum/core");

for (const asked of [
  "@2026-11-27 > @2026-11", "@2026-11 = @2026-11-27", "@2026 = @2026-01",
  "@2026-11-27T10:00 = @2026-11-27T10:00:00", "@T10:30 < @T10:30:00",
]) {
  console.log(`${asked}  ->  ${JSON.stringify(evalFhirPath(asked, { resourceType: "Patient" }))}`);
}
for (const born of ["1974", "1974-11"]) {
  console.log(`age of ${born} on 2026-11-27  ->  ${JSON.stringify(calculateAge(born, "2026-11-27"))}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
@2026-11-27 > @2026-11  ->  [true]
@2026-11 = @2026-11-27  ->  [false]
@2026 = @2026-01  ->  [false]
@2026-11-27T10:00 = @2026-11-27T10:00:00  ->  [true]
@T10:30 < @T10:30:00  ->  [false]
age of 1974 on 2026-11-27  ->  {"years":52,"months":634,"days":19323}
age of 1974-11 on 2026-11-27  ->  {"years":52,"months":624,"days":19019}
FOUND
