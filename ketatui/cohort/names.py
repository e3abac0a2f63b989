"""The names of medicines in a table: each distinct one recognized once, as the app would."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from ketatui.cohort.numbers import DIGITS
from ketatui.cohort.program import Lookups
from ketatui.cohort.tables import DRUGS, NAMES, open_bit
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge
from ketatui.engine.trials import drug_of


def name_tables(knowledge: Knowledge, names: Mapping[str, Iterable[str]]) -> Lookups:
    """Recognize the names in a table of patients.

    Args:
        knowledge: The compiled pack.
        names: Every distinct name, as written, on the lists of medicines and of trials' drugs.

    Returns:
        What each name stands for, as the lowered pack looks it up.
    """
    tables = Lookups()
    medicines, drugs = (sorted(set(names.get(table, ()))) for table in (MEDICATIONS, TRIALS))
    tables[NAMES] = {name: _medicine(knowledge, name) for name in medicines}
    numbers: dict[str, int] = {"": 0}
    tables[DRUGS] = {name: _drug(knowledge, name, numbers) for name in drugs}
    return tables


def _medicine(knowledge: Knowledge, name: str) -> dict[str, int]:
    found = knowledge.medicines.recognize(name)
    known = found.so_far if found.classes is None else found.classes
    codes = list(knowledge.pack.drug_classes)
    bits = sum(1 << codes.index(code) for code in dict.fromkeys(known))
    alone = bits if found.known else bits | open_bit(codes)
    return {"classes": bits, "known": int(found.known), "alone": alone}


def _drug(knowledge: Knowledge, name: str, numbers: dict[str, int]) -> dict[str, int]:
    drug = drug_of(knowledge.pack, knowledge.medicines, name)
    found = {
        "drug": numbers.setdefault(drug.name, len(numbers)),
        "other": int(drug.other),
        "named": int(bool(drug.name)),
    }
    if drug.minimum_mg is not None:
        found["minimum"] = int(drug.minimum_mg.scaleb(DIGITS))
    return found


def unresolved(knowledge: Knowledge, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the names of medicines that nobody knows, the most frequent first.

    Args:
        knowledge: The compiled pack.
        counts: How often each name stands in the table.

    Returns:
        Name and number.
    """
    unknown = [
        (name, count)
        for name, count in counts.items()
        if not knowledge.medicines.recognize(name).known
    ]
    return sorted(unknown, key=lambda each: (-each[1], each[0]))


def digest_of(tables: Mapping[str, Mapping[str, Mapping[str, int]]]) -> str:
    """Return a digest of tables of names."""
    text = json.dumps(tables, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
