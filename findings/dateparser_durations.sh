#!/usr/bin/env bash
# dateparser makes two years of half a year, and a day to come of eight weeks in 2024.
#
# Expected: "½ year ago" is half a year ago, or nothing, as for "half a year ago"; searching "for 8
# weeks in 2024" finds 2024, or nothing.
# Seen: ½ is read as 1⁄2, and the 2 is taken: two years ago, as for "1½ years ago". Of "6-8 weeks
# ago" the 8 is left. "8 weeks in 2024" is found as one date, in eight weeks from now, and "2 years
# in 2019" in two years; the year that is named is lost.
# So: a treatment of years ago is planned, and one of half a year ago is too old to count. Look for
# fractions and ranges before a text is parsed, and show which date was understood, of which words.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" dateparser==1.5.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import datetime as dt

import dateparser
from dateparser.search import search_dates

today = {"RELATIVE_BASE": dt.datetime(2026, 11, 21)}
for text in ("2 years ago", "½ year ago", "1½ years ago", "half a year ago", "6-8 weeks ago"):
    found = dateparser.parse(text, languages=["en"], settings=today)
    print(text, " -> ", found and found.date())
for text in ("sertraline in March 2025", "sertraline for 8 weeks in 2024", "lithium for 2 years in 2019"):
    for part, moment in search_dates(text, languages=["en"], settings=today):
        print(f"{text}  ->  {part!r}: {moment.date()}")
CODE

echo "dateparser==1.5.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
2 years ago  ->  2024-11-21
½ year ago  ->  2024-11-21
1½ years ago  ->  2024-11-21
half a year ago  ->  None
6-8 weeks ago  ->  2026-09-26
sertraline in March 2025  ->  'in March 2025': 2025-03-21
sertraline for 8 weeks in 2024  ->  '8 weeks in 2024': 2027-01-16
lithium for 2 years in 2019  ->  '2 years in 2019': 2028-11-21
FOUND
