#!/usr/bin/env bash
# fhirclient's search writes comparisons that FHIR does not have, and joins what a comma separates.
#
# Expected: "after 1970" is birthdate=gt1970-01-01 (R4, "Search", "Prefixes"), and a comma within a
# value is written as \, so that it is not an "or" (R4, "Search", "Escaping Search Parameters").
# Seen: $gt gives birthdate=>1970-01-01, and the two values "8867-4" and "a,b" three.
# So: write prefixes and escapes oneself: {"birthdate": "gt1970-01-01"} comes out as it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirclient==4.4.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient

print(Patient.where({"birthdate": {"$gt": "1970-01-01"}}).construct())
print(Patient.where({"birthdate": "gt1970-01-01"}).construct())
print(Observation.where({"code": {"$or": ["8867-4", "a,b"]}}).construct())
CODE

echo "fhirclient==4.4.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
Patient?birthdate=>1970-01-01
Patient?birthdate=gt1970-01-01
Observation?code=8867-4,a,b
FOUND
