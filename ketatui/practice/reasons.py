"""The reasons a trainee chooses from: some that hold, among some that do not apply.

The list is the same for everybody and every time, so that it can be discussed in a group. Which
distractors are on it and in which order it stands come from two digests that know nothing of each
other: a place on the list says nothing about what stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from ketatui.engine import Knowledge, PathwayAssessment
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.loading import PracticeCase
from ketatui.practice.models import Plan
from ketatui.structs import Frozen

OFFERED = 9
"""Reasons on the list of a pathway, holding or not: one digit each."""
MOST_NAMED = 3
"""Reasons a trainee may name for a pathway."""
_MOST_HOLDING = 5
_USUAL = (False, "none", "normal", "negative")
"""Answers that say that there is nothing: what a rule reads there is not on anybody's mind."""


class Reason(Frozen, frozen=True):
    """A reason on the list.

    Attributes:
        rule: The rule's id.
        title: What the list says.
        holds: It applies to this pathway (or is open, where that is what the verdict says).
        decisive: It sets the verdict.
    """

    rule: str
    title: str
    holds: bool
    decisive: bool


def reasons_for(
    knowledge: Knowledge, case: PracticeCase, pathway: PathwayAssessment
) -> tuple[Reason, ...]:
    """Return the list of reasons for one pathway of a case.

    Args:
        knowledge: The compiled pack.
        case: The practice case. The likeliest distractors are what one could think of for this
            patient: rules it teaches about or names for another pathway, rules that read what
            was told or asked about, and rules that read the same as those that hold.
        pathway: How the pathway stands with the right answers.

    Returns:
        At most `OFFERED` reasons. What neither holds nor certainly does not is left out.
    """

    def drawn(rule: str, salt: str) -> str:
        return hashlib.sha256(f"{salt}/{case.id}/{pathway.id}/{rule}".encode()).hexdigest()

    decisive = setting_the_verdict(pathway)
    holding = [*decisive, *(item.rule for item in pathway.findings if item.effect != "note")]
    shown = list(dict.fromkeys(holding))[:_MOST_HOLDING]
    settled = {item.rule for item in pathway.findings} | {item.rule for item in pathway.open}
    rules = {rule.rule: rule for rule in knowledge.rules[pathway.id]}
    spare = [name for name in rules if name not in settled and rules[name].effect != "note"]
    named = [rule for rules in case.key.reasons.values() for rule in rules]
    likely = {*named, *(rule for item in case.file.teaching for rule in item.rules)}
    near = _near(knowledge, case, pathway.id, shown)
    spare.sort(key=lambda rule: (rule not in likely, -near.get(rule, 0), drawn(rule, "which")))
    chosen = [*shown, *spare[: OFFERED - len(shown)]]
    chosen.sort(key=lambda rule: drawn(rule, "order"))
    return tuple(
        Reason(name, rules[name].title, name in shown, name in decisive) for name in chosen
    )


def plans_for(case: PracticeCase) -> tuple[Plan, ...]:
    """Return the plans of a case in the order they are shown, which is not the author's."""

    def drawn(plan: Plan) -> str:
        return hashlib.sha256(f"plans/{case.id}/{plan.id}".encode()).hexdigest()

    return tuple(sorted(case.file.plans, key=drawn))


def _near(
    knowledge: Knowledge, case: PracticeCase, pathway: str, shown: Collection[str]
) -> dict[str, int]:
    """Say how near a pathway's rules are to this patient: by what they read.

    What is told only when asked for, and what the rules read that are on the list for what they
    are, are the places where somebody who half understood would look.
    """
    reads = {
        rule.rule: frozenset(knowledge.conditions[rule.condition].reads)
        for rule in knowledge.rules[pathway]
        if rule.condition is not None
    }
    told = {ident for reveal in case.file.reveal for ident in reveal.facts}
    decided = {ident for rule in shown for ident in reads.get(rule, ())}
    unusual = {ident for ident, value in case.right.answers.items() if value not in _USUAL}
    return {
        rule: 2 * bool(read & decided) + 2 * bool(read & told) + bool(read & unusual)
        for rule, read in reads.items()
    }
