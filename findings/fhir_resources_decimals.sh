#!/usr/bin/env bash
# fhir.resources takes the last zeros of a decimal away, which FHIR says have a meaning.
#
# Expected: "the precision of the decimal value has significance" (FHIR R4, "Datatypes", decimal):
# 0.010 is not 0.01, and an implementation has to keep it.
# Seen: 1.10 mg is read as 1.1, is 1.1 inside, and is written as 1.1; 120.0 keeps its zero.
# So: doses and scores should not go through it on their way to somebody who reads the precision.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhir.resources==8.3.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from fhir.resources.R4B.quantity import Quantity

for text in ('{"value":1.10,"unit":"mg"}', '{"value":0.1000}', '{"value":120.0}'):
    found = Quantity.model_validate_json(text)
    print(text, "->", found.model_dump_json(), "inside", found.value)
CODE

echo "fhir.resources==8.3.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
{"value":1.10,"unit":"mg"} -> {"value":1.1,"unit":"mg"} inside 1.1
{"value":0.1000} -> {"value":0.1} inside 0.1
{"value":120.0} -> {"value":120.0} inside 120.0
FOUND
