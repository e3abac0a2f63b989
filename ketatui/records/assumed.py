"""A case as a record would have it, for whoever is told that nobody has confirmed it."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.model import Case, Medication
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.records.model import Proposal, Proposals


def assumed(case: Case, found: Proposals) -> Case:
    """Return a case as if all that a record proposes and that is not old were confirmed.

    A list of medicines stays one that may go on: that it is whole, no record says.

    Args:
        case: Where it begins; its own answers stand.
        found: What a record proposes.
    """
    fresh = [item for item in found.proposed if not (item.stale or item.old)]
    asked = [item for item in fresh if item.question != MEDICATIONS]
    rows = tuple(Medication(name=str(item.value)) for item in fresh if item.question == MEDICATIONS)
    scales = {item.question: dict(item.items) for item in asked if item.items}
    days = {item.question: day for item in asked if (day := day_of(item)) is not None}
    return case.replaced(
        answers={item.question: item.value for item in asked} | case.answers,
        scale_items=scales | case.scale_items,
        dates=days | case.dates,
        medications=case.medications + rows,
    )


def day_of(item: Proposal) -> dt.date | None:
    """Return the day that a proposal is from; None where its source says none."""
    return dt.date.fromisoformat(item.date[:10]) if item.date else None
