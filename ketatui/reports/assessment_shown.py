"""The assessment an export shows: as it stood when the case was saved, else a fresh one."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.integrity import CaseReading
from ketatui.cases.saved_assessment import SavedAssessment, read_assessment
from ketatui.engine import Knowledge, assess


class Seen(SavedAssessment, frozen=True, kw_only=True):
    """An assessment as an export shows it, pathways best first.

    Attributes:
        fresh: Made for the export, because the case holds none.
        other_pack: Made under other criteria than those the words come from.
    """

    fresh: bool
    other_pack: bool


def seen(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Seen:
    """Return the assessment a case was saved with, or a fresh one that is marked so.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for.

    Returns:
        The assessment, pathways best first; none for a case that holds none and that the criteria
        of today do not know all of.
    """
    saved = reading.saved
    if (saved.pathways and not saved.in_short) or reading.unknown_here:
        return as_saved(reading, knowledge.pack.digest)
    made = assess(knowledge, reading.case, today, with_changes=False)
    return _seen(read_assessment(made.to_data()), knowledge.pack.digest, fresh=True)


def as_saved(reading: CaseReading, digest: str) -> Seen:
    """Return what the file holds of an assessment; nothing is assessed anew.

    Args:
        reading: The case as read; an older revision keeps day, criteria and verdicts only.
        digest: Of the criteria the words come from.

    Returns:
        The assessment; without pathways where the case holds none.
    """
    return _seen(reading.saved, digest, fresh=False)


def _seen(saved: SavedAssessment, digest: str, *, fresh: bool) -> Seen:
    content = {name: getattr(saved, name) for name in saved.__struct_fields__}
    # What has no place of its own comes first: an older revision has none at all.
    content["pathways"] = tuple(sorted(saved.pathways, key=lambda item: item.rank or 0))
    return Seen(**content, fresh=fresh, other_pack=saved.digest != digest)
