"""The reasons a trainee chooses from: some that hold, among some that do not apply.

The list is the same for everybody and every time: its order, and its distractors as far as the
case does not suggest any, come from a digest of the case's id, so that it tells nothing and can
be discussed in a group.
"""

from __future__ import annotations

import hashlib

from ketatui.engine import Knowledge, PathwayAssessment
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.loading import PracticeCase
from ketatui.structs import Frozen

OFFERED = 9
"""Reasons on the list of a pathway, holding or not: one digit each."""
MOST_NAMED = 3
"""Reasons a trainee may name for a pathway."""
_MOST_HOLDING = 5


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
        case: The practice case. Rules it teaches about or names for another pathway are the
            likeliest distractors: they are what one could think of.
        pathway: How the pathway stands with the right answers.

    Returns:
        At most `OFFERED` reasons. What neither holds nor certainly does not is left out.
    """

    def place(rule: str) -> str:
        return hashlib.sha256(f"{case.id}/{pathway.id}/{rule}".encode()).hexdigest()

    decisive = setting_the_verdict(pathway)
    holding = [*decisive, *(item.rule for item in pathway.findings if item.effect != "note")]
    shown = list(dict.fromkeys(holding))[:_MOST_HOLDING]
    settled = {item.rule for item in pathway.findings} | {item.rule for item in pathway.open}
    rules = {rule.rule: rule for rule in knowledge.rules[pathway.id]}
    spare = [name for name in rules if name not in settled and rules[name].effect != "note"]
    named = [rule for rules in case.file.key.reasons.values() for rule in rules]
    likely = {*named, *(rule for item in case.file.teaching for rule in item.rules)}
    spare.sort(key=lambda rule: (rule not in likely, place(rule)))
    chosen = sorted([*shown, *spare[: OFFERED - len(shown)]], key=place)
    return tuple(
        Reason(name, rules[name].title, name in shown, name in decisive) for name in chosen
    )
