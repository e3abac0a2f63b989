"""The facts of the next state of an input: what an edit cannot have reached is taken over.

What is established from an input is what its own entries say, what they decide (whether a
question is asked, what is derived), and so on, each step after all that it reads. An edit
touches few of them. The result is that of `establish_input`, down to how a number is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from heapq import heapify, heappop, heappush
from typing import Any

from ketatui.cql import Value
from ketatui.engine.calculations import Working
from ketatui.engine.facts import Calculated, Facts, ask, calculated, facts_of
from ketatui.engine.inputs import Input
from ketatui.engine.knowledge import Knowledge

_NONE = object()
"""What stands for an entry that is not there; null is one."""


@lru_cache(maxsize=8)
def _order_of(knowledge: Knowledge) -> tuple[Mapping[str, int], Mapping[str, list[int]]]:
    """Return the place of each step, and the places of the steps that read each id directly."""
    places = {ident: place for place, ident in enumerate(knowledge.steps)}
    readers: dict[str, list[int]] = {}
    for ident, place in places.items():
        for read in dict.fromkeys(knowledge.reads.get(ident, ())):
            readers.setdefault(read, []).append(place)
    return places, readers


def establish_next(
    knowledge: Knowledge, given: Input, before: Input, facts: Facts
) -> tuple[Facts, frozenset[str]] | None:
    """Establish the facts of an input from those of another one.

    Args:
        knowledge: The compiled criteria.
        given: The input; its answers are valid for these criteria.
        before: Another input.
        facts: Its facts, under the same criteria.

    Returns:
        The facts as `establish_input` would establish them, and the ids of all that differs or
        may; None where they have to be established anew.
    """
    touched = frozenset(_touched(before, given))
    places, readers = _order_of(knowledge)
    working = Working(
        knowledge.pack, knowledge.medicines, given, dict(facts.values), dict(facts.asked)
    )
    after = _After(knowledge, working, dict(facts.calculated), set(facts.hidden))
    seen = {places[ident] for ident in touched if ident in places}
    seen.update(place for ident in touched for place in readers.get(ident, ()))
    waiting = list(seen)
    heapify(waiting)
    changed = set(touched)
    while waiting:
        ident = knowledge.steps[heappop(waiting)]
        if after.moves(ident):
            changed.add(ident)
            for place in readers.get(ident, ()):
                if place not in seen:
                    seen.add(place)
                    heappush(waiting, place)
    if working.values.keys() != facts.values.keys():
        # A table has no value while it is asked; where each value stands is told too.
        return None
    found = facts_of(knowledge, working, after.hidden, after.found)
    return found, frozenset(
        changed | (facts.unknown ^ found.unknown) | (facts.tables ^ found.tables)
    )


class _After:
    """What is established of the input after an edit."""

    def __init__(
        self,
        knowledge: Knowledge,
        working: Working,
        found: dict[str, Calculated],
        hidden: set[str],
    ) -> None:
        self.knowledge = knowledge
        self.working = working
        self.found = found
        self.hidden = hidden

    def moves(self, ident: str) -> bool:
        """Establish a question or derived fact anew; tell whether anything of it is another."""
        knowledge, values, asked = self.knowledge, self.working.values, self.working.asked
        value = values.get(ident)
        question = knowledge.pack.questions.get(ident)
        if question is not None:
            shown = asked.get(ident)
            if ask(knowledge, self.working, question):
                self.hidden.add(ident)
            else:
                self.hidden.discard(ident)
            if question.kind == "rows" and asked[ident] is not False:
                values.pop(ident, None)
            return asked[ident] is not shown or _differ(value, values.get(ident))
        condition = knowledge.derived[ident]
        if condition is not None:
            values[ident] = condition.value(values)
            return _differ(value, values[ident])
        fact = calculated(knowledge, self.working, knowledge.pack.derived[ident])
        waits, self.found[ident] = self.found[ident].waits, fact
        values[ident] = fact.value
        return waits != fact.waits or _differ(value, fact.value)


def _differ(old: Value, new: Value) -> bool:
    """Tell whether two values are others, down to how they are written."""
    return old is not new and repr(old) != repr(new)


def _touched(before: Input, given: Input) -> Iterator[str]:
    """Yield the ids of all entries of an input that may be others than before."""
    yield from before.unknown ^ given.unknown
    yield from before.elsewhere ^ given.elsewhere
    pairs: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = (
        (before.answers, given.answers),
        (before.tables, given.tables),
        (before.scale_items, given.scale_items),
        (before.given, given.given),
        (before.waits, given.waits),
    )
    for old, new in pairs:
        if old is not new:
            idents = old.keys() | new.keys()
            yield from [i for i in idents if old.get(i, _NONE) is not new.get(i, _NONE)]
