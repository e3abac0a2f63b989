"""What can be used in a case file and is told all the same: keys that nobody reads, odd moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Protocol

from ketatui.cases.answers import ROWS
from ketatui.cases.complaints import MOST_PROBLEMS, Place, called
from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.criteria.models import SET_ASIDE
from ketatui.criteria.pack import Pack
from ketatui.toml_structs import unknown_keys

_READ_ELSEWHERE = frozenset({"expect", "visit", "on", "proposals", "attempt"})
"""What a case that is used as a test says of itself, what a record proposed, a practice run."""
_STORY = "story"
"""A case with one is written for practice, and what else it says is read there."""
_KEYS = {field: key for key, field in ROWS.items()}
_WEST, _EAST = dt.timedelta(hours=12), dt.timedelta(hours=14)
"""How far local time is behind and ahead of universal time at most."""


class _Effects(Protocol):
    @property
    def effects(self) -> Mapping[str, str]: ...


def remarks_on(case: Case, pack: Pack, on: dt.date) -> Iterator[tuple[Place, str]]:
    """Find what a case's file holds that somebody will have meant otherwise.

    Args:
        case: As it was read.
        pack: The criteria it was read with.
        on: Today.

    Yields:
        Where it stands, as the file has it, and what there is to say.
    """
    for first, *inner in unknown_keys(case):
        if inner or not (first in _READ_ELSEWHERE or _STORY in case.extra):
            place = (_KEYS.get(str(first), first), *inner) if inner else (first,)
            yield place, "there is no such key: kept as it is, and not read"
    for number, aside in enumerate(case.decision.overrides):
        if message := _sets_nothing_aside(pack.rules, aside.pathway, aside.rule):
            yield ("decision", "overrides", number, "rule"), message
    for at, course in enumerate(case.courses):
        for number, visit in enumerate(course.visits):
            yield from _in_visit(course, visit, ("courses", at, "visits", number), pack, on)


def remarks_data(case: Case, pack: Pack, on: dt.date) -> dict[str, list[str]]:
    """Return the key that stands in the JSON of a case with remarks; none for another.

    Args:
        case: As it was read.
        pack: The criteria it was read with.
        on: Today.
    """
    found = islice(remarks_on(case, pack, on), MOST_PROBLEMS)
    said = [f"{called(place)}: {text}" for place, text in found]
    return {"remarks": said} if said else {}


def _in_visit(
    course: Course, visit: Visit, place: Place, pack: Pack, on: dt.date
) -> Iterator[tuple[Place, str]]:
    begun = visit.first_dose_at
    if begun is not None and not _can_be_on(begun, visit.date):
        message = f"is of another day than the visit, whose date counts: {visit.date}"
        yield (*place, "first_dose_at"), message
    for number, event in enumerate(visit.events):
        reported = (*place, "events", number, "reported_on")
        if event.reported_on is not None and event.reported_on < visit.date:
            yield reported, f"{event.reported_on} is before the visit, which is of {visit.date}"
        elif event.reported_on is not None and event.reported_on > on:
            message = f"{event.reported_on} is after today, {on}; the event counts as reported"
            yield reported, message
    for number, aside in enumerate(visit.overrides):
        if message := _sets_nothing_aside(pack.course.rules, course.pathway, aside.rule):
            yield (*place, "overrides", number, "rule"), message


def _sets_nothing_aside(rules: Mapping[str, _Effects], pathway: str, rule: str) -> str:
    """Say why an override has no effect; empty where it has, or may have."""
    effect = rules[rule].effects.get(pathway) if rule in rules else None
    if effect is None:
        return f"{rule!r} is no rule for {pathway} here: nothing is set aside"
    if effect in SET_ASIDE:
        return ""
    return f"{rule!r} is {effect} for {pathway}, which cannot be set aside"


def _can_be_on(moment: dt.datetime, day: dt.date) -> bool:
    """Tell whether a moment is of a day somewhere: not every writer keeps the local offset.

    Counted from the first day there is, so that no moment at an end of the calendar is too much.
    """
    whole = dt.timedelta(days=1)
    since = (moment.toordinal() - day.toordinal()) * whole
    since += dt.datetime.combine(day, moment.time()) - dt.datetime.combine(day, dt.time())
    since -= moment.utcoffset() or dt.timedelta()
    return -_EAST <= since < whole + _WEST
