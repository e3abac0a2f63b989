"""What was recorded at an earlier visit: shown beside an empty field, and never filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from ketatui.cases.base import Answer
from ketatui.cases.courses import Course, Visit
from ketatui.course.past import visits_before
from ketatui.structs import Frozen


class Earlier(Frozen, frozen=True):
    """A value of an earlier visit.

    Attributes:
        value: What was answered then.
        date: The day of that visit.
    """

    value: Answer
    date: dt.date


def earlier_values(
    courses: Sequence[Course], course: Course, visit: Visit
) -> Mapping[str, Earlier]:
    """Find what every question was answered last before a visit.

    Args:
        courses: All courses of the case.
        course: The visit's course, one of them.
        visit: The visit, one of its visits.

    Returns:
        The answer of the last earlier visit, session or review, that has one, by question.
    """
    found: dict[str, Earlier] = {}
    for item in visits_before(courses, course, visit):
        for question, value in item.answers.items():
            found[question] = Earlier(value, item.date)
    return found
