"""What each question stands at: answered, unknown, half-filled, or open."""

from __future__ import annotations

from collections.abc import Mapping

from ketatui.cases.model import Case
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Assessment


def statuses_of(case: Case, assessment: Assessment) -> Mapping[str, str]:
    """Return ``answered``, ``unknown`` or ``partial`` (half-filled) for each question that is so.

    Args:
        case: The case as it counts today: what is too old to count is open until it is taken
            again.
        assessment: Its assessment.

    Returns:
        Statuses by question id; what is not among them is ``open``.
    """
    found = dict.fromkeys(case.scale_items, "partial")
    tables = {**case.tables, TRIALS: case.trials, MEDICATIONS: case.medications}
    found.update({ident: "answered" for ident, rows in tables.items() if rows})
    found.update(dict.fromkeys(case.answers, "answered"))
    if None in [item.counts for item in assessment.trials.judgments]:
        found[TRIALS] = "partial"
    found.update(dict.fromkeys(case.unknown, "unknown"))
    return found
