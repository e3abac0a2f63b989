"""What an open rule waits for.

``needs`` is enough (answering all of it closes the rule) and minimal (answering anything else
never does). It follows a null condition down to the questions behind it: through derived facts,
and through "asked when", because an answer that hides a question gives it its "else" value.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct, field

from ketatui.cql import Condition, is_settled
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen


class Needs(Frozen, frozen=True):
    """What one null condition waits for.

    Attributes:
        questions: Questions without an answer that can still decide it, in the order asked.
        unknown: Those of them that were asked and could not be established.
        blocked_by: Answered questions that keep it null.
    """

    questions: tuple[str, ...]
    unknown: tuple[str, ...]
    blocked_by: tuple[str, ...]

    @property
    def all_unknown(self) -> bool:
        """Whether everything it waits for was asked and could not be established."""
        return bool(self.questions) and not self.blocked_by and self.questions == self.unknown


_MOST_KEPT = 4096
"""Sets of questions that are kept listed."""


@lru_cache(maxsize=8)
def _kept_of(knowledge: Knowledge) -> dict[tuple[int, int, int], Needs]:
    """Return the sets of questions of some criteria that were listed before, by their bits."""
    return {}


class NeedsFinder(Struct):
    """Finds needs for one state of the facts, remembering what each fact waits for.

    Sets of questions are whole numbers with a bit for each, by its place in the consultation: to
    join them is one step, and many rules wait for the same.
    """

    knowledge: Knowledge
    facts: Facts
    _seen: dict[str, int] = field(default_factory=dict)
    _told: dict[int, Needs] = field(default_factory=dict)
    _kept: dict[tuple[int, int, int], Needs] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)
    _bits: dict[str, int] = field(default_factory=dict)
    _answered: int = 0
    _unknown: int = 0
    _questions: int = 0

    def __post_init__(self) -> None:
        """Keep the questions in the order of their bits, and which of them are answered."""
        self._order = list(self.knowledge.rank_of_question)
        self._kept = _kept_of(self.knowledge)
        values, tables, asked = self.facts.values, self.facts.tables, self.facts.asked
        seen, bit = self._seen, 1
        # As `answered` and `_look_behind` say of each question; two hundred calls are spared.
        for ident in self._order:
            if values.get(ident) is not None or ident in tables:
                self._answered |= bit
            shown = asked.get(ident, True)
            if shown is not None:
                seen[ident] = bit if shown else 0
            bit <<= 1
        self._questions = bit
        for ident in self.facts.unknown:
            self._unknown |= self._bit(ident)

    def of(self, conditions: Iterable[Condition]) -> Needs:
        """Find what the null ones among some conditions wait for, together."""
        values = self.facts.values
        found = 0
        for condition in conditions:
            if condition.is_open(values):
                found |= self._behind_open(condition)
        return self._needs(found)

    def of_null(self, condition: Condition) -> Needs:
        """Find what a condition waits for that is known to be null."""
        found = self._behind_open(condition)
        return self._told.get(found) or self._needs(found)

    def _needs(self, found: int) -> Needs:
        answered = found & self._answered
        key = found ^ answered, answered, found & self._unknown
        # A bit that is no question's is one of this finder alone.
        is_kept = found < self._questions
        needs = self._kept.get(key) if is_kept else None
        if needs is None:
            needs = Needs(*map(self._listed, (key[0], key[2] & ~answered, answered)))
            if is_kept:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = needs
        self._told[found] = needs
        return needs

    def _listed(self, found: int) -> tuple[str, ...]:
        """Return the questions of a set, in the order asked."""
        listed = []
        while found:
            lowest = found & -found
            found ^= lowest
            listed.append(self._order[lowest.bit_length() - 1])
        return tuple(listed)

    def answered(self, ident: str) -> bool:
        """Tell whether a question has a finished answer that counts."""
        return ident in self.facts.tables or self.facts.values.get(ident) is not None

    def _behind_open(self, condition: Condition) -> int:
        """Return the questions behind a condition that is null, as it waits for them.

        It says what `Condition.waits_while_null` says, without listing the facts between.
        """
        if condition.reads_one:
            return self._behind(condition.reads[0])
        values, seen = self.facts.values, self._seen
        found = 0
        for value, ident, part in condition.operands:
            if ident is None:
                if part.is_open(values):
                    found |= self._behind_open(part)
            elif not is_settled(value(values)):
                behind = seen.get(ident)
                found |= self._behind(ident) if behind is None else behind
        return found

    def _behind(self, ident: str) -> int:
        """Return the questions behind a null fact."""
        found = self._seen.get(ident)
        if found is None:
            self._seen[ident] = 0
            found = self._seen[ident] = self._look_behind(ident)
        return found

    def _look_behind(self, ident: str) -> int:
        values = self.facts.values
        if ident in self.knowledge.pack.derived:
            condition = self.knowledge.derived[ident]
            if condition is not None:
                return self._behind_open(condition) if condition.is_open(values) else 0
            found = 0
            for waited in self.facts.waits.get(ident, ()):
                found |= self._behind(waited)
            return found
        # What is asked or not was settled before. What a given fact waits for may stand elsewhere.
        found = self._bit(ident)
        if self.facts.asked.get(ident, True) is None:
            # Answering what decides whether it is asked can settle it as well.
            decides = self.knowledge.asked_when[ident]
            if decides.is_open(values):
                found |= self._behind_open(decides)
        return found

    def _bit(self, ident: str) -> int:
        """Return the bit of a question, or of what a given fact waits for besides."""
        place = self.knowledge.rank_of_question.get(ident)
        if place is None:
            place = self._bits.get(ident)
        if place is None:
            place = self._bits[ident] = len(self._order)
            self._order.append(ident)
            if self.answered(ident):
                self._answered |= 1 << place
        return 1 << place
