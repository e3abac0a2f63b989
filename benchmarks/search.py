"""What is looked for in words: the palette at a key, and identifiers in a long note."""

from __future__ import annotations

import re

from benchmarks.clock import in_turn, times
from benchmarks.material import knowledge
from benchmarks.table import Row
from ketatui.consultation.palette import PaletteIndex, pack_places
from ketatui.criteria.palette import palette_words
from ketatui.privacy import scanner_of

ROUNDS = 10
_GROUP = "Search"
_TYPED = ("spravato pi", "escitalopram", "blood pressure", "cpap", "a", "qzxvw nothing")
_SHOWN = 60
_SCANS = 3
_LENGTH = 100_000
_NOTE = (
    "Seen for review; mood brighter, sleeps six hours, no thoughts of death this week. "
    "Sertraline 150 mg since March, tolerated. BP 128/82 seated, pulse 72, SpO2 98 %.\n"
    "Plan: second infusion next week, driven home by a neighbor, fasting from eight.\n"
)
"""An invented note of the kind that is written, without anything that names somebody."""


def measure() -> list[Row]:
    """Measure a key in the palette, and a long note looked through."""
    known = knowledge()
    index = PaletteIndex(
        pack_places(known.pack, known.medicines.known(), palette_words(known.pack))
    )
    taken: list[float] = []
    for words in _TYPED:
        for end in range(1, len(words) + 1):
            taken += times(lambda text=words[:end]: index.find(text, _SHOWN), ROUNDS)  # type: ignore[misc]
    scanner = scanner_of(known.pack)
    note = (_NOTE * (_LENGTH // len(_NOTE) + 1))[:_LENGTH]
    patterns = [
        re.compile(pattern) for kind in known.pack.identifiers.values() for pattern in kind.patterns
    ]
    scanned, searched = in_turn(
        lambda: scanner.scan(note),
        lambda: [pattern.findall(note) for pattern in patterns],
        _SCANS,
    )
    return [
        Row("search.palette", _GROUP, "the palette at a key, typing six words", taken, p95_aim=10),
        Row(
            "search.identifiers",
            _GROUP,
            f"identifiers looked for in a note of {_LENGTH:,} letters",
            scanned,
            "re.findall of each pattern in it",
            searched,
            median_aim=250,
        ),
    ]
