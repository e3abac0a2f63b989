"""What of a pack's rules does not depend on a case, worked out once a day: see `Plan`.

Most rules read the same for several pathways, and an answer touches few conditions. Judging
leans on both: a rule is judged once for all pathways it is alike for, and what a changed answer
cannot have reached is not judged again.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple, get_args

from ketatui.cql import Condition
from ketatui.cql.syntax import Binary, Literal, Name, Node, walk
from ketatui.criteria.models import Effect
from ketatui.engine.dependencies import dependencies_of
from ketatui.engine.drug_classes import DRUG_CLASSES
from ketatui.engine.knowledge import Knowledge, PathwayRule
from ketatui.structs import Frozen

_EFFECTS_FIRST = {effect: place for place, effect in enumerate(get_args(Effect))}


class RuleInForce(Frozen, frozen=True):
    """A rule as it stands on a day, for every pathway that it is alike for.

    Attributes:
        rule: The rule.
        effect: What it does on that day.
        because: The reason on that day.
        do: The action on that day.
        rows: For a support rule the rows of the support table under which it is true; it is then
            for one pathway alone.
        opens_as: The place of the first rule that is told alike while it is open.
    """

    rule: PathwayRule
    effect: Effect
    because: str
    do: str
    rows: frozenset[str]
    opens_as: int


class Step(NamedTuple):
    """How a rule in force is judged.

    Attributes:
        place: Its place among the rules in force.
        condition: Its condition; None for a support rule.
        opens_as: `RuleInForce.opens_as`.
    """

    place: int
    condition: int | None
    opens_as: int


class Plan(Frozen, frozen=True):
    """The rules in force on a day, and what each condition leans on.

    Sets of questions and derived facts are whole numbers with a bit for each: to join or compare
    them is one step.

    Attributes:
        rules: The rules in force.
        pathways: The places of each pathway's rules among them, worst effects first.
        of_condition: The places of each condition's rules; those of the support rules at None.
        bits: The bit of each question and derived fact.
        reach: All that a condition's value and needs can lean on, through derived facts and
            "asked when"; that of the support table at None.
        reached: What each condition can lean on, with the places of its rules.
        reach_of_pathway: All that a pathway's rules and its support can lean on.
        classes: The drug classes that each condition asks for, through derived facts.
        steps: How each pathway's rules are judged, and at None all rules.
        until: The last day on which it holds.
    """

    rules: tuple[RuleInForce, ...]
    pathways: Mapping[str, tuple[int, ...]]
    of_condition: Mapping[int | None, tuple[int, ...]]
    bits: Mapping[str, int]
    reach: Mapping[int | None, int]
    reached: tuple[tuple[int, tuple[int, ...]], ...]
    reach_of_pathway: Mapping[str, int]
    classes: Mapping[int | None, frozenset[str]]
    steps: Mapping[str | None, tuple[Step, ...]]
    until: dt.date


def plan_of(knowledge: Knowledge, on: dt.date) -> Plan:
    """Return what holds for every case on a day.

    Args:
        knowledge: The compiled pack.
        on: The day, for dated rules.

    Returns:
        The rules in force and what they lean on; between two days on which a rule lapses it is the
        same plan.
    """
    lapses = _lapses(knowledge)
    place = bisect_left(lapses, on)
    return _plan(knowledge, lapses[place] if place < len(lapses) else dt.date.max)


@lru_cache(maxsize=8)
def _lapses(knowledge: Knowledge) -> tuple[dt.date, ...]:
    """Return the last days of dated rules, in order."""
    days = {
        rule.valid_until
        for listed in knowledge.rules.values()
        for rule in listed
        if rule.valid_until is not None
    }
    return tuple(sorted(days))


class _Listed(NamedTuple):
    """The rules in force, and where they are."""

    rules: list[RuleInForce]
    pathways: dict[str, tuple[int, ...]]
    of_condition: dict[int | None, list[int]]


def _listed(knowledge: Knowledge, on: dt.date) -> _Listed:
    """List the rules in force on a day, each once for all pathways that it is alike for."""
    rules: list[RuleInForce] = []
    places: dict[tuple[int, str], int | None] = {}
    effects: list[int] = []
    pathways: dict[str, tuple[int, ...]] = {}
    of_condition: dict[int | None, list[int]] = {}
    told: dict[tuple[object, ...], int] = {}
    for pathway, listed in knowledge.rules.items():
        own: list[int] = []
        for rule in listed:
            # A support rule reads the pathway's own column of the table.
            only = pathway if rule.condition is None else ""
            key = (id(rule), only)
            if key not in places:
                places[key] = None
                if (in_force := rule.in_force(on)) is not None:
                    place = places[key] = len(rules)
                    of_condition.setdefault(rule.condition, []).append(place)
                    first = told.setdefault(
                        (rule.rule, rule.condition, in_force[0], rule.authority), place
                    )
                    rows = _rows(knowledge, rule, only) if only else frozenset[str]()
                    rules.append(RuleInForce(rule, *in_force, rows, first))
                    effects.append(_EFFECTS_FIRST[in_force[0]])
            known = places[key]
            if known is not None:
                own.append(known)
        own.sort(key=effects.__getitem__)
        pathways[pathway] = tuple(own)
    return _Listed(rules, pathways, of_condition)


@lru_cache(maxsize=8)
def _plan(knowledge: Knowledge, on: dt.date) -> Plan:
    rules, pathways, of_condition = _listed(knowledge, on)
    derived = knowledge.pack.derived
    lists = {ident for ident, fact in derived.items() if fact.calculation == DRUG_CLASSES.name}
    idents = (*knowledge.pack.questions, *knowledge.pack.derived)
    bits = {ident: 1 << place for place, ident in enumerate(idents)}
    graph = dependencies_of(knowledge).graph
    reach: dict[int | None, int] = {
        place: sum(map(bits.__getitem__, graph.of(condition.reads)))
        for place, condition in enumerate(knowledge.conditions)
    }
    of_support = (ident for row in knowledge.support.values() for ident in row.reads)
    reach[None] = sum(map(bits.__getitem__, graph.of(of_support)))
    steps = [Step(place, item.rule.condition, item.opens_as) for place, item in enumerate(rules)]
    return Plan(
        tuple(rules),
        pathways,
        {place: tuple(found) for place, found in of_condition.items()},
        bits,
        reach,
        tuple([(reach[condition], tuple(found)) for condition, found in of_condition.items()]),
        {ident: _joined(reach, rules, own) for ident, own in pathways.items()},
        {
            place: classes
            for place, condition in enumerate(knowledge.conditions)
            if (classes := _classes_asked_for(knowledge, condition, lists))
        },
        {
            None: tuple(steps),
            **{ident: tuple([steps[place] for place in own]) for ident, own in pathways.items()},
        },
        on,
    )


def _joined(
    reach: Mapping[int | None, int], rules: Sequence[RuleInForce], places: Iterable[int]
) -> int:
    """Return what some rules can lean on together, and the support table, which grades them."""
    found = reach[None]
    for place in places:
        found |= reach[rules[place].rule.condition]
    return found


def _classes_asked_for(
    knowledge: Knowledge, condition: Condition, lists: Set[str]
) -> frozenset[str]:
    """Return the codes that a condition looks for in lists of drug classes."""
    dependencies = dependencies_of(knowledge)
    if lists.isdisjoint(dependencies.through_derived.of(condition.reads)):
        return frozenset()
    return frozenset(
        code
        for looked in dependencies.spelled_out(condition)
        for node in walk(looked.node)
        for code in _looked_for(node, lists)
    )


def _looked_for(node: Node, lists: Set[str]) -> tuple[str, ...]:
    match node:
        case (
            Binary(op="contains", left=Name(id=ident), right=Literal(value=str(code)))
            | Binary(op="in", left=Literal(value=str(code)), right=Name(id=ident))
        ) if ident in lists:
            return (code,)
        case _:
            return ()


def _rows(knowledge: Knowledge, rule: PathwayRule, pathway: str) -> frozenset[str]:
    cells = {ident: row.on[pathway] for ident, row in knowledge.pack.support.items()}
    return frozenset(
        ident
        for ident, cell in cells.items()
        if cell.carried_by is None and cell.grade in rule.grades
    )
