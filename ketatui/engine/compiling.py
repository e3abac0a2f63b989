"""Compiling a pack: expressions checked and turned into conditions.

Compiling is where an expression that compares different types, or names an unknown id, choice
code or threshold, becomes an error with file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from msgspec import Struct, field

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
from ketatui.criteria.models import Derived, Effect, Payer, Question, Rule
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine.calculations import GENERAL, Calculation, by_name
from ketatui.engine.dependencies import Graph
from ketatui.engine.drug_classes import DRUG_CLASSES
from ketatui.engine.knowledge import Knowledge, PathwayRule
from ketatui.engine.medicines import MedicineIndex, fold
from ketatui.engine.trials import FAILED_TRIALS


def type_of_question(question: Question) -> Type | None:
    """Return the type expressions see; None for tables, which only calculations read."""
    match question.kind:
        case "bool":
            return BOOLEAN
        case "choice":
            return Type("text", codes=frozenset([option.code for option in question.options]))
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
            if fact.options:
                return Type("text", codes=frozenset(fact.options))
            for instrument in pack.instruments.values():
                if instrument.question == fact.of:
                    return Type("text", codes=frozenset(band.code for band in instrument.bands))
            return TEXT


class _Compiler(Struct):
    pack: Pack
    scope: Scope
    problems: list[Problem] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    alike: dict[tuple[str, Effect, str], PathwayRule] = field(default_factory=dict)
    reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    compares: dict[str, tuple[str, ...]] = field(default_factory=dict)
    support: Sequence[Condition] = ()
    _known: dict[str, int] = field(default_factory=dict)

    def condition(
        self, kind: str, ident: str, key: str, text: str, wanted: Type = BOOLEAN
    ) -> Condition | None:
        """Parse, check and compile; a mistake is noted with its place in the pack."""
        try:
            node = parse(text)
            found = check(node, self.scope)
            if found.kind not in (wanted.kind, "null"):
                raise ExpressionError(f"a {wanted} expression is expected, not {found}")
        except ExpressionError as error:
            self.note(kind, ident, key, f"{error} in: {text}")
            return None
        return compile_expression(text, node, self.scope.thresholds)

    def each(self, kind: str, key: str, tables: Mapping[str, object]) -> dict[str, Condition]:
        """Compile one key of many tables, where it is said and no mistake, by id."""
        return {
            ident: condition
            for ident, table in tables.items()
            if (text := getattr(table, key)) is not None
            and (condition := self.condition(kind, ident, key, text))
        }

    def note(self, kind: str, ident: str, key: str, message: str) -> None:
        """Add a problem, located in the file that defines the id."""
        known = (kind, ident) in self.pack.origins
        said = f"{key}: {message}" if known else message
        self.problems.append(self.pack.problem(kind, ident, said, *key.split(".")))

    def shared(self, kind: str, ident: str, key: str, text: str) -> int:
        """Compile a rule's condition once, however many pathways share it."""
        if text not in self._known:
            condition = self.condition(kind, ident, key, text)
            if condition is None:
                return 0
            self._known[text] = len(self.conditions)
            self.conditions.append(condition)
        return self._known[text]

    def thresholds_behind(self, conditions: Iterable[Condition]) -> frozenset[str]:
        """Return every threshold conditions depend on, through derived facts."""
        listed = tuple(conditions)
        graph = Graph({ident: self.reads.get(ident, ()) for ident in self.pack.derived})
        names = graph.of(ident for condition in listed for ident in condition.reads)
        own = (name for condition in listed for name in condition.thresholds)
        return frozenset(own).union(*(self.compares.get(ident, ()) for ident in names))


SCREENING = (*GENERAL, FAILED_TRIALS, DRUG_CLASSES)
"""The calculations of the screening."""


class Calculated(NamedTuple):
    """What the calculations of a pack lean on, by the id of the derived fact."""

    reads: Mapping[str, tuple[str, ...]]
    thresholds: Mapping[str, tuple[str, ...]]


def calculated(pack: Pack, calculations: Iterable[Calculation] = SCREENING) -> Calculated:
    """Tell what a pack's named calculations read and compare with.

    Args:
        pack: A loaded pack, compiled or not.
        calculations: The calculations there are.

    Returns:
        Ids and thresholds by derived fact; nothing of one whose calculation there is not.
    """
    known = by_name(calculations)
    found = {
        ident: (fact, known[fact.calculation])
        for ident, fact in pack.derived.items()
        if fact.calculation is not None and fact.calculation in known
    }
    return Calculated(
        {ident: calculation.reads(fact) for ident, (fact, calculation) in found.items()},
        {ident: calculation.thresholds for ident, (_, calculation) in found.items()},
    )


