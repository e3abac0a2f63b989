"""Changes of an open case, of its screening and its courses, and how a draft keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ketatui.cases.model import Case
from ketatui.consultation import edits
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError

if TYPE_CHECKING:
    from ketatui.course.edits import CourseEdit

    Change = edits.Edit | CourseEdit

_SCREENING, _COURSE = "edit", "visit"
"""Keys of an edit among the events of a draft; two, for edits of both kinds may be named alike."""

# Edits of a course are imported where there are any: a screening begins without them.


def apply_change(pack: Pack, case: Case, change: Change, on: dt.date | None) -> Case:
    """Return the case with a change made; the case itself stays as it is.

    Args:
        pack: The criteria.
        case: The case before.
        change: What is done.
        on: The day it is done, for answers of the screening.

    Raises:
        KeyError: There is no such question, course or visit.
        ValueError: It adds what is there already, or the criteria know no course of treatment.
    """
    if isinstance(change, edits.Edit):
        return edits.apply(pack, case, change, on)
    from ketatui.course.edits import apply

    try:
        course = pack.course
    except PackError as error:
        raise ValueError(str(error)) from error
    return apply(course, case, change)


def event_of(change: Change) -> dict[str, Any]:
    """Return what a draft keeps of a change."""
    if isinstance(change, edits.Edit):
        return {_SCREENING: edits.to_data(change)}
    from ketatui.course.edits import to_data

    return {_COURSE: to_data(change)}


def change_of(event: Mapping[str, Any]) -> Change | None:
    """Read a change back; None for an event that is none.

    Raises:
        ValueError: It is one that nobody knows.
    """
    if _SCREENING in event:
        return edits.from_data(event[_SCREENING])
    if _COURSE in event:
        from ketatui.course.edits import from_data

        return from_data(event[_COURSE])
    return None
