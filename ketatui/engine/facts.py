"""From answers to facts: effective values, what is asked now, and what is derived.

An answer counts while its question is asked. While "asked when" is false the "else" value
counts instead; while it is null a stored answer still counts, because an unanswered question
must never hide another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from msgspec import field

from ketatui.cases.model import Case
from ketatui.cql import Value
from ketatui.criteria.models import Derived, Question
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine.calculations import Working
from ketatui.engine.drug_classes import MedicineTaken, taken_in
from ketatui.engine.inputs import Input, input_of
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.trials import NAME, TrialCount, trials_in, uncounted
from ketatui.structs import Frozen


class Calculated(Frozen, frozen=True):
    """What a calculation has come to.

    Attributes:
        value: The fact.
        waits: While it is not settled, the ids of what it waits for.
        unfinished: Tables with a row that is not finished or not understood.
        unknown: What was asked and cannot be established.
        details: What it found out beside the value, by its name.
    """

    value: Value
    waits: tuple[str, ...]
    unfinished: frozenset[str]
    unknown: frozenset[str]
    details: Mapping[str, Any]


class Facts(Frozen, frozen=True):
    """What the rules read.

    Attributes:
        values: Effective value of every question and derived fact; null values are present.
        asked: Whether each question is asked now; None while that is not settled itself.
        hidden: Questions whose stored answer is not used because they are not asked.
        tables: Tables with rows, all of them finished and understood; and what is answered
            elsewhere.
        unknown: What was asked and cannot be established.
        waits: For each calculated fact that is not settled, the ids of what it waits for.
        details: What calculations found out beside their values, by the calculation's name.
        calculated: What each calculation has come to, by the derived fact.
    """

    values: Mapping[str, Value]
    asked: Mapping[str, bool | None]
    hidden: tuple[str, ...]
    tables: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    waits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    calculated: Mapping[str, Calculated] = field(default_factory=dict)

    @property
    def trials(self) -> TrialCount:
        """The antidepressant trials, judged."""
        return trials_in(self.details)

    @property
    def medicines(self) -> tuple[MedicineTaken, ...]:
        """The medicines, and what is known of each."""
        return taken_in(self.details)

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """Medicines of which nobody says what they are, as written."""
        return tuple(item.name for item in self.medicines if not item.settled)


def establish(knowledge: Knowledge, case: Case) -> Facts:
    """Establish the facts of a case.

    Args:
        knowledge: The compiled pack.
        case: The case; its answers are valid for this pack.

    Returns:
        Effective values, what is asked, and what had to be left aside.
    """
    return establish_input(knowledge, input_of(case))


def establish_input(knowledge: Knowledge, given: Input) -> Facts:
    """Establish the facts of any input.

    Args:
        knowledge: The compiled criteria.
        given: The input; its answers are valid for these criteria.

    Returns:
        Effective values, what is asked, and what had to be left aside.
    """
    begun = _beginning(knowledge)
    values, asked, answers = begun.values.copy(), begun.asked.copy(), given.answers
    for ident in begun.plain.intersection(answers):
        values[ident] = answers[ident]
    working = Working(knowledge.pack, knowledge.medicines, given, values, asked)
    hidden: set[str] = set()
    found: dict[str, Calculated] = {}
    questions, derived = knowledge.pack.questions, knowledge.pack.derived
    for ident in begun.rest:
        if (question := questions.get(ident)) is not None:
            if ask(knowledge, working, question):
                hidden.add(ident)
            if question.kind == "rows" and asked[ident] is not False:
                del values[ident]
        elif (condition := knowledge.derived[ident]) is not None:
            values[ident] = condition.value(values)
        else:
            found[ident] = calculated(knowledge, working, derived[ident])
            values[ident] = found[ident].value
    return facts_of(knowledge, working, hidden, found)


class _Beginning(Frozen, frozen=True):
    """What holds of the facts of every input.

    Attributes:
        values: Null for every question and, after them, every derived fact.
        asked: True for the questions that are always asked, null for the others.
        plain: Questions that are always asked and whose answers are what they are worth.
        rest: All that has to be established, each after all that it reads.
    """

    values: dict[str, Value]
    asked: dict[str, bool | None]
    plain: frozenset[str]
    rest: tuple[str, ...]


@lru_cache(maxsize=8)
def _beginning(knowledge: Knowledge) -> _Beginning:
    questions = knowledge.pack.questions
    order = [ident for ident in knowledge.steps if ident in questions]
    plain = frozenset(
        ident
        for ident in order
        if ident not in knowledge.asked_when
        and questions[ident].kind != "rows"
        and questions[ident].instrument is None
    )
    return _Beginning(
        dict.fromkeys((*order, *knowledge.pack.derived)),
        {ident: True if ident in plain else None for ident in order},
        plain,
        tuple(ident for ident in knowledge.steps if ident not in plain),
    )


def facts_of(
    knowledge: Knowledge,
    working: Working,
    hidden: Collection[str],
    found: Mapping[str, Calculated],
) -> Facts:
    """Put together what was established.

    Args:
        knowledge: The compiled criteria.
        working: Effective values, and what is asked.
        hidden: Questions whose stored answer is not used.
        found: What each calculation has come to, by the derived fact.

    Returns:
        The facts.
    """
    given = working.given
    details: dict[str, Any] = {}
    waits: dict[str, tuple[str, ...]] = {}
    unfinished, unknown = frozenset[str](), given.unknown
    for ident, item in found.items():
        details.update(item.details)
        unfinished |= item.unfinished
        unknown |= item.unknown
        if item.waits:
            waits[ident] = item.waits
    if TRIALS in knowledge.pack.questions and NAME not in details:
        details[NAME] = uncounted(given.tables.get(TRIALS, ()))
    whole = [ident for ident, rows in given.tables.items() if rows and ident not in unfinished]
    return Facts(
        working.values,
        working.asked,
        tuple(sorted(hidden, key=knowledge.rank_of_question.__getitem__)),
        given.elsewhere.union(whole),
        unknown,
        waits,
        details,
        found,
    )


def ask(knowledge: Knowledge, working: Working, question: Question) -> bool:
    """Settle whether a question is asked and its effective value; tell whether it hides one."""
    ident = question.id
    condition = knowledge.asked_when.get(ident)
    shown = True if condition is None else condition.value(working.values)
    working.asked[ident] = shown  # type: ignore[assignment]
    if shown is False:
        working.values[ident] = question.otherwise
        return working.given.is_recorded(ident)
    if question.kind == "rows":
        return False
    value: Value = working.given.answers.get(ident)
    if value is None and question.instrument is not None and ident not in working.given.unknown:
        value = _added_up(working, question)
    working.values[ident] = value
    return False


def _added_up(working: Working, question: Question) -> int | None:
    """Return the total of a scale that was taken item by item to its end."""
    scores = working.given.scale_items.get(question.id)
    scale = working.pack.instruments.get(question.instrument or "")
    if not scores or scale is None or any(item.id not in scores for item in scale.items):
        return None
    return sum(scores[item.id] for item in scale.items) if scale.items else None


def calculated(knowledge: Knowledge, working: Working, fact: Derived) -> Calculated:
    """Work out a derived fact by its calculation; what it reads has been established."""
    own = Working(working.pack, working.medicines, working.given, working.values, working.asked)
    value, waits = knowledge.calculations[fact.calculation or ""].calculate(own, fact)
    return Calculated(value, waits, frozenset(own.unfinished), frozenset(own.unknown), own.details)


def is_recorded(case: Case, ident: str) -> bool:
    """Tell whether a question has an answer in the case, used or not."""
    if ident == TRIALS:
        return bool(case.trials)
    if ident == MEDICATIONS:
        return bool(case.medications)
    return ident in case.answers or bool(case.tables.get(ident))
