#!/usr/bin/env bash
# Medplum's FHIRPath compares and adds numbers of different units as if they were of one.
#
# Expected: quantities of comparable units are converted, others give the empty collection (FHIRPath
# 2.0, "Quantity", "Comparison", "Addition").
# Seen: 72 kg is not more than 150 pounds, 37 degrees Celsius are not more than 90 Fahrenheit,
# 5 mg + 1 g is 6 mg, and an hour is not 60 minutes.
# So: a condition over a weight, a dose or a temperature that a record keeps in another unit comes out
# wrong and not empty. Compare values only after looking at the unit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { evalFhirPath } = require("@medplum/core");

for (const asked of [
  "72 'kg' > 150 '[lb_av]'", "37 'Cel' > 90 '[degF]'", "5 'mg' + 1 'g'", "1 'kg' = 1000 'g'",
  "1 'h' = 60 'min'", "5 'kg' > 3 'm'",
]) {
  console.log(`${asked}  ->  ${JSON.stringify(evalFhirPath(asked, { resourceType: "Patient" }))}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
72 'kg' > 150 '[lb_av]'  ->  [false]
37 'Cel' > 90 '[degF]'  ->  [false]
5 'mg' + 1 'g'  ->  [{"value":6,"unit":"mg"}]
1 'kg' = 1000 'g'  ->  [false]
1 'h' = 60 'min'  ->  [false]
5 'kg' > 3 'm'  ->  [true]
FOUND
