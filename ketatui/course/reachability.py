"""Rules of a visit that can never be true: found by trying the values at which they can turn."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ketatui.course.knowledge import CourseKnowledge
from ketatui.cql import Condition, Value
from ketatui.criteria.problems import Problem

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
    for pathway, compiled in knowledge.pathways.items():
        for rules in compiled.rules.values():
            for rule in rules:
                assert rule.condition is not None
                condition = compiled.conditions[rule.condition]
                if reached(knowledge, condition, pathway) is None:
                    said = " ".join(condition.text.split())
                    message = f"can never be true: {said}"
                    found = knowledge.pack.problem("rule", rule.rule, message)
                    problems[rule.rule, condition.text] = found
    return list(problems.values())


def reached(
    knowledge: CourseKnowledge, condition: Condition, pathway: str
) -> Mapping[str, Value] | None:
    """Return facts under which a condition is true for a pathway; None if there are none."""
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
    asked = knowledge.pathways[pathway].asked_when.get(ident)
    never = asked is not None and asked.value({"course.pathway": pathway}) is False
    if question is not None and never:
        # Whatever else a visit holds, on this pathway it is not asked.
        return (question.otherwise,)
    if question is not None and question.kind == "bool":
        return (True, False)
    if question is not None and question.kind == "choice":
        return tuple(option.code for option in question.options)
    fact = knowledge.pack.derived.get(ident)
    if fact is not None and fact.kind in ("bool", "choice"):
        return (True, False) if fact.kind == "bool" else fact.codes
    low, high = Decimal(0), Decimal(10_000)
    if question is not None:
        low = low if question.min is None else question.min
        high = high if question.max is None else question.max
    return tuple(value for value in _numbers(knowledge, condition) if low <= value <= high)


def _numbers(knowledge: CourseKnowledge, condition: Condition) -> list[Decimal]:
    """Return the constants of a condition and the numbers beside them, and sums of two."""
    compared = condition.compared
    around = {value + step for value in compared for step in (-1, 0, 1)}
    sums = {one + other for one in compared for other in compared}
    return sorted({Decimal(0), Decimal(1), *around, *sums})
