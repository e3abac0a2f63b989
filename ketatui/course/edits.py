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
    EarlierRow,
    Event,
    Observation,
    Score,
    Visit,
    VisitOverride,
)
from ketatui.cases.json_form import from_json, to_json
from ketatui.cases.model import Case
from ketatui.criteria.course import CoursePack
from ketatui.toml_structs import ClosedTable, plain, read_table


class CourseEdit(ClosedTable, frozen=True, kw_only=True):
    """Base of every edit; ``do`` says which it is."""

    course: str
    """The course's id."""


class VisitEdit(CourseEdit, frozen=True, kw_only=True):
    """Base of every edit of one visit."""

    visit: int
    """The visit's number."""


class AddCourse(CourseEdit, frozen=True, kw_only=True):
    """Begin a course, after those there are."""

    do: Literal["add_course"] = "add_course"
    plan: Course


class SetPlan(CourseEdit, frozen=True, kw_only=True):
    """Change what a course plans, or stop it; visits and scores stay."""

    do: Literal["plan"] = "plan"
    plan: Course


class SetScores(CourseEdit, frozen=True, kw_only=True):
    """Replace the scores."""

    do: Literal["scores"] = "scores"
    rows: tuple[Score, ...]


class AddVisit(CourseEdit, frozen=True, kw_only=True):
    """Add a visit."""

    do: Literal["add_visit"] = "add_visit"
    row: Visit


class RemoveVisit(VisitEdit, frozen=True, kw_only=True):
    """Take a visit out again in which nothing was recorded."""

    do: Literal["remove"] = "remove"


class MoveVisit(VisitEdit, frozen=True, kw_only=True):
    """Give a visit another day; the day it was planned for first stays on record."""

    do: Literal["move"] = "move"
    date: dt.date


class SetVisitAnswer(VisitEdit, frozen=True, kw_only=True):
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


class SetVisitAnswers(VisitEdit, frozen=True, kw_only=True):
    """Answer several questions of a visit at once: undone as one."""

    do: Literal["answers"] = "answers"
    rows: tuple[SetVisitAnswer, ...]


class SetObservations(VisitEdit, frozen=True, kw_only=True):
    """Replace the observations of a session."""

    do: Literal["observations"] = "observations"
    rows: tuple[Observation, ...]


class SetEvents(VisitEdit, frozen=True, kw_only=True):
    """Replace the events of a session."""

    do: Literal["events"] = "events"
    rows: tuple[Event, ...]


class CorrectRow(VisitEdit, frozen=True, kw_only=True):
    """Put another row in the place of an observation or an event, or (None) strike it out.

    The row as it stood stays in the record.
    """

    do: Literal["correct"] = "correct"
    place: int
    """Among the rows of its kind, from 0."""
    events: bool = False
    """Whether the row is an event."""
    observation: Observation | None = None
    event: Event | None = None
    at: dt.datetime | None = None
    by: str = ""


class SetCorrected(VisitEdit, frozen=True, kw_only=True):
    """Replace the rows that stay on record as they stood: for other words in their texts only."""

    do: Literal["corrected"] = "corrected"
    rows: tuple[EarlierRow, ...]


class SetDevices(VisitEdit, frozen=True, kw_only=True):
    """Replace what was taken from stock."""

    do: Literal["devices"] = "devices"
    rows: tuple[Device, ...]


class SetClock(VisitEdit, frozen=True, kw_only=True):
    """Set the moments of the first and the last dose, and what these answer."""

    do: Literal["clock"] = "clock"
    first: dt.datetime | None = None
    last: dt.datetime | None = None
    rows: tuple[SetVisitAnswer, ...] = ()


class SetVisitNote(VisitEdit, frozen=True, kw_only=True):
    """Write or (empty) remove the note on a question."""

    do: Literal["note"] = "note"
    question: str
    text: str


class SetPaper(VisitEdit, frozen=True, kw_only=True):
    """Record the day a paper was sent or signed, or (None) that it was not."""

    do: Literal["paper"] = "paper"
    paper: str
    on: dt.date | None = None


class SetWeight(VisitEdit, frozen=True, kw_only=True):
    """Record a weight taken anew, in kg as text, or (None) that it was not."""

    do: Literal["weight"] = "weight"
    weight_kg: str | None = None


