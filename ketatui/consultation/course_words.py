"""What an edit of a course was about, in a few words: said of one that was undone or redone."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ketatui.consultation.words import fact_title, value_text
from ketatui.course import edits as e
from ketatui.criteria.pack import Pack

_FEW = 2
"""Answers given together that are named one by one: the two of a blood pressure."""
_PLAIN = {
    "add_course": "the course",
    "plan": "the plan",
    "scores": "scores",
    "observations": "observations",
    "events": "events",
    "correct": "a correction",
    "corrected": "texts of rows corrected",
    "devices": "devices",
    "clock": "the clock",
    "paper": "a paper",
    "weight": "the weight",
    "overrides": "what was set aside",
    "close": "closing the visit",
}
"""Edits that are of one thing alone, by what they do."""


def course_change_text(pack: Pack, change: e.CourseEdit) -> str:
    """Say in a few words what an edit of a course recorded.

    Args:
        pack: What the visits of the course are judged by (`Treatment.criteria`).
        change: The edit.

    Returns:
        ``Heart rate before the dose 72 /min``; never a text that somebody wrote.
    """
    match change:
        case e.SetVisitAnswer():
            return _answer_text(pack, change)
        case e.SetVisitAnswers():
            if len(change.rows) > _FEW:
                return f"{len(change.rows)} answers"
            return ", ".join(_answer_text(pack, item) for item in change.rows)
        case e.SetVisitNote():
            return f"note on {fact_title(pack, change.question)}"
        case e.AddVisit():
            return f"{change.row.kind} {change.row.number}"
        case e.RemoveVisit() | e.MoveVisit():
            return f"day of visit {change.visit}"
    return _PLAIN.get(str(getattr(change, "do", "")), "the last change")


def _answer_text(pack: Pack, edit: e.SetVisitAnswer) -> str:
    name = fact_title(pack, edit.question)
    if edit.unknown:
        return f"{name} unknown"
    if edit.value is None:
        return f"{name} cleared"
    question = pack.questions.get(edit.question)
    if isinstance(edit.value, str) and question is not None and not question.options:
        try:
            # A measurement is kept as text.
            return f"{name} {value_text(pack, edit.question, Decimal(edit.value))}"
        except InvalidOperation:
            return name
    return f"{name} {value_text(pack, edit.question, edit.value)}"


def question_of(change: e.CourseEdit) -> str:
    """Return the question that an edit is about; empty for none, the first of several."""
    if isinstance(change, e.SetVisitAnswers):
        return change.rows[0].question if change.rows else ""
    return str(getattr(change, "question", ""))
