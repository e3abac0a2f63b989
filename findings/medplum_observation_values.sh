#!/usr/bin/env bash
# Medplum shows nothing for an observation whose value is a whole number, a yes or a no.
#
# Expected: formatObservationValue gives the value as text, of any of the types that an observation
# may have (R4, "Observation", value[x]); a quantity without "unit" has its unit in "code" (R4,
# "Datatypes", Quantity).
# Seen: an empty text for integers, booleans, times, dates, ranges and ratios, and for a reason why
# there is no value, as if there were nothing. 120 mm[Hg] with a code alone is "120".
# So: totals of scores sent as valueInteger look as if nobody had filled in the form. Send a
# quantity with both unit and code, or text, to who shows records with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { formatObservationValue } = require("@medplum/core");

const observation = { resourceType: "Observation", status: "final", code: { text: "Example" } };
for (const value of [
  { valueQuantity: { value: 120, unit: "mmHg" } },
  { valueQuantity: { value: 120, system: "http://unitsofmeasure.org", code: "mm[Hg]" } },
  { valueInteger: 17 }, { valueBoolean: true }, { valueBoolean: false }, { valueTime: "10:30:00" },
  { valueDateTime: "2026-11-21" }, { valueRange: { low: { value: 3 }, high: { value: 5 } } },
  { dataAbsentReason: { text: "not asked" } },
]) {
  const said = formatObservationValue({ ...observation, ...value });
  console.log(`${JSON.stringify(value)}  ->  ${JSON.stringify(said)}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
{"valueQuantity":{"value":120,"unit":"mmHg"}}  ->  "120 mmHg"
{"valueQuantity":{"value":120,"system":"http://unitsofmeasure.org","code":"mm[Hg]"}}  ->  "120"
{"valueInteger":17}  ->  ""
{"valueBoolean":true}  ->  ""
{"valueBoolean":false}  ->  ""
{"valueTime":"10:30:00"}  ->  ""
{"valueDateTime":"2026-11-21"}  ->  ""
{"valueRange":{"low":{"value":3},"high":{"value":5}}}  ->  ""
{"dataAbsentReason":{"text":"not asked"}}  ->  ""
FOUND
