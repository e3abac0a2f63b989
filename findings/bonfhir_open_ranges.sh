#!/usr/bin/env bash
# BonFHIR shows nothing for "up to 5 mg", and 2026 for November 2026.
#
# Expected: of a range without a low end only "the low boundary is not known" (FHIR R4, "Range", "low"),
# so the other end is shown; a date of a month is shown as one, and a period of two months as these.
# Seen: the empty text for a range with one end, as for no range at all; of a month only the year is
# left, so November to December is "2026 - 2026". A range with both ends and a full date are right.
# So: a dose with a ceiling looks like no dose on a screen, and the month somebody remembered is gone.
# Format ranges and partial dates oneself.
# Not documented: bonfhir.dev lists the formatters without these cases; no thread about it found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @bonfhir/core@2.22.1
cat >"$folder/run.mjs" <<'CODE'
import { Formatter } from "@bonfhir/core/r4b";

const shown = (type, value) =>
  console.log(`${type} ${JSON.stringify(value)}  ->  "${Formatter.build({ locale: "en-US" }).format(type, value)}"`);
const mg = value => ({ value, unit: "mg" });
shown("Range", { low: mg(2), high: mg(5) });
shown("Range", { high: mg(5) });
shown("Range", { low: mg(2) });
shown("Quantity", { ...mg(5), comparator: "<=" });
shown("date", "2026-11-21");
shown("date", "2026-11");
shown("Period", { start: "2026-11", end: "2026-12" });
CODE
node "$folder/run.mjs" >"$folder/seen.txt"

echo "@bonfhir/core@2.22.1"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
Range {"low":{"value":2,"unit":"mg"},"high":{"value":5,"unit":"mg"}}  ->  "2 … 5 mg"
Range {"high":{"value":5,"unit":"mg"}}  ->  ""
Range {"low":{"value":2,"unit":"mg"}}  ->  ""
Quantity {"value":5,"unit":"mg","comparator":"<="}  ->  "<= 5 mg"
date "2026-11-21"  ->  "11/21/2026"
date "2026-11"  ->  "2026"
Period {"start":"2026-11","end":"2026-12"}  ->  "2026 - 2026"
FOUND
