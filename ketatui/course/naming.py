"""What courses and visits are called: by their place, as people count them."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.cases.courses import Course, Visit
from ketatui.course.past import dose_of


def course_name(courses: Sequence[Course], course: Course) -> str:
    """Name a course by its place among those of its case: ``Course 2``.

    Args:
        courses: The courses of the case, in order.
        course: One of them.
    """
    place = next((n for n, item in enumerate(courses, start=1) if item.id == course.id), None)
    return "Course" if place is None else f"Course {place}"


def session_number(course: Course, visit: Visit) -> int | None:
    """Return which session of its course a visit is, or would be: earlier doses, and one.

    Args:
        course: The course.
        visit: One of its visits.

    Returns:
        The number; None for a review, and while an earlier session without a dose may have been
        one.
    """
    if visit.kind == "review":
        return None
    number = 1
    for item in course.in_order:
        if item.number == visit.number:
            break
        if item.kind == "session":
            dose = dose_of(item)
            if dose is None:
                return None
            number += dose > 0
    return number


def visit_name(course: Course, visit: Visit) -> str:
    """Name a visit as people call it: ``session 3``, ``session`` while that is open, ``review``.

    The number of a visit in the file counts reviews and held sessions too.

    Args:
        course: The course.
        visit: One of its visits.
    """
    number = session_number(course, visit)
    return visit.kind if number is None else f"{visit.kind} {number}"
