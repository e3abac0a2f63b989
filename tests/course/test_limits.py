"""Each limit of a visit's rules, moved by one step or to its other side, is noticed by a situation.

The situations are those of `tests.course.visit_table`, which is written by hand. The limits are
found in the criteria: one that is added there, and tried on one side only, is named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from ketatui.cql import Value, compile_expression, parse
from ketatui.criteria.models.course import CourseRule
from tests.course.support import knowledge
from tests.course.visit_table import PATHWAYS, ROWS, Situation
from tests.each import each

PACK = knowledge().pack
_PREFIX = "visit.dose_mg > 0 and "
_LIMIT = re.compile(r"(<=|>=|<|>|=) (?:(\d+(?:\.\d+)?)|threshold\.(\w+))")
_FACTOR = re.compile(r"(?<=\* )\d+|\d+(?= \*)")
_NUMBER = re.compile(r"(?<![\w.'])\d+(?:\.\d+)?(?![\w'])")
_SIDES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!="}


def condition(rule: CourseRule, pathway: str) -> str:
    """Return the condition of a rule in a pathway, its thresholds as numbers."""
    variant = rule.on.get(pathway)
    text = (variant.when if variant is not None else None) or rule.when
    values = PACK.threshold_values
    return re.sub(r"threshold\.(\w+)", lambda found: format(values[found[1]], "f"), text)


def moved(text: str) -> Iterator[str]:
    """Yield a condition with one limit moved: a step up, a step down, to the other side."""
    begin = len(_PREFIX) if text.startswith(_PREFIX) else 0
    for found in _LIMIT.finditer(text, begin):
        before, after = text[: found.start()], text[found.end() :]
        sign, number = found[1], Decimal(found[2])
        step = Decimal(1) if number >= 10 or "mg_per_kg" not in before[-20:] else Decimal("0.01")
        yield f"{before}{_SIDES[sign]} {number}{after}"
        for other in (number - step, number + step):
            yield f"{before}{sign} {max(other, Decimal(0))}{after}"
    for found in _FACTOR.finditer(text, begin):
        for factor in (int(found[0]) - 1, int(found[0]) + 1):
            yield f"{text[: found.start()]}{factor}{text[found.end() :]}"


@cache
def outcomes(rule: str, pathway: str, text: str) -> tuple[object, ...]:
    found = compile_expression(text, parse(text), {})
    return tuple(found.value(facts) for facts in facts_of(rule, pathway))


@cache
def facts_of(rule: str, pathway: str) -> list[dict[str, Value]]:
    situations: list[Situation] = []
    for row in ROWS:
        if row.rule == rule and pathway in row.effects:
            situations += [*row.true, *row.false]
    return [dict(item.assess(pathway).values) for item in situations]


SAME = {
    (  # 84 is a multiple of a device whichever side of the limit it is on.
        "dose-not-a-device-multiple",
        "visit.dose_mg > 0 and (visit.dose_mg < 84 and not (visit.dose_mg in {28, 56, 84}))",
    )
}
LIMITS = [
    (rule.id, pathway, text, other)
    for rule in PACK.rules.values()
    for pathway in PATHWAYS
    if pathway in rule.effects
    for text in [condition(rule, pathway)]
    for other in moved(text)
    if other != text and (rule.id, other) not in SAME
]


@each(("rule", "pathway", "text", "other"), LIMITS)
def test_a_limit_that_is_moved_changes_what_some_situation_comes_to(
    rule: str, pathway: str, text: str, other: str
) -> None:
    assert outcomes(rule, pathway, text) != outcomes(rule, pathway, other), other


def test_the_limits_are_those_of_the_table() -> None:
    numbers = {rule for rule in PACK.rules if _compares(rule)}
    assert {rule for rule, *_ in LIMITS} == numbers
    assert len(numbers) > 35


def _compares(rule: str) -> bool:
    """Tell whether a rule says a number beside the dose that every one of its kind asks for."""
    texts = [condition(PACK.rules[rule], pathway) for pathway in PACK.rules[rule].effects]
    return any(_NUMBER.search(text.removeprefix(_PREFIX)) for text in texts)
