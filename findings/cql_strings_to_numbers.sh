#!/usr/bin/env bash
# cql-execution makes a number of the beginning of a text that is none.
#
# Expected: ToInteger, ToDecimal and ToQuantity give null for a text that is not one whole literal of
# the type (CQL 1.5, appendix B, "Type Operators"); ToInteger('5.0') is null too.
# Seen: '12abc' is 12, '1,200' is 1, and '5 mg', which lacks the quotes of a unit, is 5 without a unit.
# So: a value that came as text must be checked before CQL converts it; its null cannot be relied on
# for "not understood".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" cql-execution@3.3.2
cat >"$folder/run.cjs" <<'CODE'
const cql = require("cql-execution");

const asked = [
  ["ToInteger", "12"], ["ToInteger", "twelve"], ["ToInteger", "12abc"], ["ToInteger", "1,200"],
  ["ToInteger", "5.0"], ["ToDecimal", "1,5"], ["ToDecimal", "12abc"],
  ["ToQuantity", "5 'mg'"], ["ToQuantity", "5 mg"],
];
const expression = (type, value) => ({
  type, operand: { type: "Literal", valueType: "{urn:hl7-org:elm-types:r1}String", value } });
const library = new cql.Library({ library: {
  identifier: { id: "Asked", version: "1" },
  schemaIdentifier: { id: "urn:hl7-org:elm", version: "r1" },
  statements: { def: asked.map(([type, value], at) => (
    { name: `${at}`, context: "Unfiltered", expression: expression(type, value) })) },
} });
new cql.Executor(library).exec(new cql.PatientSource([])).then(said => {
  asked.forEach(([type, value], at) => {
    console.log(`${type}("${value}")  ->  ${JSON.stringify(said.unfilteredResults[at])}`);
  });
});
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "cql-execution@3.3.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
ToInteger("12")  ->  12
ToInteger("twelve")  ->  null
ToInteger("12abc")  ->  12
ToInteger("1,200")  ->  1
ToInteger("5.0")  ->  5
ToDecimal("1,5")  ->  1
ToDecimal("12abc")  ->  12
ToQuantity("5 'mg'")  ->  {"value":5,"unit":"mg"}
ToQuantity("5 mg")  ->  {"value":5,"unit":""}
FOUND
