"""A pack compiled for the engine: expressions checked and turned into conditions.

Compiling is where an expression that compares different types, or names an unknown id, choice
code or threshold, becomes an error with file and line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from ketatui.cql import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Condition,
    ExpressionError,
    Scope,
    Type,
    check,
    compile_expression,
    parse,
)
from ketatui.cql.syntax import Threshold, names, walk
from ketatui.criteria.models import Authority, Confidence, Derived, Effect, Question, Rule
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine.medicines import MedicineIndex, fold
from ketatui.structs import Frozen
from ketatui.toml_lines import locate


class PathwayRule(Frozen, frozen=True):
    """One rule as it reads for one pathway.

    Attributes:
        rule: The rule's id.
        title: Its line for the fit pane.
        effect: What it does while in force; see `effect_on`.
        condition: Index into `Knowledge.conditions`, None for a support rule.
        grades: For a support rule: the grades it is true for.
        local: Added by a local policy, or reads a threshold a local policy changed.
        valid_until: Last day of a dated rule.
        afterwards: Effect, reason and action from the day after.
    """

    rule: str
    title: str
    effect: Effect
    condition: int | None
    grades: frozenset[str]
    because: str
    do: str
    authority: Authority
    confidence: Confidence
    sources: tuple[str, ...]
    optional: bool
    local: bool
    valid_until: dt.date | None
    afterwards: tuple[Effect, str, str] | None

    def in_force(self, on: dt.date) -> tuple[Effect, str, str] | None:
        """Return effect, reason and action on a day; None once the rule has lapsed."""
        if self.valid_until is None or on <= self.valid_until:
            return self.effect, self.because, self.do
        return self.afterwards


class Knowledge(Frozen, frozen=True, eq=False):
    """Everything the engine needs of a pack, ready to evaluate; told apart by identity.

    Attributes:
        pack: The pack it was compiled from.
        scope: Types of all ids, for checking further expressions against it.
        order: Question ids so that what "asked when" reads comes first.
        asked_when: Condition under which a question is asked, where it has one.
        derived: Derived facts with an expression, by id (None for a named calculation).
        conditions: The distinct conditions of all rules; several pathways share one.
        rules: The rules of each pathway, in the order of the decision table. One that reads
            the same for several pathways is one object.
        support: Condition of each row of the support table, by row id.
        contradictions: Condition of each declared contradiction, by id.
        payers: Conditions of each payer profile's rules, by payer id.
        consent_hidden: Condition under which a consent item can not apply, by item id.
        medicines: Names of medicines and the classes they belong to.
        rank_of_question: Place of each question in the consultation.
    """

    pack: Pack
    scope: Scope
    order: tuple[str, ...]
    asked_when: Mapping[str, Condition]
    derived: Mapping[str, Condition | None]
    conditions: tuple[Condition, ...]
    rules: Mapping[str, tuple[PathwayRule, ...]]
    support: Mapping[str, Condition]
    contradictions: Mapping[str, Condition]
    payers: Mapping[str, tuple[Condition, ...]]
    consent_hidden: Mapping[str, Condition]
    medicines: MedicineIndex
    rank_of_question: Mapping[str, int] = field(default_factory=dict)


def type_of_question(question: Question) -> Type | None:
    """Return the type expressions see; None for tables, which only calculations read."""
    match question.kind:
        case "bool":
            return BOOLEAN
        case "choice":
            return Type("text", codes=frozenset(option.code for option in question.options))
        case "int" | "decimal" | "scale":
            return NUMBER
        case "rows":
            return None


def type_of_derived(fact: Derived, pack: Pack) -> Type:
    """Return the type of a derived fact."""
    match fact.kind:
        case "bool":
            return BOOLEAN
        case "int" | "decimal":
            return NUMBER
        case "list":
            return Type("list", codes=frozenset(pack.drug_classes), element="text")
        case "choice":
            for instrument in pack.instruments.values():
                if instrument.question == fact.of:
                    return Type("text", codes=frozenset(band.code for band in instrument.bands))
            return TEXT


@dataclass
class _Compiler:
    pack: Pack
    scope: Scope
    problems: list[Problem] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    alike: dict[tuple[str, Effect, str], PathwayRule] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def condition(self, kind: str, ident: str, key: str, text: str) -> Condition | None:
        """Parse, check and compile; a mistake is noted with its place in the pack."""
        try:
            node = parse(text)
            found = check(node, self.scope)
            if found.kind not in ("boolean", "null"):
                raise ExpressionError(f"a yes/no expression is expected, not {found}")
        except ExpressionError as error:
            self.note(kind, ident, key, f"{error} in: {text}")
            return None
        return compile_expression(text, node, self.scope.thresholds)

    def note(self, kind: str, ident: str, key: str, message: str) -> None:
        """Add a problem, located in the file that defines the id."""
        origin = self.pack.origins.get((kind, ident))
        if origin is None:
            self.problems.append(Problem("", None, ident, message))
            return
        path = self.pack.folder / origin.file
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            text = ""
        line = locate(text, (*origin.path, *key.split(".")))
        self.problems.append(Problem(origin.file, line, ident, f"{key}: {message}"))

    def shared(self, kind: str, ident: str, key: str, text: str) -> int:
        """Compile a rule's condition once, however many pathways share it."""
        if text not in self._known:
            condition = self.condition(kind, ident, key, text)
            if condition is None:
                return 0
            self._known[text] = len(self.conditions)
            self.conditions.append(condition)
        return self._known[text]

    def thresholds_behind(self, rule: Rule, index: int | None) -> frozenset[str]:
        """Return every threshold a rule depends on, through derived facts and support rows."""
        if index is not None and self.conditions:
            texts = [self.conditions[index].text]
        else:
            texts = [row.when for row in self.pack.support.values()]
        found: set[str] = set()
        seen: set[str] = set()
        while texts:
            node = parse(texts.pop())
            found |= {part.name for part in walk(node) if isinstance(part, Threshold)}
            for ident in set(names(node)) - seen:
                seen.add(ident)
                fact = self.pack.derived.get(ident)
                if fact is not None and fact.expression is not None:
                    texts.append(fact.expression)
                elif fact is not None:
                    found |= CALCULATED_WITH.get(fact.calculation or "", frozenset())
        return frozenset(found)


