"""The payer's verdict, beside the clinical one and never part of it."""

from __future__ import annotations

from ketatui.cql import Value
from ketatui.criteria.vocabulary import NO_PAYER, PAYER
from ketatui.engine.assessment import Coverage, CoverageResult, CoverageRule
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge


def cover(knowledge: Knowledge, facts: Facts) -> Coverage:
    """Evaluate the payer profile that was chosen.

    Returns:
        Met if every requirement is, not met if one is not, unknown otherwise (also without a
        profile).
    """
    chosen = facts.values.get(PAYER)
    payer = knowledge.pack.payers.get(chosen) if isinstance(chosen, str) else None
    if payer is None:
        return Coverage(NO_PAYER, "unknown", ())
    rules = []
    for rule, condition in zip(payer.rules, knowledge.payers[payer.id], strict=True):
        rules.append(
            CoverageRule(
                rule=rule.id,
                title=rule.title,
                result=_result(condition.value(facts.values)),
                because=rule.because,
                facts={ident: facts.values.get(ident) for ident in condition.reads},
            )
        )
    results = {item.result for item in rules}
    verdict: CoverageResult = "met" if results == {"met"} else "unknown"
    if "not_met" in results:
        verdict = "not_met"
    return Coverage(payer.id, verdict, tuple(rules))


def _result(value: Value) -> CoverageResult:
    if value is None:
        return "unknown"
    return "met" if value else "not_met"
