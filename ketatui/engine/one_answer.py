"""What one answer would do: the verdicts it would change, answer by answer.

A person asks "what if she says yes?" before asking the question, or on seeing the answer. Every
answer that a question can have is tried on the case as it stands, and nothing else is changed.
Numbers are tried on both sides of each number that a condition compares them with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from ketatui.cases.model import ANTIDEPRESSANT, Answer, Case, Trial
from ketatui.cql import Condition
from ketatui.criteria.models import Question, Verdict
from ketatui.criteria.vocabulary import ADEQUATE_WEEKS, TRD_FAILED_TRIALS, TRIALS
from ketatui.engine.assessing import Assessor
from ketatui.engine.assessment import SEVERITY, Assessment, PathwayAssessment
from ketatui.engine.inputs import Input, input_of
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.trials import failing_outcomes
from ketatui.structs import Frozen

_MOST_NUMBERS = 40
"""Values of a number that are tried at most."""

Change = tuple[str, Verdict]
"""A pathway, and the verdict it would have."""


class Outcome(Frozen, frozen=True):
    """What some answers to a question lead to, all of them the same.

    Attributes:
        values: The answers: yes or no, or the codes of options; empty for numbers.
        least: For numbers: the smallest of them; None where there is none smaller.
        most: The largest of them; None where there is none larger.
        verdicts: The pathways whose verdict would be another, each with that verdict.
        present: Whether the answer that stands now is among them.
    """

    values: tuple[Answer, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    verdicts: tuple[Change, ...] = ()
    present: bool = False


class FurtherTrials(Frozen, frozen=True):
    """How many more failed adequate trials would lift a pathway's verdict, and to what."""

    count: int
    then: Verdict


def outcomes_of(
    assessor: Assessor, case: Case, found: Assessment, question: Question
) -> tuple[Outcome, ...]:
    """Work out what each answer to a question would do to the verdicts.

    Args:
        assessor: The one that assessed the case; what it remembers is used, and stays.
        case: The case, as it counts today.
        found: Its assessment.
        question: A question of any kind; tables and texts have no outcomes.

    Returns:
        Outcomes in the order of the answers; answers that do the same are one outcome.
    """
    given = input_of(case)
    before = {item.id: item.verdict for item in found.pathways}
    present = given.answers.get(question.id)

    def tried(value: Answer) -> tuple[Change, ...]:
        changed = _with_answer(given, question.id, value)
        after = assessor.verdicts_beside(changed, found.on)
        return tuple((ident, word) for ident, word in after.items() if word != before[ident])

    if question.kind == "bool":
        pairs = [(value, tried(value)) for value in (True, False)]
        return tuple(
            Outcome((value,), verdicts=verdicts, present=present is value)
            for value, verdicts in pairs
        )
    if question.kind == "choice":
        codes = [option.code for option in question.options]
        return _alike(((code, tried(code)) for code in codes), present)
    if question.kind in ("int", "decimal", "scale"):
        return _ranges(question, _numbers(assessor.knowledge, question, present), tried, present)
    return ()


def further_trials(
    assessor: Assessor, case: Case, found: Assessment, pathway: PathwayAssessment
) -> FurtherTrials | None:
    """Tell how many more failed adequate trials would lift a pathway's verdict.

    Args:
        assessor: The one that assessed the case.
        case: The case, as it counts today.
        found: Its assessment.
        pathway: One pathway of it.

    Returns:
        The smallest number that does, up to the number from which further trials change nothing.
    """
    knowledge = assessor.knowledge
    if TRIALS not in knowledge.pack.questions or not found.trials.is_counted:
        return None
    if not found.asked.get(TRIALS) or SEVERITY[pathway.verdict] <= SEVERITY["incomplete"]:
        return None
    enough = int(knowledge.pack.threshold_values[TRD_FAILED_TRIALS])
    given = input_of(case)
    for count in range(1, max(enough - found.trials.certain, 0) + 1):
        rows = (*case.trials, *(_failed_trial(knowledge, place) for place in range(count)))
        changed = given.replaced(tables={**given.tables, TRIALS: rows})
        verdict = assessor.verdicts_beside(changed, found.on)[pathway.id]
        if SEVERITY[verdict] < SEVERITY[pathway.verdict]:
            return FurtherTrials(count, verdict)
    return None


