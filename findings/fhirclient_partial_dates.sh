#!/usr/bin/env bash
# fhirclient gives a date of a month or a year as midnight of its first day.
#
# Expected: FHIR's dates may end after the year or the month, and 2026-11 is not 2026-11-01 (R4,
# "Datatypes", date and dateTime); a client says so, or gives nothing.
# Seen: the date of "2026-11" is a datetime of November 1, 0:00, and that of "1974" is January 1; only
# the text that is written back has kept what was known.
# So: an age, or how old a measurement is, comes out a month or a year off without a sign. Look at how
# long the text is before the date is used.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirclient==4.4.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from fhirclient.models.observation import Observation

for text in ("1974", "2026-11", "2026-11-27"):
    found = Observation({
        "resourceType": "Observation", "status": "final", "code": {"text": "Weight"},
        "effectiveDateTime": text,
    })
    when = found.effectiveDateTime
    print(text, "->", type(when.date).__name__, when.date, "written", found.as_json()["effectiveDateTime"])
CODE

echo "fhirclient==4.4.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
1974 -> datetime 1974-01-01 00:00:00 written 1974
2026-11 -> datetime 2026-11-01 00:00:00 written 2026-11
2026-11-27 -> datetime 2026-11-27 00:00:00 written 2026-11-27
FOUND
