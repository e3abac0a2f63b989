#!/usr/bin/env bash
# Pint multiplies by the kilogram in "40 mg / 70 kg".
#
# Expected: what a person means by it, 0.57 mg/kg, as a number and its unit belong together.
# Seen: a number and a unit are a product of the same rank as the division, from left to right:
# (40 mg / 70) * kg. Its unit is kilogram * milligram, whose number is the same 0.57.
# So: a dose per weight needs parentheses in text, and the dimension has to be checked; the number
# alone gives nothing away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" pint==0.25.3
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import pint

units = pint.UnitRegistry()
for text in ("40 mg / 70 kg", "40 mg / (70 kg)", "40 mg/70/kg"):
    found = units.Quantity(text)
    print(text, "->", f"{found:.4f}", "|", found.check("[mass]/[mass]"))
CODE

echo "pint==0.25.3"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
40 mg / 70 kg -> 0.5714 kilogram * milligram | False
40 mg / (70 kg) -> 0.5714 milligram / kilogram | True
40 mg/70/kg -> 0.5714 milligram / kilogram | True
FOUND
