#!/usr/bin/env bash
# simple-hl7 writes the delimiters of HL7 version 2 into a text as they were typed, so a result moves.
#
# Expected: a field that holds "|", "^", "&", "~" or "\" is written with escape sequences, and they are
# undone where it is read (HL7 2.5.1, section 2.7, "Use of escape sequences in text fields").
# Seen: neither. A comment "BP 150|95" ends the field, and its rest becomes the next one, the units;
# "3^5" is two components, of which the reader takes the first. "\T\", "\F\", "\S\" come out of the
# reader as they are, so "R\T\D" is shown for "R&D". hl7-standard 1.0.4 does the same.
# So: what a person typed lands in another field, where it means something else. Escape and unescape
# each text oneself, before it is added and after it is read.
# Not documented: its page (github.com/hitgeek/simple-hl7) has nothing on it; no thread found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" simple-hl7@3.3.0
cat >"$folder/run.cjs" <<'CODE'
const { Message, Parser } = require("simple-hl7");

for (const text of ["calm", "BP 150|95", "score 3^5", "R&D ~ 2"]) {
  const message = new Message("A", "B", "C", "D");
  message.addSegment("OBX", "1", "ST", "BPN", "", text, "mm[Hg]");
  const written = message.toString();
  const read = new Parser().parse(written).getSegment("OBX");
  console.log(`${text}  ->  ${written.split("\r")[1]}  ->  value "${read.getComponent(5, 1)}", units "${read.getField(6)}"`);
}
const read = new Parser().parse("MSH|^~\\&|A|B|C|D\rOBX|1|ST|BPN||R\\T\\D 150\\F\\95|mm[Hg]").getSegment("OBX");
console.log(`R\\T\\D 150\\F\\95  ->  value "${read.getField(5)}"`);
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "simple-hl7@3.3.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
calm  ->  OBX|1|ST|BPN||calm|mm[Hg]  ->  value "calm", units "mm[Hg]"
BP 150|95  ->  OBX|1|ST|BPN||BP 150|95|mm[Hg]  ->  value "BP 150", units "95"
score 3^5  ->  OBX|1|ST|BPN||score 3^5|mm[Hg]  ->  value "score 3", units "mm[Hg]"
R&D ~ 2  ->  OBX|1|ST|BPN||R&D ~ 2|mm[Hg]  ->  value "", units "mm[Hg]"
R\T\D 150\F\95  ->  value "R\T\D 150\F\95"
FOUND
