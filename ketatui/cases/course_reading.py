"""The courses of a case file, held against the questions of the pack's course."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.answers import AnswerReader
from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.complaints import Complaints, Place
from ketatui.cases.courses import Course, Event, Observation, Score, Visit
from ketatui.cases.errors import shown
from ketatui.cases.values import RefusedError, checked
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models import Instrument, Question
from ketatui.criteria.problems import PackError
from ketatui.structs import Frozen
from ketatui.toml_structs import field_names

_COURSE, _VISIT, _SCORE = (frozenset(field_names(item)) for item in (Course, Visit, Score))
_ROWS = {"observations": field_names(Observation), "events": field_names(Event)}


def read_courses(rows: Any, pack: QuestionCatalog, complaints: Complaints) -> Any:
    """Read ``[[courses]]``.

    Args:
        rows: What the file says there.
        pack: The questions that exist, those of a visit among them.
        complaints: Where problems go.

    Returns:
        The rows with answers by question id, ready for the model.
    """
    if not _is_list(rows, ("courses",), complaints):
        return ()
    course, why = None, "the criteria have no course of treatment"
    try:
        course = pack.course
    except PackError as error:
        why = f"the criteria cannot be used: {error}"
    if course is None:
        # What was saved under other criteria stays as it stands.
        kept = complaints.not_known(("courses",), "courses", why)
        return [_as_it_stands(row) for row in rows] if kept else ()
    reader = _CourseReader(pack, course, complaints)
    return [reader.course(row, ("courses", index)) for index, row in enumerate(rows)]


class _VisitCatalog(Frozen, frozen=True):
    """The questions of a visit; no scale is among them."""

    questions: Mapping[str, Question]
    instruments: Mapping[str, Instrument]


class _CourseReader:
    """Reads the courses of one file."""

    def __init__(self, pack: QuestionCatalog, course: CoursePack, complaints: Complaints) -> None:
        """Args: the questions of the screening, those of a visit, and where problems go."""
        self.pack = pack
        self.pack_course = course
        self.complaints = complaints
        self.answers = AnswerReader(_VisitCatalog(course.questions, {}), complaints)
        self.ids: set[str] = set()

    def course(self, row: Any, place: Place) -> Any:
        """Read one course."""
        if not isinstance(row, dict):
            return row
        fields = dict(row)
        self.complaints.misspelled(row, _COURSE, place)
        self._id(row.get("id"), place)
        self._allowed(row, "pathway", self.pack.pathway_ids, place)
        self._allowed(row, "basis", self.pack_course.bases, place)
        site = self.pack.questions.get(self.pack_course.info.site)
        self._allowed(row, "site", [item.code for item in site.options] if site else (), place)
        self._allowed(row, "instrument", self.pack_course.instruments, place)
        scores, visits = row.get("scores", []), row.get("visits", [])
        if _is_list(scores, (*place, "scores"), self.complaints):
            fields["scores"] = [
                self._score(item, (*place, "scores", number)) for number, item in enumerate(scores)
            ]
        if _is_list(visits, (*place, "visits"), self.complaints):
            numbers: set[int] = set()
            fields["visits"] = [
                self._visit(item, (*place, "visits", number), numbers)
                for number, item in enumerate(visits)
            ]
        return fields

    def _id(self, ident: Any, place: Place) -> None:
        if isinstance(ident, str):
            if ident in self.ids:
                message = f"{shown(ident)} is the id of an earlier course; allowed: one not used"
                self.complaints.add((*place, "id"), "courses id", message)
            self.ids.add(ident)

    def _allowed(
        self, row: Mapping[str, Any], key: str, known: Collection[str], place: Place
    ) -> None:
        value = row.get(key)
        if isinstance(value, str) and value not in known:
            message = f"{shown(value)} is not known here; allowed: {', '.join(known)}"
            self.complaints.not_known((*place, key), f"courses {key}", message)

    def _score(self, row: Any, place: Place) -> Any:
        if not isinstance(row, dict):
            return row
        self.complaints.misspelled(row, _SCORE, place)
        known = self.pack_course.instruments
        self._allowed(row, "instrument", known, place)
        scale, value = known.get(str(row.get("instrument"))), row.get("value")
        if value is None:
            return row
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            allowed = f"{scale.min} to {scale.max}" if scale else "a number"
            message = f"{shown(value)} is no number; allowed: {allowed}"
            self.complaints.add((*place, "value"), f"{row.get('instrument')} score", message)
            return row
        if scale is None:
            return _measured(row, "value")
        whole = scale.fractions or value == int(value)
        if not whole or not scale.min <= value <= scale.max:
            wrong = "is outside its limits" if whole else "is no whole number"
            message = f"{shown(value)} {wrong}; allowed: {scale.min} to {scale.max}"
            self.complaints.not_known((*place, "value"), f"{scale.id} score", message)
        return {**row, "value": Decimal(value)}

    def _visit(self, row: Any, place: Place, numbers: set[int]) -> Any:
        if not isinstance(row, dict):
            return row
        fields = dict(row)
        self.complaints.misspelled(row, _VISIT, place)
        for key, names in _ROWS.items():
            for index, item in enumerate(row[key] if isinstance(row.get(key), list) else ()):
                if isinstance(item, dict):
                    self.complaints.misspelled(item, names, (*place, key, index))
        number = row.get("number")
        if isinstance(number, int):
            if number in numbers:
                message = f"there is a visit {number} already; allowed: each number once"
                self.complaints.add((*place, "number"), "visit number", message)
            numbers.add(number)
        answers = self.answers.answers(row.get("answers", {}), {}, (*place, "answers"))
        fields["answers"] = answers
        fields["unknown"] = self._unknown(row, set(answers), place)
        if "notes" in row:
            fields["notes"] = self.answers.notes(row["notes"], (*place, "notes"))
        if "weight_kg" in row:
            fields["weight_kg"] = self._weight(row["weight_kg"], (*place, "weight_kg"))
        self._decisions(row.get("overrides"), place)
        if isinstance(row.get("readings"), list):
            at = (*place, "readings")
            fields["readings"] = [
                self._reading(item, (*at, index)) for index, item in enumerate(row["readings"])
            ]
        if isinstance(row.get("devices"), list):
            fields["devices"] = [_measured(item, "wasted_mg") for item in row["devices"]]
        return fields

    def _weight(self, value: Any, place: Place) -> Any:
        question = self.pack.questions.get(self.pack_course.info.weight or "")
        try:
            return checked(question, value) if question else value
        except RefusedError as refused:
            kept = self.complaints.not_known(place, "visit weight_kg", str(refused))
            return _decimal(value) if kept else None

    def _unknown(self, row: Mapping[str, Any], answered: set[str], place: Place) -> Any:
        names = row.get("unknown", [])
        top = (*place, "unknown")
        if isinstance(names, list):
            for index, name in enumerate(names):
                if isinstance(name, str) and name in self.pack_course.tables:
                    message = "is no question and cannot be marked unknown"
                    self.complaints.add((*top, index), name, message)
        return self.answers.unknown(names, answered, top)

    def _decisions(self, overrides: Any, place: Place) -> None:
        for index, item in enumerate(overrides if isinstance(overrides, list) else ()):
            if isinstance(item, dict):
                at = (*place, "overrides", index)
                self._allowed(item, "decision", self.pack_course.decisions, at)

    def _reading(self, row: Any, place: Place) -> Any:
        if not isinstance(row, dict) or "value" not in row:
            return row
        name = row.get("question")
        question = self.pack_course.questions.get(name) if isinstance(name, str) else None
        if question is None:
            known = self.pack_course.questions
            self.complaints.unknown_id((*place, "question"), "question", str(name), known)
            return row
        try:
            return {**row, "value": checked(question, row["value"])}
        except RefusedError as refused:
            self.complaints.not_known((*place, "value"), question.id, str(refused))
            return row


def _as_it_stands(row: Any) -> Any:
    """Return a course as its file has it, answers by question id, held against nothing."""
    if not isinstance(row, dict):
        return row
    fields = dict(row)
    if isinstance(row.get("scores"), list):
        fields["scores"] = [_measured(item, "value") for item in row["scores"]]
    if isinstance(row.get("visits"), list):
        fields["visits"] = [_flat_visit(item) for item in row["visits"]]
    return fields


def _flat_visit(row: Any) -> Any:
    answers = row.get("answers") if isinstance(row, dict) else None
    if not isinstance(answers, dict):
        return row
    return {**_measured(row, "weight_kg"), "answers": dict(_flat("", answers))}


def _flat(prefix: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in tables.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            yield from _flat(name, value)
        else:
            yield name, value


def _measured(row: Any, key: str) -> Any:
    return {**row, key: _decimal(row[key])} if isinstance(row, dict) and key in row else row


def _decimal(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if whole else value


def _is_list(rows: Any, place: Place, complaints: Complaints) -> bool:
    if isinstance(rows, list):
        return True
    complaints.add(place, str(place[-1]), f"{shown(rows)} is no list; allowed: a list of tables")
    return False
