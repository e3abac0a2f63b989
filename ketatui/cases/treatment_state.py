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


NEVER = dt.date.max
"""Stands for the day from which on what is kept holds, where there is none."""


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
        settled: From this day on, all of this holds whatever the day is. None where it always
            holds; `NEVER` where something recorded has not happened yet, and it holds on the day
            alone for which it was worked out.
    """

    state: TreatmentState = ""
    stop_reason: str = ""
    due: tuple[DueRow, ...] = ()
    settled: dt.date | None = None


CourseReader = Callable[[QuestionCatalog, Case, dt.date], Treated]
"""Works out what is kept of a case's courses on a day; a function of a module."""
