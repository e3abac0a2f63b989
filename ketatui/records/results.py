"""What all results share: whether one counts, and when it is from."""

from __future__ import annotations

import datetime as dt

from ketatui.criteria.models import RecordFile
from ketatui.records.resources import Observation
from ketatui.records.times import When, when
from ketatui.records.values import Refused

KIND = "Observation"


def barrier(mapping: RecordFile, read: Observation) -> Refused | None:
    """Say why an observation does not count; None if it does."""
    if read.status not in mapping.statuses:
        return Refused(f"its status is {read.status or 'not said'}")
    if read.focus:
        return Refused("it is about somebody or something else than the patient")
    return None


def time_of(read: Observation, on: dt.date) -> When | Refused:
    """Return when an observation was made.

    Args:
        read: The observation.
        on: The day that is asked for; what is from a later one is refused.
    """
    period = read.effective_period
    said = read.effective_date_time or read.effective_instant
    if not said and period is not None:
        said = period.end or period.start
    return dated(said, on)


def dated(said: str | None, on: dt.date) -> When | Refused:
    """Read a date that is not to lie after the day that is asked for."""
    if not said:
        return Refused("it has no date of its own")
    at = when(said)
    if isinstance(at, str):
        return Refused(at)
    return Refused("dated after the day that is asked for") if at.day > on else at
