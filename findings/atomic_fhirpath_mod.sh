#!/usr/bin/env bash
# @atomic-ehr/fhirpath says that 7.5 mod 2 is 2, and 10.3 mod 5 is 0.
#
# Expected: the remainder of the truncated division, 1.5 and 0.3; for decimals FHIRPath 2.0 ("mod")
# shows 5.5 mod 0.7 = 0.6.
# Seen: the remainder is rounded to as many places as the operand with the fewest has, so with a whole
# number on one side a whole number comes out: 1.5 becomes 2, which no remainder of 2 can be, 0.4
# becomes 0. "7.5 mod 2.0" is 2 as well, since 2.0 is 2 to the language it is written in.
# So: "dose mod 0.5 = 0" and "weeks mod 1 = 0" say yes to what is no multiple. Multiply to whole
# numbers first.
# Not documented: its page (github.com/atomic-ehr/fhirpath) lists mod as supported; no thread found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @atomic-ehr/fhirpath@0.1.4
cat >"$folder/run.mjs" <<'CODE'
import { evaluate } from "@atomic-ehr/fhirpath";

for (const asked of ["5.5 mod 0.7", "7.5 mod 2", "7.5 mod 2.0", "7.4 mod 2", "10.3 mod 5",
  "1.8 mod 1", "-7.5 mod 2", "10.3 mod 5 = 0", "7.5 - (7.5 div 2) * 2"]) {
  console.log(`${asked}  ->  ${await evaluate(asked, { input: {} })}`);
}
CODE
node "$folder/run.mjs" >"$folder/seen.txt"

echo "@atomic-ehr/fhirpath@0.1.4"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
5.5 mod 0.7  ->  0.6
7.5 mod 2  ->  2
7.5 mod 2.0  ->  2
7.4 mod 2  ->  1
10.3 mod 5  ->  0
1.8 mod 1  ->  1
-7.5 mod 2  ->  -2
10.3 mod 5 = 0  ->  true
7.5 - (7.5 div 2) * 2  ->  1.5
FOUND
