#!/usr/bin/env bash
# pyte prints parts of valid control sequences, and passes over others in silence.
#
# Expected, as a terminal shows it: X, X, Y, five dashes and a bar, and b above c.
# Seen: the parameters of a color with colons (ITU T.416) and what is within a device control string
# (ECMA-48, 5.6) as text; repeating a character (REP) and scrolling (SU) do nothing.
# So: who tests a terminal program with it sees text that no terminal shows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" pyte==0.8.2
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import pyte

written = {
    "color with colons, then X": "\x1b[38:2::1:2:3mX",
    "curly underline, then X": "\x1b[4:3mX",
    "request of a setting (DCS), then Y": "\x1bP$qm\x1b\\Y",
    "a dash, repeated four times, then |": "-\x1b[4b|",
    "a, b, c on three lines, scrolled up once": "a\r\nb\r\nc\x1b[S",
}
for what, text in written.items():
    screen = pyte.Screen(20, 3)
    pyte.Stream(screen).feed(text)
    print(what, "->", [line.rstrip() for line in screen.display if line.strip()])
CODE

echo "pyte==0.8.2"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
color with colons, then X -> ['2::1:2:3mX']
curly underline, then X -> ['3mX']
request of a setting (DCS), then Y -> ['$qmY']
a dash, repeated four times, then | -> ['-|']
a, b, c on three lines, scrolled up once -> ['a', 'b', 'c']
FOUND
