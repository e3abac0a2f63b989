#!/usr/bin/env bash
# quantulum3 reads a blood pressure of 190/110 mmHg as 1.7 mmHg, and millimoles as metre moles.
#
# Expected: a library that takes measured values out of text, and knows "millimeter of mercury", gives
# two pressures, or none; a unit that it does not know is left as an unknown one.
# Seen: the slash divides, though a unit stands behind it, so every pressure is between 1 and 2; of
# mmol/L, the unit of most laboratory values, it makes metres times moles by the liter, of 72 bpm base
# pairs times meters, of "40 minutes" minutes of arc; of "10 ng/mL" only a bare 10 is left.
# So: the value looks right, or in range, and only the name of the unit tells. Take the pressure out by
# a pattern of one's own first, and accept no unit that is not on a list.
# Not documented: its page (github.com/nielstron/quantulum3) tells of ambiguous units, which an extra
# package decides, and of none of these; no thread about it found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" quantulum3==0.10.0
PYTHONPATH="$folder" python3 -W ignore - >"$folder/seen.txt" <<'CODE'
from quantulum3 import parser

for text in (
    "BP 190/110 mmHg", "BP 120/80 mmHg", "lithium 0.8 mmol/L", "HR 72 bpm",
    "ketamine over 40 minutes", "norketamine 10 ng/mL", "40 mg", "30 mg/kg",
):
    read = [f"{found.value:.4g} {found.unit.name}" for found in parser.parse(text)]
    print(f"{text}  ->  {', '.join(read)}")
CODE

echo "quantulum3==0.10.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
BP 190/110 mmHg  ->  1.727 millimeter of mercury
BP 120/80 mmHg  ->  1.5 millimeter of mercury
lithium 0.8 mmol/L  ->  0.8 metre mole per litre
HR 72 bpm  ->  72 base pair metre
ketamine over 40 minutes  ->  40 minute of arc
norketamine 10 ng/mL  ->  10 dimensionless
40 mg  ->  40 milligram
30 mg/kg  ->  30 milligram per kilogram
FOUND
