"""A score as it is typed in one line: ``madrs 18`` or ``phq9 7 2027-02-01``."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from ketatui.cases.courses import Score
from ketatui.criteria.course import CoursePack


def parse_score(pack: CoursePack, text: str, on: dt.date) -> Score | str:
    """Read a score.

    Args:
        pack: The course of the pack.
        text: Scale, value and, where it is not of today, the day.
        on: Today.

    Returns:
        The score, or why it is none and what is allowed.
    """
    words = text.split()
    if len(words) not in (2, 3):
        return "type scale and value, such as madrs 18; a day may follow: madrs 18 2027-02-01"
    named = _folded(words[0])
    scale = next((it for it in pack.instruments.values() if named in _names(it.id, it.title)), None)
    if scale is None:
        return f"{words[0]} is no scale here; allowed: {', '.join(pack.instruments)}"
    try:
        value = Decimal(words[1])
    except InvalidOperation:
        return f"{words[1]} is no number; allowed: {scale.min} to {scale.max}"
    if not value.is_finite() or not scale.min <= value <= scale.max:
        return f"{scale.title} goes from {scale.min} to {scale.max}"
    if not scale.fractions and value != int(value):
        return f"{scale.title} takes whole numbers only"
    day = on if len(words) == 2 else parse_day(words[2])
    if day is None:
        return f"{words[2]} is no day; allowed: one like {on}"
    if day > on:
        return f"{day} is still to come"
    return Score(instrument=scale.id, date=day, value=value)


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
