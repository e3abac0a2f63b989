#!/usr/bin/env bash
# cql-execution takes a decimal that ends in .0 for an integer where it steps to the next value.
#
# Expected: the step of a Decimal is 10^-8, also of 1.0 (CQL 1.5, appendix B, "Predecessor"), so
# [0.0, 1.0) ends at 0.99999999 and overlaps [0.5, 2.0].
# Seen: it ends at 0 and does not overlap; with 1.1 as the end it does.
# So: a band of a lab value or a score with a whole number as its open end loses all between that
# number and the one before. Use closed ends, or compare with >= and <.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" cql-execution@3.3.2
cat >"$folder/run.cjs" <<'CODE'
const cql = require("cql-execution");

const number = value => ({ type: "Literal", valueType: "{urn:hl7-org:elm-types:r1}Decimal", value });
const interval = (low, high, highClosed) => (
  { type: "Interval", low: number(low), high: number(high), lowClosed: true, highClosed });
const asked = {
  "end of Interval[0.0, 1.0)": { type: "End", operand: interval("0.0", "1.0", false) },
  "end of Interval[0.0, 1.1)": { type: "End", operand: interval("0.0", "1.1", false) },
  "Interval[0.0, 1.0) overlaps Interval[0.5, 2.0]": { type: "Overlaps",
    operand: [interval("0.0", "1.0", false), interval("0.5", "2.0", true)] },
  "Interval[0.0, 1.1) overlaps Interval[0.5, 2.0]": { type: "Overlaps",
    operand: [interval("0.0", "1.1", false), interval("0.5", "2.0", true)] },
  "predecessor of 1.0": { type: "Predecessor", operand: number("1.0") },
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
end of Interval[0.0, 1.0)  ->  0
end of Interval[0.0, 1.1)  ->  1.0999999900000001
Interval[0.0, 1.0) overlaps Interval[0.5, 2.0]  ->  false
Interval[0.0, 1.1) overlaps Interval[0.5, 2.0]  ->  true
predecessor of 1.0  ->  0
FOUND
