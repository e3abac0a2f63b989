"""Which unanswered question matters most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from math import lcm

from ketatui.criteria.models import Effect, Verdict
from ketatui.engine.assessment import SEVERITY, NextQuestion, OpenRule, PathwayAssessment
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge

Weighing = tuple[tuple[Effect, int], ...]
"""What a rule of each effect weighs when questions are compared, as the criteria say."""
_WHOLE = lcm(*range(1, 17))
"""What questions share that a rule waits for: in whole numbers, sums come out the same in any
order."""


def choose_next(
    knowledge: Knowledge, facts: Facts, pathways: Sequence[PathwayAssessment]
) -> NextQuestion | None:
    """Choose the unanswered question that can change most, and say why.

    A rule counts only where closing it could change its pathway's verdict. Questions that are
    certainly asked go before questions that may yet turn out not to be; questions marked
    unknown are never proposed again.

    Returns:
        The question, or None when nothing that could still change a verdict is unanswered.
    """
    weighing = tuple(knowledge.pack.info.weights.items())
    weights = _weights(weighing, pathways, facts.unknown)
    if not weights:
        return None
    asked, order = facts.asked, knowledge.rank_of_question
    # What is asked elsewhere is certainly asked, and comes last.
    last = len(order)
    *_, best = min(
        [
            (asked.get(ident, True) is None, -weight, order.get(ident, last), place, ident)
            for place, (ident, weight) in enumerate(weights.items())
        ]
    )
    stakes = list(_hanging_on(weighing, best, pathways))
    gravest = max((rule for _, rule in stakes), key=lambda rule: SEVERITY[rule.effect])
    on = [
        pathway
        for pathway, rule in stakes
        if (rule.rule, rule.effect) == (gravest.rule, gravest.effect)
    ]
    names = tuple(dict.fromkeys(pathway for pathway, _ in stakes))
    return NextQuestion(best, _because(knowledge, gravest, on), names)


def _weights(
    weighing: Weighing, pathways: Sequence[PathwayAssessment], unknown: Set[str]
) -> Mapping[str, int]:
    """Return what each question weighs that rules wait for, but for those marked unknown."""
    # Many rules wait for the same questions: their weights are added up first.
    totals: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for pathway in pathways:
        required, optional = _weights_on(weighing, pathway.verdict, pathway.best)
        for rule in pathway.open:
            weight = (optional if rule.optional else required)[rule.effect]
            if weight:
                totals[rule.needs] += weight
    weights: defaultdict[str, int] = defaultdict(int)
    for needs, total in totals.items():
        waiting: Sequence[str] = needs
        if unknown:
            waiting = [ident for ident in needs if ident not in unknown]
        if waiting:
            share = total * (_WHOLE // len(waiting))
            for ident in waiting:
                weights[ident] += share
    return weights


@cache
def _weights_on(
    weighing: Weighing, verdict: Verdict, best: Verdict
) -> tuple[dict[str, int], dict[str, int]]:
    """Return what a rule of each effect weighs on a pathway, a required and an optional one.

    One whose closing cannot change the verdict weighs nothing.
    """
    least = SEVERITY[best]
    everything: dict[str, int] = dict(weighing)
    graver: dict[str, int] = {
        effect: weight if SEVERITY[effect] > least else 0 for effect, weight in weighing
    }
    return (everything if verdict == "incomplete" else graver), graver


def _hanging_on(
    weighing: Weighing, question: str, pathways: Sequence[PathwayAssessment]
) -> Iterator[tuple[str, OpenRule]]:
    """Yield the rules that a question can help to close, each with its pathway's id."""
    for pathway in pathways:
        required, optional = _weights_on(weighing, pathway.verdict, pathway.best)
        for rule in pathway.open:
            if question in rule.needs and (optional if rule.optional else required)[rule.effect]:
                yield pathway.id, rule


def _because(knowledge: Knowledge, gravest: OpenRule, on: Sequence[str]) -> str:
    word = knowledge.pack.wording.effects[gravest.effect].title
    count = len(on)
    if count > 1 and count == len(knowledge.pack.pathways):
        where = f"all {count} pathways"
    else:
        short = [knowledge.pack.pathways[ident].short for ident in on]
        where = " and ".join([", ".join(short[:-1]), short[-1]] if count > 1 else short)
    return f"{gravest.title}: could still be “{word}” for {where}"
