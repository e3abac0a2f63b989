"""Names of medicines as people type them: recognized whole, or kept open."""

from ketatui.engine.medicines.folding import fold
from ketatui.engine.medicines.index import MedicineIndex
from ketatui.engine.medicines.lines import ListedMedicine, split_line, split_list
from ketatui.engine.medicines.recognition import Recognition, Standing

__all__ = [
    "ListedMedicine",
    "MedicineIndex",
    "Recognition",
    "Standing",
    "fold",
    "split_line",
    "split_list",
]
