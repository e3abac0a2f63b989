"""Which unanswered question matters most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import lcm

from ketatui.cases.model import Case
from ketatui.engine.assessment import SEVERITY, NextQuestion, OpenRule, PathwayAssessment
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge

# How much a rule of each effect weighs when questions are compared. Only the order of
# magnitude matters: one absolute stop outweighs all cautions together.
_WEIGHT = {
    "contraindicated": 1000,
    "not_indicated": 300,
    "not_recommended": 60,
    "unmet": 15,
    "caution": 3,
    "note": 0,
}
_WHOLE = lcm(*range(1, 17))
"""What questions share that a rule waits for: in whole numbers, sums come out the same in any
order."""


def choose_next(
    knowledge: Knowledge, case: Case, facts: Facts, pathways: Sequence[PathwayAssessment]
) -> NextQuestion | None:
    """Choose the unanswered question that can change most, and say why.

    A rule counts only where closing it could change its pathway's verdict. Questions that are
    certainly asked go before questions that may yet turn out not to be; questions marked
    unknown are never proposed again.

    Returns:
        The question, or None when nothing that could still change a verdict is unanswered.
    """
    mattering = [(pathway, _that_matter(pathway)) for pathway in pathways]
    # A rule that reads the same for several pathways is one object: it is looked at once.
    times = Counter(id(rule) for _, rules in mattering for rule in rules)
    distinct = {id(rule): rule for _, rules in mattering for rule in rules}
    weights: dict[str, int] = {}
    for ident, rule in distinct.items():
        waiting = _waiting(case, rule)
        if waiting:
            share = times[ident] * _WEIGHT[rule.effect] * (_WHOLE // len(waiting))
            for question in waiting:
                weights[question] = weights.get(question, 0) + share
    if not weights:
        return None
    asked, order = facts.asked, knowledge.rank_of_question

    def key(ident: str) -> tuple[bool, int, int]:
        return asked.get(ident) is None, -weights[ident], order[ident]

    best = min(weights, key=key)
    # What hangs on a question is told of one alone: only its rules are looked through.
    stakes = [
        (pathway.id, rule) for pathway, rules in mattering for rule in rules if best in rule.needs
    ]
    gravest = max((rule for _, rule in stakes), key=lambda rule: SEVERITY[rule.effect])
    on = [
        pathway
        for pathway, rule in stakes
        if (rule.rule, rule.effect) == (gravest.rule, gravest.effect)
    ]
    names = tuple(dict.fromkeys(pathway for pathway, _ in stakes))
    return NextQuestion(best, _because(knowledge, gravest, on), names)


def _that_matter(pathway: PathwayAssessment) -> list[OpenRule]:
    """Return the open rules whose closing can change the verdict of their pathway."""
    least = SEVERITY[pathway.best]
    graver = {effect for effect in _WEIGHT if effect != "note" and SEVERITY[effect] > least}
    if pathway.verdict != "incomplete":
        return [rule for rule in pathway.open if rule.effect in graver]
    held = {effect for effect in _WEIGHT if effect != "note"}
    return [
        rule
        for rule in pathway.open
        if rule.effect in graver or (not rule.optional and rule.effect in held)
    ]


def _waiting(case: Case, rule: OpenRule) -> Sequence[str]:
    """Return what a rule needs that was not marked as impossible to establish."""
    if not rule.unknown:
        return rule.needs
    return [ident for ident in rule.needs if ident not in case.unknown]


def _because(knowledge: Knowledge, gravest: OpenRule, on: Sequence[str]) -> str:
    word = knowledge.pack.wording.effects[gravest.effect].title
    count = len(on)
    if count == len(knowledge.pack.pathways):
        where = f"all {count} pathways"
    else:
        short = [knowledge.pack.pathways[ident].short for ident in on]
        where = " and ".join([", ".join(short[:-1]), short[-1]] if count > 1 else short)
    return f"{gravest.title}: could still be “{word}” for {where}"
