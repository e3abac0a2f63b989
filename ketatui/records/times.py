"""When something was: the day and, where it is written, the moment."""

from __future__ import annotations

import datetime as dt
import re

from ketatui.records.resources import Period
from ketatui.structs import Frozen

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_OFFSETS = dt.timedelta(days=2)
"""By so much less may a day be dated whose moment is later: clocks differ by up to 28 hours."""
_PART = re.compile(r"\d{4}(-\d{2})?", re.ASCII)


class When(Frozen, frozen=True):
    """A day, and the moment on it where that is known.

    Attributes:
        text: As written.
        day: By the clock of whoever wrote it.
        moment: None for a day alone.
    """

    text: str
    day: dt.date
    moment: dt.datetime | None = None

    @property
    def surely_before(self) -> dt.date:
        """Return the first day from which on something may be as new, whatever its offset."""
        return self.day if self.moment is None else self.day - _OFFSETS

    def before(self, other: When) -> bool:
        """Tell whether it was earlier: by the moment where both have one, else by the day."""
        if self.moment is not None and other.moment is not None:
            return self.moment < other.moment
        return self.day < other.day


def when(text: str) -> When | str:
    """Read a ``dateTime`` of FHIR.

    Returns:
        The day and moment; or why there is none.
    """
    try:
        if _DAY.fullmatch(text):
            return When(text, dt.date.fromisoformat(text))
        if _MOMENT.fullmatch(text):
            # Python reads at most six digits of a second.
            short = re.sub(r"(\.\d{6})\d+", r"\1", text) if "." in text else text
            moment = dt.datetime.fromisoformat(short)
            return When(text, moment.date(), moment)
        if _PART.fullmatch(text):
            return "its date is known only to the month or year"
    except ValueError:
        pass
    return "its date cannot be read"


def ended_before(period: Period | None, on: dt.date) -> bool:
    """Tell whether a period is known to be over; a month or a year ends with its last day."""
    end = period.end if period else None
    if not end:
        return False
    read = when(end)
    if isinstance(read, When):
        return read.day < on
    return bool(_PART.fullmatch(end)) and end < on.isoformat()[: len(end)]


def begins_after(period: Period | None, on: dt.date) -> bool:
    """Tell whether a period is known to begin only later; a month or year with its first day."""
    start = period.start if period else None
    if not start:
        return False
    read = when(start)
    if isinstance(read, When):
        return read.day > on
    return bool(_PART.fullmatch(start)) and start > on.isoformat()[: len(start)]


def ages_on(birth: str, on: dt.date) -> tuple[int, ...]:
    """Return the ages in completed years that a birth date allows on a day; none if unreadable.

    Args:
        birth: ``1980-05-17``, or less of it.
        on: The day.
    """
    if _DAY.fullmatch(birth):
        span = (birth, birth)
    elif _PART.fullmatch(birth):
        whole = birth if "-" in birth else f"{birth}-01"
        last = birth if "-" in birth else f"{birth}-12"
        span = (f"{whole}-01", f"{last}-28")
    else:
        return ()
    try:
        first, latest = (dt.date.fromisoformat(text) for text in span)
        if birth != span[0]:
            # To the last day of the month, however long it is.
            latest = (latest + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return ()
    if latest > on:
        return ()
    return tuple(range(_years(latest, on), _years(first, on) + 1))


def last_day(text: str) -> dt.date | None:
    """Return the last day of a month or a year; None for anything else."""
    if not _PART.fullmatch(text):
        return None
    year, _, month = text.partition("-")
    try:
        first = dt.date(int(year), int(month or 12), 28)
        return (first + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def _years(birth: dt.date, on: dt.date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
