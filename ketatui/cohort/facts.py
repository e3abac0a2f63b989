"""Facts as columns: what is read of each question, what is asked, and what is derived.

The one place that says over columns what `ketatui.engine.facts` says over a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ketatui.cohort.columns import UNKNOWN, Given, Reading, below, items_of
from ketatui.cohort.expressions import (
    FALSE,
    NULL,
    TRUE,
    Col,
    Const,
    Expr,
    Item,
    Joined,
    Lookup,
    and_,
    any_bit,
    choose,
    compare,
    is_null,
    not_,
    or_else,
)
from ketatui.cohort.numbers import DIGITS, Number, calculate
from ketatui.cohort.program import Lookups, Steps
from ketatui.cohort.tables import (
    MOST_ROWS,
    ClassList,
    RowCount,
    TrialTable,
    lower_count,
    lower_medicines,
    lower_trials,
)
from ketatui.cohort.values import Code, Codes, Reader, Truth, Value, expr_of, truth_of
from ketatui.criteria.models import Derived, Question
from ketatui.criteria.vocabulary import (
    MEDICATIONS,
    MEDICATIONS_REVIEWED,
    TRIALS,
    TRIALS_COMPLETE,
    TRIALS_REPORTED,
)
from ketatui.engine import Knowledge
from ketatui.engine.calculations import bands_of
from ketatui.structs import Frozen

WORD = 62
"""Marks that a whole number holds."""
_MARKS = "marked unknown"


class Facts:
    """The facts of a patient as columns, each made when it is first asked for."""

    def __init__(self, knowledge: Knowledge, given: Given, names: Lookups) -> None:
        """Begin with none.

        Args:
            knowledge: The compiled pack.
            given: What the table has.
            names: What the names of medicines and drugs in the table are.
        """
        self.knowledge = knowledge
        self.pack = knowledge.pack
        self.lookups = Lookups(names)
        self.reading = Reading(knowledge.pack, given, self.lookups)
        self.steps = Steps()
        values = knowledge.pack.threshold_values
        self.reader = Reader(self.fact, values.__getitem__)
        self._facts: dict[str, Value] = {}
        self._asked: dict[str, Expr] = {}
        self._read: dict[str, Expr] = {}
        self._stored: dict[str, Expr] = {}
        self._trials: TrialTable | None = None
        self._classes: ClassList | None = None
        self._counts: dict[str, RowCount] = {}

    # --- what the table says -----------------------------------------------------------------

    def marked(self, ident: str) -> Expr:
        """Ask whether a question is marked unknown; never null.

        A mark that is no question marks every one: nobody can say which was meant.
        """
        return self._mark(list(self.pack.questions).index(ident))

    def _misread(self) -> Expr:
        """Ask whether a mark is no question; never null."""
        return self._mark(len(self.pack.questions))

    def _mark(self, place: int) -> Expr:
        if not self.reading.has(UNKNOWN):
            return FALSE
        word, bit = divmod(place, WORD)
        name = f"marks:{word}"
        if name not in self.steps.named:
            places = list(self.pack.questions)
            self.lookups.setdefault(
                _MARKS,
                {
                    each: {
                        f"word{number}": (1 << (at % WORD)) if at // WORD == number else 0
                        for number in range(1 + len(places) // WORD)
                    }
                    for at, each in enumerate(places)
                },
            )
            element = or_else(Lookup(_MARKS, f"word{word}", Item()), (1 << WORD) - 1)
            self.steps.let(name, or_else(Joined(Col(UNKNOWN), element), 0))
        return any_bit(Col(name, sure=True), 1 << bit)

    def read(self, question: Question) -> Expr:
        """Return what is read of a question by itself."""
        ident = question.id
        if ident not in self._read:
            self._read[ident] = self.steps.let(f"read:{ident}", self.reading.answer(question))
        return self._read[ident]

    def stored(self, question: Question) -> Expr:
        """Return the answer: read, and in no contradiction with another column."""
        ident = question.id
        if ident not in self._stored:
            self._stored[ident] = self.steps.let(f"answer:{ident}", self._answer(question))
        return self._stored[ident]

    def _answer(self, question: Question) -> Expr:
        value = self.read(question)
        questions = self.pack.questions
        if question.below:
            value = below(self.read(question), self.read(questions[question.below]), value)
        for other in questions.values():
            if other.below == question.id:
                value = below(self.read(other), self.read(question), value)
        items = self._items(question)
        if items:
            total = self._total(items)
            value = choose([(compare("!=", value, total), NULL)], value)
        # Answered and marked as not to be established: no answer.
        return choose([(self.marked(question.id), NULL)], value)

    def _items(self, question: Question) -> list[Expr]:
        return [self.item(question, item.id) for item in items_of(self.pack, question)]

    def item(self, question: Question, item: str) -> Expr:
        """Return what is read of one item of a scale."""
        name = f"read:{question.id}.{item}"
        if name not in self._read:
            # An item has no mark of its own, but one that cannot be read may have meant it.
            value = choose([(self._misread(), NULL)], self.reading.item(question, item))
            self._read[name] = self.steps.let(name, value)
        return self._read[name]

    def _total(self, items: list[Expr]) -> Expr:
        total = items[0]
        for each in items[1:]:
            total = calculate("+", total, each, 0, 1000)
        return total

    # --- facts -------------------------------------------------------------------------------

    def asked(self, ident: str) -> Expr:
        """Return whether a question is asked: true, false, or null."""
        if ident not in self._asked:
            condition = self.knowledge.asked_when.get(ident)
            found = Const(True) if condition is None else truth_of(self.reader.read(condition.node))
            self._asked[ident] = self.steps.let(f"asked:{ident}", found)
        return self._asked[ident]

    def hidden(self, ident: str) -> Expr:
        """Ask whether a question is not asked: "asked when" is false. Never null."""
        return choose([(not_(self.asked(ident)), Const(True))], FALSE)

    def fact(self, ident: str) -> Value:
        """Return the effective value of a question or derived fact."""
        if ident not in self._facts:
            question = self.pack.questions.get(ident)
            self._facts[ident] = (
                self._derived(self.pack.derived[ident])
                if question is None
                else self._effective(question)
            )
        return self._facts[ident]

    def _effective(self, question: Question) -> Value:
        value = self.stored(question)
        items = self._items(question)
        if items:
            can_add = and_(is_null(value), not_(self.marked(question.id)))
            value = choose([(can_add, self._total(items))], value)
        instead: Expr = Const(None)
        if question.otherwise is not None:
            instead = self.reading.constant(question, question.otherwise)
        value = choose([(not_(self.asked(question.id)), instead)], value)
        return self._as_value(question, self.steps.let(f"fact:{question.id}", value))

    def _as_value(self, question: Question, column: Expr) -> Value:
        match question.kind:
            case "bool":
                return Truth(column)
            case "choice":
                return Code(column, self.reading.codes(question))
            case _:
                low, high = self.reading.limits(question)
                digits = DIGITS if question.kind == "decimal" else 0
                return Number(column, digits, low, high)

    def _derived(self, fact: Derived) -> Value:
        condition = self.knowledge.derived[fact.id]
        if condition is not None:
            return self._named(f"fact:{fact.id}", self.reader.read(condition.node))
        return self._columns(fact).value(self, fact)

    def _columns(self, fact: Derived) -> OverColumns:
        return COLUMNS.get(fact.calculation or "", NOWHERE)

    def waits(self, fact: Derived) -> Iterable[tuple[Expr, str]] | None:
        """Return what a calculated fact waits for; None where nothing here works it out.

        Returns:
            Ids of questions and facts, each with the condition under which it waits for that one.
        """
        return self._columns(fact).waits(self, fact)

    def _named(self, name: str, value: Value) -> Value:
        if isinstance(value, Truth | Number | Code):
            return value.replaced(expr=self.steps.let(name, value.expr))
        return value

    # --- tables of rows ----------------------------------------------------------------------

    def trials(self) -> TrialTable:
        """Return the antidepressant trials, judged."""
        if self._trials is None:
            complete, reported = self.fact(TRIALS_COMPLETE), self.fact(TRIALS_REPORTED)
            assert isinstance(complete, Truth) and isinstance(reported, Number)
            whole = and_(complete.expr, not_(self.marked(TRIALS)))
            self._trials = lower_trials(
                self.steps, self.reading, self.hidden(TRIALS), whole, reported
            )
        return self._trials

    def classes(self) -> ClassList:
        """Return the drug classes taken."""
        if self._classes is None:
            reviewed = self.fact(MEDICATIONS_REVIEWED)
            self._classes = lower_medicines(
                self.steps,
                self.reading,
                truth_of(reviewed),
                self.marked(MEDICATIONS),
                self.marked(MEDICATIONS_REVIEWED),
            )
        return self._classes

    def count(self, ident: str) -> RowCount:
        """Return the rows of a table, counted."""
        if ident not in self._counts:
            question = self.pack.questions[ident]
            hidden, marked = self.hidden(ident), self.marked(ident)
            self._counts[ident] = lower_count(self.steps, self.reading, question, hidden, marked)
        return self._counts[ident]


class OverColumns(Frozen, frozen=True):
    """A calculation of the engine over columns.

    Attributes:
        value: What it comes to.
        waits: What it waits for while it is null: ids, each with the condition under which it
            waits for that one. None: nobody can say, as nothing works it out.
    """

    value: Callable[[Facts, Derived], Value]
    waits: Callable[[Facts, Derived], Iterable[tuple[Expr, str]] | None]


def _nothing(_: Facts, __: Derived) -> Iterable[tuple[Expr, str]]:
    return ()


def _band(facts: Facts, fact: Derived) -> Value:
    total = facts.fact(str(fact.of))
    assert isinstance(total, Number)
    bands = bands_of(facts.pack, fact)
    cases = [
        (
            and_(
                compare(">=", total.expr, Const(band.min)),
                compare("<=", total.expr, Const(band.max)),
            ),
            Const(place),
        )
        for place, band in enumerate(bands)
    ]
    found = facts.steps.let(f"fact:{fact.id}", choose(cases, NULL))
    return Code(found, tuple(band.code for band in bands))


def _waits_for_total(facts: Facts, fact: Derived) -> Iterable[tuple[Expr, str]]:
    yield is_null(expr_of(facts.fact(str(fact.of)))), str(fact.of)


def _item(facts: Facts, fact: Derived) -> Value:
    question = facts.pack.questions[str(fact.of)]
    return Number(facts.item(question, str(fact.item)), 0, 0, 100)


def _count(facts: Facts, fact: Derived) -> Value:
    return facts.count(str(fact.of)).number


def _waits_for_rows(facts: Facts, fact: Derived) -> Iterable[tuple[Expr, str]]:
    yield is_null(facts.count(str(fact.of)).number.expr), str(fact.of)


def _trials(facts: Facts, _: Derived) -> Value:
    return facts.trials().number


def _waits_for_trials(facts: Facts, _: Derived) -> Iterable[tuple[Expr, str]]:
    trials = facts.trials()
    is_open = is_null(trials.number.expr)
    yield and_(is_open, not_(trials.finished)), TRIALS
    for ident in (TRIALS_REPORTED, TRIALS_COMPLETE):
        missing = is_null(expr_of(facts.fact(ident)))
        yield and_(is_open, not_(trials.complete), missing), ident


def _classes(facts: Facts, _: Derived) -> Value:
    found = facts.classes()
    return Codes(found.bits, found.open, found.codes)


def _waits_for_classes(facts: Facts, _: Derived) -> Iterable[tuple[Expr, str]]:
    classes = facts.classes()
    yield classes.list_open, MEDICATIONS
    yield classes.not_reviewed, MEDICATIONS_REVIEWED


def _open(facts: Facts, fact: Derived) -> Value:
    """Return of a fact that nothing works out here that nobody knows what it comes to."""
    match fact.kind:
        case "bool":
            return Truth(NULL)
        case "list":
            return Codes(Const(0), TRUE, tuple(facts.pack.drug_classes))
        case "choice":
            codes = tuple(band.code for band in bands_of(facts.pack, fact))
            return Code(NULL, tuple(fact.options) or codes)
        case _:
            return Number(NULL, DIGITS if fact.kind == "decimal" else 0, -MOST_ROWS, MOST_ROWS)


COLUMNS: Mapping[str, OverColumns] = {
    "failed_trials": OverColumns(_trials, _waits_for_trials),
    "drug_classes": OverColumns(_classes, _waits_for_classes),
    "item": OverColumns(_item, _nothing),
    "count": OverColumns(_count, _waits_for_rows),
    "band": OverColumns(_band, _waits_for_total),
    "given": OverColumns(_open, _nothing),
}
"""Calculations of the engine over columns. A fact by any other is open for every patient, and
`ketatui cohort check` names the rules that this keeps open."""
NOWHERE = OverColumns(_open, lambda *_: None)
"""A calculation that nothing works out over columns."""
