#!/usr/bin/env bash
# In fhirpath.js where() and exists() keep what was answered with no.
#
# Expected: where() keeps the items for which its criteria are true (FHIRPath 2.0, "where",
# "exists"): of two questions, one answered yes and one answered no, where(answer.value) is the
# first.
# Seen: both are kept, as an element read from a resource counts as true whatever it holds, and a
# patient with active = false passes where(active). all(), iif() and "and" look at the value.
# So: never end criteria with the element itself. "= true", or "and true", makes a plain boolean of
# it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" fhirpath@5.2.2
cat >"$folder/run.cjs" <<'CODE'
const fhirpath = require("fhirpath");
const r4 = require("fhirpath/fhir-context/r4");

const answered = (linkId, valueBoolean) => ({ linkId, answer: [{ valueBoolean }] });
const response = { resourceType: "QuestionnaireResponse",
  item: [answered("pregnant", false), answered("breastfeeding", true)] };
for (const asked of [
  "item.where(answer.value).linkId", "item.where(answer.value = true).linkId",
  "item.where(answer.value and true).linkId", "item.where(linkId = 'pregnant').exists(answer.value)",
  "item.where(linkId = 'pregnant').all(answer.value)",
  "iif(item.where(linkId = 'pregnant').answer.value, 'yes', 'no')",
]) console.log(`${asked}  ->  ${JSON.stringify(fhirpath.evaluate(response, asked, {}, r4))}`);
const patient = { resourceType: "Patient", active: false };
for (const asked of ["Patient.where(active).count()", "Patient.where(active = true).count()"]) {
  console.log(`${asked}  ->  ${JSON.stringify(fhirpath.evaluate(patient, asked, {}, r4))}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "fhirpath@5.2.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
item.where(answer.value).linkId  ->  ["pregnant","breastfeeding"]
item.where(answer.value = true).linkId  ->  ["breastfeeding"]
item.where(answer.value and true).linkId  ->  ["breastfeeding"]
item.where(linkId = 'pregnant').exists(answer.value)  ->  [true]
item.where(linkId = 'pregnant').all(answer.value)  ->  [false]
iif(item.where(linkId = 'pregnant').answer.value, 'yes', 'no')  ->  ["no"]
Patient.where(active).count()  ->  [1]
Patient.where(active = true).count()  ->  [0]
FOUND
