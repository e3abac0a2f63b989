"""The course of a pack compiled: to the engine each pathway's decisions are criteria of their own.

A decision of a visit is to the engine what a pathway is to the screening, so the same engine judges
both: `_criteria` puts the course into the form of a pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Literal

from ketatui.course.calculations import COURSE, SCORE, TABLES
from ketatui.course.screening import READ
from ketatui.course.sessions import SESSION, calculated, read_for
from ketatui.cql import ExpressionError, Value, check, parse
from ketatui.cql.syntax import names
from ketatui.criteria import models as m
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import CourseFact, CourseRule, NamedTable
from ketatui.criteria.pack import LocalPolicy, Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine.calculations import Calculation, Working
from ketatui.engine.compiling import compile_pack
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen

GIVEN = {**COURSE, **SCORE}
"""Facts that are worked out from the whole course before a visit is judged."""
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
    return frozenset(read for fact in SESSION for read in read_for(course.schedule, fact))


class CourseKnowledge(Frozen, frozen=True, eq=False):
    """Everything that judging a visit needs; told apart by identity.

    Attributes:
        screening: The compiled pack of the screening.
        pack: The course it was compiled from.
        pathways: What the engine judges the visits of a course by, by pathway.
        rank: Place of each question and table, the screening's questions after those of the visit.
    """

    screening: Knowledge
    pack: CoursePack
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
    return CourseKnowledge(knowledge, course, pathways, rank)


def _unknown(course: CoursePack) -> Iterator[Problem]:
    """Find facts and tables that only the pack or only the program knows, and lost decisions."""
    for ident in GIVEN.keys() | SESSION.keys():
        if ident not in course.derived:
            message = f"{ident} is calculated and not described here"
            yield Problem("course/derived.toml", None, ident, message)
    for table in TABLES:
        if table not in course.tables:
            message = f"the table {table} is not described here"
            yield Problem("course/questions.toml", None, table, message)
    for fact in course.derived.values():
        if fact.id not in GIVEN and fact.id not in SESSION:
            message = "there is no calculation of this name"
            yield course.problem("derived fact", fact.id, message, "id")
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


def _reads(text: str | None) -> tuple[str, ...]:
    try:
        return names(parse(text)) if text else ()
    except ExpressionError:
        return ()


def _of_screening(knowledge: Knowledge) -> Iterator[Problem]:
    for ident, text in READ.items():
        try:
            check(parse(text), knowledge.scope)
        except ExpressionError as error:
            message = f"reads the screening's {text}: {error}"
            yield Problem("course/derived.toml", None, ident, message)


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
    for fact in course.derived.values():
        if fact.id in GIVEN:
            yield Calculation(fact.id, _nothing, _given, thresholds=fact.thresholds)
        elif fact.id in SESSION:
            reads = partial(_reads_of, course)
            work_out = partial(calculated, course.schedule)
            yield Calculation(fact.id, reads, work_out, thresholds=fact.thresholds)


def _nothing(fact: m.Derived) -> tuple[str, ...]:
    return ()


def _reads_of(course: CoursePack, fact: m.Derived) -> tuple[str, ...]:
    return read_for(course.schedule, fact.id)


def _given(working: Working, fact: m.Derived) -> tuple[Value, tuple[str, ...]]:
    return working.given.given.get(fact.id), working.given.waits.get(fact.id, ())
