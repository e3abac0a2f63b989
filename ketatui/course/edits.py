"""Edits of a course: every way its visits can change, as data.

An edit goes to the journal before it is shown, and a killed session is rebuilt by applying its
edits again. That is why applying is a pure function and times come with the edit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal

from ketatui.cases.courses import (
    Course,
    Device,
    EarlierReading,
    Event,
    Observation,
    Score,
    Visit,
    VisitOverride,
)
from ketatui.cases.json_form import from_json, to_json
from ketatui.cases.model import Case
from ketatui.criteria.course import CoursePack
from ketatui.tables import ClosedTable, plain, read_table


class _Edit(ClosedTable, frozen=True, kw_only=True):
    """Base of every edit; ``do`` says which it is."""

    course: str
    """The course's id."""


class _VisitEdit(_Edit, frozen=True, kw_only=True):
    visit: int
    """The visit's number."""


class AddCourse(_Edit, frozen=True, kw_only=True):
    """Begin a course, after those there are."""

    do: Literal["add_course"] = "add_course"
    plan: Course


class SetPlan(_Edit, frozen=True, kw_only=True):
    """Change what a course plans, or stop it; visits and scores stay."""

    do: Literal["plan"] = "plan"
    plan: Course


class SetScores(_Edit, frozen=True, kw_only=True):
    """Replace the scores."""

    do: Literal["scores"] = "scores"
    rows: tuple[Score, ...]


class AddVisit(_Edit, frozen=True, kw_only=True):
    """Add a visit."""

    do: Literal["add_visit"] = "add_visit"
    row: Visit


class MoveVisit(_VisitEdit, frozen=True, kw_only=True):
    """Give a visit another day."""

    do: Literal["move"] = "move"
    date: dt.date


class SetVisitAnswer(_VisitEdit, frozen=True, kw_only=True):
    """Answer a question, clear it (value None), or mark it as impossible to establish.

    ``again`` says that a value was taken again: the first one stays in the record.
    """

    do: Literal["answer"] = "answer"
    question: str
    value: bool | int | str | None = None
    """A measurement is kept as text, so that no digit is lost on the way."""
    unknown: bool = False
    again: bool = False
    at: dt.datetime | None = None
    by: str = ""


class SetObservations(_VisitEdit, frozen=True, kw_only=True):
    """Replace the observations of a session."""

    do: Literal["observations"] = "observations"
    rows: tuple[Observation, ...]


class SetEvents(_VisitEdit, frozen=True, kw_only=True):
    """Replace the events of a session."""

    do: Literal["events"] = "events"
    rows: tuple[Event, ...]


class SetDevices(_VisitEdit, frozen=True, kw_only=True):
    """Replace what was taken from stock."""

    do: Literal["devices"] = "devices"
    rows: tuple[Device, ...]


class SetClock(_VisitEdit, frozen=True, kw_only=True):
    """Set the moments of the first and the last dose."""

    do: Literal["clock"] = "clock"
    first: dt.datetime | None = None
    last: dt.datetime | None = None


class SetVisitNote(_VisitEdit, frozen=True, kw_only=True):
    """Write or (empty) remove the note on a question."""

    do: Literal["note"] = "note"
    question: str
    text: str


class SetPaper(_VisitEdit, frozen=True, kw_only=True):
    """Record the day a paper was sent or signed, or (None) that it was not."""

    do: Literal["paper"] = "paper"
    paper: str
    on: dt.date | None = None


class SetWeight(_VisitEdit, frozen=True, kw_only=True):
    """Record a weight taken anew, in kg as text, or (None) that it was not."""

    do: Literal["weight"] = "weight"
    weight_kg: str | None = None


class SetVisitOverrides(_VisitEdit, frozen=True, kw_only=True):
    """Replace the findings that are set aside."""

    do: Literal["overrides"] = "overrides"
    rows: tuple[VisitOverride, ...]


class CloseVisit(_VisitEdit, frozen=True, kw_only=True):
    """Close a visit, or (None) open it again."""

    do: Literal["close"] = "close"
    at: dt.datetime | None = None
    by: str = ""


CourseEdit = (
    AddCourse
    | SetPlan
    | SetScores
    | AddVisit
    | MoveVisit
    | SetVisitAnswer
    | SetObservations
    | SetEvents
    | SetDevices
    | SetClock
    | SetVisitNote
    | SetPaper
    | SetWeight
    | SetVisitOverrides
    | CloseVisit
)
_KINDS: dict[str, type[CourseEdit]] = {
    "add_course": AddCourse,
    "plan": SetPlan,
    "scores": SetScores,
    "add_visit": AddVisit,
    "move": MoveVisit,
    "answer": SetVisitAnswer,
    "observations": SetObservations,
    "events": SetEvents,
    "devices": SetDevices,
    "clock": SetClock,
    "note": SetVisitNote,
    "paper": SetPaper,
    "weight": SetWeight,
    "overrides": SetVisitOverrides,
    "close": CloseVisit,
}


