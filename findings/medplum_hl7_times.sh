#!/usr/bin/env bash
# Medplum writes moments for HL7 version 2 in Greenwich's time, and does not say so.
#
# Expected: a time without an offset is the sender's local time (HL7 2.5, 2.A.22, DTM), so 10:30 in
# New York is written as 10:30, or with its offset; the precision of a date stays.
# Seen: formatHl7DateTime makes 15:30 of it, without an offset, which a receiver in New York reads
# as half past three in the afternoon there. A day becomes its midnight, and a month the midnight of
# its first. A time with an offset that goes through reading and writing loses it.
# So: write the offset (-0500) oneself, and days as eight digits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/core@5.2.13
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { formatHl7DateTime, parseHl7DateTime } = require("@medplum/core");

for (const moment of ["2026-11-21T10:30:00-05:00", "2026-11-21", "2026-11"]) {
  console.log(`${moment}  ->  ${formatHl7DateTime(moment)}`);
}
const moment = "20261121103000-0500";
console.log(`${moment}  ->  ${parseHl7DateTime(moment)}  ->  ${formatHl7DateTime(parseHl7DateTime(moment))}`);
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/core@5.2.13"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
2026-11-21T10:30:00-05:00  ->  20261121153000
2026-11-21  ->  20261121000000
2026-11  ->  20261101000000
20261121103000-0500  ->  2026-11-21T15:30:00.000Z  ->  20261121153000
FOUND
