"""A visit in one line, for the chart of whoever keeps one elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.past import dose_of
from ketatui.course.vocabulary import DEVICES_USED, DIASTOLIC, END, EVENTS_REVIEWED, SPO2, SYSTOLIC
from ketatui.cql import Value
from ketatui.printable import printable
from ketatui.reports.course_words import (
    dose_text,
    event_text,
    least,
    most_dissociation,
    pressure_text,
    pressures,
)
from ketatui.reports.visit_summary import value_of


def chart_line(
    knowledge: CourseKnowledge, case: Case, course: Course, visit: Visit, on: dt.date
) -> str:
    """Say a visit in one line: what was given, measured and seen, and what is still open.

    Args:
        knowledge: The compiled course.
        case: The case.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today.

    Returns:
        One line without anything a terminal could act on. What is not recorded is said so.
    """
    found = assess_visit(knowledge, case, course, visit, on, with_changes=False)
    parts = [_begin(knowledge, course, visit, found.values)]
    if visit.kind == "session":
        parts += _session(visit, found.values)
    parts += _scores(knowledge, course, found.values)
    parts += _open(knowledge, visit, found)
    return " ".join(printable(" ".join(".".join([part.rstrip("."), ""]).split())) for part in parts)


def _begin(
    knowledge: CourseKnowledge, course: Course, visit: Visit, facts: Mapping[str, Value]
) -> str:
    title = knowledge.screening.pack.pathways[course.pathway].short
    if visit.kind == "review":
        return f"{visit.date} {title}, review"
    said = f"{visit.date} {title} {dose_text(visit)}"
    per_kg = facts.get("visit.mg_per_kg")
    if per_kg is not None and dose_of(visit):
        said += f" ({value_of(knowledge, 'visit.mg_per_kg', per_kg)})"
    devices = visit.answers.get(DEVICES_USED)
    if devices is not None:
        said += f", {devices} devices" if devices != 1 else ", 1 device"
    number, week = facts.get("course.session"), facts.get("course.week")
    if number is not None and dose_of(visit):
        said += f", session {number}"
    return f"{said}, week {week}" if week is not None else said


def _session(visit: Visit, facts: Mapping[str, Value]) -> Iterator[str]:
    before = pressure_text(facts.get(SYSTOLIC), facts.get(DIASTOLIC))
    yield f"BP before {before}, SpO2 {_said(facts.get(SPO2), '%')}"
    if not dose_of(visit):
        return
    if rows := pressures(visit):
        peak = max(rows, key=lambda row: row.systolic or 0)
        yield (
            f"Highest {pressure_text(peak.systolic, peak.diastolic)} at {peak.minute} min, "
            f"last {pressure_text(rows[-1].systolic, rows[-1].diastolic)} at {rows[-1].minute} min"
        )
    else:
        yield "No BP recorded after the dose"
    yield (
        f"Lowest SpO2 {_said(least(visit, 'spo2'), '%')}, lowest MOAA/S "
        f"{_said(least(visit, 'sedation'))}, dissociation at most {_said(most_dissociation(visit))}"
    )
    yield _events(visit)
    end, after = facts.get(END), facts.get("visit.minutes_after_last")
    if end is None:
        yield "Leaving not recorded"
    else:
        later = f", {after} min after the dose was complete" if after != end else ""
        yield f"Left at {end} min{later}"


def _said(value: Value, unit: str = "") -> str:
    return "not recorded" if value is None else f"{value}{f' {unit}' if unit else ''}"


def _events(visit: Visit) -> str:
    if visit.events:
        return "Events: " + "; ".join(event_text(event) for event in visit.events)
    if visit.answers.get(EVENTS_REVIEWED) is True:
        return "No events"
    return "Events not asked about"


def _scores(
    knowledge: CourseKnowledge, course: Course, facts: Mapping[str, Value]
) -> Iterator[str]:
    now, baseline = facts.get("score.now"), facts.get("score.baseline")
    if now is None or baseline is None:
        return
    change = facts.get("score.change_percent")
    scale = knowledge.pack.instruments.get(course.instrument or "")
    title = scale.title if scale else "Score"
    fell = f", {change} % better" if change is not None else ""
    yield f"{title} {baseline} then, {now} now{fell}"


def _open(knowledge: CourseKnowledge, visit: Visit, assessment: VisitAssessment) -> Iterator[str]:
    """Yield how each decision stands, as far as it says more than that nothing is against it."""
    words = knowledge.pack.info.words
    for item in decided_at(knowledge.pack, visit, assessment.decisions):
        if item.verdict == "fits":
            continue
        names = [
            f"{found.title}, not excluded" if found.not_excluded else found.title
            for found in item.findings
        ]
        open_rules = len(item.open)
        if open_rules:
            names.append(f"{open_rules} rules open" if open_rules > 1 else "1 rule open")
        short = knowledge.pack.decisions[item.id].short
        yield f"{short}: {words[item.verdict].title} ({'; '.join(names)})"
