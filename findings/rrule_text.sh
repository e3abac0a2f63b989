#!/usr/bin/env bash
# rrule.js reads "every day for 4 weeks" as four days.
#
# Expected: four weeks, or an error, as it gives for "every two weeks". Its page calls the reading
# of texts incomplete and shows "every day for 3 times".
# Seen: whatever stands behind "for 4" is taken for "times": four days for four weeks, and of twice
# a week for four weeks the first two weeks. No error is raised. The other way round, 9:30 is shown
# as "at 9", and isFullyConvertibleToText() says that nothing was lost.
# So: a course typed in words is cut short. Look at count and until of the rule before it is used.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" rrule@2.8.1
cat >"$folder/run.cjs" <<'CODE'
const { RRule, rrulestr } = require("rrule");

for (const text of ["every day for 4 times", "every day for 4 weeks",
  "every week on Monday and Thursday for 4 weeks", "every week for 8 months"]) {
  console.log(`${text}  ->  ${RRule.fromText(text).toString()}`);
}
const rule = rrulestr("RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=30");
console.log(`${rule.toString()}  ->  ${rule.toText()}, ${rule.isFullyConvertibleToText()}`);
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "rrule@2.8.1"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
every day for 4 times  ->  RRULE:FREQ=DAILY;COUNT=4
every day for 4 weeks  ->  RRULE:FREQ=DAILY;COUNT=4
every week on Monday and Thursday for 4 weeks  ->  RRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4
every week for 8 months  ->  RRULE:FREQ=WEEKLY;COUNT=8
RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=30  ->  every day at 9, true
FOUND
