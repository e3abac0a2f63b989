"""The course of a pack compiled: to the engine each pathway's decisions are criteria of their own.

A decision of a visit is to the engine what a pathway is to the screening, so the same engine judges
both: `_criteria` puts the course into the form of a pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Literal

from ketatui.course.calculations import COURSE, SCORE, OfCourse, of_screening
from ketatui.course.screening import over_screening
from ketatui.course.sessions import SESSION, calculated, read_for
from ketatui.course.vocabulary import DOSE, TABLES
from ketatui.cql import ExpressionError, parse
from ketatui.cql.syntax import names
from ketatui.criteria import models as m
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import CourseFact, CourseRule, NamedTable
from ketatui.criteria.pack import LocalPolicy, Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine.calculations import GIVEN, Calculation
from ketatui.engine.compiling import compile_pack
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen

_OF_WHOLE_COURSE = {**COURSE, **SCORE}
"""Calculations over the whole course, before a visit is judged."""
_CALLED_ALIKE: tuple[
    Literal["contraindicated", "not_indicated", "not_recommended", "unmet"], ...
] = (
    "contraindicated",
    "not_indicated",
    "not_recommended",
    "unmet",
)
"""Effects that are called as the verdict is that they lead to."""


def read_by_calculations(course: CoursePack) -> frozenset[str]:
    """Return the questions, facts and tables that calculations read."""
    facts = [fact for fact in course.derived if fact in SESSION]
    of_sessions = (read for fact in facts for read in read_for(course.schedule, fact))
    return frozenset((DOSE, *of_sessions))


class CourseKnowledge(Frozen, frozen=True, eq=False):
    """Everything that judging a visit needs; told apart by identity.

    Attributes:
        screening: The compiled pack of the screening.
        pack: The course it was compiled from.
        given: Facts that are worked out from the whole course before a visit is judged, by id.
        pathways: What the engine judges the visits of a course by, by pathway.
        rank: Place of each question and table, the screening's questions after those of the visit.
    """

    screening: Knowledge
    pack: CoursePack
    given: Mapping[str, OfCourse]
    pathways: Mapping[str, Knowledge]
    rank: Mapping[str, int]


@lru_cache(maxsize=4)
def compile_course(knowledge: Knowledge) -> CourseKnowledge:
    """Check and compile every expression of a pack's course; once for a pack.

    Args:
        knowledge: The compiled pack.

    Returns:
        The compiled course.

    Raises:
        PackError: The course cannot be read, or every expression that is wrong, each with file,
            line and id.
    """
    course = knowledge.pack.course
    problems = [*_unknown(course), *_of_screening(knowledge)]
    pathways: dict[str, Knowledge] = {}
    for ident in knowledge.pack.pathways:
        try:
            criteria = _criteria(knowledge.pack, course, ident)
            pathways[ident] = compile_pack(criteria, _calculations(course))
        except PackError as error:
            problems += error.problems
    if problems:
        # What is wrong with a rule is found on each of its pathways.
        once = dict.fromkeys(problems)
        raise PackError(tuple(sorted(once, key=lambda p: (p.file, p.line or 0))))
    named = (*course.questions, *course.tables, *knowledge.pack.questions)
    rank = {ident: place for place, ident in enumerate(dict.fromkeys(named))}
    return CourseKnowledge(knowledge, course, given_in(course), pathways, rank)


def given_in(course: CoursePack) -> dict[str, OfCourse]:
    """Return the facts of a course that are worked out from all of it, or by its screening."""
    return {
        fact.id: _OF_WHOLE_COURSE.get(fact.id) or of_screening(fact.id)
        for fact in course.derived.values()
        if fact.id in _OF_WHOLE_COURSE or (fact.screening and fact.id not in SESSION)
    }


def _unknown(course: CoursePack) -> Iterator[Problem]:
    """Find what the program reads and nobody described, unknown calculations, lost decisions."""
    for table in TABLES:
        if table not in course.tables:
            message = f"the table {table} is not described here"
            yield Problem("course/questions.toml", None, table, message)
    if DOSE not in course.questions:
        message = "there is no such question; it tells a session with a dose from one without"
        yield Problem("course/questions.toml", None, DOSE, message)
    for fact in course.derived.values():
        yield from _unknown_to(course, fact)
    for question in course.questions.values():
        for read in _reads(question.asked_when):
            if read in SESSION:
                message = f"asked_when: reads {read}, which is calculated from answers of the visit"
                yield course.problem("question", question.id, message, "asked_when")
    for rule in course.rules.values():
        if rule.decision not in course.decisions:
            allowed = ", ".join(course.decisions)
            message = f"there is no decision {rule.decision!r}; allowed: {allowed}"
            yield course.problem("rule", rule.id, message, "decision")


def _unknown_to(course: CoursePack, fact: CourseFact) -> Iterator[Problem]:
    """Find what the calculation of a fact reads or compares with that the course does not have."""
    if fact.id not in SESSION:
        if fact.id not in _OF_WHOLE_COURSE and fact.screening is None:
            message = "there is no calculation of this name"
            yield course.problem("derived fact", fact.id, message, "id")
        return
    known = {*course.questions, *course.tables, *course.derived}
    for read in read_for(course.schedule, fact.id):
        if read not in known:
            message = f"is calculated from {read}, which is not described"
            yield course.problem("derived fact", fact.id, message, "id")
    for name in SESSION[fact.id].thresholds:
        if name not in fact.thresholds or name not in course.thresholds:
            message = f"compares with {name}: it has to stand here, and be a threshold"
            yield course.problem("derived fact", fact.id, message, "id")


def _reads(text: str | None) -> tuple[str, ...]:
    try:
        return names(parse(text)) if text else ()
    except ExpressionError:
        return ()


def _of_screening(knowledge: Knowledge) -> Iterator[Problem]:
    course = knowledge.pack.course
    for fact in course.derived.values():
        if problem := _fault(knowledge, fact.screening):
            yield course.problem("derived fact", fact.id, problem, "screening")
    for number, basis in enumerate(course.info.bases):
        if problem := _fault(knowledge, basis.when):
            yield course.problem_in("course/course.toml", "when", problem, "bases", number)


def _fault(knowledge: Knowledge, text: str | None) -> str:
    """Say what is wrong with an expression over the screening; nothing where nothing is."""
    try:
        if text is not None:
            over_screening(knowledge, text)
    except ExpressionError as error:
        return f"{error} in: {text}"
    return ""


def _criteria(pack: Pack, course: CoursePack, pathway: str) -> Pack:
    """Return the decisions of a pathway's visits in the form of a pack."""
    return pack.replaced(
        digest=course.digest,
        wording=_wording(pack, course),
        questions={
            **course.questions,
            **{table.id: _table(table) for table in course.tables.values()},
        },
        derived={fact.id: _fact(fact) for fact in course.derived.values()},
        contradictions={item.id: item for item in course.info.contradictions},
        thresholds=course.thresholds,
        rules={
            rule.id: _rule(rule, pathway)
            for rule in course.rules.values()
            if pathway in rule.effects
        },
        pathways={
            item.id: m.Pathway(
                id=item.id, title=item.title, short=item.short, product="", legal="", facts=()
            )
            for item in course.info.decisions
        },
        policy=_policy(pack, course),
        origins=course.origins,
        support={},
        consent={},
        payers={},
        instruments={},
        medicines={},
        antidepressants={},
    )


