"""What the engine is given of a visit: its answers and rows, and what the whole course comes to."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.calculations import State
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.screening import Screening, screen
from ketatui.course.vocabulary import EVENTS, OBSERVATIONS
from ketatui.engine.facts import Facts, establish_input
from ketatui.engine.inputs import Input


def visit_input(
    knowledge: CourseKnowledge,
    case: Case,
    course: Course,
    visit: Visit,
    on: dt.date,
    screening: Screening | None = None,
) -> Input:
    """Return what of a visit is judged.

    Args:
        knowledge: The compiled course.
        case: The case.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today.
        screening: What is read of the screening, if it is known already.

    Returns:
        Its answers and rows, and the facts of the course as it stands before the visit.
    """
    if screening is None:
        screening = screen(knowledge.screening, case, course.pathway, visit.date)
    state = State(knowledge.pack, case.courses, course, visit, on, screening)
    given = {ident: item.value(state) for ident, item in knowledge.given.items()}
    waits: dict[str, tuple[str, ...]] = {}
    elsewhere: set[str] = set()
    for ident, value in given.items():
        if value is None:
            needs = screening.needs.get(ident)
            if needs is None:
                waits[ident] = knowledge.given[ident].waits(state)
            else:
                waits[ident] = (*needs.questions, *needs.blocked_by)
                elsewhere.update(needs.blocked_by)
    return Input(
        answers=visit.answers,
        unknown=visit.unknown,
        tables={OBSERVATIONS: visit.observations, EVENTS: visit.events},
        overrides=frozenset((item.decision, item.rule) for item in visit.overrides),
        given=given,
        waits=waits,
        elsewhere=frozenset(elsewhere),
    )


def establish_visit(
    knowledge: CourseKnowledge,
    case: Case,
    course: Course,
    visit: Visit,
    on: dt.date,
) -> Facts:
    """Establish the facts of a visit.

    Args:
        knowledge: The compiled course.
        case: The case.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today.

    Returns:
        Effective values, what is asked, and what had to be left aside.
    """
    given = visit_input(knowledge, case, course, visit, on)
    return establish_input(knowledge.pathways[course.pathway], given)
