"""Few answers that stand for all: for each question, the values at which a rule can turn.

For numbers these are the constants they are compared with, and one below and above. Tables are
real rows: medicines of the classes that are named, antidepressants that count or do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from decimal import Decimal
from itertools import combinations

from ketatui.cases.model import Answer, Case, Medication, Trial
from ketatui.cql import Condition
from ketatui.cql.syntax import Literal, Node, constants, walk
from ketatui.criteria.models import Column, Question
from ketatui.criteria.names import mentioning
from ketatui.criteria.vocabulary import ADEQUATE_WEEKS, MEDICATIONS, TRIALS
from ketatui.engine.dependencies import dependencies_of
from ketatui.engine.drug_classes import NAME as CLASSES
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.trials import NAME as FAILED
from ketatui.engine.trials import failing_outcomes
from ketatui.structs import Frozen


class ItemScore(Frozen, frozen=True):
    """A scale of which one item was scored, and no other.

    Attributes:
        item: The item.
        score: Its score, from 0.
    """

    item: str
    score: int


Row = dict[str, Answer]
Rows = tuple[Trial, ...] | tuple[Medication, ...] | tuple[Row, ...]
Tried = Answer | Rows | ItemScore
_MOST_CLASSES = 4
"""Of more classes than these together, only each alone, none and all are tried."""
TRIED = frozenset({"band", "count", "given", "item", CLASSES, FAILED})
"""Calculations whose every outcome some value tried here leads to. Of another one it is not known
what to try: that no case was found in which a rule over it is true says nothing."""
_MOST_ROWS = 12
"""Of a table of a pack's own no more rows than these are tried."""


class Domains(Frozen, frozen=True):
    """The questions behind some conditions, and the values worth trying for each.

    Attributes:
        questions: In such an order that a question comes after those that hide it.
        values: For each, the answers to try; for a table rows, for a scale also single items.
    """

    questions: tuple[str, ...]
    values: dict[str, tuple[Tried, ...]]


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
    values = {
        ident: (*_values(knowledge, ident, found), *_items(knowledge, ident, behind, found))
        for ident in questions
    }
    if with_tables:
        values |= {
            ident: _tables(knowledge, ident, found) for ident in _further(knowledge, questions)
        }
    return Domains(questions, values)


