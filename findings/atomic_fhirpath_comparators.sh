#!/usr/bin/env bash
# @atomic-ehr/fhirpath says that a level reported as "< 5 mg" is greater than 4 mg.
#
# Expected: the comparator is a modifier: the value cannot be understood without it (FHIR R4,
# "Quantity", "comparator"). So the comparison is an error, as in fhirpath.js 5.2.2 ("Cannot convert a
# FHIR.Quantity that has a comparator"), or its result is empty.
# Seen: "<", "<=", ">=" and ">" are dropped wherever a quantity is compared: "< 5" equals 5, and
# "> 10" is less than 11. fhirpathrs 0.1.5 drops them too, and from the quantity that it gives back.
# So: what lies below the limit of detection reads as a level that was measured. Ask for
# "value.comparator.empty()" beside every comparison, and treat the rest as open.
# Not documented for this engine; of fhirpathpy it is a known defect of toQuantity()
# (github.com/beda-software/fhirpath-py/issues/79).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @atomic-ehr/fhirpath@0.1.4
cat >"$folder/run.mjs" <<'CODE'
import { evaluate } from "@atomic-ehr/fhirpath";

for (const [comparator, value, asked] of [["<", 5, "value > 4 'mg'"], ["<", 5, "value = 5 'mg'"],
  [">", 10, "value < 11 'mg'"], [">", 10, "value ~ 0.01 'g'"],
  ["<", 5, "value.comparator.empty() and value > 4 'mg'"]]) {
  const quantity = { value, comparator, unit: "mg", system: "http://unitsofmeasure.org", code: "mg" };
  const input = { resourceType: "Observation", status: "final", valueQuantity: quantity };
  console.log(`${comparator} ${value} mg, ${asked}  ->  ${await evaluate(asked, { input })}`);
}
CODE
node "$folder/run.mjs" >"$folder/seen.txt"

echo "@atomic-ehr/fhirpath@0.1.4"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
< 5 mg, value > 4 'mg'  ->  true
< 5 mg, value = 5 'mg'  ->  true
> 10 mg, value < 11 'mg'  ->  true
> 10 mg, value ~ 0.01 'g'  ->  true
< 5 mg, value.comparator.empty() and value > 4 'mg'  ->  false
FOUND
