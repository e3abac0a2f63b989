"""What is known of a medicine that was written down, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Medication
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge

WHY_OPEN = {
    "ambiguous": "stands for several medicines",
    "not_taken": "reads as if it is not taken now",
    "partly": "is recognized in part only",
    "unknown": "is not recognized",
}
"""Why a name is not settled, by how far it was recognized."""
_SETTLE = (
    "correct the name, or say what it is or that it cannot be established: in the list of "
    "medicines, or as classes in a file"
)


def open_names(names: Sequence[str]) -> str:
    """Say that medicines are not settled and how they can be; empty where all are."""
    if not names:
        return ""
    listed = ", ".join(names)
    return (
        f"Medicines not recognized, so what reads them stays open: {listed}. To settle: {_SETTLE}"
    )


def classes_said(pack: Pack, row: Medication) -> str:
    """Return what the clinician says a medicine is; empty where nothing is said."""
    if NONE_OF_THESE in row.classes:
        return "in none of the classes that rules read"
    if NOT_ESTABLISHED in row.classes:
        return "it cannot be established what it is"
    titles = pack.drug_classes
    return ", ".join(titles[code].title if code in titles else code for code in row.classes)


def said_of(knowledge: Knowledge, row: Medication) -> str:
    """Say what is known of a medicine: its classes, or why it stays open."""
    found = knowledge.medicines.recognize(row.name)
    if not found.known:
        return classes_said(knowledge.pack, row) or (
            f"{WHY_OPEN[found.standing]}; the rules that could read it stay open"
        )
    titles = knowledge.pack.drug_classes
    codes = dict.fromkeys((*(found.classes or ()), *row.classes))
    named = [titles[code].title for code in codes if code in titles]
    return ", ".join(named) or "no rule applies"


def medicine_text(pack: Pack, row: Medication) -> str:
    """Say a row of the list in a line: name, dose, and what the clinician says it is."""
    text = f"{row.name}, {row.dose}" if row.dose else row.name
    said = classes_said(pack, row)
    return f"{text} (the clinician says: {said})" if said else text
