#!/usr/bin/env bash
# fhirdatetime sorts the 20th before the 10th, if a date of that month alone stands between them.
#
# Expected: a date of a month is neither before, after nor equal to a day of it (FHIR R4, "dateTime";
# FHIRPath gives the empty collection), and what is equal to the same is equal; with one such date
# among them, the others are still sorted.
# Seen: only what both dates have is compared, so "2026-11" equals the 10th and the 20th, which are not
# equal to each other, and a sort takes three equals for sorted. Equal ones share a hash, so a set of
# the three has one or two of them, by their order; a dictionary finds the 4th of March under "2026".
# So: what is done with the newest visit is done with another one. Sort by the earliest day that a date
# can mean, and take the ISO text for sets and keys.
# Documented: the comparison is (its own page, "Comparison"), what follows from it is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fhirdatetime==1.1.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from itertools import permutations

from fhirdatetime import FhirDateTime

date = FhirDateTime.fromisoformat


def texts(dates):
    """Return the dates as one line of text."""
    return ", ".join(one.isoformat() for one in dates)


three = [date("2026-11-20"), date("2026-11"), date("2026-11-10")]
print(f"sorted {texts(three)}  ->  {texts(sorted(three))}")
print(f"the last of them  ->  {max(three).isoformat()}, from the other end {max(three[::-1]).isoformat()}")
print("a set of the three has", sorted({len({*order}) for order in permutations(three)}), "of them")
print("under 2026 is found", {date("2026"): "a year"}.get(date("2026-03-04")))
CODE

echo "fhirdatetime==1.1.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
sorted 2026-11-20, 2026-11, 2026-11-10  ->  2026-11-20, 2026-11, 2026-11-10
the last of them  ->  2026-11-20, from the other end 2026-11-20
a set of the three has [1, 2] of them
under 2026 is found a year
FOUND
