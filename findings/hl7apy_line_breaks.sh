#!/usr/bin/env bash
# hl7apy writes a text of HL7 version 2 otherwise than it read it, if lines are broken in it.
#
# Expected: a field with the escape sequence .br (HL7 2.5, 2.7, formatted text) is the same after
# reading and writing, as one with other sequences is.
# Seen: each backslash of .br becomes an escaped one (\E\), so that a reader gets the letters ".br" in
# place of a new line; \T\ comes through as it is.
# So: a note that goes through it loses its lines. Keep the text that was received.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" hl7apy==1.3.5
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from hl7apy.parser import parse_segment

text = r"OBX|1|FT|note||slept\T\ate\.br\no harm"
for turn in range(3):
    print("read:", text)
    text = parse_segment(text, version="2.5").to_er7()
print("written:", text)
CODE

echo "hl7apy==1.3.5"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
read: OBX|1|FT|note||slept\T\ate\.br\no harm
read: OBX|1|FT|note||slept\T\ate\E\.br\E\no harm
read: OBX|1|FT|note||slept\T\ate\E\.br\E\no harm
written: OBX|1|FT|note||slept\T\ate\E\.br\E\no harm
FOUND
