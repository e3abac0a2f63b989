"""Answers that are too old to count: a blood pressure is of its day."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from ketatui.cases.ages import days_of
from ketatui.cases.model import Case
from ketatui.criteria.models import Question
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen


class StaleAnswer(Frozen, frozen=True):
    """An answer that does not count.

    Attributes:
        question: Its id.
        since: The day it is from.
        days: How many days it counts, that day being the first.
        ahead: Whether that day is still to come: a clock was wrong, and nobody knows how old the
            answer is.
    """

    question: str
    since: dt.date
    days: int
    ahead: bool = False


def counts_on(question: Question, since: dt.date, on: dt.date) -> bool:
    """Tell whether an answer counts on a day.

    Args:
        question: What was answered.
        since: The day it was answered.
        on: The day.

    Returns:
        False once it is too old, and for an answer from a day that is still to come. Always True
        for a question whose answers do not age.
    """
    return question.stale_after is None or 0 <= (on - since).days < question.stale_after


def stale_answers(knowledge: Knowledge, case: Case, on: dt.date) -> tuple[StaleAnswer, ...]:
    """Find the answers that do not count on a day, because of the day they were given.

    Args:
        knowledge: The compiled pack; its questions say how long an answer counts.
        case: A case. A question marked unknown was answered for its day too.
        on: The day.

    Returns:
        Them, in the order of the consultation; none where the case has no date.
    """
    days = days_of(case)
    found = []
    for ident, question, after in _aging(knowledge):
        since = days.get(ident)
        if since is not None and not counts_on(question, since, on):
            found.append(StaleAnswer(ident, since, after, since > on))
    return tuple(found)


@lru_cache(maxsize=8)
def _aging(knowledge: Knowledge) -> tuple[tuple[str, Question, int], ...]:
    """Return the questions whose answers do not count forever, and the days that they count."""
    return tuple(
        (ident, question, question.stale_after)
        for ident, question in knowledge.pack.questions.items()
        if question.stale_after is not None
    )


def stale_words(item: StaleAnswer) -> str:
    """Say since when an answer is and how long it counts."""
    if item.ahead:
        return f"dated {item.since}, a day still to come"
    days = "that day" if item.days == 1 else f"{item.days} days"
    return f"from {item.since}, counts for {days}"


def without_stale(
    knowledge: Knowledge, case: Case, on: dt.date
) -> tuple[Case, tuple[StaleAnswer, ...]]:
    """Take away the answers that do not count on a day, as if they had not been asked.

    Args:
        knowledge: The compiled pack.
        case: A case; it stays as it is.
        on: The day.

    Returns:
        The case without them, and what was taken away.
    """
    stale = stale_answers(knowledge, case, on)
    if not stale:
        return case, ()
    gone = {item.question for item in stale}
    update = {
        "answers": {key: value for key, value in case.answers.items() if key not in gone},
        "scale_items": {key: value for key, value in case.scale_items.items() if key not in gone},
        "dates": {key: value for key, value in case.dates.items() if key not in gone},
        "unknown": case.unknown - gone,
    }
    return case.replaced(**update), stale


def stale_data(stale: tuple[StaleAnswer, ...]) -> list[dict[str, object]]:
    """Return answers that do not count as JSON data."""
    return [
        {"question": item.question, "since": item.since.isoformat(), "days": item.days}
        for item in stale
    ]
