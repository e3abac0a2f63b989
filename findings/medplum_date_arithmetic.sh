#!/usr/bin/env bash
# Medplum's FHIRPath adds a duration to a date by writing the number behind it.
#
# Expected: @2026-11-27 + 1 month is @2026-12-27 (FHIRPath 2.0, "Date/Time Arithmetic").
# Seen: the text "2026-11-271"; a duration taken away gives null.
# So: "due" as last + 28 days is a text that no date comparison understands, and is neither an error
# nor empty. Calculate dates outside of the expression.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { evalFhirPath } = require("@medplum/core");

for (const asked of [
  "@2026-11-27 + 1 month", "@2026-11-27 + 28 days", "@2026-11-27 - 28 days",
  "@2026-11-27T10:00:00Z + 90 minutes", "@2026-11-27 + 28 days > @2026-11-28",
]) {
  console.log(`${asked}  ->  ${JSON.stringify(evalFhirPath(asked, { resourceType: "Patient" }))}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
@2026-11-27 + 1 month  ->  ["2026-11-271"]
@2026-11-27 + 28 days  ->  ["2026-11-2728"]
@2026-11-27 - 28 days  ->  [null]
@2026-11-27T10:00:00Z + 90 minutes  ->  ["2026-11-27T10:00:00.000Z90"]
@2026-11-27 + 28 days > @2026-11-28  ->  [false]
FOUND
