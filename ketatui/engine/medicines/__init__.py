"""Names of medicines as people type them: recognized whole, or kept open.

Whole lists are taken apart in `ketatui.engine.medicines.lines`, which an assessment does without.
"""

from ketatui.engine.medicines.folding import fold
from ketatui.engine.medicines.index import MedicineIndex
from ketatui.engine.medicines.recognition import Recognition, Standing

__all__ = [
    "MedicineIndex",
    "Recognition",
    "Standing",
    "fold",
]
