"""Named calculations behind derived facts, each one object: what it reads, what it comes to.

An expression says most derived facts. What no expression can say is a `Calculation`, named in
``derived.toml``. One graph of dependencies, staleness, needs and causes follow from what it
says of itself; nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from ketatui.cases.model import Answer, Medication, Trial
from ketatui.cql import Value
from ketatui.criteria.models import Band, Column, Derived
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine.inputs import Input
from ketatui.engine.medicines import MedicineIndex
from ketatui.structs import Frozen

_MOST_ROWS = 12
"""Of a table of a pack's own no more rows than these are tried."""


class Working(Struct):
    """The facts of one input while they are being established.

    Each calculation has sets and details of its own to add to: what it finds out hangs on nothing
    but the input and what it says that it reads.

    Attributes:
        pack: The criteria.
        medicines: Names of medicines and the classes they belong to.
        given: The input.
        values: Effective values so far; what a calculation reads is there already.
        asked: Whether each question so far is asked.
        unfinished: Tables with a row that is not finished or not understood.
        unknown: What was asked and cannot be established.
        details: What a calculation found out beside its value, by the calculation's name.
    """

    pack: Pack
    medicines: MedicineIndex
    given: Input
    values: dict[str, Value]
    asked: dict[str, bool | None]
    unfinished: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    details: dict[str, Any] = field(default_factory=dict)


Calculate = Callable[[Working, Derived], tuple[Value, tuple[str, ...]]]
"""From the facts so far to a value, and while that is not settled the ids of what it waits for."""


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


class Compared(Frozen, frozen=True):
    """What the conditions that read a fact compare with.

    Attributes:
        pack: The criteria.
        numbers: Numbers and values of thresholds in these conditions.
        texts: Texts in them, such as choice codes.
    """

    pack: Pack
    numbers: frozenset[Decimal]
    texts: frozenset[str]

    @property
    def counts(self) -> set[int]:
        """Whole numbers at, just below and just above those it is compared with."""
        return {int(number) + step for number in self.numbers for step in (-1, 0, 1)}


Tries = Callable[[Derived, Compared], Mapping[str, Sequence[Tried]] | None]
"""Answers to the questions a fact reads that lead to each outcome a condition can turn on; None
where that is not known."""


class Calculation(Frozen, frozen=True):
    """A way to work out a derived fact.

    Attributes:
        name: As ``derived.toml`` calls it.
        reads: Ids of the questions, tables and facts it reads.
        calculate: Works the fact out.
        thresholds: Names of the thresholds it compares with.
        parameters: Keys of the derived fact that it needs (``of``, ``item``).
        tables: Of what it reads, the questions that have to be tables.
        tries: Answers worth trying, so that rules over it can be shown to be true or false. Without
            them no rule over it is said to be never true.
    """

    name: str
    reads: Callable[[Derived], tuple[str, ...]]
    calculate: Calculate
    thresholds: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    tries: Tries | None = None

    def problems(self, fact: Derived, pack: Pack) -> Iterable[str]:
        """Say what the calculation needs of a pack and does not find there."""
        for key in self.parameters:
            if getattr(fact, key) is None:
                yield f"the calculation {self.name} needs {key!r}"
        for ident in self.reads(fact):
            if ident not in pack.questions and ident not in pack.derived:
                yield f"the calculation {self.name} reads {ident!r}, and there is no such question"
            elif ident in self.tables and pack.questions[ident].kind != "rows":
                yield f"the calculation {self.name} reads {ident!r}, which is no table"
        for name in self.thresholds:
            if name not in pack.thresholds:
                yield f"the calculation {self.name} needs the threshold {name!r}"
        if "item" in self.parameters and fact.of is not None:
            scale = pack.instruments.get(_instrument(pack, fact.of))
            if scale is None or fact.item not in {item.id for item in scale.items}:
                yield f"{fact.of} has no item {fact.item!r}"


def _instrument(pack: Pack, question: str) -> str:
    found = pack.questions.get(question)
    return (found.instrument if found else None) or ""


def _of(fact: Derived) -> tuple[str, ...]:
    return (fact.of,) if fact.of else ()


def bands_of(pack: Pack, fact: Derived) -> tuple[Band, ...]:
    """Return the bands of the scale that a fact is made of; none where it is of no scale."""
    scales = pack.instruments.values()
    return next((tuple(each.bands) for each in scales if each.question == fact.of), ())


def _band(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    total = working.values.get(fact.of or "")
    if total is None:
        return None, _of(fact)
    for band in bands_of(working.pack, fact):
        if isinstance(total, int) and band.min <= total <= band.max:
            return band.code, ()
    return None, ()


def _tries_of_band(fact: Derived, compared: Compared) -> Mapping[str, Sequence[Tried]]:
    return {str(fact.of): [band.min for band in bands_of(compared.pack, fact)]}


def _item(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    # An item that was scored counts even where the scale is not asked for this diagnosis: what
    # a patient said of self-harm is not unsaid by an indication that changed.
    scores = working.given.scale_items.get(fact.of or "", {})
    return scores.get(fact.item or ""), ()


def _tries_of_item(fact: Derived, compared: Compared) -> Mapping[str, Sequence[Tried]]:
    scale = compared.pack.instruments[_instrument(compared.pack, str(fact.of))]
    options = next(item.options for item in scale.items if item.id == fact.item)
    scores = compared.counts & set(range(len(options)))
    return {str(fact.of): [ItemScore(str(fact.item), score) for score in sorted(scores)]}


def _count(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    of = fact.of or ""
    # Rows that are not asked for are kept and not used, like any hidden answer.
    rows = () if working.asked.get(of) is False else working.given.tables.get(of, ())
    # Of what was asked and cannot be established nobody can say that there is none.
    is_lost = not rows and of in working.given.unknown and working.asked.get(of) is not False
    return (None, (of,)) if is_lost else (len(rows), ())


def _tries_of_count(fact: Derived, compared: Compared) -> Mapping[str, Sequence[Tried]] | None:
    """Return tables of each length worth trying, of rows that are all at one end or the other."""
    if fact.of in (MEDICATIONS, TRIALS):
        # What is in these rows, others try. Beside theirs one row more leads to there being some.
        some: Rows = (Medication(name="x"),) if fact.of == MEDICATIONS else (Trial(drug="x"),)
        return {fact.of: [(), some]} if compared.numbers <= {0} else None
    columns = compared.pack.questions[str(fact.of)].columns
    ends = [{item.id: _end(item, at) for item in columns} for at in (0, -1)]
    return {
        str(fact.of): [
            (row,) * count
            for count in sorted({0, 1} | compared.counts)
            if 0 <= count <= _MOST_ROWS
            for row in ends[: 2 if count else 1]
        ]
    }


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


def _given(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    return working.given.given.get(fact.id), working.given.waits.get(fact.id, ())


GIVEN = Calculation("given", lambda _: (), _given, tries=lambda *_: {})
"""A fact that comes with the input, whoever worked it out."""
GENERAL = (
    Calculation("band", _of, _band, parameters=("of",), tries=_tries_of_band),
    Calculation("item", _of, _item, parameters=("of", "item"), tries=_tries_of_item),
    Calculation("count", _of, _count, parameters=("of",), tries=_tries_of_count),
    GIVEN,
)
"""Calculations for any criteria: the band of a scale's total; the score of one item, null where
the scale was not taken item by item; the rows of a table; a fact that comes with the input."""


def by_name(calculations: Iterable[Calculation]) -> Mapping[str, Calculation]:
    """Return calculations by the names derived facts call them."""
    return {item.name: item for item in calculations}