def _wording(pack: Pack, course: CoursePack) -> m.WordingFile:
    """Return what verdicts are called here; what a finding does is called as the verdict is."""
    words, effects = course.info.words, dict(pack.wording.effects)
    for verdict in _CALLED_ALIKE:
        if verdict in words:
            effects[verdict] = words[verdict]
    return pack.wording.replaced(verdicts=words, effects=effects)


def _policy(pack: Pack, course: CoursePack) -> LocalPolicy | None:
    if pack.policy is None:
        return None
    return LocalPolicy(pack.policy.id, pack.policy.title, course.changed, course.local_rules)


def _table(table: NamedTable) -> m.Question:
    return m.Question(
        id=table.id, kind="rows", label=table.label, text="", help="", why="", sources=("",)
    )


def _fact(fact: CourseFact) -> m.Derived:
    return m.Derived(
        id=fact.id,
        title=fact.title,
        kind=fact.kind,
        calculation=fact.id,
        options=fact.codes,
        unit=fact.unit,
    )


def _rule(rule: CourseRule, pathway: str) -> m.Rule:
    """Return a rule as it reads for a pathway, its decision in the pathway's place."""
    variant = rule.on.get(pathway)
    return m.Rule(
        id=rule.id,
        title=rule.title,
        when=rule.when,
        because=rule.because,
        do=rule.do,
        authority=rule.authority,
        confidence=rule.confidence,
        sources=rule.sources,
        effects={rule.decision: rule.effects[pathway]},
        optional=rule.optional,
        on={} if variant is None else {rule.decision: variant},
    )


def _calculations(course: CoursePack) -> Iterator[Calculation]:
    """Yield the calculation of each fact, named as the fact is."""
    given = given_in(course)
    for fact in course.derived.values():
        if fact.id in given:
            yield GIVEN.replaced(name=fact.id, thresholds=fact.thresholds)
        elif fact.id in SESSION:
            reads = partial(_reads_of, course)
            work_out = partial(calculated, course.schedule)
            yield Calculation(fact.id, reads, work_out, thresholds=fact.thresholds)


def _reads_of(course: CoursePack, fact: m.Derived) -> tuple[str, ...]:
    return read_for(course.schedule, fact.id)
