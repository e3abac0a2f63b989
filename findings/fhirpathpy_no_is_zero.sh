#!/usr/bin/env bash
# In fhirpathpy "no" is 0, and "yes" is 1.
#
# Expected: equal items are of the same type, or of types of which one converts into the other
# (FHIRPath 2.0, "Equals"); Boolean and Integer do not ("Conversion").
# Seen: false = 0 and true = 1 are true, as in Python. Among a form's answers, "in (0 | 1)" finds
# those with no and yes, and intersect() too.
# So: a sum or a count of items that scored 0 takes in what was answered with no. Ask for the type
# first: answer.value.ofType(integer) = 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirpathpy==2.2.4
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from fhirpathpy import evaluate
from fhirpathpy.models import models

form = {"resourceType": "QuestionnaireResponse", "item": [
    {"linkId": "phq9.1", "answer": [{"valueInteger": 0}]},
    {"linkId": "pregnant", "answer": [{"valueBoolean": False}]},
    {"linkId": "consent", "answer": [{"valueBoolean": True}]},
]}
for asked in (
    "false = 0", "true = 1", "false ~ 0", "item.where(answer.value = 0).linkId",
    "item.where(answer.value in (0 | 1)).linkId", "item.where(answer.value.ofType(integer) = 0).linkId",
):
    print(asked, " -> ", evaluate(form, asked, {}, models["r4"]))
CODE

echo "fhirpathpy==2.2.4"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
false = 0  ->  [True]
true = 1  ->  [True]
false ~ 0  ->  [True]
item.where(answer.value = 0).linkId  ->  ['phq9.1', 'pregnant']
item.where(answer.value in (0 | 1)).linkId  ->  ['phq9.1', 'pregnant', 'consent']
item.where(answer.value.ofType(integer) = 0).linkId  ->  ['phq9.1']
FOUND
