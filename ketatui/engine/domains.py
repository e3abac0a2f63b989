"""Few answers that stand for all: for each question, the values at which a rule can turn.

For numbers these are the constants they are compared with, and one below and above. What leads to
each outcome of a calculation, the rows of a table say, that calculation says of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from ketatui.cases.model import Answer, Case
from ketatui.cql import Condition
from ketatui.cql.syntax import Literal, walk
from ketatui.criteria.models import Derived, Question
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine.calculations import Compared, ItemScore, Tried
from ketatui.engine.dependencies import dependencies_of
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen


class Domains(Frozen, frozen=True):
    """The questions behind some conditions, and the values worth trying for each.

    Attributes:
        questions: In such an order that a question comes after those that hide it.
        values: For each, the answers to try; for a table rows, for a scale also single items.
        put: Those of which it says something too that they have no answer: a table without rows
            is counted, and a scale need not be taken item by item.
    """

    questions: tuple[str, ...]
    values: dict[str, tuple[Tried, ...]]
    put: frozenset[str] = frozenset()


def domains(
    knowledge: Knowledge, conditions: Iterable[Condition], *, with_tables: bool = False
) -> Domains:
    """Find the questions behind conditions, and the values worth trying.

    Args:
        knowledge: The compiled pack.
        conditions: Their reads are followed through derived facts and "asked when".
        with_tables: Whether to try made-up rows of further tables too, not only none.

    Returns:
        Questions and values.
    """
    listed = tuple(conditions)
    behind = _behind(knowledge, listed)
    found = tuple(dependencies_of(knowledge).conditions_behind(listed))
    questions = tuple(ident for ident in knowledge.order if ident in behind)
    values = {ident: _values(knowledge, ident, found) for ident in questions}
    put: set[str] = set()
    for fact in _calculated(knowledge, behind):
        for ident, tried in (_tried(knowledge, fact, found) or {}).items():
            if with_tables or not _is_further(knowledge, ident):
                own = values[ident]
                if tried and ident == fact.of:
                    put.add(ident)
                values[ident] = (*own, *(value for value in tried if value not in own))
    return Domains(questions, values, frozenset(put))


def questions_behind(knowledge: Knowledge, conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Find the questions behind conditions, as ``domains`` does, without what is worth trying."""
    behind = _behind(knowledge, conditions)
    return tuple(ident for ident in knowledge.order if ident in behind)


def leads_to_all(knowledge: Knowledge, condition: Condition) -> bool:
    """Tell whether some value tried leads to each outcome of what a condition leans on."""
    facts = _calculated(knowledge, _behind(knowledge, [condition]))
    found = tuple(dependencies_of(knowledge).conditions_behind([condition]))
    return all(_tried(knowledge, fact, found) is not None for fact in facts)


def _behind(knowledge: Knowledge, conditions: Iterable[Condition]) -> Set[str]:
    graph = dependencies_of(knowledge).graph
    return graph.of(ident for item in conditions for ident in item.reads)


def answered(case: Case, ident: str, value: Tried) -> Case:
    """Return the case with one value put in."""
    if ident == TRIALS:
        return case.replaced(trials=value)
    if ident == MEDICATIONS:
        return case.replaced(medications=value)
    if isinstance(value, ItemScore):
        return case.replaced(scale_items={**case.scale_items, ident: {value.item: value.score}})
    if isinstance(value, tuple):
        return case.replaced(tables={**case.tables, ident: value})
    return case.replaced(answers={**case.answers, ident: value})


def in_order(knowledge: Knowledge, case: Case, ident: str) -> bool:
    """Tell whether "diastolic below systolic" and its like hold for a value just put in."""
    for question in knowledge.pack.questions.values():
        if question.below is not None and ident in (question.id, question.below):
            low, high = case.answers.get(question.id), case.answers.get(question.below)
            if low is not None and high is not None and not low < high:  # type: ignore[operator]
                return False
    return True


def _calculated(knowledge: Knowledge, behind: Set[str]) -> list[Derived]:
    derived = knowledge.pack.derived
    return [fact for ident, fact in derived.items() if ident in behind and fact.calculation]


def _tried(
    knowledge: Knowledge, fact: Derived, conditions: Iterable[Condition]
) -> Mapping[str, Sequence[Tried]] | None:
    """Return what the calculation of a fact says to try for conditions."""
    tries = knowledge.calculations[str(fact.calculation)].tries
    if tries is None:
        return None
    reading = [condition for condition in conditions if fact.id in condition.reads]
    numbers = (condition.compared for condition in reading)
    literals = (part.value for each in reading for part in walk(each.node) if type(part) is Literal)
    texts = frozenset(value for value in literals if isinstance(value, str))
    return tries(fact, Compared(knowledge.pack, frozenset().union(*numbers), texts))


def _is_further(knowledge: Knowledge, ident: str) -> bool:
    is_table = knowledge.pack.questions[ident].kind == "rows"
    return is_table and ident not in (TRIALS, MEDICATIONS)


def _values(knowledge: Knowledge, ident: str, conditions: Sequence[Condition]) -> tuple[Tried, ...]:
    question = knowledge.pack.questions[ident]
    match question.kind:
        case "bool":
            return (True, False)
        case "choice":
            return tuple(option.code for option in question.options)
        case "rows":
            return ((),)
        case _:
            return _numbers(knowledge, question, conditions)


def _numbers(
    knowledge: Knowledge, question: Question, conditions: Sequence[Condition]
) -> tuple[Answer, ...]:
    low, high = knowledge.pack.range_of(question)
    bounds = {
        bound
        for condition in conditions
        if question.id in condition.reads
        for bound in condition.compared
    }
    around = {bound + step for bound in bounds for step in (-1, 0, 1)}
    usual = {question.soft_min, question.soft_max, low, high}
    numbers = {value for value in around | usual if value is not None and low <= value <= high}
    ordered = sorted(numbers, key=lambda value: (value in (low, high), value))
    if question.kind == "decimal":
        return tuple(ordered)
    return tuple(int(value) for value in ordered if value == value.to_integral_value())
