#!/usr/bin/env bash
# RapidFuzz says 0 for a pair whose similarity is exactly the cutoff.
#
# Expected: 0 only for a pair whose similarity is smaller than score_cutoff, as its page says.
# Seen: with the very number that it has just returned as the cutoff,
# Levenshtein.normalized_similarity says 0 for more than half of the pairs here (the cutoff is turned
# into a distance in floating point). 0.8 of five letters is one.
# So: compare with the cutoff oneself where a name that just reaches it must not be lost.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" rapidfuzz==3.14.6
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from rapidfuzz.distance import Levenshtein

alike = Levenshtein.normalized_similarity
print("aaaaa, aaaab:", alike("aaaaa", "aaaab"))
print("the same, score_cutoff=0.8:", alike("aaaaa", "aaaab", score_cutoff=0.8))
pairs = [("a" * n, "a" * (n - k) + "b" * k) for n in range(1, 30) for k in range(n)]
lost = [pair for pair in pairs if alike(*pair) and not alike(*pair, score_cutoff=alike(*pair))]
print("0 with their own similarity as the cutoff:", len(lost), "of", len(pairs), "pairs")
CODE

echo "rapidfuzz==3.14.6"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
aaaaa, aaaab: 0.8
the same, score_cutoff=0.8: 0.0
0 with their own similarity as the cutoff: 249 of 435 pairs
FOUND
