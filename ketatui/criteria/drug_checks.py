"""Checks of the tables of medicines: every line of the names, and what they refer to."""

from __future__ import annotations

from ketatui.criteria.models import Medicine
from ketatui.criteria.names import NAMES, DrugNames
from ketatui.criteria.places import Notes
from ketatui.criteria.problems import PackError, Problem

UNSPECIFIED = "(unspecified)"
"""Ends an ingredient that stands for a group, and has no line of its own."""


def check_drugs(notes: Notes) -> None:
    """Read every line of the table of names, which a start does not."""
    medicines = notes.pack.medicines
    if isinstance(medicines, DrugNames) and (faults := medicines.faults()):
        notes.problems += faults
        return
    for name in medicines:
        try:
            medicine = medicines[name]
        except PackError as error:
            for problem in error.problems:
                _note(notes, name, problem.message)
            continue
        _classes(notes, name, medicine)
        _ingredients(notes, name, medicine)
        if name != " ".join(name.casefold().split()):
            _note(notes, name, "a name is written in small letters, with single spaces")


def _note(notes: Notes, name: str, message: str) -> None:
    # Each name begins a line of its own: no need to read thousands of others to find it.
    text = notes.texts.get(NAMES, "")
    at = text.find(f'\n"{name}" = ')
    line = text.count("\n", 0, at + 1) + 1 if at >= 0 else None
    notes.problems.append(Problem(NAMES, line, name, message))


def _classes(notes: Notes, name: str, medicine: Medicine) -> None:
    known = notes.pack.drug_classes
    for code in medicine.classes:
        if code not in known:
            _note(notes, name, f"unknown drug class {code!r}; allowed: {', '.join(known)}")


def _ingredients(notes: Notes, name: str, medicine: Medicine) -> None:
    medicines = notes.pack.medicines
    for item in medicine.ingredients:
        if item not in medicines and not item.endswith(UNSPECIFIED):
            _note(notes, name, f"ingredient {item!r} has no line of its own")
    if medicine.may_mean is not None and (medicine.classes or medicine.ingredients):
        _note(notes, name, "a name that is asked about has neither ingredients nor classes")
