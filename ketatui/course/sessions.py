"""The calculated facts of one session: its dose, its clock, its observations and events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ketatui.cases.courses import Event, Observation
from ketatui.course.vocabulary import (
    DOSE,
    DOSING_WEIGHT,
    END,
    EVENTS,
    EVENTS_REVIEWED,
    OBSERVATIONS,
)
from ketatui.cql import Value
from ketatui.criteria.models import Derived
from ketatui.criteria.models.course import ScheduleFile
from ketatui.engine.calculations import Working
from ketatui.structs import Frozen

_TWO_DECIMALS = Decimal("0.01")
LEAVE_WINDOW = "leave_window"
"""The threshold how many minutes before leaving what was seen last still counts."""
_AT_40 = ("pressure_at_40_from", "pressure_at_40_to")

AFTER_LAST = "visit.minutes_after_last"
"""The fact that grows while nothing is done: rules that read it are met by waiting."""


@dataclass(frozen=True)
class Session:
    """What calculations read of one session.

    Attributes:
        pathway: Of its course.
        observations: As they stand in the file.
        events: Likewise.
        values: Effective answers and the facts so far.
        thresholds: In force.
        complete: The question that tells at which minute the dose was complete; None where it is
            at once.
    """

    pathway: str
    observations: Sequence[Observation]
    events: Sequence[Event]
    values: Mapping[str, Value]
    thresholds: Mapping[str, Decimal]
    complete: str | None = None

    def number(self, ident: str) -> Decimal | None:
        """Return an effective value as a number."""
        value = self.values.get(ident)
        return Decimal(value) if isinstance(value, int | Decimal) else None

    def missing(self, *idents: str) -> tuple[str, ...]:
        """Return those of some facts that are null."""
        return tuple(ident for ident in idents if self.values.get(ident) is None)


class OfSession(Frozen, frozen=True):
    """How a fact of one session comes about.

    Attributes:
        value: From the session to its value.
        waits: While the value is null: the questions, facts and tables that can still settle it.
        reads: The questions, facts and tables that can change it.
        thresholds: Those that it compares with.
    """

    value: Callable[[Session], Value]
    waits: Callable[[Session], tuple[str, ...]]
    reads: tuple[str, ...]
    thresholds: tuple[str, ...] = ()


def calculated(
    schedule: ScheduleFile, working: Working, fact: Derived
) -> tuple[Value, tuple[str, ...]]:
    """Work out a fact of a session, for the engine."""
    tables, pathway = working.given.tables, str(working.values.get("course.pathway"))
    session = Session(
        pathway,
        tables.get(OBSERVATIONS, ()),
        tables.get(EVENTS, ()),
        working.values,
        working.pack.threshold_values,
        schedule.clock(pathway).minutes,
    )
    item = SESSION[fact.id]
    value = item.value(session)
    if value is not None:
        return value, ()
    waits = item.waits(session)
    # Rows that cannot tell are rows that more could come after.
    working.unfinished.update(waits)
    return None, waits


def _mg_per_kg(state: Session) -> Decimal | None:
    dose, weight = state.number(DOSE), state.number(DOSING_WEIGHT)
    if dose is None or weight is None:
        return None
    return (dose / weight).quantize(_TWO_DECIMALS, ROUND_HALF_UP)


def _clock(state: Session) -> tuple[str, ...]:
    return (END, state.complete) if state.complete else (END,)


def _minutes_after_last(state: Session) -> int | None:
    end, *complete = (state.number(ident) for ident in _clock(state))
    if end is None or None in complete:
        return None
    return int(end - sum(minute for minute in complete if minute is not None))


def by_minute(observations: Sequence[Observation], part: str) -> list[tuple[int, Any]]:
    """Return what observations say of one part, in order: minute and value.

    Args:
        observations: Of a session, in any order; of one minute the later row is the later one.
        part: A field, such as ``systolic``.
    """
    rows = [(item.minute, getattr(item, part)) for item in observations]
    return sorted((row for row in rows if row[1] is not None), key=lambda row: row[0])


def _last(part: str) -> OfSession:
    """Return the value before leaving: the last one, if it is recent enough by then."""

    def value(state: Session) -> Value:
        rows, end = by_minute(state.observations, part), state.number(END)
        if not rows or end is None:
            return None
        minute, found = rows[-1]
        recent = minute >= end - state.thresholds[LEAVE_WINDOW]
        return found if recent else None

    def waits(state: Session) -> tuple[str, ...]:
        seen = bool(by_minute(state.observations, part))
        if state.values.get(END) is None:
            return (END,) if seen else (END, OBSERVATIONS)
        return (OBSERVATIONS,)

    return OfSession(value, waits, (END, OBSERVATIONS), (LEAVE_WINDOW,))


def _of_rows(value: Callable[[Session], Value], thresholds: tuple[str, ...] = ()) -> OfSession:
    return OfSession(value, lambda state: (OBSERVATIONS,), (OBSERVATIONS,), thresholds)


def _extreme(part: str, best: Callable[[list[Any]], Any]) -> OfSession:
    def value(state: Session) -> Value:
        rows = [found for _, found in by_minute(state.observations, part)]
        return best(rows) if rows else None

    return _of_rows(value)


def _previous_systolic(state: Session) -> int | None:
    rows = by_minute(state.observations, "systolic")
    return rows[-2][1] if len(rows) > 1 else None


def _bp_at_40(state: Session) -> bool:
    rows = by_minute(state.observations, "systolic")
    first, last = (state.thresholds[name] for name in _AT_40)
    return any(first <= minute <= last for minute, _ in rows)


def _any_event(state: Session) -> bool | None:
    if state.events:
        return True
    return False if state.values.get(EVENTS_REVIEWED) is True else None


def _unreported(state: Session) -> list[Event]:
    return [item for item in state.events if item.reported_on is None]


def _event_unreported(state: Session) -> bool | None:
    if _unreported(state):
        return True
    known = _any_event(state)
    return False if known is True else known


def _serious_unreported(state: Session) -> bool | None:
    rows = _unreported(state)
    if any(item.serious for item in rows):
        return True
    if any(item.serious is None for item in rows) or _any_event(state) is None:
        return None
    return False


def _wait_for_events(state: Session) -> tuple[str, ...]:
    if state.events:
        return (EVENTS,)
    # Once it was asked and answered with no, only rows can tell.
    return (
        (EVENTS_REVIEWED,)
        if state.values.get(EVENTS_REVIEWED) is None
        else (EVENTS_REVIEWED, EVENTS)
    )


def _event(value: Callable[[Session], Value]) -> OfSession:
    return OfSession(value, _wait_for_events, (EVENTS_REVIEWED, EVENTS))


LAST_SEEN: Mapping[str, str] = {
    "visit.last_systolic": "systolic",
    "visit.last_diastolic": "diastolic",
    "visit.last_spo2": "spo2",
    "visit.last_sedation": "sedation",
    "visit.last_dissociation": "dissociation",
}
"""Facts of what was seen last before leaving, with the part of an observation each is of."""

SESSION: Mapping[str, OfSession] = {
    "visit.mg_per_kg": OfSession(
        _mg_per_kg, lambda state: state.missing(DOSE, DOSING_WEIGHT), (DOSE, DOSING_WEIGHT)
    ),
    AFTER_LAST: OfSession(
        _minutes_after_last,
        lambda state: state.missing(*_clock(state)),
        ("course.pathway", END),
    ),
    "visit.bp_at_40": _of_rows(_bp_at_40, _AT_40),
    **{ident: _last(part) for ident, part in LAST_SEEN.items()},
    "visit.previous_systolic": _of_rows(_previous_systolic),
    "visit.lowest_spo2": _extreme("spo2", min),
    "visit.lowest_sedation": _extreme("sedation", min),
    "visit.highest_systolic": _extreme("systolic", max),
    "visit.highest_diastolic": _extreme("diastolic", max),
    "visit.any_event": _event(_any_event),
    "visit.event_unreported": _event(_event_unreported),
    "visit.serious_unreported": _event(_serious_unreported),
}
"""Facts of one session, by id."""


def read_for(schedule: ScheduleFile, fact: str) -> tuple[str, ...]:
    """Return what can change a fact of a session: questions, facts and tables."""
    item = SESSION[fact]
    if fact != AFTER_LAST:
        return item.reads
    return *item.reads, *(clock.minutes for clock in schedule.clocks if clock.minutes)