def questions_behind(knowledge: Knowledge, conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Find the questions behind conditions, as ``domains`` does, without what is worth trying."""
    behind = _behind(knowledge, conditions)
    return tuple(ident for ident in knowledge.order if ident in behind)


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


def _values(
    knowledge: Knowledge, ident: str, conditions: Sequence[Condition]
) -> tuple[Answer | Rows, ...]:
    question = knowledge.pack.questions[ident]
    if ident == TRIALS:
        return _trials(knowledge, conditions)
    if ident == MEDICATIONS:
        return _medications(knowledge, conditions)
    match question.kind:
        case "bool":
            return (True, False)
        case "choice":
            return tuple(option.code for option in question.options)
        case "rows":
            return ((),)
        case _:
            return _numbers(knowledge, question, conditions)


def _items(
    knowledge: Knowledge, ident: str, behind: Set[str], conditions: Sequence[Condition]
) -> Iterable[ItemScore]:
    """Return scores of the items of a scale that conditions read by themselves."""
    pack = knowledge.pack
    scale = pack.instruments.get(pack.questions[ident].instrument or "")
    if scale is None:
        return
    for fact in pack.derived.values():
        if fact.item is None or fact.of != ident or fact.id not in behind:
            continue
        bounds = {
            bound
            for condition in conditions
            if fact.id in condition.reads
            for bound in _constants(knowledge, condition)
        }
        most = next(len(item.options) for item in scale.items if item.id == fact.item)
        around = {int(bound) + step for bound in bounds for step in (-1, 0, 1)}
        yield from (ItemScore(fact.item, score) for score in sorted(around & set(range(most))))


def _limits(knowledge: Knowledge, question: Question) -> tuple[Decimal, Decimal]:
    instrument = knowledge.pack.instruments.get(question.instrument or "")
    if instrument is not None:
        return Decimal(instrument.min), Decimal(instrument.max)
    low = Decimal(0) if question.min is None else question.min
    return low, Decimal(10_000) if question.max is None else question.max


def _numbers(
    knowledge: Knowledge, question: Question, conditions: Sequence[Condition]
) -> tuple[Answer, ...]:
    low, high = _limits(knowledge, question)
    bounds = {
        bound
        for condition in conditions
        if question.id in condition.reads
        for bound in _constants(knowledge, condition)
    }
    around = {bound + step for bound in bounds for step in (-1, 0, 1)}
    usual = {question.soft_min, question.soft_max, low, high}
    numbers = {value for value in around | usual if value is not None and low <= value <= high}
    ordered = sorted(numbers, key=lambda value: (value in (low, high), value))
    if question.kind == "decimal":
        return tuple(ordered)
    return tuple(int(value) for value in ordered if value == value.to_integral_value())


def _constants(knowledge: Knowledge, condition: Condition) -> set[Decimal]:
    thresholds = knowledge.pack.threshold_values
    return constants(condition.node) | {thresholds[name] for name in condition.thresholds}


def _further(knowledge: Knowledge, questions: Iterable[str]) -> Iterable[str]:
    asked = knowledge.pack.questions
    return (
        ident
        for ident in questions
        if asked[ident].kind == "rows" and ident not in (TRIALS, MEDICATIONS)
    )


def _tables(
    knowledge: Knowledge, ident: str, conditions: Sequence[Condition]
) -> tuple[tuple[Row, ...], ...]:
    """Return tables of each length worth trying, of rows that are all at one end or the other."""
    question = knowledge.pack.questions[ident]
    facts = {fact.id for fact in knowledge.pack.derived.values() if fact.of == question.id}
    bounds = {
        bound
        for condition in conditions
        if facts.intersection(condition.reads)
        for bound in _constants(knowledge, condition)
    }
    counts = {0, 1} | {int(bound) + step for bound in bounds for step in (-1, 0, 1)}
    ends = [{item.id: _end(item, at) for item in question.columns} for at in (0, -1)]
    return tuple(
        (row,) * count
        for count in sorted(counts)
        if 0 <= count <= _MOST_ROWS
        for row in ends[: 2 if count else 1]
    )


def _end(column: Column, at: int) -> Answer:
    """Return the first or the last value of a column; any text stands for all."""
    low = Decimal(0) if column.min is None else column.min
    high = Decimal(10_000) if column.max is None else column.max
    match column.kind:
        case "bool":
            return at == 0
        case "choice":
            return column.options[at].code
        case "int":
            return int((low, high)[at])
        case "decimal":
            return (low, high)[at]
        case _:
            return "x"


def _trials(knowledge: Knowledge, conditions: Sequence[Condition]) -> tuple[Rows, ...]:
    """Return tables that come to each number of failed trials worth trying."""
    pack = knowledge.pack
    weeks = pack.threshold_values.get(ADEQUATE_WEEKS)
    rows = [
        Trial(
            drug=drug.name,
            daily_dose_mg=drug.minimum_mg,
            weeks=weeks,
            outcome=next(iter(failing_outcomes(pack)), None),
            adherent=True,
            current_episode=True,
        )
        for drug in pack.antidepressants.values()
        # Two forms of one drug count once.
        if drug.same_drug_as is None
    ]
    counts = {0, 1, 2}
    numbers = {fact.id for fact in pack.derived.values() if fact.calculation == FAILED}
    for condition in conditions:
        if not numbers.isdisjoint(condition.reads):
            for bound in _constants(knowledge, condition):
                counts |= {int(bound) - 1, int(bound), int(bound) + 1}
    return tuple(tuple(rows[:count]) for count in sorted(counts) if 0 <= count <= len(rows))


def _medications(knowledge: Knowledge, conditions: Sequence[Condition]) -> tuple[Rows, ...]:
    """Return lists of medicines: none, one of each class that is named, and together."""
    classes = [
        code
        for code in knowledge.pack.drug_classes
        if any(_names_code(condition.node, code) for condition in conditions)
    ]
    found = [_medicine(knowledge, code) for code in classes]
    rows = [Medication(name=name) for name in dict.fromkeys(found) if name is not None]
    sizes = range(len(rows) + 1) if len(rows) <= _MOST_CLASSES else (0, 1, len(rows))
    return tuple(tuple(chosen) for size in sizes for chosen in combinations(rows, size))


def _names_code(node: Node, code: str) -> bool:
    return any(isinstance(part, Literal) and part.value == code for part in walk(node))


def _medicine(knowledge: Knowledge, code: str) -> str | None:
    """Return the medicine of a class that belongs to the fewest others, rather no brand."""
    medicines = knowledge.pack.medicines
    names = [
        (len(item.classes), item.ingredients != (name,), item.kind != "generic", name)
        for name in mentioning(medicines, code)
        if code in (item := medicines[name]).classes
    ]
    return min(names)[3] if names else None
