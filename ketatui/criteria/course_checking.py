"""What is wrong with the course of a pack beyond its structure: references, leftovers, wording.

Types of expressions are checked when the course is compiled, and rules that can never be true in
`ketatui.course.reachability`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from ketatui.cql import ExpressionError, parse
from ketatui.cql.syntax import Threshold, names, walk
from ketatui.criteria.consistency import check_authorities, check_placeholders, check_question
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models import Verdict
from ketatui.criteria.models.course import CourseRule
from ketatui.criteria.pack import Pack
from ketatui.criteria.places import Notes
from ketatui.criteria.problems import Problem

_INFO = "course/course.toml"


def check_course_pack(pack: Pack, *, read: Iterable[str]) -> tuple[Problem, ...]:
    """Check the course of a pack that could be loaded.

    Args:
        pack: The pack; its course is there and can be read.
        read: Ids of the questions and facts that calculations read.

    Returns:
        Every problem. Sources are checked with those of the whole pack.
    """
    course = pack.course
    # The same checks as of a screening's questions, located in the files of the course.
    view = pack.replaced(
        questions=course.questions, thresholds=course.thresholds, origins=course.origins
    )
    notes = Notes(view)
    for question in course.questions.values():
        check_question(notes, question)
    for rule in course.rules.values():
        _pathways(notes, pack, rule)
        check_placeholders(notes, rule)
    check_authorities(notes, course.own_thresholds.values(), course.rules.values())
    _thresholds(notes, course)
    _unused(notes, course, set(read))
    _words(notes, course)
    _schedule(notes, pack, course)
    return tuple(notes.problems)


def _texts(rule: CourseRule) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("when",), rule.when
    for pathway, variant in rule.on.items():
        if variant.when is not None:
            yield ("on", pathway, "when"), variant.when


def _expressions(course: CoursePack) -> Iterator[str]:
    for rule in course.rules.values():
        yield from (text for _, text in _texts(rule))
    yield from (item.when for item in course.info.contradictions)
    yield from (item.asked_when for item in course.questions.values() if item.asked_when)


def _pathways(notes: Notes, pack: Pack, rule: CourseRule) -> None:
    allowed = ", ".join([*pack.pathways, *pack.groups])
    for key, found in (("effects", rule.effects), ("on", rule.on)):
        for pathway in found:
            if pathway not in pack.pathways:
                message = f"unknown pathway {pathway!r}; allowed: {allowed}"
                notes.of("rule", rule.id, message, key)
    for pathway in rule.on:
        if pathway in pack.pathways and pathway not in rule.effects:
            message = f"says something for {pathway}, on which it has no effect"
            notes.of("rule", rule.id, message, "on", pathway)


def _thresholds(notes: Notes, course: CoursePack) -> None:
    used = {name for fact in course.derived.values() for name in fact.thresholds}
    used |= course.schedule.thresholds
    for text in _expressions(course):
        try:
            used |= {node.name for node in walk(parse(text)) if isinstance(node, Threshold)}
        except ExpressionError:
            continue
    for scale in course.instruments.values():
        named = {"points": scale.points, "remission_threshold": scale.remission_threshold}
        for key, name in named.items():
            used |= {name} if name else set()
            if name is not None and name not in course.thresholds:
                notes.of("instrument", scale.id, f"{key}: unknown threshold {name!r}", key)
    for name in course.own_thresholds:
        if name not in used:
            notes.of("threshold", name, "unused threshold: nothing compares with it")


def _unused(notes: Notes, course: CoursePack, read: set[str]) -> None:
    used = set(read)
    for text in _expressions(course):
        try:
            used |= set(names(parse(text)))
        except ExpressionError:
            continue
    for item in course.schedule.errands:
        if item.question in course.questions and item.question not in used:
            message = f"no rule reads it, so that nobody is asked whether {item.id} is done"
            notes.of("question", item.question, message)
    for question in course.questions.values():
        if question.id not in used and question.informs is None:
            message = "nothing uses this question; say in 'informs' why it is asked all the same"
            notes.of("question", question.id, message)


def _words(notes: Notes, course: CoursePack) -> None:
    for verdict in get_args(Verdict):
        if verdict not in course.info.words:
            notes.at(_INFO, ("words",), "words", f"no words for {verdict!r}")
    named = {rule.decision for rule in course.rules.values()}
    for number, decision in enumerate(course.info.decisions):
        if decision.id not in named:
            notes.at(_INFO, ("decisions", number), decision.id, "no rule is about this decision")


def _schedule(notes: Notes, pack: Pack, course: CoursePack) -> None:
    known = course.derived["course.phase"].codes if "course.phase" in course.derived else ()
    for number, phase in enumerate(course.schedule.phases):
        place = ("phases", number)
        if phase.id not in known:
            message = f"course.phase has no code {phase.id!r}"
            notes.at("course/schedule.toml", place, phase.id, message)
        for pathway in phase.pathways:
            if pathway not in pack.pathways:
                message = f"unknown pathway {pathway!r}; allowed: {', '.join(pack.pathways)}"
                notes.at("course/schedule.toml", place, phase.id, message)
    for number, watch in enumerate(course.schedule.watch):
        for pathway in watch.pathways:
            if pathway not in pack.pathways:
                message = f"unknown pathway {pathway!r}; allowed: {', '.join(pack.pathways)}"
                notes.at("course/schedule.toml", ("watch", number), watch.id, message)
    for pathway in pack.pathways:
        if not any(pathway in phase.pathways for phase in course.schedule.phases):
            notes.at("course/schedule.toml", ("phases",), pathway, "no phase is for this pathway")
