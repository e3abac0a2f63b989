#!/usr/bin/env bash
# In fhirpath.js "~" of two collections depends on their order.
#
# Expected: equivalent collections have the same items, and their order does not matter (FHIRPath 2.0,
# "Equivalent"); that is what "~" is for beside "=".
# Seen: 1 and 2 are not equivalent to 2 and 1.
# So: a check whether the codes of two lists are the same fails for the same codes. Compare subsetOf
# in both directions, and the counts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" fhirpath@5.2.2
cat >"$folder/run.cjs" <<'CODE'
const fhirpath = require("fhirpath");

for (const asked of [
  "(1 | 2) ~ (1 | 2)", "(1 | 2) ~ (2 | 1)", "('a' | 'b') ~ ('B' | 'A')", "(1 | 2).subsetOf(2 | 1)",
]) {
  const said = fhirpath.evaluate({ resourceType: "Patient" }, asked);
  console.log(`${asked}  ->  ${JSON.stringify(said)}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "fhirpath@5.2.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
(1 | 2) ~ (1 | 2)  ->  [true]
(1 | 2) ~ (2 | 1)  ->  [false]
('a' | 'b') ~ ('B' | 'A')  ->  [false]
(1 | 2).subsetOf(2 | 1)  ->  [true]
FOUND
