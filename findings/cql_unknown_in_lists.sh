#!/usr/bin/env bash
# CQL's three-valued logic ends where a list begins.
#
# Expected, from its and/or and from SQL: whether 5 is among 1 and something unknown is unknown, and so
# is whether all of an unknown are true.
# Seen, and what the standard says (CQL 1.5, appendix B, "In", "AllTrue", "Exists"): false, true, and a
# list of one unknown does not exist. An equality of lists with an unknown in them is unknown, though
# the first elements differ.
# So: a rule over a list has to ask for the unknown one by itself, or a list that was not understood
# reads as "nothing there". The engine's results are its standard's, so this is about the language.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" cql-execution@3.3.2
cat >"$folder/run.cjs" <<'CODE'
const cql = require("cql-execution");

const types = "{urn:hl7-org:elm-types:r1}";
const whole = value => ({ type: "Literal", valueType: `${types}Integer`, value: `${value}` });
const unknown = type => ({ type: "As", operand: { type: "Null" }, asType: types + type });
const list = (...element) => ({ type: "List", element });
const asked = {
  "5 in { 1, null }": { type: "In", operand: [whole(5), list(whole(1), unknown("Integer"))] },
  "AllTrue({ null })": { type: "AllTrue", source: list(unknown("Boolean")) },
  "exists { null }": { type: "Exists", operand: list(unknown("Integer")) },
  "null and true": { type: "And", operand: [unknown("Boolean"),
    { type: "Literal", valueType: `${types}Boolean`, value: "true" }] },
  "{ 1, null } = { 2, null }": { type: "Equal", operand: [
    list(whole(1), unknown("Integer")), list(whole(2), unknown("Integer"))] },
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
5 in { 1, null }  ->  false
AllTrue({ null })  ->  true
exists { null }  ->  false
null and true  ->  null
{ 1, null } = { 2, null }  ->  null
FOUND
