"""What an edit was about, in a few words: said of one that was undone or redone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ketatui.consultation import edits as e
from ketatui.consultation.words import fact_title, value_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS

if TYPE_CHECKING:
    from ketatui.consultation.changes import Change

_FEW = 2
"""Answers given together that are named one by one: the two of a blood pressure."""


_PLAIN = {"label": "label", "consent": "consent", "decision": "decision"}
"""Edits that are of one thing alone, by what they do."""


def change_text(pack: Pack, change: Change) -> str:
    """Say in a few words what an edit recorded.

    Args:
        pack: The criteria.
        change: The edit.

    Returns:
        ``Heart rate 72 /min``, ``Label``; never a text that somebody wrote.
    """
    match change:
        case e.SetAnswer():
            return _answer_text(pack, change)
        case e.Together():
            if len(change.edits) > _FEW:
                return f"{len(change.edits)} answers"
            return ", ".join(_answer_text(pack, item) for item in change.edits)
        case e.SetItem():
            score = "cleared" if change.score is None else f"{change.score}"
            return f"{fact_title(pack, change.question)}, {change.item}: {score}"
        case e.SetRows():
            return fact_title(pack, change.question)
        case e.SetNote():
            return f"note on {fact_title(pack, change.question)}"
        case e.MarkConsent() | e.MarkAllConsent():
            return _consent_text(pack, change)
        case e.ConfirmProposals():
            names = dict.fromkeys(fact_title(pack, row.question) for row in change.rows)
            return f"from a record: {', '.join(names)}"
        case e.SetTrials() | e.SetMedications():
            return fact_title(pack, TRIALS if change.do == "trials" else MEDICATIONS)
    return _PLAIN.get(getattr(change, "do", ""), "the last change")


def _answer_text(pack: Pack, edit: e.SetAnswer) -> str:
    name = fact_title(pack, edit.question)
    if edit.unknown:
        return f"{name} unknown"
    if edit.value is None:
        return f"{name} cleared"
    question = pack.questions.get(edit.question)
    if isinstance(edit.value, str) and question is not None and not question.options:
        # A measurement is kept as text.
        return f"{name} {edit.value} {question.unit}".rstrip()
    return f"{name} {value_text(pack, edit.question, edit.value)}"


def _consent_text(pack: Pack, change: e.MarkConsent | e.MarkAllConsent) -> str:
    if isinstance(change, e.MarkAllConsent):
        return f"consent, {len(change.marks)} items"
    item = pack.consent.get(change.item)
    return f"consent, {item.title}" if item else "consent"
