"""What all results share: whether one counts, and when it is from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ketatui.criteria.models.records import RecordFile
from ketatui.records.choosing import Candidate
from ketatui.records.patients import DELETED, Held
from ketatui.records.resources import Observation
from ketatui.records.times import When, last_day, when
from ketatui.records.values import Refused, read_resource

KIND = "Observation"
Judged = tuple[Observation, When] | Candidate | Refused
"""An observation that counts with its time; one that does not and yet hides older ones; or none."""


def judged(mapping: RecordFile, held: Held, on: dt.date) -> Judged:
    """Tell whether an observation counts.

    One that cannot be taken, and was not made in error either, says that something was measured
    then: to take an older one would say that nothing was.

    Args:
        mapping: Which statuses count, and which say that nothing was measured.
        held: The observation.
        on: The day that is asked for; what is from a later one is refused.
    """
    read = read_resource(held.resource, Observation)
    if isinstance(read, Refused):
        return _hides(mapping, held, read.because, on)
    if held.unsure:
        return _hides(mapping, held, held.unsure, on)
    because = barrier(mapping, read)
    if because is not None:
        return because if read.focus else _hides(mapping, held, because.because, on)
    at = time_of(read, on)
    return _hides(mapping, held, at.because, on) if isinstance(at, Refused) else (read, at)


def _hides(mapping: RecordFile, held: Held, because: str, on: dt.date) -> Candidate | Refused:
    if held.unsure == DELETED or held.resource.get("status") in mapping.void_statuses:
        return Refused(because)
    said = _said_time(held.resource)
    at = when(said)
    if isinstance(at, str):
        day = last_day(said)
        # Of this month or year, it may be from any day of it, but what is of today is newer.
        at = When(said, min(day, on - dt.timedelta(days=1))) if day is not None else because
    if isinstance(at, str) or at.day > on:
        return Refused(because)
    return Candidate(held.key, at, refusal=because)


def _said_time(resource: Mapping[str, Any]) -> str:
    period = resource.get("effectivePeriod")
    said = [resource.get("effectiveDateTime"), resource.get("effectiveInstant")]
    said += [period.get("end"), period.get("start")] if isinstance(period, Mapping) else []
    return next((text for text in said if isinstance(text, str) and text), "")


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
