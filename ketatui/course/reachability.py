"""Rules of a visit that can never be true: found by trying the values at which they can turn."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ketatui.course.knowledge import CourseKnowledge, VisitRule, type_of_fact
from ketatui.cql import Condition, Value
from ketatui.cql.syntax import Literal, walk
from ketatui.criteria.problems import Problem
from ketatui.toml_lines import locate

_MOST = 200_000
"""States tried for one condition; those of the pack need some hundreds."""


def check_visit_rules(knowledge: CourseKnowledge) -> list[Problem]:
    """Find rules that can never be true for a pathway that they have an effect on.

    Facts are tried each by itself, although some follow from others: what is found cannot be true
    whatever a visit holds.

    Args:
        knowledge: The compiled course.

    Returns:
        Problems, located in the pack's files.
    """
    problems = {}
    for pathway, decisions in knowledge.rules.items():
        for rules in decisions.values():
            for rule in rules:
                if reached(knowledge, rule, pathway) is None:
                    problems[rule.rule, rule.condition.text] = _problem(knowledge, rule)
    return list(problems.values())


def reached(
    knowledge: CourseKnowledge, rule: VisitRule, pathway: str
) -> Mapping[str, Value] | None:
    """Return facts under which a rule is true for a pathway; None if there are none."""
    condition = rule.condition
    domains = {ident: _values(knowledge, ident, condition, pathway) for ident in condition.reads}
    tried = 0

    def search(facts: dict[str, Value], left: tuple[str, ...]) -> Mapping[str, Value] | None:
        nonlocal tried
        tried += 1
        result = condition.value(facts)
        if result is True:
            return facts
        if result is False and _settled(condition, facts):
            return None
        if not left or tried > _MOST:
            return None
        for value in domains[left[0]]:
            found = search({**facts, left[0]: value}, left[1:])
            if found is not None:
                return found
        return None

    return search({}, tuple(domains))


def _settled(condition: Condition, facts: Mapping[str, Value]) -> bool:
    """Tell whether false is final: "is null" and its like take what is missing for an answer."""
    return all(ident in facts for ident in condition.reads) or "is " not in condition.text


def _values(
    knowledge: CourseKnowledge, ident: str, condition: Condition, pathway: str
) -> tuple[Value, ...]:
    if ident == "course.pathway":
        return (pathway,)
    question = knowledge.pack.questions.get(ident)
    if question is not None and question.kind == "bool":
        return (True, False)
    if question is not None and question.kind == "choice":
        return tuple(option.code for option in question.options)
    fact = knowledge.pack.derived.get(ident)
    if fact is not None and type_of_fact(fact).kind != "number":
        return (True, False) if fact.kind == "bool" else fact.codes
    low, high = Decimal(0), Decimal(10_000)
    if question is not None:
        low = low if question.min is None else question.min
        high = high if question.max is None else question.max
    return tuple(value for value in _numbers(knowledge, condition) if low <= value <= high)


def _numbers(knowledge: CourseKnowledge, condition: Condition) -> list[Decimal]:
    """Return the constants of a condition and the numbers beside them, and sums of two."""
    limits = knowledge.pack.threshold_values
    constants = {limits[name] for name in condition.thresholds}
    constants |= {
        Decimal(node.value)
        for node in walk(condition.node)
        if isinstance(node, Literal)
        and isinstance(node.value, int | Decimal)
        and not isinstance(node.value, bool)
    }
    around = {value + step for value in constants for step in (-1, 0, 1)}
    sums = {one + other for one in constants for other in constants}
    return sorted({Decimal(0), Decimal(1), *around, *sums})


def _problem(knowledge: CourseKnowledge, rule: VisitRule) -> Problem:
    origin = knowledge.pack.origins["rule", rule.rule]
    try:
        text = (knowledge.pack.folder / origin.file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    line = locate(text, origin.path)
    said = " ".join(rule.condition.text.split())
    return Problem(origin.file, line, rule.rule, f"can never be true: {said}")
