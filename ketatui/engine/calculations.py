"""Named calculations behind derived facts, each one object: what it reads, what it comes to.

An expression says most derived facts. What no expression can say is a `Calculation`, named in
``derived.toml``. One graph of dependencies, staleness, needs and causes follow from what it
says of itself; nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from ketatui.cql import Value
from ketatui.criteria.models import Derived
from ketatui.criteria.pack import Pack
from ketatui.engine.inputs import Input
from ketatui.engine.medicines import MedicineIndex
from ketatui.structs import Frozen


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


class Calculation(Frozen, frozen=True):
    """A way to work out a derived fact.

    Attributes:
        name: As ``derived.toml`` calls it.
        reads: Ids of the questions, tables and facts it reads.
        calculate: Works the fact out.
        thresholds: Names of the thresholds it compares with.
        parameters: Keys of the derived fact that it needs (``of``, ``item``).
        tables: Of what it reads, the questions that have to be tables.
    """

    name: str
    reads: Callable[[Derived], tuple[str, ...]]
    calculate: Calculate
    thresholds: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

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


def _band(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    total = working.values.get(fact.of or "")
    if total is None:
        return None, _of(fact)
    for instrument in working.pack.instruments.values():
        if instrument.question == fact.of:
            for band in instrument.bands:
                if isinstance(total, int) and band.min <= total <= band.max:
                    return band.code, ()
    return None, ()


def _item(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    # An item that was scored counts even where the scale is not asked for this diagnosis: what
    # a patient said of self-harm is not unsaid by an indication that changed.
    scores = working.given.scale_items.get(fact.of or "", {})
    return scores.get(fact.item or ""), ()


def _count(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    of = fact.of or ""
    # Rows that are not asked for are kept and not used, like any hidden answer.
    rows = () if working.asked.get(of) is False else working.given.tables.get(of, ())
    # Of what was asked and cannot be established nobody can say that there is none.
    is_lost = not rows and of in working.given.unknown and working.asked.get(of) is not False
    return (None, (of,)) if is_lost else (len(rows), ())


def _given(working: Working, fact: Derived) -> tuple[Value, tuple[str, ...]]:
    return working.given.given.get(fact.id), working.given.waits.get(fact.id, ())


GIVEN = Calculation("given", lambda _: (), _given)
"""A fact that comes with the input, whoever worked it out."""
GENERAL = (
    Calculation("band", _of, _band, parameters=("of",)),
    Calculation("item", _of, _item, parameters=("of", "item")),
    Calculation("count", _of, _count, parameters=("of",)),
    GIVEN,
)
"""Calculations for any criteria: the band of a scale's total; the score of one item, null where
the scale was not taken item by item; the rows of a table; a fact that comes with the input."""


def by_name(calculations: Iterable[Calculation]) -> Mapping[str, Calculation]:
    """Return calculations by the names derived facts call them."""
    return {item.name: item for item in calculations}
