"""The page that a patient takes home from a session: which of its lines are said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.facts import establish_visit
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.past import dose_of
from ketatui.cql import Condition, ExpressionError, check, compile_expression, parse
from ketatui.criteria.models.course_papers import GoingHomeFile, PageLine
from ketatui.criteria.problems import Problem
from ketatui.structs import Frozen

_FILE = "course/going-home.toml"


class Page(Frozen, frozen=True):
    """What a patient takes home.

    Attributes:
        said: What the pack says of the page.
        begin: What was given, and when.
        sections: Titles with the lines under them; a section without lines is left out.
        next_visit: The day that is planned, None where none is.
    """

    said: GoingHomeFile
    begin: str
    sections: tuple[tuple[str, tuple[PageLine, ...]], ...]
    next_visit: dt.date | None


def going_home(
    knowledge: CourseKnowledge, case: Case, course: Course, visit: Visit, on: dt.date
) -> Page | None:
    """Choose what the page says after a session.

    Args:
        knowledge: The compiled course.
        case: The case.
        course: The visit's course, one of the case.
        visit: The visit, one of the course.
        on: Today.

    Returns:
        The page; None after a review, in which nothing is given, and where the pack has none.
    """
    said = knowledge.pack.going_home
    if said is None or visit.kind != "session":
        return None
    facts = establish_visit(knowledge, case, course, visit, on)
    conditions = _conditions(knowledge)[course.pathway]
    lines = [
        line
        for line in said.lines
        if course.pathway in (line.pathways or (course.pathway,))
        # What is not settled is said: only what is known not to hold is left out.
        and (line.id not in conditions or conditions[line.id].value(facts.values) is not False)
    ]
    parts = [
        (section.title, tuple(line for line in lines if line.section == section.id))
        for section in said.sections
    ]
    sections = tuple((title, rows) for title, rows in parts if rows)
    return Page(said, _begin(said, course, visit), sections, _next(course, visit))


def why_no_page(knowledge: CourseKnowledge, visit: Visit) -> str:
    """Say why there is no page to take home of a visit."""
    if knowledge.pack.going_home is None:
        return f"{knowledge.pack.info.id}: there is no page to take home"
    return f"visit {visit.number} is a review: nobody goes home from a dose"


def _begin(said: GoingHomeFile, course: Course, visit: Visit) -> str:
    dose = dose_of(visit)
    text = said.unsaid if dose is None else said.given if dose else said.held
    medicine = said.medicines[course.pathway]
    return text.format(medicine=medicine, date=day_text(visit.date))


def day_text(day: dt.date) -> str:
    """Write a day as patients read it: ``Monday, January 4, 2027``."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def _next(course: Course, visit: Visit) -> dt.date | None:
    """Return the day of the next visit that stands in the record without a dose."""
    days = [
        item.date
        for item in course.visits
        if (item.date, item.number) > (visit.date, visit.number) and dose_of(item) is None
    ]
    return min(days, default=None)


@lru_cache(maxsize=4)
def _conditions(knowledge: CourseKnowledge) -> dict[str, dict[str, Condition]]:
    """Compile the conditions of the lines, by pathway and line."""
    found: dict[str, dict[str, Condition]] = {}
    page = knowledge.pack.going_home
    for pathway, compiled in knowledge.pathways.items():
        found[pathway] = {}
        for line in page.lines if page else ():
            if line.when is not None:
                node = parse(line.when)
                check(node, compiled.scope)
                condition = compile_expression(line.when, node, compiled.scope.thresholds)
                found[pathway][line.id] = condition
    return found


def check_going_home(knowledge: CourseKnowledge) -> Iterator[Problem]:
    """Find expressions that are wrong, and sections and pathways that nobody knows.

    Args:
        knowledge: The compiled course.

    Yields:
        Problems, located in the page's file.
    """
    pack, page = knowledge.pack, knowledge.pack.going_home
    if page is None:
        return
    for pathway in knowledge.pathways:
        if pathway not in page.medicines:
            message = f"nothing is said for the pathway {pathway}"
            yield pack.problem_in(_FILE, "medicines", message)
    for key in ("given", "held", "unsaid", "planned"):
        try:
            getattr(page, key).format(medicine="", date="")
        except (KeyError, IndexError, ValueError):
            yield pack.problem_in(_FILE, key, "allowed in braces: {medicine}, {date}")
    known = {section.id for section in page.sections}
    scope = next(iter(knowledge.pathways.values())).scope
    for number, line in enumerate(page.lines):
        place = ("lines", number)
        if line.section not in known:
            message = f"{line.id}: unknown section {line.section!r}; allowed: {', '.join(known)}"
            yield pack.problem_in(_FILE, "section", message, *place)
        for pathway in line.pathways:
            if pathway not in knowledge.pathways:
                message = f"{line.id}: unknown pathway {pathway!r}"
                yield pack.problem_in(_FILE, "pathways", message, *place)
        try:
            if line.when is not None:
                check(parse(line.when), scope)
        except ExpressionError as error:
            message = f"{line.id}: {error} in: {line.when}"
            yield pack.problem_in(_FILE, "when", message, *place)
