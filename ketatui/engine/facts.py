"""From answers to facts: effective values, what is asked now, and what is derived.

An answer counts while its question is asked. While "asked when" is false the "else" value
counts instead; while it is null a stored answer still counts, because an unanswered question
must never hide another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from ketatui.cases.model import Case, Trial
from ketatui.cql import Value
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.medicines import fold
from ketatui.engine.trials import TrialCount, count, failed_trials, judge
from ketatui.structs import Frozen

TRIALS = "antidepressant_trials"
MEDICATIONS = "medications"
ROWS = (TRIALS, MEDICATIONS)
"""Ids of the two tables of the consultation."""


class Facts(Frozen, frozen=True):
    """What the rules read.

    Attributes:
        values: Effective value of every question and derived fact; null values are present.
        asked: Whether each question is asked now; None while that is not settled itself.
        hidden: Questions whose stored answer is not used because they are not asked.
        trials: The antidepressant trials, judged.
        unrecognised: Medicines whose name the pack does not know, as written.
    """

    values: Mapping[str, Value]
    asked: Mapping[str, bool | None]
    hidden: tuple[str, ...]
    trials: TrialCount
    unrecognised: tuple[str, ...]


def establish(knowledge: Knowledge, case: Case) -> Facts:
    """Establish the facts of a case.

    Args:
        knowledge: The compiled pack.
        case: The case; its answers are valid for this pack.

    Returns:
        Effective values, what is asked, and what had to be left aside.
    """
    values: dict[str, Value] = {}
    asked: dict[str, bool | None] = {}
    hidden: list[str] = []
    questions = knowledge.pack.questions
    for ident in knowledge.order:
        condition = knowledge.asked_when.get(ident)
        shown = True if condition is None else condition.value(values)
        asked[ident] = shown  # type: ignore[assignment]
        if shown is False:
            values[ident] = questions[ident].otherwise
            if is_recorded(case, ident):
                hidden.append(ident)
        elif ident not in ROWS:
            values[ident] = case.answers.get(ident)
    trials = _judge_trials(knowledge, case.trials)
    # Rows that are not asked for this diagnosis are kept and not used, like any hidden answer.
    used = trials if asked.get(TRIALS) is not False else count(())
    unrecognised = _derive(knowledge, case, values, used)
    hidden.sort(key=knowledge.rank_of_question.__getitem__)
    return Facts(values, asked, tuple(hidden), trials, unrecognised)


def is_recorded(case: Case, ident: str) -> bool:
    """Tell whether a question has an answer in the case, used or not."""
    if ident == TRIALS:
        return bool(case.trials)
    if ident == MEDICATIONS:
        return bool(case.medications)
    return ident in case.answers


def _judge_trials(knowledge: Knowledge, trials: Sequence[Trial]) -> TrialCount:
    pack = knowledge.pack
    weeks = pack.threshold_values["adequate_weeks"]
    judged = []
    for trial in trials:
        known = knowledge.medicines.antidepressant(trial.drug)
        if known is None:
            drug, minimum = fold(trial.drug), None
        else:
            tabled = pack.antidepressants[known]
            drug, minimum = tabled.same_drug_as or known, tabled.minimum_mg
        judged.append(judge(trial, drug, minimum, weeks))
    return count(judged)


def _derive(
    knowledge: Knowledge, case: Case, values: dict[str, Value], trials: TrialCount
) -> tuple[str, ...]:
    """Add the derived facts to ``values``; return the medicines nobody knows."""
    matched = [(item.name, knowledge.medicines.classes(item.name)) for item in case.medications]
    for ident, fact in knowledge.pack.derived.items():
        condition = knowledge.derived[ident]
        if condition is not None:
            values[ident] = condition.value(values)
        elif fact.calculation == "bmi":
            values[ident] = _bmi(values)
        elif fact.calculation == "failed_trials":
            values[ident] = _failed_trials(knowledge, values, trials)
        elif fact.calculation == "drug_classes":
            found = {name for _, classes in matched for name in classes or ()}
            reviewed = values.get("medications.reviewed") is True
            # A list that can not be established is no empty list, whatever was ticked.
            reviewed = reviewed and MEDICATIONS not in case.unknown
            values[ident] = tuple(sorted(found)) if reviewed else None
        elif fact.of is not None:
            values[ident] = _band(knowledge, fact.of, values.get(fact.of))
    return tuple(name for name, classes in matched if classes is None)


def _bmi(values: Mapping[str, Value]) -> Decimal | None:
    weight, height = values.get("patient.weight_kg"), values.get("patient.height_cm")
    if weight is None or height is None:
        return None
    assert isinstance(weight, int | Decimal)
    assert isinstance(height, int | Decimal)
    metres = Decimal(height) / 100
    return (Decimal(weight) / (metres * metres)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _failed_trials(
    knowledge: Knowledge, values: Mapping[str, Value], trials: TrialCount
) -> int | None:
    complete, reported = values.get("trials.rows_complete"), values.get("trials.reported_count")
    assert complete is None or isinstance(complete, bool)
    assert reported is None or isinstance(reported, int)
    enough = knowledge.pack.threshold_values.get("trd_failed_trials", Decimal(2))
    return failed_trials(trials, rows_complete=complete, reported=reported, enough=int(enough))


def _band(knowledge: Knowledge, question: str, total: Value) -> str | None:
    if not isinstance(total, int):
        return None
    for instrument in knowledge.pack.instruments.values():
        if instrument.question == question:
            for band in instrument.bands:
                if band.min <= total <= band.max:
                    return band.code
    return None
