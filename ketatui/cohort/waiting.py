"""What a null fact waits for, as columns.

The one place that says over columns what `ketatui.engine.needs` says over a case. A verdict hangs
on two of them (is there a question behind it, and are all lost: asked, and cannot be established):
a caution that waits for nothing but what cannot be established applies. Which questions they are
is listed only where that is asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from ketatui.cohort.expressions import (
    FALSE,
    TRUE,
    Const,
    Expr,
    Texts,
    all_bits,
    and_,
    any_bit,
    choose,
    is_null,
    not_,
    or_,
)
from ketatui.cohort.facts import WORD, Facts
from ketatui.cohort.values import Truth, Value, expr_of, is_settled
from ketatui.cql import Condition
from ketatui.cql.syntax import ListOf
from ketatui.criteria.vocabulary import (
    MEDICATIONS,
    TRIALS,
)
from ketatui.structs import Frozen


class Behind(Frozen, frozen=True):
    """What is behind a null value; neither column is ever null.

    Attributes:
        some: There is a question that can still decide it.
        lost: None of them has an answer, and all of them are marked unknown.
    """

    some: Expr
    lost: Expr

    @property
    def not_excluded(self) -> Expr:
        """Whether it waits for something, and for nothing that can be established."""
        return and_(self.some, self.lost)


Found = TypeVar("Found")


class Waiting(ABC, Generic[Found]):
    """Finds what is behind values, each id once."""

    def __init__(self, facts: Facts) -> None:
        """Args: the facts."""
        self.facts = facts
        self._found: dict[str, Found] = {}

    @abstractmethod
    def none(self) -> Found:
        """Return what is behind nothing."""

    @abstractmethod
    def together(self, found: Iterable[Found]) -> Found:
        """Return what is behind several values."""

    @abstractmethod
    def where(self, condition: Expr, found: Found) -> Found:
        """Return what is behind a value under a condition, and nothing elsewhere."""

    @abstractmethod
    def of_question(self, ident: str) -> Found:
        """Return a question that is asked."""

    @abstractmethod
    def not_worked_out(self, reads: Iterable[str]) -> Found:
        """Return what is behind a fact that is open for every patient, by what it reads."""

    @abstractmethod
    def named(self, name: str, found: Found) -> Found:
        """Give what was found names, so that it is worked out once."""

    def for_null(self, condition: Condition) -> Found:
        """Return what a condition waits for where it is null."""
        if len(condition.reads) == 1 and not isinstance(condition.node, ListOf):
            return self.behind(condition.reads[0])
        return self.together(self.of(part) for part in condition.parts)

    def of(self, condition: Condition) -> Found:
        """Return what a condition waits for; nothing where it is settled."""
        found = self.for_null(condition)
        if isinstance(condition.node, ListOf):
            return found
        value: Value = self.facts.reader.read(condition.node)
        return self.where(not_(is_settled(value)), found)

    def behind(self, ident: str) -> Found:
        """Return the questions behind a fact."""
        if ident not in self._found:
            # What leads back to itself adds nothing.
            self._found[ident] = self.none()
            self._found[ident] = self.named(ident, self._look_behind(ident))
        return self._found[ident]

    def _look_behind(self, ident: str) -> Found:
        facts = self.facts
        derived = facts.pack.derived.get(ident)
        if derived is None:
            return self._question(ident)
        condition = facts.knowledge.derived[ident]
        if condition is not None:
            return self.of(condition)
        waits = facts.waits(derived)
        if waits is None:
            return self.not_worked_out(facts.knowledge.reads.get(ident, ()))
        return self.together(self.where(condition, self.behind(each)) for condition, each in waits)

    def _question(self, ident: str) -> Found:
        facts = self.facts
        asked = facts.asked(ident)
        own = self.of_question(ident)
        reader = facts.knowledge.asked_when.get(ident)
        if reader is not None:
            own = self.together([own, self.where(is_null(asked), self.of(reader))])
        return self.where(not_(facts.hidden(ident)), own)

    def answered(self, ident: str) -> Expr:
        """Ask whether a question has a finished answer; never null."""
        facts = self.facts
        if ident == TRIALS:
            return facts.trials().finished
        if ident == MEDICATIONS:
            return facts.classes().listed
        if facts.pack.questions[ident].kind == "rows":
            return facts.count(ident).finished
        value = facts.fact(ident)
        return not_(is_null(value.expr if isinstance(value, Truth) else expr_of(value)))

    def unknown(self, ident: str) -> Expr:
        """Ask whether a question was asked and cannot be established; never null."""
        if ident == MEDICATIONS:
            return self.facts.classes().cannot_be_established
        return self.facts.marked(ident)


class Losing(Waiting[Behind]):
    """Finds whether anything is behind values, and whether all of it is lost."""

    def none(self) -> Behind:
        """Return what is behind nothing."""
        return Behind(FALSE, TRUE)

    def together(self, found: Iterable[Behind]) -> Behind:
        """Return what is behind several values."""
        listed = list(found)
        return Behind(or_(*(each.some for each in listed)), and_(*(each.lost for each in listed)))

    def where(self, condition: Expr, found: Behind) -> Behind:
        """Return what is behind a value under a condition, and nothing elsewhere."""
        return Behind(and_(condition, found.some), or_(not_(condition), found.lost))

    def of_question(self, ident: str) -> Behind:
        """Return a question that is asked."""
        return Behind(TRUE, and_(not_(self.answered(ident)), self.unknown(ident)))

    def not_worked_out(self, reads: Iterable[str]) -> Behind:
        """Return that something is behind it, and that nobody can say that all of it is lost."""
        return Behind(TRUE, FALSE)

    def named(self, name: str, found: Behind) -> Behind:
        """Give both columns names."""
        let = self.facts.steps.let
        return Behind(let(f"some:{name}", found.some), let(f"lost:{name}", found.lost))


class Listing(Waiting[tuple[Expr, ...]]):
    """Finds which questions are behind values: a bit for each without an answer, in words."""

    def __init__(self, facts: Facts) -> None:
        """Args: the facts."""
        super().__init__(facts)
        self.order = tuple(facts.knowledge.rank_of_question)
        self.words = 1 + (len(self.order) - 1) // WORD

    def none(self) -> tuple[Expr, ...]:
        """Return no question."""
        return (Const(0),) * self.words

    def together(self, found: Iterable[tuple[Expr, ...]]) -> tuple[Expr, ...]:
        """Return the questions of several values."""
        return tuple(all_bits(words) for words in zip(self.none(), *found, strict=True))

    def where(self, condition: Expr, found: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Return the questions behind a value under a condition, and none elsewhere."""
        return tuple(choose([(condition, word)], Const(0)) for word in found)

    def of_question(self, ident: str) -> tuple[Expr, ...]:
        """Return a question that is asked, unless it is answered."""
        at, bit = divmod(self.order.index(ident), WORD)
        own = choose([(self.answered(ident), Const(0))], Const(1 << bit))
        return tuple(own if at == word else Const(0) for word in range(self.words))

    def not_worked_out(self, reads: Iterable[str]) -> tuple[Expr, ...]:
        """Return the questions that it reads."""
        return self.together(map(self.behind, reads))

    def named(self, name: str, found: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Give the words names."""
        let = self.facts.steps.let
        return tuple(let(f"needs{at}:{name}", word) for at, word in enumerate(found))

    def listed(self, words: tuple[Expr, ...]) -> Texts:
        """Return the questions as a list of ids, in the order asked."""
        return Texts(
            tuple(
                (ident, any_bit(words[place // WORD], 1 << place % WORD))
                for place, ident in enumerate(self.order)
            )
        )
