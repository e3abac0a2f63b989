"""Saving what was done in a course: each visit that is closed is a revision of the case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ketatui.cases.ages import assessed_on, without_day
from ketatui.cases.journal import Journal
from ketatui.cases.model import Case
from ketatui.cases.states import saved_state
from ketatui.cases.store import CaseStore, Loaded, Stamp
from ketatui.consultation.completing import completed, program
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import Edit
from ketatui.consultation.saving import end_draft
from ketatui.consultation.visit_judgments import with_judgments

if TYPE_CHECKING:
    from ketatui.consultation.treatment import Treatment


def only_courses_changed(consultation: Consultation) -> bool:
    """Tell whether nothing but courses was changed since the case was opened."""
    first = consultation.states()[0]
    return first.replaced(courses=()) == consultation.case.replaced(courses=())


def is_course_draft(consultation: Consultation) -> bool:
    """Tell whether the last change of an open case was one of a course."""
    last = consultation.last_edit
    if last is None or isinstance(last, Edit):
        return False
    return bool(consultation.case.courses)


def last_visit_of(consultation: Consultation) -> int | None:
    """Return the number of the visit that was changed last, if a visit was and is still there."""
    number = getattr(consultation.last_edit, "visit", None)
    course = getattr(consultation.last_edit, "course", None)
    for item in consultation.case.courses[-1:]:
        if item.id == course and isinstance(number, int) and item.visit(number) is not None:
            return number
    return None


def completed_course(consultation: Consultation) -> Case:
    """Return the case as it would be saved after a visit.

    The assessment that the decision was made on stays, with the days of its answers: a visit
    asks anew what changes from day to day, and makes no screening older or younger.
    """
    case = consultation.case
    day = assessed_on(case)
    if day is None or not only_courses_changed(consultation):
        return completed(consultation)
    case = with_judgments(consultation, case)
    state = saved_state(case.state, decided=case.decision.pathway is not None)
    record = case.record.replaced(program=program())
    return without_day(case, day).replaced(state=state, record=record)


def save_course(
    treatment: Treatment,
    store: CaseStore,
    journal: Journal,
    *,
    by: str,
    why: str,
    now: dt.datetime,
    base: Stamp | None,
) -> Loaded:
    """Save what was done in a course as a revision of the case, and end its draft.

    After a failure the draft is still open and nothing is lost.

    Args:
        treatment: The course.
        store: Where.
        journal: The draft of the case; closed and removed once the case is safe on disk.
        by: Who saves.
        why: For what reason.
        now: The moment, with its time zone.
        base: The file the case came from; None for a case that was never saved.

    Returns:
        The case as written and the stamp of its file.

    Raises:
        ChangedOnDisk: The file is not what it was: another window or program has saved it.
        CaseError: The case could not be read back, or the folder cannot be used.
        OSError: The disk refuses.
    """
    case = completed_course(treatment.consultation)
    loaded = store.save(case, base=base, by=by, why=why, now=now)
    end_draft(journal)
    return loaded


def close_visit(
    treatment: Treatment,
    store: CaseStore,
    journal: Journal,
    *,
    by: str,
    why: str,
    now: dt.datetime,
    base: Stamp | None,
) -> Loaded:
    """Close the visit and save the case with it; arguments and errors as `save_course`.

    Returns:
        The case as written and the stamp of its file.

    Raises:
        LookupError: There is no visit.
    """
    from ketatui.course.edits import CloseVisit

    visit = treatment.the_visit()
    if visit.closed_at is None:
        course = treatment.the_course().id
        treatment.do(CloseVisit(course=course, visit=visit.number, at=now, by=by))
    return save_course(treatment, store, journal, by=by, why=why, now=now, base=base)
