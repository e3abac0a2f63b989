"""Ways to make other criteria, and to compare how a case stands under both."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ketatui.cases.model import Case
from ketatui.consultation.nulls import without_nulls
from ketatui.criteria.models import Rule
from ketatui.criteria.pack import LocalPolicy, Pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.difference import Difference, RuleChange
from ketatui.engine.fingerprints import criteria_data
from ketatui.engine.reassessment import reassess
from tests.engine.clean import ON


def saved(knowledge: Knowledge, case: Case, on: dt.date = ON) -> Case:
    """The case with its assessment, as a file holds it."""
    found = without_nulls(assess(knowledge, case, on).to_data())
    return case.replaced(assessment={**found, "criteria": criteria_data(knowledge)})


def other(pack: Pack, **changes: Any) -> Knowledge:
    """Criteria of a later version."""
    info = pack.info.replaced(version="2027.01")
    return compile_pack(pack.replaced(info=info, digest="sha256:other", **changes))


def with_rule(pack: Pack, ident: str, **changes: Any) -> Knowledge:
    rule = pack.rules[ident].replaced(**changes)
    return other(pack, rules={**pack.rules, ident: rule})


def with_threshold(pack: Pack, name: str, value: int) -> Pack:
    threshold = pack.thresholds[name].replaced(value=Decimal(value))
    return pack.replaced(thresholds={**pack.thresholds, name: threshold})


def again(before: Knowledge, after: Knowledge, case: Case, on: dt.date = ON) -> Difference:
    return reassess(after, saved(before, case), on).difference


def change(difference: Difference, pathway: str, rule: str) -> RuleChange:
    found = difference.pathway(pathway)
    assert found is not None
    return next(item for item in found.rules if item.rule == rule)


def kinds(found: RuleChange) -> list[str]:
    return [cause.kind for cause in found.causes]


def policy(pack: Pack, thresholds: dict[str, int], rules: dict[str, Rule]) -> Knowledge:
    for name, value in thresholds.items():
        pack = with_threshold(pack, name, value)
    local = LocalPolicy("clinic", "Our clinic", frozenset(thresholds), frozenset(rules))
    changed = pack.replaced(
        rules={**pack.rules, **rules}, policy=local, digest="sha256:with-policy"
    )
    return compile_pack(changed)


def local_rule(pack: Pack) -> dict[str, Rule]:
    changes = {"id": "ours", "when": "vitals.heart_rate > 60", "on": {}}
    return {"ours": pack.rules["avm"].replaced(**changes)}
