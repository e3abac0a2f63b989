"""Trainees as they are: one who knows, one who asks too little, one who reads nothing."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.cases.model import Case
from ketatui.criteria.models import Verdict
from ketatui.engine import assess
from ketatui.engine.decisive import setting_the_verdict, without
from ketatui.practice.models import NONE
from ketatui.practice.reasons import MOST_NAMED, plans_for, reasons_for
from ketatui.practice.scoring import Judgment
from ketatui.practice.stages import Part
from ketatui.practice.whole import Done
from tests.practice.support import perfect


def strong(part: Part) -> Done:
    """Asks for everything, and judges as the criteria do."""
    return Done(part.case.right, perfect(part.knowledge, part.case))


def weak(part: Part) -> Done:
    """Asks in every other case only, judges roughly by that, and plans nothing much."""
    case, right = part.case, part.case.right
    asks = len(case.file.invented + case.id) % 2 == 0
    hidden = [] if asks else [ident for item in case.file.reveal for ident in item.facts]
    mine = without(right, [ident for ident in hidden if ident not in part.given])
    own = assess(part.knowledge, mine, case.file.on, with_changes=False)
    truth = assess(part.knowledge, right, case.file.on, with_changes=False)
    reasons = {}
    for pathway in own.pathways:
        offered = reasons_for(part.knowledge, case, truth.pathway(pathway.id))
        listed = {reason.rule for reason in offered}
        named = [rule for rule in setting_the_verdict(pathway) if rule in listed]
        reasons[pathway.id] = tuple(named[:1])
    idle = [plan.id for plan in case.file.plans if not plan.right and plan.harm is None]
    best = own.ranked[0]
    choice = (best.id if best.usable else NONE) if case.key.best else ""
    verdicts = {pathway.id: _roughly(pathway.verdict) for pathway in own.pathways}
    plan = idle[0] if idle else case.file.plans[-1].id
    return Done(mine, Judgment(verdicts, reasons, choice, plan))


def _roughly(verdict: Verdict) -> Verdict:
    """Return a verdict of the same kind, as somebody says it who does not tell them apart."""
    rough: dict[Verdict, Verdict] = {"fits": "caution", "unmet": "incomplete"}
    against: Verdict = "not_recommended"
    known = {**rough, "contraindicated": against, "not_indicated": against}
    return known.get(verdict, verdict)


def cheating(part: Part) -> Done:
    """Answers nothing; then says one verdict for all, and takes what stands first or is long."""
    case = part.case
    truth = assess(part.knowledge, case.right, case.file.on, with_changes=False)
    reasons = {
        pathway.id: tuple(
            reason.rule for reason in reasons_for(part.knowledge, case, pathway)[:MOST_NAMED]
        )
        for pathway in truth.pathways
    }
    longest = max(plans_for(case), key=lambda plan: len(plan.text)).id
    return Done(
        Case(practice=True, answers=dict(part.given)),
        Judgment(
            {pathway.id: "not_recommended" for pathway in truth.pathways},
            reasons,
            NONE if case.key.best else "",
            longest,
        ),
    )


PLAYERS: dict[str, Callable[[Part], Done]] = {
    "strong": strong,
    "weak": weak,
    "cheating": cheating,
}
