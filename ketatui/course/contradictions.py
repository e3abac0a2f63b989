"""What visits of a course say that cannot all be right, beside what the pack declares."""

from __future__ import annotations

from ketatui.cases.courses import Course, Visit
from ketatui.course.past import dose_of
from ketatui.course.vocabulary import DOSE
from ketatui.engine.assessment import ContradictionFound

REVIEW_WITH_DOSE = "review-with-a-dose"
"""Id of the contradiction of a review in which a dose was given."""


def dosed_reviews(course: Course, visit: Visit) -> tuple[ContradictionFound, ...]:
    """Find reviews with a dose, up to a visit: no rule of a session looks at such a dose.

    Returns:
        One for each, in the order of the visits.
    """
    return tuple(
        ContradictionFound(
            REVIEW_WITH_DOSE,
            (DOSE,),
            f"Visit {one.number} is a review, but a dose is recorded in it. As a review it counts "
            "as no session, and nothing checks its dose. Make it a session, or take the dose out.",
        )
        for one in course.in_order
        if one.kind == "review"
        and (one.date, one.number) <= (visit.date, visit.number)
        and (dose_of(one) or 0) > 0
    )
