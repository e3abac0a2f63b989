#!/usr/bin/env bash
# Pint reads a dose with a decimal comma as ten times, a hundred times, or nothing of it.
#
# Expected: an error for "1,5 mg", as float() gives, or 1.5 mg.
# Seen: the comma is taken away wherever it stands: 1,5 mg is 15 mg, 1,25 mg/kg is 125 mg/kg, and
# 0,5 mg is 0 mg (the text 05 is the number 0 and a digit left over).
# So: what people of half the world type must be looked at before Pint does. A tenfold dose is not
# refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" pint==0.25.3
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import pint

units = pint.UnitRegistry()
for text in ("1.5 mg", "1,5 mg", "0,5 mg", "1,25 mg/kg", "1,000 mg", "1.000,5 mg"):
    print(text, "->", units.Quantity(text))
CODE

echo "pint==0.25.3"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
1.5 mg -> 1.5 milligram
1,5 mg -> 15 milligram
0,5 mg -> 0 milligram
1,25 mg/kg -> 125.0 milligram / kilogram
1,000 mg -> 1000 milligram
1.000,5 mg -> 1.0005 milligram
FOUND
