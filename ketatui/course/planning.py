"""What a course can begin with: the bases that the screening leaves open, and its first plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ketatui.cases.courses import Basis, Course
from ketatui.cases.model import Case
from ketatui.cql import Condition, check, compile_expression, parse
from ketatui.engine.facts import establish
from ketatui.engine.knowledge import Knowledge

SITE = "setting.site"
"""The question that says where treatment would be given."""
BASES: Mapping[Basis, str] = {
    "trd": "indication.diagnosis = 'mdd' and derived.trd",
    "mdsi": "indication.diagnosis = 'mdd' and depression.acute_suicidality",
}
"""When a course can run under each basis, as expressions over the screening."""


def possible_bases(knowledge: Knowledge, case: Case) -> tuple[Basis, ...]:
    """Find what a course could run under.

    Args:
        knowledge: The compiled pack of the screening.
        case: The case.

    Returns:
        The bases that hold, at least one; where both do, the clinician says which.
    """
    facts = establish(knowledge, case)
    conditions = _conditions(knowledge)
    holds = [basis for basis in BASES if conditions[basis].value(facts.values) is True]
    return tuple(holds) or ("other",)


@lru_cache(maxsize=4)
def _conditions(knowledge: Knowledge) -> dict[Basis, Condition]:
    found: dict[Basis, Condition] = {}
    for basis, text in BASES.items():
        node = parse(text)
        check(node, knowledge.scope)
        found[basis] = compile_expression(text, node, knowledge.scope.thresholds)
    return found


def first_plan(case: Case, pathway: str, basis: Basis, site: str) -> Course:
    """Return a course to begin with: an id that the case does not use yet, and nothing planned."""
    taken = {item.id for item in case.courses}
    number = next(n for n in range(1, len(taken) + 2) if f"c{n}" not in taken)
    return Course(id=f"c{number}", pathway=pathway, basis=basis, site=site)
