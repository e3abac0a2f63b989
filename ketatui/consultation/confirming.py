"""Proposals of a record that somebody confirms: from then on they are answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import field

from ketatui.cases.base import Moment, Said
from ketatui.cases.model import Case, Medication
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.toml_structs import ClosedTable

PROPOSALS = "proposals"
"""The list in the case file: what a record proposes, and of what was confirmed, by whom."""


class Confirmed(ClosedTable, frozen=True, kw_only=True):
    """One proposal that somebody confirms.

    Attributes:
        question: What it answers.
        value: A measurement is kept as text, so that no digit is lost; of a medicine, its name.
        resource: Where it stands in the record.
        code: What was read there.
        date: When it is from, as the record writes it; empty where it does not say.
        day: The day of the answer; None for the day it is confirmed on.
        items: Of a scale that was taken item by item.
        old: Whether it is old, and whoever confirms it says that it still holds.
    """

    question: str
    value: bool | int | str
    resource: str
    code: str
    date: str = ""
    day: dt.date | None = None
    items: dict[str, int] = field(default_factory=dict)
    old: bool = False


def confirmed(
    pack: Pack, case: Case, rows: tuple[Confirmed, ...], by: Said, at: Moment, on: dt.date
) -> Case:
    """Return the case with proposals taken as answers, and who confirmed them.

    Args:
        pack: The criteria.
        case: The case before.
        rows: What is confirmed.
        by: Who confirms.
        at: When.
        on: The day, for what the record gives no day of its own.
    """
    for row in rows:
        case = _taken(pack, case, row, on)
    kept = [item for item in _rows(case) if not _same(item, rows)]
    made = [_record(pack, row, by, at, on) for row in rows]
    return case.replaced(extra={**case.extra, PROPOSALS: [*kept, *made]})


def waiting(case: Case) -> int:
    """Return how many proposals of a case wait for somebody to confirm them.

    What was too old to count when it was read has to be asked again, and waits for nobody.
    """
    rows = [row for row in _rows(case) if isinstance(row, Mapping)]
    return sum(not (row.get("confirmed_by") or row.get("stale") is True) for row in rows)


def _rows(case: Case) -> list[Any]:
    found = case.extra.get(PROPOSALS)
    return list(found) if isinstance(found, list) else []


def _same(item: Any, rows: tuple[Confirmed, ...]) -> bool:
    if not isinstance(item, Mapping):
        return False
    said = (item.get("question"), item.get("resource"), item.get("code"))
    return any(said == (row.question, row.resource, row.code) for row in rows)


def _taken(pack: Pack, case: Case, row: Confirmed, on: dt.date) -> Case:
    unknown = case.unknown - {row.question}
    if row.question == MEDICATIONS:
        # A list is as old as what was last put on it: that the rest still holds, nobody said.
        dates = {**case.dates, MEDICATIONS: on}
        listed = (*case.medications, Medication(name=str(row.value)))
        return case.replaced(medications=listed, dates=dates, unknown=unknown)
    question = pack.questions[row.question]
    value = Decimal(str(row.value)) if question.kind == "decimal" else row.value
    items = {key: scores for key, scores in case.scale_items.items() if key != row.question}
    if row.items:
        items[row.question] = dict(row.items)
    answers = {**case.answers, row.question: value}
    apart = f"{row.question}/"
    dates = {key: day for key, day in case.dates.items() if not key.startswith(apart)}
    dates[row.question] = row.day or on
    return case.replaced(answers=answers, scale_items=items, dates=dates, unknown=unknown)


def _record(pack: Pack, row: Confirmed, by: str, at: dt.datetime, on: dt.date) -> dict[str, Any]:
    """Return what the case file keeps of a confirmed proposal."""
    question = pack.questions[row.question]
    value = Decimal(str(row.value)) if question.kind == "decimal" else row.value
    data: dict[str, Any] = {"question": row.question, "value": value}
    if row.date:
        data["date"] = row.date
    data |= {"resource": row.resource, "code": row.code, "stale": False}
    if row.old:
        data["old"] = True
    if row.items:
        data["items"] = dict(row.items)
    return data | {"read_on": on, "confirmed_by": by, "confirmed_at": at}
