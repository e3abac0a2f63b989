"""What the index of the library keeps of courses, so that what is due is known without a file."""

from __future__ import annotations

import datetime as dt
import hashlib

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.courses import Course
from ketatui.cases.model import Case
from ketatui.cases.treatment_state import NEVER, DueRow, Treated
from ketatui.course.due import due_rows
from ketatui.course.past import dose_of
from ketatui.criteria.course import FOLDER, has_course
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError

NOT_RECORDED = "no reason recorded"
"""What is said where a course was stopped and nobody said why."""


def index_stamp(pack: Pack) -> str:
    """Return what names the criteria to the index: of the screening, and of the course.

    The course's files are hashed as they stand: reading them would keep every start waiting.

    Args:
        pack: The pack, with its local policy.
    """
    if not has_course(pack):
        return pack.digest
    found = hashlib.sha256()
    for path in sorted((pack.folder / FOLDER).rglob("*.toml")):
        found.update(f"{path.name}\n".encode())
        found.update(path.read_bytes())
    if pack.policy is not None:
        found.update(repr(sorted(pack.policy.of_course.items())).encode())
    return f"{pack.digest} {found.hexdigest()}"


def treated(catalog: QuestionCatalog, case: Case, on: dt.date) -> Treated:
    """Work out what the index keeps of a case's courses: what `ketatui.course.due` tells of them.

    Args:
        catalog: The pack; under anything else nothing is due.
        case: The case.
        on: Today; what is recorded of a later day has not happened yet.
    """
    if not case.courses:
        return Treated()
    last = case.courses[-1]
    stopped = last.has_ended(on)
    reason = (last.stop_reason or NOT_RECORDED) if stopped else ""
    settled = max((day for course in case.courses for day in _days(course)), default=None)
    return Treated(
        state="stopped" if stopped else "in_treatment",
        stop_reason=reason,
        due=() if case.practice else _due(catalog, case, on),
        settled=settled if settled is None or settled <= on else NEVER,
    )


def _due(catalog: QuestionCatalog, case: Case, on: dt.date) -> tuple[DueRow, ...]:
    if not isinstance(catalog, Pack) or not has_course(catalog):
        return ()
    try:
        pack = catalog.course
    except PackError:
        return ()
    found = due_rows(pack, case, on)
    return tuple(DueRow(item.course, item.what, item.for_visit, item.by) for item in found)


def _days(course: Course) -> list[dt.date]:
    """Return the days of what was done; a session that is only planned changes nothing due."""
    days = [item.date for item in course.scores]
    if course.stopped is not None:
        days.append(course.stopped)
    for visit in course.visits:
        if visit.kind == "review" or visit.answers or dose_of(visit) is not None:
            days.append(visit.date)
        days += visit.papers.values()
    return days
