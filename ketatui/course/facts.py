"""From a visit to its facts: effective answers, what is asked now, and what is calculated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.calculations import State
from ketatui.course.knowledge import CALCULATIONS, CourseKnowledge
from ketatui.course.screening import Screening, screen
from ketatui.cql import Value
from ketatui.structs import Frozen


class VisitFacts(Frozen, frozen=True):
    """What the rules of a visit read.

    Attributes:
        state: What it was calculated from; its values are the effective ones.
        asked: Whether each question is asked now; None while that is not settled itself.
        hidden: Questions whose stored answer is not used because they are not asked.
    """

    state: State
    asked: Mapping[str, bool | None]
    hidden: tuple[str, ...]

    @property
    def values(self) -> Mapping[str, Value]:
        """Effective value of every question and calculated fact; null values are present."""
        return self.state.values


def establish_visit(
    knowledge: CourseKnowledge,
    case: Case,
    course: Course,
    visit: Visit,
    on: dt.date,
    screening: Screening | None = None,
) -> VisitFacts:
    """Establish the facts of a visit.

    Args:
        knowledge: The compiled course.
        case: The case.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today.
        screening: What is read of the screening, if it is known already.

    Returns:
        Effective values, what is asked, and what had to be left aside.
    """
    if screening is None:
        screening = screen(knowledge.screening, case, course.pathway, visit.date)
    state = State(knowledge.pack, case.courses, course, visit, on, screening, {})
    values = state.values
    for ident in knowledge.pack.derived:
        if CALCULATIONS[ident].first:
            values[ident] = CALCULATIONS[ident].value(state)
    asked: dict[str, bool | None] = {}
    hidden: list[str] = []
    for ident in knowledge.order:
        condition = knowledge.asked_when.get(ident)
        shown = True if condition is None else condition.value(values)
        asked[ident] = shown  # type: ignore[assignment]
        if shown is False:
            values[ident] = knowledge.pack.questions[ident].otherwise
            if ident in visit.answers:
                hidden.append(ident)
        else:
            # While it is not settled whether a question is asked, its answer counts.
            values[ident] = visit.answers.get(ident)
    for ident in knowledge.pack.derived:
        if not CALCULATIONS[ident].first:
            values[ident] = CALCULATIONS[ident].value(state)
    hidden.sort(key=knowledge.rank.__getitem__)
    return VisitFacts(state, asked, tuple(hidden))
