"""Totals of rating scales that were taken item by item."""

from __future__ import annotations

from ketatui.cases.catalog import AskedCatalog
from ketatui.cases.model import Case


def totals(pack: AskedCatalog, case: Case) -> dict[str, int]:
    """Add up the scales that were taken item by item and have no total yet.

    Args:
        pack: The questions and scales that exist.
        case: Any case.

    Returns:
        The total of each complete scale without an answer, by question id; none of a scale that
        is marked unknown.
    """
    found = {}
    for ident, scores in case.scale_items.items():
        question = pack.questions.get(ident)
        scale = pack.instruments.get(question.instrument or "") if question else None
        if scale is None or ident in case.answers or ident in case.unknown:
            continue
        if scale.items and all(item.id in scores for item in scale.items):
            found[ident] = sum(scores[item.id] for item in scale.items)
    return found


def with_totals(pack: AskedCatalog, case: Case) -> Case:
    """Return a case with the totals of its complete scales among the answers, in order.

    What was saved and sealed stays as it is: the engine adds up what it has no total of.
    """
    added = {} if case.revisions else totals(pack, case)
    if not added:
        return case
    answers = {**case.answers, **added}
    ordered = {ident: answers.pop(ident) for ident in pack.questions if ident in answers}
    return case.replaced(answers=ordered | answers)
