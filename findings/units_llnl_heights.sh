#!/usr/bin/env bash
# LLNL's units reads a height of 5 ft 11 in as an area, and a pulse of 72 bpm as 7 millimeters.
#
# Expected: the library is made for units that people type, and knows UCUM's codes. A height of feet and
# inches is a length, or is refused as "2 h 30 min" is; "bpm" is beats a minute, or unknown; UCUM's "a"
# is the year.
# Seen: what stands side by side is multiplied, numbers too, so the height is 5 times 11 square
# feet-inches and a birth weight square kilograms; "bpm" is a basis point of a meter; "a" is the are.
# All are valid, and none has an error.
# So: asking whether a text was understood says nothing. Ask for the number in the unit that one needs,
# which is NaN for these.
# Not documented: units.readthedocs.io tells that units are multiplied, not numbers, and lists no bpm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" units-llnl==0.13.1
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from units_llnl import Measurement

for text, wanted in (
    ("180 cm", "cm"), ("5 ft", "cm"), ("5 ft 11 in", "cm"), ("7 lb 3 oz", "kg"), ("72 /min", "1/min"),
    ("72 bpm", "1/min"), ("30 a", "yr"), ("2 h 30 min", "min"),
):
    read = Measurement(text)
    print(f"{text}  ->  {read.convert_to_base()}, valid: {read.is_valid()}, in {wanted}: {read.value_as(wanted):g}")
CODE

echo "units-llnl==0.13.1"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
180 cm  ->  1.8 m, valid: True, in cm: 180
5 ft  ->  1.524 m, valid: True, in cm: 152.4
5 ft 11 in  ->  0.4258056 m^2, valid: True, in cm: nan
7 lb 3 oz  ->  0.270041675035 kg^2, valid: True, in kg: nan
72 /min  ->  1.2 Hz, valid: True, in 1/min: 72
72 bpm  ->  0.0072 m, valid: True, in 1/min: nan
30 a  ->  3000 m^2, valid: True, in yr: nan
2 h 30 min  ->  nan ERROR, valid: False, in min: nan
FOUND
