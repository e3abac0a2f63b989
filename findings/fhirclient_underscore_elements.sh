#!/usr/bin/env bash
# fhirclient drops what stands beside an element, such as why a birth date is missing.
#
# Expected: FHIR's JSON puts the extensions of a primitive into an element with an underscore
# (R4, "JSON", "Representation of primitive elements"); a client that reads a resource and writes it
# keeps them, or refuses to read it.
# Seen: _birthDate with data-absent-reason "unknown" is read without an error or a warning, also in
# strict mode, is no attribute, and is not in what is written.
# So: "asked, and not known" reads as "nothing was said" after a round trip. Do not send back what was
# read with it, and look for the reason in the raw JSON.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirclient==4.4.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import json

from fhirclient.models.patient import Patient

reason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
read = {
    "resourceType": "Patient",
    "gender": "female",
    "_birthDate": {"extension": [{"url": reason, "valueCode": "unknown"}]},
}
patient = Patient(read, strict=True)
print("attributes with it:", [name for name in vars(patient) if "birthDate" in name.strip("_")
                              and vars(patient)[name] is not None])
print("written:", json.dumps(patient.as_json(), sort_keys=True))
CODE

echo "fhirclient==4.4.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
attributes with it: []
written: {"gender": "female", "resourceType": "Patient"}
FOUND
