#!/usr/bin/env bash
# fhirclient.js counts a measurement twice whose code stands there in two code systems.
#
# Expected: byCode() "groups the observations by code", so each observation is once in a group; and a
# code means something only together with its system (FHIR R4, "Coding"), so a group is of one system.
# Seen: an observation with LOINC's 8480-6 and the hospital's own entry of the same code is twice in
# the group, and so in the mean: 160 for one of 120 and one of 180. A code of another system is in the
# same group. byCodes(), which the tutorials of SMART use, does the same.
# So: what was translated with care weighs double. Group by system and code oneself, and by identity.
# Not documented: docs.smarthealthit.org/client-js/client.html; no thread about it found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" fhirclient@2.6.3
cat >"$folder/run.cjs" <<'CODE'
const { byCode, byCodes } = require("fhirclient/lib/lib");

const loinc = { system: "http://loinc.org", code: "8480-6" };
const own = { system: "https://example.org/codes", code: "8480-6" };
const other = { system: "https://example.org/rooms", code: "8480-6" };
const measured = (value, ...coding) => ({ resourceType: "Observation", status: "final",
  code: { coding }, valueQuantity: { value, unit: "mmHg" } });
const values = found => found.map(one => one.valueQuantity.value).join(", ");

const pressures = [measured(120, loinc), measured(180, loinc, own)];
console.log(`two measurements, byCode  ->  ${values(byCode(pressures, "code")["8480-6"])}`);
console.log(`two measurements, byCodes  ->  ${values(byCodes(pressures, "code")("8480-6"))}`);
console.log(`of another system, byCode  ->  ${values(byCode([...pressures, measured(7, other)], "code")["8480-6"])}`);
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "fhirclient@2.6.3"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
two measurements, byCode  ->  120, 180, 180
two measurements, byCodes  ->  120, 180, 180
of another system, byCode  ->  120, 180, 180, 7
FOUND
