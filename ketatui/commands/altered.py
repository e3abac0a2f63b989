"""What an assessment says first of a case that was changed outside the program."""

from __future__ import annotations

from typing import Any

from ketatui.cases.integrity import CaseReading, integrity_data, integrity_lines, reading_of
from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.reports.summary import plain, wrapped


def altered(case: Case, pack: Pack) -> CaseReading | None:
    """Return the reading of a case whose content is not what the program saved.

    Args:
        case: A case as read from its file.
        pack: The questions.

    Returns:
        None for one that stands as it was saved, and for one that the program never saved.
    """
    if not case.revisions:
        return None
    reading = reading_of(case, pack)
    return reading if reading.integrity.seal == "altered" else None


def altered_text(reading: CaseReading | None) -> str:
    """Return the lines that stand before what is said of an altered case; empty for another."""
    if reading is None:
        return ""
    lines = [line for text in integrity_lines(reading) for line in wrapped(text, "! ", "  ")]
    return plain([*lines, "", ""])


def altered_data(reading: CaseReading | None) -> dict[str, Any]:
    """Return the key that stands in the JSON of an altered case; none for another."""
    return {} if reading is None else {"integrity": integrity_data(reading)}
