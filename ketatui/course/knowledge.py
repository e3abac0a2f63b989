"""The course of a pack compiled: expressions checked, and rules by pathway and decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from ketatui.course.calculations import COURSE, SCORE, TABLES, Calculation
from ketatui.course.screening import READ
from ketatui.course.sessions import SESSION
from ketatui.cql import (
    BOOLEAN,
    NUMBER,
    Condition,
    ExpressionError,
    Scope,
    Type,
    check,
    compile_expression,
    parse,
)
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models import Authority, Confidence, Effect
from ketatui.criteria.models.course import CourseFact, CourseRule
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine.compiling import type_of_question
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen
from ketatui.toml_lines import locate

CALCULATIONS: Mapping[str, Calculation] = {**COURSE, **SESSION, **SCORE}
"""How every fact of a visit comes about, by id."""

READ_BY_CALCULATIONS = frozenset(read for item in CALCULATIONS.values() for read in item.reads)
"""Questions, facts and tables that calculations read."""


class VisitRule(Frozen, frozen=True):
    """One rule as it reads for a course of one pathway.

    Attributes:
        rule: The rule's id.
        effect: What it does to its decision when its condition is true.
        optional: Never makes a decision incomplete.
        local: Reads a threshold that a local policy changed.
    """

    rule: str
    title: str
    effect: Effect
    condition: Condition
    because: str
    do: str
    authority: Authority
    confidence: Confidence
    sources: tuple[str, ...]
    optional: bool
    local: bool


class CourseKnowledge(Frozen, frozen=True, eq=False):
    """Everything that judging a visit needs; told apart by identity.

    Attributes:
        screening: The compiled pack of the screening.
        pack: The course it was compiled from.
        scope: Types of all ids, for checking further expressions against it.
        order: Questions so that what "asked when" reads comes first.
        asked_when: Condition under which a question is asked, where it has one.
        rules: The rules of a pathway by decision, in the order of the decision table.
        contradictions: Condition of each declared contradiction, by id.
        rank: Place of each question and table, the screening's questions after those of the visit.
    """

    screening: Knowledge
    pack: CoursePack
    scope: Scope
    order: tuple[str, ...]
    asked_when: Mapping[str, Condition]
    rules: Mapping[str, Mapping[str, tuple[VisitRule, ...]]]
    contradictions: Mapping[str, Condition]
    rank: Mapping[str, int]


def type_of_fact(fact: CourseFact) -> Type:
    """Return the type that expressions see."""
    match fact.kind:
        case "bool":
            return BOOLEAN
        case "choice":
            return Type("text", codes=frozenset(fact.codes))
        case _:
            return NUMBER


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
    pack = knowledge.pack.course
    facts = {ident: type_of_fact(fact) for ident, fact in pack.derived.items()}
    for ident, question in pack.questions.items():
        kind = type_of_question(question)
        if kind is not None:
            facts[ident] = kind
    compiler = _Compiler(pack, Scope(facts, pack.threshold_values))
    compiler.calculations(knowledge)
    asked_when = compiler.each(
        "question", "asked_when", ((item.id, item.asked_when) for item in pack.questions.values())
    )
    named = (*pack.questions, *pack.tables, *knowledge.pack.questions)
    compiled = CourseKnowledge(
        screening=knowledge,
        pack=pack,
        scope=compiler.scope,
        order=compiler.order(asked_when),
        asked_when=asked_when,
        rules={ident: compiler.rules(ident) for ident in knowledge.pack.pathways},
        contradictions=compiler.each(
            "contradiction", "when", ((item.id, item.when) for item in pack.info.contradictions)
        ),
        rank={ident: place for place, ident in enumerate(dict.fromkeys(named))},
    )
    if compiler.problems:
        # What is wrong with a rule is found on each of its pathways.
        once = dict.fromkeys(compiler.problems)
        raise PackError(tuple(sorted(once, key=lambda p: (p.file, p.line or 0))))
    return compiled


@dataclass
class _Compiler:
    pack: CoursePack
    scope: Scope
    problems: list[Problem] = field(default_factory=list)
    _known: dict[str, Condition] = field(default_factory=dict)

    def note(self, kind: str, ident: str, key: str, message: str) -> None:
        """Add a problem, located in the file that defines the id."""
        origin = self.pack.origins[kind, ident]
        try:
            text = (self.pack.folder / origin.file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            text = ""
        line = locate(text, (*origin.path, *key.split(".")))
        self.problems.append(Problem(origin.file, line, ident, f"{key}: {message}"))

    def calculations(self, knowledge: Knowledge) -> None:
        """Note facts that nothing calculates, and thresholds that they need."""
        for fact in self.pack.derived.values():
            if fact.id not in CALCULATIONS:
                self.note("derived fact", fact.id, "id", "there is no calculation of this name")
            for name in fact.thresholds:
                if name not in self.scope.thresholds:
                    message = f"unknown threshold {name!r}"
                    self.note("derived fact", fact.id, "thresholds", message)
        for ident in (*CALCULATIONS.keys() - self.pack.derived.keys(),):
            message = f"{ident} is calculated and not described here"
            self.problems.append(Problem("course/derived.toml", None, ident, message))
        for table in TABLES:
            if table not in self.pack.tables:
                message = f"the table {table} is not described here"
                self.problems.append(Problem("course/questions.toml", None, table, message))
        for ident, text in READ.items():
            try:
                check(parse(text), knowledge.scope)
            except ExpressionError as error:
                message = f"reads the screening's {text}: {error}"
                self.problems.append(Problem("course/derived.toml", None, ident, message))

    def condition(self, kind: str, ident: str, key: str, text: str) -> Condition | None:
        """Parse, check and compile, each text once; a mistake is noted with its place."""
        if text in self._known:
            return self._known[text]
        try:
            node = parse(text)
            found = check(node, self.scope)
            if found.kind not in ("boolean", "null"):
                raise ExpressionError(f"a yes/no expression is expected, not {found}")
        except ExpressionError as error:
            self.note(kind, ident, key, f"{error} in: {text}")
            return None
        self._known[text] = compile_expression(text, node, self.scope.thresholds)
        return self._known[text]

    def each(
        self, kind: str, key: str, texts: Iterable[tuple[str, str | None]]
    ) -> dict[str, Condition]:
        """Compile those that have an expression."""
        return {
            ident: condition
            for ident, text in texts
            if text is not None and (condition := self.condition(kind, ident, key, text))
        }

    def order(self, asked_when: Mapping[str, Condition]) -> tuple[str, ...]:
        """Return the questions so that what one is asked by comes before it."""
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for ident in self.pack.questions:
            condition = asked_when.get(ident)
            reads = condition.reads if condition else ()
            for read in reads:
                calculation = CALCULATIONS.get(read)
                if calculation is not None and not calculation.first:
                    message = f"reads {read}, which is calculated from answers of the visit"
                    self.note("question", ident, "asked_when", message)
            sorter.add(ident, *(read for read in reads if read in self.pack.questions))
        try:
            return tuple(sorter.static_order())
        except CycleError as error:
            circle = error.args[1]
            self.note("question", circle[0], "asked_when", f"goes in a circle: {circle}")
            return tuple(self.pack.questions)

    def rules(self, pathway: str) -> dict[str, tuple[VisitRule, ...]]:
        """Return the rules of a pathway, by decision."""
        found: dict[str, list[VisitRule]] = {ident: [] for ident in self.pack.decisions}
        for rule in self.pack.rules.values():
            if rule.decision not in found:
                allowed = ", ".join(found)
                message = f"there is no decision {rule.decision!r}; allowed: {allowed}"
                self.note("rule", rule.id, "decision", message)
            elif pathway in rule.effects:
                read = self._read_for(rule, pathway)
                found[rule.decision] += [read] if read else []
        return {ident: tuple(rules) for ident, rules in found.items()}

    def _read_for(self, rule: CourseRule, pathway: str) -> VisitRule | None:
        pack, variant = self.pack, rule.on.get(pathway)
        own = variant is not None and variant.when is not None
        text = variant.when if variant and variant.when else rule.when
        key = f"on.{pathway}.when" if own else "when"
        condition = self.condition("rule", rule.id, key, text)
        if condition is None:
            return None
        local = bool(pack.changed & self._thresholds(condition))
        return VisitRule(
            rule=rule.id,
            title=rule.title,
            effect=rule.effects[pathway],
            condition=condition,
            because=pack.threshold_text((variant and variant.because) or rule.because),
            do=pack.threshold_text((variant and variant.do) or rule.do),
            authority="local" if local else (variant and variant.authority) or rule.authority,
            confidence=(variant and variant.confidence) or rule.confidence,
            sources=(variant and variant.sources) or rule.sources,
            optional=rule.optional,
            local=local,
        )

    def _thresholds(self, condition: Condition) -> set[str]:
        """Return the thresholds a condition depends on, through calculated facts too."""
        found = set(condition.thresholds)
        for ident in condition.reads:
            fact = self.pack.derived.get(ident)
            found |= set(fact.thresholds) if fact else set()
        return found
