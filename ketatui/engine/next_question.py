"""Which unanswered question matters most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ketatui.cases.model import Case
from ketatui.engine.assessment import SEVERITY, NextQuestion, OpenRule, PathwayAssessment
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge

# How much a rule of each effect weighs when questions are compared. Only the order of
# magnitude matters: one absolute stop outweighs all cautions together.
_WEIGHT = {
    "contraindicated": 1000.0,
    "not_indicated": 300.0,
    "not_recommended": 60.0,
    "unmet": 15.0,
    "caution": 3.0,
    "note": 0.0,
}


@dataclass
class _Stake:
    """What hangs on one question."""

    weight: float = 0.0
    pathways: dict[str, None] = field(default_factory=dict)
    gravest: OpenRule | None = None
    gravest_on: list[str] = field(default_factory=list)

    def add(self, pathway: str, rule: OpenRule, share: int) -> None:
        """Count a rule that the question can help to close."""
        self.weight += _WEIGHT[rule.effect] / share
        self.pathways[pathway] = None
        if self.gravest is None or SEVERITY[rule.effect] > SEVERITY[self.gravest.effect]:
            self.gravest, self.gravest_on = rule, [pathway]
        elif rule.effect == self.gravest.effect and rule.rule == self.gravest.rule:
            self.gravest_on.append(pathway)


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
    stakes: dict[str, _Stake] = {}
    for pathway in pathways:
        for rule in pathway.open:
            if not _matters(pathway, rule):
                continue
            waiting = [ident for ident in rule.needs if ident not in case.unknown]
            for ident in waiting:
                stake = stakes.get(ident)
                if stake is None:
                    stake = stakes[ident] = _Stake()
                stake.add(pathway.id, rule, len(waiting))
    if not stakes:
        return None
    order = knowledge.rank_of_question

    def key(ident: str) -> tuple[bool, float, int]:
        return facts.asked.get(ident) is None, -stakes[ident].weight, order[ident]

    best = min(stakes, key=key)
    return NextQuestion(best, _because(knowledge, stakes[best]), tuple(stakes[best].pathways))


def _matters(pathway: PathwayAssessment, rule: OpenRule) -> bool:
    """Tell whether closing a rule can change the verdict of its pathway."""
    if rule.effect == "note":
        return False
    if pathway.verdict == "incomplete" and rule.holds_up:
        return True
    return SEVERITY[rule.effect] > SEVERITY[pathway.best]


def _because(knowledge: Knowledge, stake: _Stake) -> str:
    assert stake.gravest is not None
    word = knowledge.pack.wording.effects[stake.gravest.effect].title
    count = len(stake.gravest_on)
    if count == len(knowledge.pack.pathways):
        where = f"all {count} pathways"
    else:
        short = [knowledge.pack.pathways[ident].short for ident in stake.gravest_on]
        where = " and ".join([", ".join(short[:-1]), short[-1]] if count > 1 else short)
    return f"{stake.gravest.title}: could still be “{word}” for {where}"
