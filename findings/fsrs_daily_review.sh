#!/usr/bin/env bash
# py-fsrs never lengthens the interval of somebody who reviews a minute earlier every day.
#
# Expected: ten reviews on ten days in a row, each "good", lead to intervals that grow.
# Seen: a review counts as one of the same day while less than 24 hours have gone by, whatever the
# date. Ten at nine o'clock sharp end with 40 days; ten that are each a minute earlier end with 2.
# So: an app has to hand over days, not moments.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" fsrs==6.3.2
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import datetime as dt

from fsrs import Card, Rating, Scheduler

for between in (dt.timedelta(hours=24), dt.timedelta(hours=23, minutes=59)):
    scheduler, card = Scheduler(enable_fuzzing=False), Card()
    now, intervals = dt.datetime(2026, 11, 2, 9, tzinfo=dt.timezone.utc), []
    for _ in range(10):
        card, _log = scheduler.review_card(card, Rating.Good, now)
        intervals.append((card.due - now).days)
        now += between
    print(f"every {between}: days until the next review {intervals}")
CODE

echo "fsrs==6.3.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
every 1 day, 0:00:00: days until the next review [0, 7, 12, 16, 21, 25, 29, 33, 37, 40]
every 23:59:00: days until the next review [0, 2, 2, 2, 2, 2, 2, 2, 2, 2]
FOUND
