"""Proposals in a case file: beside its answers, in a table that nothing assesses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ketatui.cases.model import Case
from ketatui.consultation.confirming import PROPOSALS
from ketatui.records.model import Proposals


def with_proposals(case: Case, found: Proposals, on: dt.date) -> Case:
    """Return a case with what a record proposes, as proposals and never as answers.

    Args:
        case: The case; proposals of an earlier reading give way, unless they were confirmed.
        found: What one patient's record proposes. Whose record it is, is not written.
        on: The day that ages were counted to.
    """
    before = case.extra.get(PROPOSALS)
    # What was confirmed stays on record, whatever is read anew.
    kept = [
        item
        for item in (before if isinstance(before, list) else ())
        if isinstance(item, dict) and "confirmed_by" in item
    ]
    rows = [_row(item.to_data(), on) for item in found.proposed]
    extra = {key: value for key, value in case.extra.items() if key != PROPOSALS}
    return case.replaced(extra={**extra, PROPOSALS: [*kept, *rows]} if kept or rows else extra)


def _row(data: dict[str, Any], on: dt.date) -> dict[str, Any]:
    if isinstance(data["value"], float):
        data["value"] = Decimal(repr(data["value"]))
    if data["resource"].startswith("Patient/"):
        # The id of a patient in a record is one that names a person.
        data["resource"] = "Patient"
    # TOML knows no null: a day that the record does not tell is left out.
    return {**{key: value for key, value in data.items() if value is not None}, "read_on": on}
