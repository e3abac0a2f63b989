"""A score as it is typed in one line: ``madrs 18`` or ``phq9 7 2027-02-01``."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from ketatui.cases.courses import Course, Score
from ketatui.cases.model import Case
from ketatui.cases.saved_assessment import assessed_day
from ketatui.criteria.course import CoursePack
from ketatui.criteria.pack import Pack


def parse_score(
    pack: CoursePack, text: str, on: dt.date, *, scale: str = "", dated: dt.date | None = None
) -> Score | str:
    """Read a score.

    Args:
        pack: The course of the pack.
        text: Scale, value and, where it is not of today, the day.
        on: Today.
        scale: What a number alone is of; empty where that has to be said.
        dated: The day of a number alone; today where it is None.

    Returns:
        The score, or why it is none and what is allowed.
    """
    words = text.split()
    if scale and len(words) == 1 and words[0][:1].isdigit():
        words = [scale, *words, (dated or on).isoformat()]
    if len(words) not in (2, 3):
        return f"type {how_typed(pack, on)}"
    named = _folded(words[0])
    known = (it for it in pack.instruments.values() if named in _names(it.id, it.title))
    found = next(known, None)
    if found is None:
        return f"{words[0]} is no scale here; allowed: {', '.join(pack.instruments)}"
    try:
        value = Decimal(words[1])
    except InvalidOperation:
        return f"{words[1]} is no number; allowed: {found.min} to {found.max}"
    if not value.is_finite() or not found.min <= value <= found.max:
        return f"{found.title} goes from {found.min} to {found.max}"
    if not found.fractions and value != int(value):
        return f"{found.title} takes whole numbers only"
    day = on if len(words) == 2 else parse_day(words[2])
    if day is None:
        return f"{words[2]} is no day; allowed: one like {on}"
    if day > on:
        return f"{day} is still to come"
    return Score(instrument=found.id, date=day, value=value)


def how_typed(pack: CoursePack, on: dt.date) -> str:
    """Say how a score is typed, by the first scale of the pack."""
    scale = next(iter(pack.instruments))
    return f"scale and value, such as {scale} 18; a day may follow: {scale} 18 {on}"


def screened_scores(pack: Pack, case: Case, course: Course) -> tuple[Score, ...]:
    """Return the totals of the screening that could be scores of a course, to be taken over.

    Args:
        pack: The pack, with a course.
        case: The case.
        course: One of its courses.

    Returns:
        A score for each scale that the course has none of yet, dated as the answer is; none of a
        total whose day is not known.
    """
    assessed, found = assessed_day(case.assessment), []
    for ident, value in case.answers.items():
        question = pack.questions.get(ident)
        scale = question.instrument if question else None
        day = case.dates.get(ident, assessed)
        if scale is None or scale not in pack.course.instruments or day is None:
            continue
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            continue
        if all(score.instrument != scale for score in course.scores):
            found.append(Score(instrument=scale, date=day, value=Decimal(value)))
    return tuple(found)


def _names(ident: str, title: str) -> set[str]:
    return {_folded(ident), _folded(title)}


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def parse_day(text: str) -> dt.date | None:
    """Read a day as it is written in a case; None for anything else."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None
