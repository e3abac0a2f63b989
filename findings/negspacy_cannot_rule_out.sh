#!/usr/bin/env bash
# negspacy takes "cannot rule out psychosis" for no psychosis, and "neither psychosis nor mania" for both.
#
# Expected: NegEx tells three kinds of phrases apart, of which "rule out" and "cannot be ruled out" are
# of what is possible (Chapman et al. 2001, "A simple algorithm ..."), and the clinical set of terms
# keeps to it; a typewriter's apostrophe and a typographic one mean the same.
# Seen: "cannot" is a negation by itself, so what is left open is denied, like what was denied. With
# "doesn’t", as word processors write it, and with "neither ... nor", what was denied is affirmed. There
# are two answers only, and no sign of doubt.
# So: the negation of the same finding goes wrong in both directions. Ask for phrases of doubt first,
# turn apostrophes into one kind, and add "neither" and "nor" to the terms.
# Not documented: github.com/jenojp/negspacy says how to add terms (as in its issue 44), not these.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --only-binary :all: --target "$folder" \
  negspacy==1.1.0 spacy==3.8.18
PYTHONPATH="$folder" python3 -W ignore - >"$folder/seen.txt" <<'CODE'
import negspacy.negation  # This makes "negex" known to spaCy.
import spacy
from negspacy.termsets import termset

nlp = spacy.blank("en")
nlp.add_pipe("sentencizer")
nlp.add_pipe("entity_ruler").add_patterns(
    [{"label": "FINDING", "pattern": [{"LOWER": name}]} for name in ("psychosis", "mania")]
)
nlp.add_pipe("negex", config={"neg_termset": termset("en_clinical").get_patterns()})
for text in (
    "No psychosis, but mania.", "Cannot rule out psychosis.", "Psychosis cannot be ruled out.",
    "She doesn't have psychosis.", "She doesn’t have psychosis.", "Neither psychosis nor mania.",
):
    read = [f"{found.text}: {'no' if found._.negex else 'yes'}" for found in nlp(text).ents]
    print(f"{text}  ->  {', '.join(read)}")
CODE

echo "negspacy==1.1.0 spacy==3.8.18"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
No psychosis, but mania.  ->  psychosis: no, mania: yes
Cannot rule out psychosis.  ->  psychosis: no
Psychosis cannot be ruled out.  ->  Psychosis: yes
She doesn't have psychosis.  ->  psychosis: no
She doesn’t have psychosis.  ->  psychosis: yes
Neither psychosis nor mania.  ->  psychosis: yes, mania: yes
FOUND
