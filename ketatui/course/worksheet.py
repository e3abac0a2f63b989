"""The worksheet for a session's form: each field with its value, for transfer by hand.

It is no copy of the form. What the program never holds (names, addresses) is left to the chart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from ketatui.cases.courses import Course, Observation, Visit
from ketatui.cases.model import Case
from ketatui.course.facts import establish_visit
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.vocabulary import EVENTS_REVIEWED
from ketatui.cql import Condition, ExpressionError, Scope, Value, check, compile_expression, parse
from ketatui.criteria.models.course_papers import WorksheetField, WorksheetFile
from ketatui.criteria.problems import Problem
from ketatui.engine.facts import establish
from ketatui.structs import Frozen

_FILE = "course/worksheet.toml"
_DISSOCIATION = ("none", "mild", "moderate", "severe")


class Line(Frozen, frozen=True):
    """One field of the worksheet.

    Attributes:
        field: What the pack says of it.
        values: Values by the id of what they are, a pressure by ``observed.systolic`` and
            ``observed.diastolic``, lots by ``devices.lot``; empty where it is left to the chart.
    """

    field: WorksheetField
    values: Mapping[str, Value]

    @property
    def missing(self) -> bool:
        """Whether the form asks for it and nobody has said it yet."""
        left = self.field.chart
        return self.field.required and not left and all(v is None for v in self.values.values())


class Worksheet(Frozen, frozen=True):
    """What a form asks of one session, filled in.

    Attributes:
        form: What the pack says of the form.
        lines: Its fields, in the order of the form.
        due: The last day to send it.
    """

    form: WorksheetFile
    lines: tuple[Line, ...]
    due: dt.date


def worksheet(
    knowledge: CourseKnowledge, case: Case, course: Course, visit: Visit, on: dt.date
) -> Worksheet | None:
    """Fill in the worksheet of a session.

    Args:
        knowledge: The compiled course.
        case: The case.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today.

    Returns:
        It; None where no form is sent for such a session.
    """
    sheet = knowledge.pack.worksheet
    if sheet is None or visit.kind != "session":
        return None
    if (course.pathway, course.site) != (sheet.pathway, sheet.site):
        return None
    of_visit = establish_visit(knowledge, case, course, visit, on).values
    of_screening = establish(knowledge.screening, case).values
    compiled = _compiled(knowledge)

    def values(field: WorksheetField) -> dict[str, Value]:
        if field.shows:
            return {ident: _shown(of_visit, visit, ident) for ident in field.shows}
        if field.pressure:
            return _pressure(visit.observations, *field.pressure)
        if field.devices:
            lots = ", ".join(item.lot for item in visit.devices if item.lot)
            return {"devices.lot": lots or None}
        if field.id not in compiled:
            return {}
        facts = of_visit if field.when else of_screening
        return {field.id: compiled[field.id].value(facts)}

    days = next(form.days for form in knowledge.pack.schedule.forms if form.id == sheet.paper)
    lines = tuple(Line(field, values(field)) for field in sheet.fields)
    return Worksheet(sheet, lines, visit.date + dt.timedelta(days=days))


def why_no_worksheet(knowledge: CourseKnowledge, visit: Visit) -> str:
    """Say why there is no worksheet of a visit."""
    sheet = knowledge.pack.worksheet
    if sheet is None:
        return f"{knowledge.pack.info.id}: no form is sent for a session"
    return (
        f"no such form is sent for visit {visit.number}: it is for sessions of {sheet.pathway} at "
        f"{sheet.site}"
    )


def _pressure(rows: tuple[Observation, ...], first: int, last: int) -> dict[str, Value]:
    """Return the last pressure taken between two minutes."""
    inside = [row for row in rows if first <= row.minute <= last and row.systolic is not None]
    found = max(inside, key=lambda row: row.minute, default=None)
    return {
        "observed.systolic": found.systolic if found else None,
        "observed.diastolic": found.diastolic if found else None,
    }


def _worst_dissociation(visit: Visit) -> Value:
    seen = [row.dissociation for row in visit.observations if row.dissociation is not None]
    return max(seen, key=_DISSOCIATION.index, default=None)


def _serious_event(visit: Visit) -> Value:
    if any(event.serious for event in visit.events):
        return True
    unsaid = any(event.serious is None for event in visit.events)
    reviewed = visit.answers.get(EVENTS_REVIEWED) is True
    return False if reviewed and not unsaid else None


_OF_RECORD: Mapping[str, Callable[[Visit], Value]] = {
    "visit.date": lambda visit: visit.date.isoformat(),
    "visit.worst_dissociation": _worst_dissociation,
    "visit.serious_event": _serious_event,
}
"""What a form asks and no rule reads, by id."""


def _shown(facts: Mapping[str, Value], visit: Visit, ident: str) -> Value:
    return _OF_RECORD[ident](visit) if ident in _OF_RECORD else facts.get(ident)


@lru_cache(maxsize=4)
def _compiled(knowledge: CourseKnowledge) -> dict[str, Condition]:
    """Compile the expressions of the worksheet that there is, by field."""
    sheet = knowledge.pack.worksheet
    assert sheet is not None
    found: dict[str, Condition] = {}
    for field in sheet.fields:
        text = field.when or field.screening
        if text is not None:
            scope = _scope(knowledge, sheet, field)
            node = parse(text)
            check(node, scope)
            found[field.id] = compile_expression(text, node, scope.thresholds)
    return found


def _scope(knowledge: CourseKnowledge, sheet: WorksheetFile, field: WorksheetField) -> Scope:
    return knowledge.pathways[sheet.pathway].scope if field.when else knowledge.screening.scope


def check_worksheet(knowledge: CourseKnowledge) -> Iterator[Problem]:
    """Find expressions that are wrong, and ids that nobody knows.

    Args:
        knowledge: The compiled course.

    Yields:
        Problems, located in the worksheet's file.
    """
    sheet = knowledge.pack.worksheet
    if sheet is None:
        return
    if sheet.pathway not in knowledge.pathways:
        yield knowledge.pack.problem_in(_FILE, "pathway", f"unknown pathway {sheet.pathway!r}")
        return
    scope = knowledge.pathways[sheet.pathway].scope
    for number, field in enumerate(sheet.fields):
        for ident in field.shows:
            if ident not in scope.facts and ident not in _OF_RECORD:
                message = f"{field.id}: there is no {ident!r} to show"
                yield knowledge.pack.problem_in(_FILE, "shows", message, "fields", number)
        text = field.when or field.screening
        try:
            if text is not None:
                check(parse(text), _scope(knowledge, sheet, field))
        except ExpressionError as error:
            key = "when" if field.when else "screening"
            message = f"{field.id}: {error} in: {text}"
            yield knowledge.pack.problem_in(_FILE, key, message, "fields", number)