def to_data(edit: CourseEdit) -> dict[str, Any]:
    """Return the JSON form of an edit, exact to the digit."""
    return {key: to_json(value) for key, value in plain(edit).items()}


def from_data(data: Mapping[str, Any]) -> CourseEdit:
    """Read an edit back.

    Raises:
        ValueError: The data are no edit.
    """
    kind = _KINDS.get(str(data.get("do", "")))
    if kind is None:
        raise ValueError(f"no such edit: {data.get('do')!r}")
    return read_table({key: from_json(value) for key, value in data.items()}, kind)


def apply(pack: CoursePack, case: Case, edit: CourseEdit) -> Case:
    """Return the case with an edit applied; the case itself stays as it is.

    Args:
        pack: The course of the pack.
        case: The case before.
        edit: What is done.

    Returns:
        The case after.

    Raises:
        KeyError: There is no such course, visit or question.
        ValueError: There is a course of this id, or a visit of this number, already.
    """
    if isinstance(edit, AddCourse):
        if edit.course in {item.id for item in case.courses} or edit.course != edit.plan.id:
            raise ValueError(f"there is a course {edit.course} already")
        return case.replaced(courses=(*case.courses, edit.plan))
    place = _place(case, edit.course)
    changed = _in_course(pack, case.courses[place], edit)
    courses = (*case.courses[:place], changed, *case.courses[place + 1 :])
    return case.replaced(courses=courses)


def _place(case: Case, ident: str) -> int:
    for place, course in enumerate(case.courses):
        if course.id == ident:
            return place
    raise KeyError(ident)


def _in_course(pack: CoursePack, course: Course, edit: CourseEdit) -> Course:
    match edit:
        case SetPlan():
            return edit.plan.replaced(id=course.id, visits=course.visits, scores=course.scores)
        case SetScores():
            return course.replaced(scores=edit.rows)
        case AddVisit():
            if course.visit(edit.row.number) is not None:
                raise ValueError(f"there is a visit {edit.row.number} already")
            return course.replaced(visits=(*course.visits, edit.row))
        case _VisitEdit():
            if course.visit(edit.visit) is None:
                raise KeyError(edit.visit)
            change: Callable[[Visit], Visit] = lambda visit: _in_visit(pack, visit, edit)  # noqa: E731
            visits = (change(item) if item.number == edit.visit else item for item in course.visits)
            return course.replaced(visits=tuple(visits))
    raise ValueError(f"no such edit: {edit!r}")


def _in_visit(pack: CoursePack, visit: Visit, edit: CourseEdit) -> Visit:
    match edit:
        case MoveVisit():
            return visit.replaced(date=edit.date)
        case SetVisitAnswer():
            return _answered(pack, visit, edit)
        case SetClock():
            return visit.replaced(first_dose_at=edit.first, last_dose_at=edit.last)
        case SetVisitNote():
            return visit.replaced(notes=_with(visit.notes, edit.question, edit.text or None))
        case SetPaper():
            return visit.replaced(papers=_with(visit.papers, edit.paper, edit.on))
        case SetWeight():
            weight = None if edit.weight_kg is None else Decimal(edit.weight_kg)
            return visit.replaced(weight_kg=weight)
        case CloseVisit():
            return visit.replaced(closed_at=edit.at, closed_by=edit.by)
        case SetObservations() | SetEvents() | SetDevices() | SetVisitOverrides():
            return visit.replaced(**{edit.do: edit.rows})
    raise ValueError(f"no such edit: {edit!r}")


def _with(table: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    kept = {name: item for name, item in table.items() if name != key}
    return kept if value is None else {**kept, key: value}


def _answered(pack: CoursePack, visit: Visit, edit: SetVisitAnswer) -> Visit:
    ident = edit.question
    question = pack.questions[ident]
    value: Any = edit.value
    if value is not None and question.kind == "decimal":
        value = Decimal(str(value))
    readings = visit.readings
    if edit.again and ident in visit.answers:
        before = EarlierReading(question=ident, value=visit.answers[ident], at=edit.at, by=edit.by)
        readings = (*readings, before)
    answers = _with(visit.answers, ident, None if edit.unknown else value)
    ordered = {name: answers[name] for name in pack.questions if name in answers}
    unknown = visit.unknown - {ident} | ({ident} if edit.unknown else set())
    return visit.replaced(answers=ordered, unknown=unknown, readings=readings)
