"""Which questions a "no" does not settle: those in which it counts against something by itself."""

from __future__ import annotations

from functools import lru_cache

from ketatui.criteria.models import Question
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.facts import establish_input
from ketatui.engine.fingerprints import roots_of
from ketatui.engine.inputs import Input
from ketatui.engine.knowledge import Knowledge


def quiet_answer(question: Question) -> bool | str | None:
    """Return the answer that there is nothing: no, or the choice that says none."""
    if question.kind == "bool":
        return False
    return question.none if question.kind == "choice" else None


@lru_cache(maxsize=4)
def no_counts_against(knowledge: Knowledge) -> frozenset[str]:
    """Return the questions in which "no" leaves a rule that "yes" would have excluded.

    Such a rule is worse than a note, and waits for nothing but other answers: "no" to "Is an
    oximeter there?" is never nothing, whatever else is said.

    Args:
        knowledge: The compiled criteria.
    """
    behind = roots_of(knowledge).rules
    rules = {rule.rule: rule for own in knowledge.rules.values() for rule in own}
    found = set()
    for ident, question in knowledge.pack.questions.items():
        if question.kind != "bool":
            continue
        no, yes = (
            establish_input(knowledge, Input(answers={ident: answer})).values
            for answer in (False, True)
        )
        for rule in rules.values():
            if rule.condition is None or SEVERITY[rule.effect] < SEVERITY["caution"]:
                continue
            if ident in behind[rule.rule].questions:
                condition = knowledge.conditions[rule.condition]
                if condition.value(yes) is False and condition.value(no) is not False:
                    found.add(ident)
                    break
    return frozenset(found)
