"""Drug classes of the medicines taken: what is known, and what is not settled.

A name that nobody knows is not harmless: until it is corrected, or the clinician says what it
is, the list of classes may go on, and no rule that reads it is false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Medication
from ketatui.cql import PartialList, Value
from ketatui.criteria.models import Derived
from ketatui.criteria.names import mentioning
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, MEDICATIONS_REVIEWED
from ketatui.engine.calculations import Calculation, Compared, Tried, Working
from ketatui.engine.medicines import MedicineIndex, Recognition
from ketatui.structs import Frozen

NAME = "drug_classes"
"""Of the calculation."""
_MOST_CLASSES = 4
"""Of more classes than these together, only each alone, none and all are tried."""


class MedicineTaken(Frozen, frozen=True):
    """One row of the list of medicines.

    Attributes:
        name: As written.
        classes: The classes known, by the name and by the clinician's word.
        settled: Whether these are all.
        not_established: The clinician says that the rest cannot be found out.
    """

    name: str
    classes: tuple[str, ...]
    settled: bool
    not_established: bool


def medicines_taken(index: MedicineIndex, rows: Sequence[Medication]) -> tuple[MedicineTaken, ...]:
    """Work out what is known of each medicine.

    Args:
        index: The names the pack knows.
        rows: The list as written.

    Returns:
        One for each row, in order.
    """
    return tuple(_taken(index.recognize(row.name), row) for row in rows)


def _taken(found: Recognition, row: Medication) -> MedicineTaken:
    marks = (NONE_OF_THESE, NOT_ESTABLISHED)
    said = tuple(code for code in row.classes if code not in marks)
    unsure = not found.known and NOT_ESTABLISHED in row.classes
    settled = found.known or (bool(row.classes) and not unsure)
    known = found.so_far if found.classes is None else found.classes
    return MedicineTaken(row.name, tuple(dict.fromkeys((*known, *said))), settled, unsure)


def _calculate(working: Working, _: Derived) -> tuple[Value, tuple[str, ...]]:
    rows = working.given.tables.get(MEDICATIONS, ())
    taken = medicines_taken(working.medicines, rows)
    working.details[NAME] = taken
    found = tuple(sorted({code for item in taken for code in item.classes}))
    unsettled = [item for item in taken if not item.settled]
    reviewed = working.values.get(MEDICATIONS_REVIEWED) is True
    waits = []
    if unsettled:
        working.unfinished.add(MEDICATIONS)
        if all(item.not_established for item in unsettled):
            working.unknown.add(MEDICATIONS)
    elif not rows and MEDICATIONS_REVIEWED in working.given.unknown:
        # Whoever cannot say whether the list is whole, and lists nothing, cannot say what is in it.
        working.unknown.add(MEDICATIONS)
    # A list that cannot be established is no empty list, whatever was ticked.
    no_list = MEDICATIONS in working.given.unknown
    if unsettled or no_list or not (reviewed or rows):
        waits.append(MEDICATIONS)
    if not reviewed:
        waits.append(MEDICATIONS_REVIEWED)
    if not waits:
        return found, ()
    return PartialList(found) if found else None, tuple(waits)


def _reads(_: Derived) -> tuple[str, ...]:
    return MEDICATIONS, MEDICATIONS_REVIEWED


def _tries(_: Derived, compared: Compared) -> Mapping[str, Sequence[Tried]]:
    """Return lists of medicines: none, one of each class that is named, and together."""
    pack = compared.pack
    found = [_medicine(pack, code) for code in pack.drug_classes if code in compared.texts]
    rows = [Medication(name=name) for name in dict.fromkeys(found) if name is not None]
    sizes = range(len(rows) + 1) if len(rows) <= _MOST_CLASSES else (0, 1, len(rows))
    return {MEDICATIONS: [chosen for size in sizes for chosen in combinations(rows, size)]}


def _medicine(pack: Pack, code: str) -> str | None:
    """Return the medicine of a class that belongs to the fewest others, rather no brand."""
    names = [
        (len(item.classes), item.ingredients != (name,), item.kind != "generic", name)
        for name in mentioning(pack.medicines, code)
        if code in (item := pack.medicines[name]).classes
    ]
    return min(names)[3] if names else None


DRUG_CLASSES = Calculation(NAME, _reads, _calculate, tables=(MEDICATIONS,), tries=_tries)


def taken_in(details: Mapping[str, Any]) -> tuple[MedicineTaken, ...]:
    """Return the medicines a state of the facts was established with."""
    found: tuple[MedicineTaken, ...] = details.get(NAME, ())
    return found
