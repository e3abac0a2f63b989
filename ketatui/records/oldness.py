"""What a record says and may no longer hold, of questions that do not say when it is stale."""

from __future__ import annotations

import datetime as dt

from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.pack import Pack
from ketatui.records.assumed import day_of
from ketatui.records.conditions import ICD_10_CM, SNOMED_CT
from ketatui.records.model import Proposal


def marked(pack: Pack, mapping: RecordFile, item: Proposal, on: dt.date) -> Proposal:
    """Return a proposal, marked as old if it is.

    An answer that ages by itself is stale instead. A condition never is old: its status is of
    today, whenever it was recorded. Neither is what was true once and for all.

    Args:
        pack: The questions.
        mapping: Says after how many days.
        item: The proposal.
        on: The day that ages are counted to.
    """
    question = pack.questions[item.question]
    if question.stale_after is not None or question.kind == "rows":
        return item
    if item.code.partition("|")[0] in (ICD_10_CM, SNOMED_CT) or _lasts(mapping, item):
        return item
    day = day_of(item)
    old = day is not None and (on - day).days >= mapping.old_after
    return item.replaced(old=old) if old != item.old else item


def _lasts(mapping: RecordFile, item: Proposal) -> bool:
    meanings = mapping.conditions.meanings if mapping.conditions else ()
    return any(
        one.ever and (one.question, one.value) == (item.question, item.value) for one in meanings
    )
