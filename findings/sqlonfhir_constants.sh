#!/usr/bin/env bash
# sqlonfhir reads the constant %sbp_crisis as %sbp, if the view has one of that name too.
#
# Expected: a constant of a view is found by its whole name (SQL on FHIR 2, "ViewDefinition",
# "constant"), so "%sbp_crisis" is 180, whatever else is defined and in whatever order.
# Seen: the names are put into the path as text, one after another. With sbp = 140 before it,
# "> %sbp_crisis" becomes "> 140_crisis", of which the rest is dropped without an error; with
# high = 14 before it, "%high2" is 142. With the longer name first, all is right.
# So: a view selects other patients than it says, by the order of its constants. Name them so that no
# name begins with another.
# Not documented: its page (github.com/sassoftware/sqlonfhir) has nothing on it; no thread found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" sqlonfhir==0.0.2 fhirpathpy==2.1.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from sqlonfhir import evaluate

pressures = [
    {"resourceType": "Observation", "id": f"sbp-{value}", "status": "final",
     "code": {"text": "Systolic blood pressure"}, "valueInteger": value}
    for value in (130, 150, 190)
]


def above(name, **constants):
    """Return the observations above the constant of this name."""
    view = {
        "resourceType": "ViewDefinition", "status": "active", "resource": "Observation",
        "constant": [{"name": key, "valueInteger": value} for key, value in constants.items()],
        "select": [{"column": [{"name": "id", "path": "id"}]}],
        "where": [{"path": f"value.ofType(integer) > %{name}"}],
    }
    print(f"{constants}, > %{name}  ->  {[row['id'] for row in evaluate(pressures, view)]}")


above("sbp_crisis", sbp_crisis=180)
above("sbp_crisis", sbp_crisis=180, sbp=140)
above("sbp_crisis", sbp=140, sbp_crisis=180)
above("high2", high2=180, high=14)
above("high2", high=14, high2=180)
CODE

echo "sqlonfhir==0.0.2 fhirpathpy==2.1.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
{'sbp_crisis': 180}, > %sbp_crisis  ->  ['sbp-190']
{'sbp_crisis': 180, 'sbp': 140}, > %sbp_crisis  ->  ['sbp-190']
{'sbp': 140, 'sbp_crisis': 180}, > %sbp_crisis  ->  ['sbp-150', 'sbp-190']
{'high2': 180, 'high': 14}, > %high2  ->  ['sbp-190']
{'high': 14, 'high2': 180}, > %high2  ->  ['sbp-150', 'sbp-190']
FOUND