CALCULATED_WITH = {"failed_trials": frozenset({"adequate_weeks", "trd_failed_trials"})}
"""Thresholds that a named calculation compares with."""


def compile_pack(pack: Pack) -> Knowledge:
    """Check and compile every expression of a pack.

    Args:
        pack: A loaded pack.

    Returns:
        The compiled knowledge.

    Raises:
        PackError: Every expression that is wrong, each with file, line and id.
    """
    facts = {
        ident: kind
        for ident, question in pack.questions.items()
        if (kind := type_of_question(question)) is not None
    }
    facts |= {ident: type_of_derived(fact, pack) for ident, fact in pack.derived.items()}
    compiler = _Compiler(pack, Scope(facts, pack.threshold_values))
    asked_when = _each(
        compiler,
        "question",
        "asked_when",
        ((question.id, question.asked_when) for question in pack.questions.values()),
    )
    derived = {
        ident: (
            None
            if fact.expression is None
            else compiler.condition("derived fact", ident, "expression", fact.expression)
        )
        for ident, fact in pack.derived.items()
    }
    rules = {
        pathway: tuple(
            _pathway_rule(compiler, rule, pathway)
            for rule in pack.rules.values()
            if pathway in rule.effects
        )
        for pathway in pack.pathways
    }
    knowledge = Knowledge(
        pack=pack,
        scope=compiler.scope,
        order=_order(compiler, asked_when),
        asked_when=asked_when,
        derived=derived,
        conditions=tuple(compiler.conditions),
        rules=rules,
        support=_each(
            compiler,
            "support row",
            "when",
            ((row.id, row.when) for row in pack.support.values()),
        ),
        contradictions=_each(
            compiler,
            "contradiction",
            "when",
            ((item.id, item.when) for item in pack.contradictions.values()),
        ),
        payers={
            payer.id: tuple(
                condition
                for number, rule in enumerate(payer.rules)
                if (
                    condition := compiler.condition(
                        "payer", payer.id, f"rules.{number}.when", rule.when
                    )
                )
            )
            for payer in pack.payers.values()
        },
        consent_hidden=_each(
            compiler,
            "consent item",
            "hidden_when",
            ((item.id, item.hidden_when) for item in pack.consent.values()),
        ),
        medicines=MedicineIndex(
            pack.medicines,
            pack.vocabulary,
            _spellings(pack),
            {
                item.name: item.same_drug_as
                for item in pack.antidepressants.values()
                if item.same_drug_as
            },
        ),
        rank_of_question={ident: number for number, ident in enumerate(pack.questions)},
    )
    if compiler.problems:
        # What is wrong with a rule is found on each of its pathways.
        once = dict.fromkeys(compiler.problems)
        raise PackError(tuple(sorted(once, key=lambda p: (p.file, p.line or 0))))
    return knowledge


