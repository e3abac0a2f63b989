"""What the index keeps of the courses of a case: how treatment stands, and what is due by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.model import Case
from ketatui.structs import Frozen

TreatmentState = Literal["", "in_treatment", "stopped"]
"""Empty for a case without a course; else how its last one stands."""


class DueRow(Frozen, frozen=True):
    """One thing that has to be done by a day.

    Attributes:
        course: The course's id.
        what: What is due.
        for_visit: The visit it is about, if it is about one.
        by: The last day in time.
    """

    course: str
    what: str
    for_visit: int | None
    by: dt.date


class Treated(Frozen, frozen=True):
    """The courses of a case as the index keeps them.

    Attributes:
        state: How treatment stands.
        stop_reason: Why the last course was stopped.
        due: What is due, soonest first.
        settled: From this day on, ``due`` holds whatever the day is; before it, something
            recorded has not happened yet. None where it always holds.
    """

    state: TreatmentState = ""
    stop_reason: str = ""
    due: tuple[DueRow, ...] = ()
    settled: dt.date | None = None


CourseReader = Callable[[QuestionCatalog, Case], Treated]
"""Works out what is kept of a case's courses; a function of a module."""
