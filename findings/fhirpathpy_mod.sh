#!/usr/bin/env bash
# In fhirpathpy div and mod of a negative number do not belong together.
#
# Expected: div truncates, and mod is the remainder of that (FHIRPath 2.0, "Math"), so that
# (a div b) * b + a mod b = a.
# Seen: -5 div 2 is -2 as it should be, and -5 mod 2 is 1, as in Python; together they make -3.
# So: a remainder of a difference of dates or scores that can be negative is another one than in
# fhirpath.js and in CQL.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirpathpy==2.2.4
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from fhirpathpy import evaluate

for asked in ("(-5) div 2", "(-5) mod 2", "((-5) div 2) * 2 + (-5) mod 2", "5 mod (-2)"):
    print(asked, "->", evaluate({"resourceType": "Patient"}, asked))
CODE

echo "fhirpathpy==2.2.4"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
(-5) div 2 -> [-2]
(-5) mod 2 -> [1]
((-5) div 2) * 2 + (-5) mod 2 -> [-3]
5 mod (-2) -> [-1]
FOUND
