"""The visits of many cases as one table (CSV), a row each: sessions and reviews of every course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ketatui.cases.courses import Course, Device, Event, Observation, Score, Visit
from ketatui.cases.integrity import CaseReading
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import VisitAssessment
from ketatui.course.knowledge import CourseKnowledge
from ketatui.cql import Value
from ketatui.criteria.course import has_course
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.engine import Knowledge
from ketatui.reports.cases_csv import NOT_ASKED, UNKNOWN, cell, csv_text, listed
from ketatui.reports.course_note import course_knowledge

_FIRST = (
    "id",
    "integrity",
    "practice",
    "course",
    "pathway",
    "basis",
    "site",
    "stopped",
    "stop_reason",
    "visit",
    "kind",
    "date",
    "planned_on",
    "first_dose_at",
    "last_dose_at",
    "weight_kg",
    "closed_at",
    "closed_by",
)
_ROWS = ("observations", "events", "devices", "scores", "notes", "earlier_readings", "overrides")
_JUDGED = ("criteria_id", "criteria_version", "criteria_digest", "local_policy", "assessed_for")
_DECISION = ("verdict", "findings", "open")

Row = tuple[str, ...]


def visit_header(pack: Pack) -> Row:
    """Return the names of the columns; they depend on the criteria only."""
    if not has_course(pack):
        return (*_FIRST, *_ROWS, *_JUDGED)
    course = pack.course
    decisions = [f"{ident}_{what}" for ident in course.decisions for what in _DECISION]
    return (*_FIRST, *_ROWS, *_JUDGED, *decisions, *course.derived, *course.questions)


def visit_rows(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Iterator[Row]:
    """Yield a row for each visit of a case, in the order of courses and visits.

    Args:
        knowledge: The criteria of today; their questions and facts are columns.
        reading: The case as read.
        today: The day visits are assessed for.

    Yields:
        As many cells as `visit_header` has names.
    """
    if not reading.case.courses:
        return
    judging = course_knowledge(knowledge)
    for course in reading.case.courses:
        for visit in course.in_order:
            first = _first(reading, course, visit)
            rows = _rows(course, visit)
            if judging is None:
                empty = len(visit_header(knowledge.pack)) - len(first) - len(rows)
                yield (*first, *rows, *("",) * empty)
            else:
                yield (*first, *rows, *_judged(judging, reading, course, visit, today))


def visits_table(knowledge: Knowledge, readings: Iterable[CaseReading], today: dt.date) -> str:
    """Write the visits of cases as CSV, a row each.

    Args:
        knowledge: The criteria of today; they name the columns.
        readings: The cases as read.
        today: The day visits are assessed for.

    Returns:
        The table with its header. No cell is a formula, or holds terminal control.
    """
    rows = (row for reading in readings for row in visit_rows(knowledge, reading, today))
    return csv_text(visit_header(knowledge.pack), rows)


def _first(reading: CaseReading, course: Course, visit: Visit) -> Row:
    case = reading.case
    return (
        case.id,
        reading.integrity.seal,
        cell(case.practice),
        course.id,
        course.pathway,
        course.basis,
        course.site,
        _day(course.stopped),
        course.stop_reason,
        str(visit.number),
        visit.kind,
        _day(visit.date),
        _day(visit.planned_on),
        _moment(visit.first_dose_at),
        _moment(visit.last_dose_at),
        cell(visit.weight_kg),
        _moment(visit.closed_at),
        visit.closed_by,
    )


def _rows(course: Course, visit: Visit) -> Row:
    rows = sorted(visit.observations, key=lambda item: item.minute)
    return (
        listed(map(_observation, rows)),
        listed(map(_event, visit.events)),
        listed(map(_device, visit.devices)),
        listed(_score(item) for item in course.scores if item.date == visit.date),
        listed(f"{ident}: {note}" for ident, note in visit.notes.items()),
        listed([*_readings(visit), *_corrected(visit)]),
        listed(f"{item.decision}:{item.rule}: {item.reason}" for item in visit.overrides),
    )


def _readings(visit: Visit) -> Iterator[str]:
    return (f"{item.question}: {item.value}" for item in visit.readings)


def _corrected(visit: Visit) -> Iterator[str]:
    """Yield the rows of a session that were corrected or struck out, as they stood."""
    for item in visit.corrected:
        what = "struck out" if item.struck else "corrected"
        if item.observation is not None:
            yield f"{what}: {_observation(item.observation)}"
        elif item.event is not None:
            yield f"{what}: {_event(item.event)}"


def _judged(
    knowledge: CourseKnowledge,
    reading: CaseReading,
    course: Course,
    visit: Visit,
    today: dt.date,
) -> Iterator[str]:
    found = assess_visit(knowledge, reading.counted, course, visit, today, with_changes=False)
    yield from (
        found.pack_id,
        f"v{found.pack_version}",
        found.pack_digest,
        found.policy or "",
        found.on.isoformat(),
    )
    for item in found.decisions:
        yield item.verdict
        yield listed(finding.rule for finding in item.findings)
        yield listed(rule.rule for rule in item.open)
    for ident in knowledge.pack.derived:
        yield _value(found.values.get(ident))
    for ident in knowledge.pack.questions:
        yield _answer(visit, found, ident)


def _answer(visit: Visit, found: VisitAssessment, ident: str) -> str:
    """Return what was answered; an answer that does not count because it is not asked is none."""
    if found.asked.get(ident) is False:
        return NOT_ASKED
    if ident in visit.unknown:
        return UNKNOWN
    return cell(visit.answers.get(ident))


def _value(value: Value) -> str:
    return listed(map(str, value)) if isinstance(value, tuple | frozenset) else cell(value)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _moment(moment: dt.datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _named(pairs: Iterable[tuple[str, object]]) -> str:
    """Join the parts of a row that are known, each with its name."""
    return " ".join(f"{name}={value}" for name, value in pairs if value not in (None, ""))


def _observation(row: Observation) -> str:
    parts = (
        "minute",
        "systolic",
        "diastolic",
        "heart_rate",
        "respiratory_rate",
        "spo2",
        "sedation",
        "dissociation",
    )
    return _named((part, getattr(row, part)) for part in parts)


def _event(event: Event) -> str:
    serious = None if event.serious is None else cell(event.serious)
    said = _named(
        (
            ("onset_minute", event.onset_minute),
            ("end_minute", event.end_minute),
            ("severity", event.severity),
            ("serious", serious),
            ("reported_on", event.reported_on),
        )
    )
    return f"{event.term} [{said}]" if said else event.term


def _device(device: Device) -> str:
    used = None if device.used is None else cell(device.used)
    wasted = None if device.wasted_mg is None else number_text(device.wasted_mg)
    return _named(
        (("lot", device.lot), ("serial", device.serial), ("used", used), ("wasted_mg", wasted))
    )


def _score(score: Score) -> str:
    return f"{score.instrument}={number_text(score.value)}"
