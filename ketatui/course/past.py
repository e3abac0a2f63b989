"""What came before a visit: doses of this course and of the others, and the day it all began.

Everything about a sum of doses is null while a session that counts into it has no dose recorded:
it may have been one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from ketatui.cases.courses import Course, Visit
from ketatui.course.vocabulary import DOSE
from ketatui.structs import Frozen


class Past(Frozen, frozen=True):
    """What came before one visit.

    Attributes:
        day_one: The day of the first dosed session of the course; the visit's own day while there
            was none; None while it is not known.
        own: Earlier dosed sessions of the course, in order; None while one may be missing.
        any: Earlier dosed sessions of any course of the case; None likewise.
        last: The last earlier session of the course that is recorded as dosed, None without one.
    """

    day_one: dt.date | None
    own: tuple[Visit, ...] | None
    any: tuple[Visit, ...] | None
    last: Visit | None


def past_of(courses: Sequence[Course], course: Course, visit: Visit) -> Past:
    """Look at what came before a visit.

    Visits stand in the order of date, then number. Of one day whatever stands in a course before
    this one is earlier too: its numbers may go on where those of this course begin again.

    Args:
        courses: All courses of the case.
        course: The visit's course, one of them.
        visit: The visit, one of its visits.

    Returns:
        The doses before it.
    """
    earlier = earlier_sessions(courses, course, visit)
    mine = [item for of, item in earlier if of.id == course.id]
    own = _dosed(mine)
    day_one = None if own is None else own[0].date if own else visit.date
    last = next((item for item in reversed(mine) if dose_of(item)), None)
    return Past(day_one, own, _dosed([item for _, item in earlier]), last)


def earlier_sessions(
    courses: Sequence[Course], course: Course, visit: Visit
) -> list[tuple[Course, Visit]]:
    """Return the sessions of any course that stand before a visit, in order."""
    rows = _rows_before(courses, course, visit)
    return [(of, item) for of, item in rows if item.kind == "session"]


def visits_before(courses: Sequence[Course], course: Course, visit: Visit) -> tuple[Visit, ...]:
    """Return the visits of any course, sessions and reviews, that stand before one, in order."""
    return tuple(item for _, item in _rows_before(courses, course, visit))


def _rows_before(
    courses: Sequence[Course], course: Course, visit: Visit
) -> list[tuple[Course, Visit]]:
    this, place = (visit.date, visit.number), [of.id for of in courses].index(course.id)
    found = [
        (item.date, number, item.number, of, item)
        for number, of in enumerate(courses)
        for item in of.visits
        if (item.date, item.number) < this or (number < place and item.date == visit.date)
    ]
    # By course before number: whatever an earlier course has on a day was first.
    return [(of, item) for *_, of, item in sorted(found, key=lambda row: row[:3])]


def dose_of(visit: Visit) -> Decimal | None:
    """Return the dose of a visit in mg, 0 for a held session; None where none is recorded."""
    value = visit.answers.get(DOSE)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _dosed(sessions: Sequence[Visit]) -> tuple[Visit, ...] | None:
    """Return the dosed among sessions; None if one of them may have been."""
    doses = [(item, dose_of(item)) for item in sessions]
    if any(dose is None for _, dose in doses):
        return None
    return tuple(item for item, dose in doses if dose)
