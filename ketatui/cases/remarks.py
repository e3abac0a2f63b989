"""What can be used in a case file and is told all the same: keys that nobody reads, odd moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice

from ketatui.cases.answers import ROWS
from ketatui.cases.complaints import MOST_PROBLEMS, Place, called
from ketatui.cases.model import Case
from ketatui.toml_structs import OpenTable, field_names

_ALLOWED = frozenset({"expect", "visit", "on"})
"""What a case that is used as a test says of itself."""
_KEYS = {field: key for key, field in ROWS.items()}
_WEST, _EAST = dt.timedelta(hours=12), dt.timedelta(hours=14)
"""How far local time is behind and ahead of universal time at most."""


def remarks_on(case: Case) -> Iterator[tuple[Place, str]]:
    """Find what a case's file holds that somebody will have meant otherwise.

    Args:
        case: As it was read.

    Yields:
        Where it stands, as the file has it, and what there is to say.
    """
    for place in _unread(case, ()):
        if place[0] not in _ALLOWED:
            yield place, "there is no such key: kept as it is, and not read"
    for at, course in enumerate(case.courses):
        for number, visit in enumerate(course.visits):
            begun, place = visit.first_dose_at, ("courses", at, "visits", number)
            if begun is not None and not _can_be_on(begun, visit.date):
                message = f"is of another day than the visit, whose date counts: {visit.date}"
                yield (*place, "first_dose_at"), message


def remarks_data(case: Case) -> dict[str, list[str]]:
    """Return the key that stands in the JSON of a case with remarks; none for another.

    Args:
        case: As it was read.
    """
    said = [f"{called(place)}: {text}" for place, text in islice(remarks_on(case), MOST_PROBLEMS)]
    return {"remarks": said} if said else {}


def _unread(value: object, place: Place) -> Iterator[Place]:
    if isinstance(value, OpenTable):
        yield from ((*place, key) for key in value.extra)
        for name in field_names(type(value)):
            key = name if place else _KEYS.get(name, name)
            yield from _unread(getattr(value, name), (*place, key))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _unread(item, (*place, number))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unread(item, (*place, key))


def _can_be_on(moment: dt.datetime, day: dt.date) -> bool:
    """Tell whether a moment is of a day somewhere: not every writer keeps the local offset."""
    universal = moment.astimezone(dt.UTC)
    return (universal - _WEST).date() <= day <= (universal + _EAST).date()
