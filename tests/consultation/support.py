"""Consultations in memory."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ketatui.cases.model import Answer, Case
from ketatui.consultation.consultation import Consultation, Keep
from ketatui.consultation.edits import SetAnswer
from ketatui.engine import Knowledge

TODAY = dt.date(2026, 11, 21)


def consultation_of(
    knowledge: Knowledge, case: Case | None = None, *, keep: Keep | None = None
) -> Consultation:
    """Begin a consultation that is kept nowhere, or where ``keep`` says."""
    return Consultation(knowledge, case or Case(), today=lambda: TODAY, keep=keep)


def answer(consultation: Consultation, answers: dict[str, Answer]) -> None:
    """Answer questions."""
    for question, value in answers.items():
        text = str(value) if isinstance(value, Decimal) else value
        consultation.do(SetAnswer(question=question, value=text))