def compile_pack(pack: Pack, calculations: Iterable[Calculation] = SCREENING) -> Knowledge:
    """Check and compile every expression of a pack.

    Args:
        pack: A loaded pack, or any other set of criteria in its form.
        calculations: The named calculations its derived facts may use.

    Returns:
        The compiled knowledge.

    Raises:
        PackError: Every expression that is wrong, each with file, line and id.
    """
    compiler = _Compiler(pack, Scope(_types(pack), pack.threshold_values))
    known = by_name(calculations)
    asked_when = compiler.each("question", "asked_when", pack.questions)
    derived = {ident: _derived(compiler, fact, known) for ident, fact in pack.derived.items()}
    compiler.reads |= {ident: item.reads for ident, item in asked_when.items()}
    steps = _steps(compiler)
    support = compiler.each("support row", "when", pack.support)
    compiler.support = tuple(support.values())
    rules = {pathway: _rules_of(compiler, pathway) for pathway in pack.pathways}
    knowledge = Knowledge(
        pack=pack,
        scope=compiler.scope,
        order=tuple([ident for ident in steps if ident in pack.questions]),
        steps=steps,
        calculations=known,
        reads=compiler.reads,
        compares=compiler.compares,
        asked_when=asked_when,
        derived=derived,
        conditions=tuple(compiler.conditions),
        rules=rules,
        support=support,
        contradictions=compiler.each("contradiction", "when", pack.contradictions),
        payers={payer.id: tuple(_of_payer(compiler, payer)) for payer in pack.payers.values()},
        consent_hidden=compiler.each("consent item", "hidden_when", pack.consent),
        medicines=_medicines(pack),
        rank_of_question={ident: number for number, ident in enumerate(pack.questions)},
    )
    if compiler.problems:
        # What is wrong with a rule is found on each of its pathways.
        once = dict.fromkeys(compiler.problems)
        raise PackError(tuple(sorted(once, key=lambda p: (p.file, p.line or 0))))
    return knowledge


def _types(pack: Pack) -> dict[str, Type]:
    """Return the type of everything that an expression can read."""
    asked = {
        ident: kind
        for ident, item in pack.questions.items()
        if (kind := type_of_question(item)) is not None
    }
    return asked | {ident: type_of_derived(fact, pack) for ident, fact in pack.derived.items()}


def _rules_of(compiler: _Compiler, pathway: str) -> tuple[PathwayRule, ...]:
    """Return how rules read for a pathway: one object where one reads the same for several."""
    alike, found = compiler.alike, []
    for rule in compiler.pack.rules.values():
        if pathway in rule.effects:
            key = (rule.id, rule.effects[pathway], pathway if pathway in rule.on else "")
            if key not in alike:
                alike[key] = _read_for(compiler, rule, pathway)
            found.append(alike[key])
    return tuple(found)


def _of_payer(compiler: _Compiler, payer: Payer) -> Iterator[Condition]:
    for number, rule in enumerate(payer.rules):
        found = compiler.condition("payer", payer.id, f"rules.{number}.when", rule.when)
        if found is not None:
            yield found


def _medicines(pack: Pack) -> MedicineIndex:
    known = pack.antidepressants.values()
    spellings = {fold(text): item.name for item in known for text in (item.name, *item.also)}
    alike = {item.name: item.same_drug_as for item in known if item.same_drug_as}
    return MedicineIndex(pack.medicines, pack.vocabulary, spellings, alike)


def _derived(
    compiler: _Compiler, fact: Derived, calculations: Mapping[str, Calculation]
) -> Condition | None:
    """Compile a derived fact, and note what it reads and compares with."""
    if fact.expression is not None:
        if fact.calculation is not None:
            message = "a fact has an expression or a calculation, not both"
            compiler.note("derived fact", fact.id, "calculation", message)
        condition = compiler.condition(
            "derived fact",
            fact.id,
            "expression",
            fact.expression,
            type_of_derived(fact, compiler.pack),
        )
        if condition is not None:
            compiler.reads[fact.id] = condition.reads
            compiler.compares[fact.id] = condition.thresholds
        return condition
    calculation = calculations.get(fact.calculation or "")
    if calculation is None:
        what = "there is no calculation" if fact.calculation else "needs an expression or one of"
        message = f"{what} {fact.calculation or ''}; allowed: {', '.join(sorted(calculations))}"
        compiler.note("derived fact", fact.id, "calculation", " ".join(message.split()))
        return None
    for message in calculation.problems(fact, compiler.pack):
        compiler.note("derived fact", fact.id, "calculation", message)
    compiler.reads[fact.id] = calculation.reads(fact)
    compiler.compares[fact.id] = calculation.thresholds
    return None


def _steps(compiler: _Compiler) -> tuple[str, ...]:
    """Order questions and derived facts so that each comes after all it reads."""
    pack = compiler.pack
    known = {**pack.questions, **pack.derived}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for ident in known:
        sorter.add(ident, *filter(known.__contains__, compiler.reads.get(ident, ())))
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        circle: list[str] = error.args[1]
        for ident in dict.fromkeys(circle):
            kind, key = (
                ("question", "asked_when")
                if ident in pack.questions
                else ("derived fact", "expression")
            )
            compiler.note(kind, ident, key, f"goes in a circle: {' reads '.join(circle[::-1])}")
        return tuple(known)


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
    has_one = index is not None and bool(compiler.conditions)
    conditions = [compiler.conditions[index or 0]] if has_one else compiler.support
    local = pack.policy is not None and (
        rule.id in pack.policy.rules
        or bool(pack.policy.thresholds & compiler.thresholds_behind(conditions))
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
