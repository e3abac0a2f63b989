#!/usr/bin/env bash
# pyEDFlib writes the lowest value of a signal for a sample that is missing.
#
# Expected: EDF has no code for a missing sample, so NaN is refused, as edfio does ("Signal data
# must contain only finite values"), or at least warned of.
# Seen: an oxygen saturation of NaN is 50 % where the signal goes from 50 to 100, and 0 % where it
# begins at 0; a last record that is not full is filled up with 0 too. There is no error and no
# warning.
# So: a finger clip that came off reads as a patient in danger. Write what is missing as an
# annotation and leave the samples of its time out of all that is calculated; write whole records.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" pyedflib==0.1.42 numpy==2.4.6
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pyedflib


def back(samples, lowest, rate=1):
    """Return the samples as they are read back."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "spo2.edf")
        writer = pyedflib.EdfWriter(path, 1, file_type=pyedflib.FILETYPE_EDFPLUS)
        writer.setSignalHeaders([{
            "label": "SpO2", "dimension": "%", "sample_frequency": rate, "transducer": "",
            "physical_min": lowest, "physical_max": 100, "digital_min": lowest * 10,
            "digital_max": 1000, "prefilter": "",
        }])
        writer.writeSamples([np.array(samples, dtype=float)])
        writer.close()
        with pyedflib.EdfReader(path) as reader:
            return reader.readSignal(0).tolist()


warnings.simplefilter("error")
for lowest in (0, 50):
    print(f"from {lowest} %: 97, NaN, 96  -> ", back([97, float("nan"), 96], lowest))
print("two a second: 97, 98, 96  -> ", back([97, 98, 96], 0, rate=2))
CODE

echo "pyedflib==0.1.42 numpy==2.4.6"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
from 0 %: 97, NaN, 96  ->  [97.0, 0.0, 96.0]
from 50 %: 97, NaN, 96  ->  [97.0, 50.0, 96.0]
two a second: 97, 98, 96  ->  [97.0, 98.0, 96.0, 0.0]
FOUND