class SetVisitOverrides(VisitEdit, frozen=True, kw_only=True):
    """Replace the findings that are set aside."""

    do: Literal["overrides"] = "overrides"
    rows: tuple[VisitOverride, ...]


class CloseVisit(VisitEdit, frozen=True, kw_only=True):
    """Close a visit, or (None) open it again."""

    do: Literal["close"] = "close"
    at: dt.datetime | None = None
    by: str = ""


_KINDS: dict[str, type[CourseEdit]] = {
    "add_course": AddCourse,
    "plan": SetPlan,
    "scores": SetScores,
    "add_visit": AddVisit,
    "remove": RemoveVisit,
    "move": MoveVisit,
    "answer": SetVisitAnswer,
    "answers": SetVisitAnswers,
    "observations": SetObservations,
    "events": SetEvents,
    "correct": CorrectRow,
    "corrected": SetCorrected,
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
        ValueError: There is a course of this id, or a visit of this number, already; or a visit
            that is to be removed has something recorded in it; or there is no row to correct.
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
        case VisitEdit():
            if course.visit(edit.visit) is None:
                raise KeyError(edit.visit)
            if isinstance(edit, RemoveVisit):
                return _without(course, edit.visit)
            change: Callable[[Visit], Visit] = lambda visit: _in_visit(pack, visit, edit)  # noqa: E731
            visits = (change(item) if item.number == edit.visit else item for item in course.visits)
            return course.replaced(visits=tuple(visits))
    raise ValueError(f"no such edit: {edit!r}")


def _without(course: Course, number: int) -> Course:
    if any(item.number == number and not is_untouched(item) for item in course.visits):
        raise ValueError(f"something is recorded of visit {number}")
    return course.replaced(visits=tuple(it for it in course.visits if it.number != number))


def is_untouched(visit: Visit) -> bool:
    """Tell whether nothing is recorded of a visit but its kind and day."""
    bare = Visit(number=visit.number, kind=visit.kind, date=visit.date)
    return visit.replaced(planned_on=None) == bare


def _in_visit(pack: CoursePack, visit: Visit, edit: CourseEdit) -> Visit:
    match edit:
        case MoveVisit():
            return _moved(visit, edit.date)
        case SetVisitAnswer():
            return _answered(pack, visit, edit)
        case SetVisitAnswers():
            for row in edit.rows:
                visit = _answered(pack, visit, row)
            return visit
        case CorrectRow():
            return _corrected(visit, edit)
        case SetClock():
            for row in edit.rows:
                visit = _answered(pack, visit, row)
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
        case SetObservations() | SetEvents() | SetCorrected() | SetDevices() | SetVisitOverrides():
            return visit.replaced(**{edit.do: edit.rows})
    raise ValueError(f"no such edit: {edit!r}")


def _moved(visit: Visit, date: dt.date) -> Visit:
    if date == visit.date:
        return visit
    first = visit.planned_on or visit.date
    return visit.replaced(date=date, planned_on=None if date == first else first)


def _corrected(visit: Visit, edit: CorrectRow) -> Visit:
    rows: tuple[Observation | Event, ...] = visit.events if edit.events else visit.observations
    new: Observation | Event | None = edit.event if edit.events else edit.observation
    if not 0 <= edit.place < len(rows):
        raise ValueError(f"there is no row {edit.place + 1}")
    before = rows[edit.place]
    after = (*rows[: edit.place], *([new] if new else []), *rows[edit.place + 1 :])
    kept = EarlierRow(
        observation=before if isinstance(before, Observation) else None,
        event=before if isinstance(before, Event) else None,
        struck=new is None,
        at=edit.at,
        by=edit.by,
    )
    changed = {"events" if edit.events else "observations": after}
    return visit.replaced(**changed, corrected=(*visit.corrected, kept))


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
    # What these criteria do not ask stays, behind what they do.
    ordered = {name: answers[name] for name in pack.questions if name in answers} | answers
    unknown = visit.unknown - {ident} | ({ident} if edit.unknown else set())
    return visit.replaced(answers=ordered, unknown=unknown, readings=readings)
