"""One proposal a question, whatever kinds of resources answer it."""

from __future__ import annotations

from collections.abc import Iterable

from ketatui.records.choosing import Candidate, choose
from ketatui.records.model import NotUsed, Proposal
from ketatui.records.times import When, when

_DATED = ("Observation/", "QuestionnaireResponse/")
"""What says how it was on a day. A condition is said of today, whenever it was recorded."""


def one_each(
    proposed: Iterable[Proposal], left: Iterable[NotUsed] = ()
) -> tuple[list[Proposal], list[NotUsed]]:
    """Choose among proposals that answer the same question: the newest, unless two differ.

    Args:
        proposed: Proposals; what has no date, as an age, is of today.
        left: What proposes nothing: what is newer and cannot be taken keeps older values out.

    Returns:
        One a question, in the order of the questions that came; and why the others are not.
    """
    found: dict[str, list[Proposal]] = {}
    kept: list[Proposal] = []
    not_used: list[NotUsed] = []
    newer = [item for item in left if item.keeps_out is not None]
    for item in proposed:
        source = next((each.resource for each in newer if _keeps_out(each, item)), None)
        if source is None:
            found.setdefault(item.question, []).append(item)
        else:
            because = f"no newer than {source}, which cannot be taken"
            not_used.append(NotUsed(item.resource, because))
    for same in found.values():
        if len(same) == 1:
            kept += same
            continue
        undated = [item for item in same if item.date is None]
        if undated:
            kept.append(undated[0])
            because = f"{undated[0].resource} answers it for today"
            not_used += [
                NotUsed(item.resource, because, True) for item in same if item is not undated[0]
            ]
            continue
        whole = [item for item in same if not _is_total_of(item, same)]
        not_used += [
            NotUsed(item.resource, "another one says the same item by item", spare=True)
            for item in same
            if item not in whole
        ]
        taken, left = choose([_candidate(item) for item in whole])
        kept += taken
        not_used += left
    return kept, not_used


def _keeps_out(newer: NotUsed, item: Proposal) -> bool:
    """Tell whether a proposal is no newer than what cannot be taken of the same question."""
    kept_out = newer.keeps_out
    if kept_out is None or item.question not in kept_out.questions:
        return False
    at, other = when(item.date or ""), when(kept_out.date)
    dated = isinstance(at, When) and isinstance(other, When) and not other.before(at)
    return dated and item.resource.startswith(_DATED)


def _candidate(item: Proposal) -> Candidate:
    at = when(item.date or "")
    assert isinstance(at, When)
    return Candidate(item.resource, at, (item,))


def _is_total_of(item: Proposal, same: Iterable[Proposal]) -> bool:
    """Tell whether another one of that day has the same value item by item."""
    day = (item.date or "")[:10]
    return not item.items and any(
        other.items and other.value == item.value and (other.date or "")[:10] == day
        for other in same
    )
