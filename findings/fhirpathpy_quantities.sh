#!/usr/bin/env bash
# fhirpathpy says that 5 mg is not 0.005 g.
#
# Expected: quantities of comparable units are converted; an implementation that cannot convert gives
# the empty collection (FHIRPath 2.0, "Quantity", "Equals").
# Seen: false, for milligrams and grams as for Celsius and Fahrenheit, and for years and months of
# UCUM; only weeks and days are converted.
# So: a guard "dose = 0.05 'g'" is false for 50 mg, and its "!=" is true. Convert before one compares.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirpathpy==2.2.4
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from fhirpathpy import evaluate

for asked in (
    "5 'mg' = 5 'mg'", "5 'mg' = 0.005 'g'", "5 'mg' ~ 0.005 'g'", "5 'mg' != 0.005 'g'",
    "37 'Cel' = 98.6 '[degF]'", "1 'a' = 12 'mo'", "1 'wk' = 7 'd'", "5 'mg' = 5 'mm'",
):
    print(asked, "->", evaluate({"resourceType": "Patient"}, asked))
CODE

echo "fhirpathpy==2.2.4"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
5 'mg' = 5 'mg' -> [True]
5 'mg' = 0.005 'g' -> [False]
5 'mg' ~ 0.005 'g' -> [False]
5 'mg' != 0.005 'g' -> [True]
37 'Cel' = 98.6 '[degF]' -> [False]
1 'a' = 12 'mo' -> [False]
1 'wk' = 7 'd' -> [True]
5 'mg' = 5 'mm' -> [False]
FOUND