def _failed_trial(knowledge: Knowledge, place: int) -> Trial:
    """Return a trial of a drug of its own that counts as failed, whatever the criteria ask."""
    weeks = knowledge.pack.threshold_values[ADEQUATE_WEEKS]
    return Trial(
        drug=f"further antidepressant {place + 1}",
        kind=ANTIDEPRESSANT,
        weeks=weeks,
        outcome=failing_outcomes(knowledge.pack)[0],
        adherent=True,
        current_episode=True,
        dose_adequate=True,
    )


def _with_answer(given: Input, ident: str, value: Answer) -> Input:
    items = {key: scores for key, scores in given.scale_items.items() if key != ident}
    return given.replaced(
        answers={**given.answers, ident: value},
        unknown=given.unknown - {ident},
        scale_items=items,
    )


def _as_asked(question: Question, number: Decimal) -> Answer:
    return number if question.kind == "decimal" else int(number)


def _alike(
    pairs: Iterable[tuple[Answer, tuple[Change, ...]]], present: Answer | None
) -> tuple[Outcome, ...]:
    """Put answers together that do the same, in the order in which they are first met."""
    grouped: dict[tuple[Change, ...], list[Answer]] = {}
    for value, verdicts in pairs:
        grouped.setdefault(verdicts, []).append(value)
    return tuple(
        Outcome(tuple(values), verdicts=verdicts, present=present in values)
        for verdicts, values in grouped.items()
    )


def _ranges(
    question: Question,
    numbers: Sequence[Decimal],
    tried: Callable[[Answer], tuple[Change, ...]],
    present: Answer | None,
) -> tuple[Outcome, ...]:
    """Put neighboring numbers together that do the same; where two differ, find the border."""
    step = _step(question)
    runs: list[tuple[Decimal, Decimal, tuple[Change, ...]]] = []
    waiting = list(reversed(numbers))
    while waiting:
        number = waiting.pop()
        verdicts = tried(_as_asked(question, number))
        if not runs:
            runs.append((number, number, verdicts))
        elif runs[-1][2] == verdicts:
            runs[-1] = (runs[-1][0], number, verdicts)
        elif number - runs[-1][1] > step:
            # The border lies between them: a fact that is worked out has its own.
            halves = max((number - runs[-1][1]) / 2 // step, Decimal(1))
            waiting += [number, runs[-1][1] + halves * step]
        else:
            runs.append((number, number, verdicts))
    now = None if present is None or isinstance(present, str) else Decimal(present)
    found = []
    for place, (least, most, verdicts) in enumerate(runs):
        low = least if place else None
        high = most if place < len(runs) - 1 else None
        here = now is not None and (low is None or now >= low) and (high is None or now <= high)
        found.append(Outcome((), low, high, verdicts, here))
    return tuple(found)


def _step(question: Question) -> Decimal:
    return Decimal("0.1") if question.kind == "decimal" else Decimal(1)


def _numbers(knowledge: Knowledge, question: Question, present: Answer | None) -> list[Decimal]:
    """Return the numbers to try: each one that it is compared with, and those beside it."""
    step, (low, high) = _step(question), knowledge.pack.range_of(question)
    bounds = {bound for item in _reading(knowledge, question.id) for bound in item.compared}
    found = {value for bound in bounds for value in (bound - step, bound, bound + step)}
    inside = sorted(value for value in found if low <= value <= high)[:_MOST_NUMBERS]
    if present is not None and not isinstance(present, str):
        inside.append(Decimal(present))
    return sorted({low, *inside, high})


def _reading(knowledge: Knowledge, ident: str) -> Iterator[Condition]:
    """Yield the conditions that read a question itself."""
    derived = [item for item in knowledge.derived.values() if item is not None]
    asked = knowledge.asked_when.values()
    for condition in (*knowledge.conditions, *knowledge.support.values(), *derived, *asked):
        if ident in condition.reads:
            yield condition
