"""What stands behind each rule of a pack, and its fingerprint.

A saved assessment keeps the fingerprints of the rules it was made under (`criteria_data`), so
that a later one can tell a rule that is new from one that merely was not true before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ketatui.cases.saved_assessment import Criteria
from ketatui.criteria.models import Rule, SupportRow
from ketatui.criteria.pack import Pack
from ketatui.engine.dependencies import Behind, dependencies_of
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen

_SHORT = 8
"""Hexadecimal digits of a fingerprint: two rules are compared, never many."""


class Roots(Frozen, frozen=True):
    """What stands behind every rule of one pack, and what all of it comes to in short."""

    rules: Mapping[str, Behind]
    support: Behind
    criteria: Criteria


@lru_cache(maxsize=4)
def roots_of(knowledge: Knowledge) -> Roots:
    """Find what stands behind every rule; worked out once for a pack.

    Args:
        knowledge: The compiled pack.

    Returns:
        Questions, thresholds and fingerprints by rule.
    """
    dependencies, pack = dependencies_of(knowledge), knowledge.pack
    rows = tuple(knowledge.support.values())
    support = dependencies.behind(rows)
    rules: dict[str, Behind] = {}
    for pathway_rules in knowledge.rules.values():
        for item in pathway_rules:
            own = rows if item.condition is None else (knowledge.conditions[item.condition],)
            known = rules.get(item.rule, Behind())
            rules[item.rule] = known.joined(dependencies.behind(own))
    table = [_grades(row) for row in pack.support.values()]
    prints = {
        ident: _print(
            [
                _decides(rule),
                texts_behind(pack, rules.get(ident, Behind())),
                table if rule.support else None,
            ]
        )
        for ident, rule in pack.rules.items()
    }
    whole = _print([table, texts_behind(pack, support)])
    return Roots(rules, support, Criteria(pack.threshold_values, prints, whole))


def criteria_data(knowledge: Knowledge) -> dict[str, Any]:
    """Return the criteria in short, as a saved assessment keeps them.

    Args:
        knowledge: The compiled pack.

    Returns:
        Thresholds in force, and in one line each rule with its fingerprint.
    """
    criteria = roots_of(knowledge).criteria
    return {
        "support": criteria.support,
        "rules": " ".join(f"{ident}={mark}" for ident, mark in criteria.rules.items()),
        "thresholds": {
            name: int(value) if value == value.to_integral_value() else value
            for name, value in criteria.thresholds.items()
        },
    }


def texts_behind(pack: Pack, behind: Behind) -> list[list[str | None]]:
    """Everything behind a rule that decides, apart from the numbers of thresholds."""
    derived = [pack.derived[ident] for ident in sorted(behind.derived)]
    asked = [pack.questions[ident] for ident in sorted(behind.questions)]
    return [
        *(
            [fact.id, fact.expression, fact.calculation, fact.of, *filter(None, [fact.item])]
            for fact in derived
        ),
        *([item.id, item.asked_when, str(item.otherwise)] for item in asked),
    ]


def _decides(rule: Rule) -> list[Any]:
    after = rule.afterwards
    return [
        rule.when,
        list(rule.support),
        dict(rule.effects),
        rule.optional,
        str(rule.valid_until),
        after.effect if after else None,
        {pathway: variant.when for pathway, variant in rule.on.items() if variant.when},
    ]


def _grades(row: SupportRow) -> list[Any]:
    cells = {pathway: [cell.basis, cell.grade, cell.carried_by] for pathway, cell in row.on.items()}
    return [row.when, cells]


def _print(content: Any) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]
