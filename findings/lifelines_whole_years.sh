#!/usr/bin/env bash
# lifelines counts no year from one New Year's Day to the next, and eleven months.
#
# Expected: datetimes_to_durations(..., freq="Y") and freq="M" count the years and months between two
# dates, and a full one counts; its page names days, months and years and says nothing of rounding.
# Seen: a year is a mean one of 365.2425 days and what is begun is cut off, so a year without February
# 29 is none, and five years are four. Days and weeks are right. No warning is given.
# So: who was followed for exactly a year has a duration of 0, a group of yearly visits sits one step
# early, and leap years are the only ones that arrive. Ask for days, and divide oneself.
# Not documented: lifelines.readthedocs.io/en/latest/lifelines.utils.html; no thread about it found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import warnings

from lifelines.utils import datetimes_to_durations

warnings.simplefilter("error")
for unit, name, first, last in (
    ("Y", "years", "2022-01-01", "2023-01-01"),
    ("Y", "years", "2024-01-01", "2025-01-01"),
    ("Y", "years", "2020-06-01", "2025-06-01"),
    ("M", "months", "2022-01-01", "2023-01-01"),
    ("M", "months", "2022-01-01", "2022-02-01"),
    ("M", "months", "2022-02-01", "2022-03-01"),
    ("W", "weeks", "2022-01-01", "2022-02-05"),
    ("D", "days", "2022-01-01", "2023-01-01"),
):
    durations, observed = datetimes_to_durations([first], [last], freq=unit)
    print(f"{first} to {last}, in {name}  ->  {durations[0]:g}")
CODE

echo "lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
2022-01-01 to 2023-01-01, in years  ->  0
2024-01-01 to 2025-01-01, in years  ->  1
2020-06-01 to 2025-06-01, in years  ->  4
2022-01-01 to 2023-01-01, in months  ->  11
2022-01-01 to 2022-02-01, in months  ->  1
2022-02-01 to 2022-03-01, in months  ->  0
2022-01-01 to 2022-02-05, in weeks  ->  5
2022-01-01 to 2023-01-01, in days  ->  365
FOUND
