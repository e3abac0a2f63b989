"""The rows of a session being worked on: correcting one, striking it out, saying more of one."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Event, Observation, Visit
from ketatui.consultation.score_entry import parse_day
from ketatui.consultation.treatment import Treatment
from ketatui.course import edits as e
from ketatui.course.entry_line import Entry, parse_line
from ketatui.structs import Frozen


class RowPlace(Frozen, frozen=True):
    """Which row of a session: an event or an observation, and its place among these."""

    event: bool
    place: int


def rows_in_order(visit: Visit) -> list[RowPlace]:
    """Return the rows as they are shown: observations by minute, then events."""
    seen = sorted(range(len(visit.observations)), key=lambda at: visit.observations[at].minute)
    events = range(len(visit.events))
    return [*(RowPlace(False, at) for at in seen), *(RowPlace(True, at) for at in events)]


def row_at(visit: Visit, where: RowPlace) -> Observation | Event:
    """Return a row.

    Raises:
        IndexError: There is none.
    """
    return visit.events[where.place] if where.event else visit.observations[where.place]


def line_of(row: Observation | Event) -> str | None:
    """Return the line that says a row; None for one that no line can say."""
    text = _event_line(row) if isinstance(row, Event) else _observation_line(row)
    found = parse_line(text, None, ahead=True)
    return text if not found.problem and corrected_row(row, found) == row else None


def _observation_line(row: Observation) -> str:
    parts = [] if row.systolic is None else [f"{row.systolic}/{row.diastolic}"]
    bare = (row.spo2, row.sedation, row.dissociation)
    parts += [str(value) for value in bare if value is not None]
    named = (("hr", row.heart_rate), ("rr", row.respiratory_rate))
    parts += [f"{name} {value}" for name, value in named if value is not None]
    return " ".join([*parts, f"@{row.minute}"])


def _event_line(row: Event) -> str:
    parts = [row.term]
    if row.onset_minute is not None:
        parts.append(f"@{row.onset_minute}")
    if row.severity is not None:
        parts.append(row.severity)
    if row.serious is not None:
        parts.append("serious" if row.serious else "not serious")
    return " ".join(parts)


def corrected_row(row: Observation | Event, found: Entry) -> Observation | Event | None:
    """Return a row as a line says it should have been; None where the line is of another kind.

    What no line can say, such as to whom an event was reported, stays.
    """
    if isinstance(row, Event):
        said = found.event
        if said is None:
            return None
        return row.replaced(
            term=said.term,
            onset_minute=said.onset_minute,
            severity=said.severity,
            serious=said.serious,
        )
    seen = found.observation
    if seen is None:
        return None
    return row.replaced(
        minute=seen.minute,
        systolic=seen.systolic,
        diastolic=seen.diastolic,
        heart_rate=seen.heart_rate,
        respiratory_rate=seen.respiratory_rate,
        spo2=seen.spo2,
        sedation=seen.sedation,
        dissociation=seen.dissociation,
    )


def correct(
    treatment: Treatment,
    where: RowPlace,
    row: Observation | Event | None,
    *,
    at: dt.datetime,
    by: str = "",
) -> None:
    """Put another row in the place of one, or (None) strike it out; it stays on record.

    Args:
        treatment: The session.
        where: The row.
        row: As it should have been.
        at: When that is said.
        by: By whom.

    Raises:
        OSError: It could not be kept on disk; nothing has changed.
        ValueError: There is no such row.
    """
    treatment.do(
        e.CorrectRow(
            course=treatment.the_course().id,
            visit=treatment.the_visit().number,
            place=where.place,
            events=where.event,
            observation=row if isinstance(row, Observation) else None,
            event=row if isinstance(row, Event) else None,
            at=at,
            by=by,
        )
    )


def say_serious(
    treatment: Treatment, place: int, serious: bool | None, *, at: dt.datetime, by: str = ""
) -> None:
    """Say whether an event was serious; an answer that is changed stays on record; as `correct`."""
    event = treatment.the_visit().events[place]
    if event.serious == serious:
        return
    said = event.replaced(serious=serious)
    _say(treatment, place, said, event.serious is None, at=at, by=by)


def say_reported(
    treatment: Treatment, place: int, text: str, *, at: dt.datetime, by: str = ""
) -> str:
    """Say on which day an event was reported, and to whom; empty takes it away.

    Args:
        treatment: The visit.
        place: Of the event.
        text: ``2026-11-24 REMS``; the day alone is enough, and so is ``today``.
        at: The moment.
        by: Who says so.

    Returns:
        What is wrong with the text; empty where it was taken.
    """
    event, today = treatment.the_visit().events[place], treatment.consultation.today
    word, _, whom = text.strip().partition(" ")
    day = today if word.casefold() == "today" else parse_day(word)
    if word and (day is None or not treatment.the_visit().date <= day <= today):
        first = treatment.the_visit().date
        return f"{word} is no day it can have been reported on; allowed: {first} to {today}"
    said = event.replaced(reported_on=day if word else None, reported_to=whom.strip())
    if said != event:
        _say(treatment, place, said, event.reported_on is None, at=at, by=by)
    return ""


def _say(
    treatment: Treatment, place: int, event: Event, more: bool, *, at: dt.datetime, by: str
) -> None:
    """Write an event: saying more of it is no correction of what was said."""
    if not more:
        correct(treatment, RowPlace(True, place), event, at=at, by=by)
        return
    rows = treatment.the_visit().events
    rows = (*rows[:place], event, *rows[place + 1 :])
    course, visit = treatment.the_course().id, treatment.the_visit().number
    treatment.do(e.SetEvents(course=course, visit=visit, rows=rows))
