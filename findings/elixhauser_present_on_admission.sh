#!/usr/bin/env bash
# elixhauser-ahrq finds no heart failure, psychosis or renal failure, if nobody said when they began.
#
# Expected: what its page shows for its first example, five diagnoses and nothing else: heart failure and
# renal failure are among the flags, and the score is 7. Where nobody said whether a diagnosis was
# present on admission, the measures that ask for it are not known; "no" is another answer (the guide
# of AHRQ's software has "Comorbidity Measures that Require Indicators ...").
# Seen: both are no, as in every patient without indicators, and as with "not present"; so are
# psychoses, liver disease, paralysis and others. The first diagnosis counts for nothing, which a
# docstring says and the page does not. The score of the example is another one. There is no warning.
# So: data without indicators, such as a problem list, for which the page recommends it, make the sick
# look well. Give "Y" for each diagnosis that was there before, and put the principal one first.
# Documented otherwise: github.com/fopelka-EOCS/elixhauser-ahrq ("Quick Start"); no thread about it found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" elixhauser-ahrq==2026.1.3 \
  pandas==2.3.3 numpy==2.4.6
PYTHONPATH="$folder" python3 -W ignore - >"$folder/seen.txt" <<'CODE'
from elixhauser_ahrq import ElixhauserMapper, ElixhauserScorer

mapper, scorer = ElixhauserMapper(), ElixhauserScorer(index_type="mortality")


def flagged(codes, indicators=None):
    """Print the comorbidities of these diagnoses."""
    flags = mapper.map_patient_diagnoses(codes, indicators)
    told = "nothing said" if indicators is None else "all present" if "Y" in indicators else "none present"
    names = ", ".join(sorted(name for name, flag in flags.items() if flag)) or "none"
    print(f"{' '.join(codes)}, {told}  ->  {names}; score {scorer.calculate_score(flags)}")


example = ["I509", "E119", "I10", "N183", "E6601"]
admitted = ["Z00.00", "I50.9", "F20.9", "K70.30", "F32.2"]
flagged(example)
for said in (None, ["N"] * 5, ["Y"] * 5):
    flagged(admitted, said)
CODE

echo "elixhauser-ahrq==2026.1.3 pandas==2.3.3 numpy==2.4.6"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
I509 E119 I10 N183 E6601, nothing said  ->  DIAB_UNCX, HTN_UNCX, OBESE; score -7
Z00.00 I50.9 F20.9 K70.30 F32.2, nothing said  ->  DEPRESS; score -8
Z00.00 I50.9 F20.9 K70.30 F32.2, none present  ->  DEPRESS; score -8
Z00.00 I50.9 F20.9 K70.30 F32.2, all present  ->  DEPRESS, HF, LIVER_MLD, PSYCHOSES; score -1
FOUND
