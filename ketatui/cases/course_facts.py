"""What is recorded of courses, one fact by one: for comparing what two cases hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import structs

from ketatui.cases.courses import Course, Visit
from ketatui.structs import Frozen

_APART = frozenset(
    ("id", "number", "extra", "visits", "scores", "answers", "notes", "unknown", "criteria")
)
"""What is told apart by, or told by itself."""


def recorded_courses(courses: Iterable[Course]) -> dict[str, Any]:
    """Return everything recorded of courses by where it stands, as ``c1 visit 2 visit.systolic``.

    Args:
        courses: Of one case.
    """
    found: dict[str, Any] = {}
    for course in courses:
        found.update(_fields(course.id, course))
        for number, score in enumerate(course.scores, start=1):
            found.update(_fields(f"{course.id} score {number}", score))
        for visit in course.in_order:
            found.update(_visit(f"{course.id} visit {visit.number}", visit))
    return found


def _visit(where: str, visit: Visit) -> Iterator[tuple[str, Any]]:
    yield from _fields(where, visit)
    for ident, value in visit.answers.items():
        yield f"{where} {ident}", value
    for ident in sorted(visit.unknown):
        yield f"{where} {ident}", "unknown"
    for ident, note in visit.notes.items():
        yield f"{where} {ident} note", note


def _fields(where: str, record: Frozen) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a record that say something, rows of it by their number."""
    for field in structs.fields(record):
        value = getattr(record, field.name)
        if field.name in _APART or value in (None, "", (), {}):
            continue
        if isinstance(value, tuple):
            for number, row in enumerate(value, start=1):
                yield from _fields(f"{where} {field.name} {number}", row)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield f"{where} {field.name} {key}", item
        else:
            yield f"{where} {field.name}", value
