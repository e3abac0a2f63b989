"""What a course of treatment names that has to be there before anything can be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from ketatui.criteria.course_pack import CoursePack
from ketatui.criteria.models.course import Check, Form, Role
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem

_INFO, _SCHEDULE = "course/course.toml", "course/schedule.toml"
_WORKSHEET = "course/worksheet.toml"


def lost_references(pack: Pack, course: CoursePack) -> Iterator[Problem]:
    """Find what a course names and nobody has defined.

    Args:
        pack: The pack of the screening.
        course: Its course.

    Yields:
        Problems, each with file and line.
    """
    yield from _roles(course)
    yield from _of_screening(pack, course)
    yield from _bases(course)
    yield from _errands(course)
    yield from _thresholds(course)
    sheet = course.worksheet
    if sheet is not None:
        yield from _unknown(
            course, _WORKSHEET, "paper", [sheet.paper], [form.id for form in course.schedule.forms]
        )


def _unknown(
    course: CoursePack,
    file: str,
    key: str,
    named: Iterable[str],
    known: Iterable[str],
    *place: str | int,
) -> Iterator[Problem]:
    allowed = list(known)
    for name in named:
        if name not in allowed:
            message = f"there is no {name!r}; allowed: {', '.join(allowed)}"
            yield course.problem_in(file, key, message, *place)


def _roles(course: CoursePack) -> Iterator[Problem]:
    given = [item.role for item in course.info.decisions]
    for role in get_args(Role):
        if given.count(role) != 1:
            message = f"one decision has the role {role!r}, and no more than one"
            yield course.problem_in(_INFO, "decisions", message)


def _of_screening(pack: Pack, course: CoursePack) -> Iterator[Problem]:
    info = course.info
    choices = [item.id for item in pack.questions.values() if item.kind == "choice"]
    numbers = [item.id for item in pack.questions.values() if item.kind in ("int", "decimal")]
    yield from _unknown(course, _INFO, "site", [info.site], choices)
    yield from _unknown(course, _INFO, "weight", [info.weight] if info.weight else [], numbers)
    if info.site in choices:
        codes = [option.code for option in pack.questions[info.site].options]
        yield from _unknown(course, _INFO, "encounters", info.encounters, codes)


def _bases(course: CoursePack) -> Iterator[Problem]:
    if all(item.when for item in course.info.bases):
        message = "one of them needs no condition: it is for whom no other one holds"
        yield course.problem_in(_INFO, "bases", message)
    for number, phase in enumerate(course.schedule.phases):
        at = ("phases", number)
        yield from _unknown(course, _SCHEDULE, "bases", phase.bases, course.bases, *at)


def _errands(course: CoursePack) -> Iterator[Problem]:
    schedule = course.schedule
    for number, form in enumerate(schedule.forms):
        yield from _asked(course, form, "forms", number)
    for number, check in enumerate(schedule.checks):
        yield from _asked(course, check, "checks", number)
        if check.unless and check.question in course.questions:
            codes = [option.code for option in course.questions[check.question].options]
            at = ("checks", number)
            yield from _unknown(course, _SCHEDULE, "unless", [check.unless], codes, *at)


def _asked(course: CoursePack, item: Form | Check, *place: str | int) -> Iterator[Problem]:
    return _unknown(course, _SCHEDULE, "question", [item.question], course.questions, *place)


def _thresholds(course: CoursePack) -> Iterator[Problem]:
    schedule, known = course.schedule, course.thresholds
    counts = [schedule.benefit.counts_for]
    yield from _unknown(course, _SCHEDULE, "counts_for", counts, known, "benefit")
    for part, marks in schedule.marks.items():
        for key, name in marks.named.items():
            yield from _unknown(course, _SCHEDULE, key, [name], known, "marks", part)
    for number, watch in enumerate(schedule.watch):
        for key, names in (
            ("within", watch.within),
            ("at_least", watch.at_least.values()),
            ("below", watch.below.values()),
        ):
            yield from _unknown(course, _SCHEDULE, key, names, known, "watch", number)
