"""Whom a saved case is about, in one line, as it stands on a day."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.model import Case
from ketatui.criteria.who import who_text
from ketatui.engine import Knowledge, establish
from ketatui.engine.staleness import stale_answers


def who_of(knowledge: Knowledge, case: Case, on: dt.date) -> str:
    """Say whom a case is about; what is too old on the day, or unknown, is marked.

    Args:
        knowledge: The compiled criteria.
        case: The case.
        on: The day: that of its saving where it is shown as it stood then.

    Returns:
        The line; empty where nothing of it is known.
    """
    return who_text(
        knowledge.pack,
        case.answers,
        unknown=case.unknown,
        too_old={item.question for item in stale_answers(knowledge, case, on)},
        asked=establish(knowledge, case).asked,
    )


def saved_on(case: Case, today: dt.date) -> dt.date:
    """Return the day on which a case was saved last; today where it never was."""
    return case.record.saved_at.date() if case.record.saved_at else today
