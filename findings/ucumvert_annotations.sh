#!/usr/bin/env bash
# ucumvert gives back a piece of its parser for a unit that is only an annotation.
#
# Expected: {score} is a valid unit of UCUM with the value 1 (UCUM, section 6), and from_ucum returns
# a quantity of Pint for it, as it does for {beats}/min. Scores of PHQ-9 are sent with it.
# Seen: a lark Token with the text; 1 and {beats}/min are quantities.
# So: code that asks the result for its dimension has to look at the type first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" ucumvert==0.3.2
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import ucumvert

units = ucumvert.PintUcumRegistry()
for code in ("1", "{beats}/min", "{score}", "{score}/1"):
    found = units.from_ucum(code)
    print(code, "->", type(found).__name__, found)
CODE

echo "ucumvert==0.3.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
1 -> Quantity 1 dimensionless
{beats}/min -> Quantity 1.0 / minute
{score} -> Token {score}
{score}/1 -> Quantity 1.0 dimensionless
FOUND
