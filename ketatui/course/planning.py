"""What a course can begin with: the bases that the screening leaves open, and its first plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ketatui.cases.courses import Course
from ketatui.cases.model import Case
from ketatui.course.screening import over_screening
from ketatui.cql import Condition
from ketatui.engine.facts import establish
from ketatui.engine.knowledge import Knowledge


def possible_bases(knowledge: Knowledge, case: Case) -> tuple[str, ...]:
    """Find what a course could run under.

    Args:
        knowledge: The compiled pack of the screening.
        case: The case.

    Returns:
        The bases whose condition holds; where none does, those without one. Where there are
        several, the clinician says which.
    """
    facts = establish(knowledge, case)
    conditions = _conditions(knowledge)
    holds = [ident for ident, item in conditions.items() if item.value(facts.values) is True]
    return tuple(
        holds or (ident for ident in knowledge.pack.course.bases if ident not in conditions)
    )


@lru_cache(maxsize=4)
def _conditions(knowledge: Knowledge) -> Mapping[str, Condition]:
    bases = knowledge.pack.course.bases.values()
    return {item.id: over_screening(knowledge, item.when) for item in bases if item.when}


def first_plan(case: Case, pathway: str, basis: str, site: str) -> Course:
    """Return a course to begin with: an id that the case does not use yet, and nothing planned."""
    taken = {item.id for item in case.courses}
    number = next(n for n in range(1, len(taken) + 2) if f"c{n}" not in taken)
    return Course(id=f"c{number}", pathway=pathway, basis=basis, site=site)
