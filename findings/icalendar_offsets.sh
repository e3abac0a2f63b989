#!/usr/bin/env bash
# icalendar writes a moment with an offset so that readers, itself too, take it for local time.
#
# Expected: a time zone that a moment names is defined in the calendar (RFC 5545, 3.2.19); a moment
# with an offset alone, as FHIR and JSON have them, is written in UTC.
# Seen: 9:00 at -05:00 is written with the zone "UTC-05:00", which is defined nowhere, also not by
# add_missing_timezones(), and is read back as 9:00 without a zone: for a reader in Berlin six hours
# early. A moment in a zone of the IANA database, or in UTC, is the same again.
# So: convert to UTC, or to a named zone, before a session goes into a calendar.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" icalendar==7.3.2
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import datetime as dt
from zoneinfo import ZoneInfo

import icalendar

for text, zone in (
    ("2026-11-21T09:00:00-05:00", None), ("2026-11-21T09:00:00-05:00", ZoneInfo("America/New_York")),
    ("2026-11-21T09:00:00-05:00", dt.timezone.utc),
):
    moment = dt.datetime.fromisoformat(text)
    calendar, event = icalendar.Calendar.new(), icalendar.Event.new(
        uid="1", start=moment.astimezone(zone) if zone else moment
    )
    calendar.add_component(event)
    calendar.add_missing_timezones()
    written = calendar.to_ical().decode()
    line = next(each for each in written.splitlines() if each.startswith("DTSTART") and "2026" in each)
    read = icalendar.Calendar.from_ical(written).events[0].start
    print(f"{text} as {zone}  ->  {line}, defined: {'VTIMEZONE' in written}  ->  {read.isoformat()}")
CODE

echo "icalendar==7.3.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
2026-11-21T09:00:00-05:00 as None  ->  DTSTART;TZID="UTC-05:00":20261121T090000, defined: False  ->  2026-11-21T09:00:00
2026-11-21T09:00:00-05:00 as America/New_York  ->  DTSTART;TZID=America/New_York:20261121T090000, defined: True  ->  2026-11-21T09:00:00-05:00
2026-11-21T09:00:00-05:00 as UTC  ->  DTSTART:20261121T140000Z, defined: False  ->  2026-11-21T14:00:00+00:00
FOUND