def _spellings(pack: Pack) -> dict[str, str]:
    return {
        fold(spelling): item.name
        for item in pack.antidepressants.values()
        for spelling in (item.name, *item.also)
    }


def _each(
    compiler: _Compiler, kind: str, key: str, texts: Iterable[tuple[str, str | None]]
) -> dict[str, Condition]:
    return {
        ident: condition
        for ident, text in texts
        if text is not None and (condition := compiler.condition(kind, ident, key, text))
    }


def _order(compiler: _Compiler, asked_when: Mapping[str, Condition]) -> tuple[str, ...]:
    questions = compiler.pack.questions
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for ident in questions:
        condition = asked_when.get(ident)
        sorter.add(ident, *(condition.reads if condition else ()))
    try:
        order = tuple(sorter.static_order())
    except CycleError as error:
        circle = error.args[1]
        compiler.note("question", circle[0], "asked_when", f"goes in a circle: {circle}")
        return tuple(questions)
    for ident in order:
        if ident not in questions:
            reader = next(q for q, condition in asked_when.items() if ident in condition.reads)
            compiler.note("question", reader, "asked_when", f"reads {ident}, which is not asked")
    return tuple(ident for ident in order if ident in questions)


def _pathway_rule(compiler: _Compiler, rule: Rule, pathway: str) -> PathwayRule:
    """Return how a rule reads for a pathway: one object where it reads the same for several."""
    key = (rule.id, rule.effects[pathway], pathway if pathway in rule.on else "")
    if key not in compiler.alike:
        compiler.alike[key] = _read_for(compiler, rule, pathway)
    return compiler.alike[key]


def _read_for(compiler: _Compiler, rule: Rule, pathway: str) -> PathwayRule:
    pack = compiler.pack
    variant = rule.on.get(pathway)
    when = (variant and variant.when) or rule.when
    index = None
    if when is not None:
        key = f"on.{pathway}.when" if variant and variant.when else "when"
        index = compiler.shared("rule", rule.id, key, when)
    elif not rule.support:
        compiler.note("rule", rule.id, "when", "a rule needs 'when' or 'support'")
    local = pack.policy is not None and (
        rule.id in pack.policy.rules
        or bool(pack.policy.thresholds & compiler.thresholds_behind(rule, index))
    )
    after = rule.afterwards
    return PathwayRule(
        rule=rule.id,
        title=rule.title,
        effect=rule.effects[pathway],
        condition=index,
        grades=frozenset(rule.support),
        because=pack.threshold_text((variant and variant.because) or rule.because),
        do=pack.threshold_text((variant and variant.do) or rule.do),
        authority="local" if local else (variant and variant.authority) or rule.authority,
        confidence=(variant and variant.confidence) or rule.confidence,
        sources=(variant and variant.sources) or rule.sources,
        optional=rule.optional,
        local=local,
        valid_until=rule.valid_until,
        afterwards=(
            None
            if after is None
            else (after.effect, pack.threshold_text(after.because), pack.threshold_text(after.do))
        ),
    )
