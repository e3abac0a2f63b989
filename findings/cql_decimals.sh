#!/usr/bin/env bash
# cql-execution computes CQL's decimals in binary floating point.
#
# Expected: CQL's Decimal has 28 digits and a step of 10^-8 (CQL 1.5, author's guide, "Decimal"), so
# 0.1 + 0.2 = 0.3 is true, 1.1 * 1.1 is 1.21 and 0.3 mod 0.1 is 0.
# Seen: false, 16 decimals, and 0.09999999999999998.
# So: a comparison with a threshold must not rest on a sum or a product of decimals. Compare numbers
# as they were entered, or round first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" cql-execution@3.3.2
cat >"$folder/run.cjs" <<'CODE'
const cql = require("cql-execution");

const number = value => ({ type: "Literal", valueType: "{urn:hl7-org:elm-types:r1}Decimal", value });
const of = (type, ...operand) => ({ type, operand });
const asked = {
  "0.1 + 0.2 = 0.3": of("Equal", of("Add", number("0.1"), number("0.2")), number("0.3")),
  "1.1 * 1.1": of("Multiply", number("1.1"), number("1.1")),
  "0.3 mod 0.1": of("Modulo", number("0.3"), number("0.1")),
};
const library = new cql.Library({ library: {
  identifier: { id: "Asked", version: "1" },
  schemaIdentifier: { id: "urn:hl7-org:elm", version: "r1" },
  statements: { def: Object.entries(asked).map(
    ([name, expression]) => ({ name, context: "Unfiltered", expression })) },
} });
new cql.Executor(library).exec(new cql.PatientSource([])).then(said => {
  for (const name in asked) console.log(`${name}  ->  ${said.unfilteredResults[name]}`);
});
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "cql-execution@3.3.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
0.1 + 0.2 = 0.3  ->  false
1.1 * 1.1  ->  1.2100000000000002
0.3 mod 0.1  ->  0.09999999999999998
FOUND
