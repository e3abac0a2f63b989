"""What a null fact waits for, as two columns: is there a question behind it, and are all lost.

Lost: asked, and cannot be established.

The one place that says over columns what `ketatui.engine.needs` says over a case, as far as a
verdict hangs on it: a caution that waits for nothing but what cannot be established applies.
"""

from __future__ import annotations

from collections.abc import Iterable

from ketatui.cohort.expressions import FALSE, TRUE, Expr, and_, is_null, not_, or_
from ketatui.cohort.facts import Facts
from ketatui.cohort.values import Truth, Value, expr_of, is_settled
from ketatui.cql import Condition
from ketatui.cql.syntax import ListOf
from ketatui.engine.inputs import MEDICATIONS, TRIALS
from ketatui.engine.trials import COMPLETE, REPORTED
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


NO_ONE = Behind(FALSE, TRUE)


def _all(found: Iterable[Behind]) -> Behind:
    listed = list(found)
    return Behind(or_(*(each.some for each in listed)), and_(*(each.lost for each in listed)))


def _where(condition: Expr, found: Behind) -> Behind:
    """Return what is behind a value under a condition, and nothing elsewhere."""
    return Behind(and_(condition, found.some), or_(not_(condition), found.lost))


class Waiting:
    """Finds what is behind values, each id once."""

    def __init__(self, facts: Facts) -> None:
        """Args: the facts."""
        self.facts = facts
        self._found: dict[str, Behind] = {}

    def for_null(self, condition: Condition) -> Behind:
        """Return what a condition waits for where it is null."""
        if len(condition.reads) == 1 and not isinstance(condition.node, ListOf):
            return self.behind(condition.reads[0])
        return _all(self.of(part) for part in condition.parts)

    def of(self, condition: Condition) -> Behind:
        """Return what a condition waits for; nothing where it is settled."""
        found = self.for_null(condition)
        if isinstance(condition.node, ListOf):
            return found
        value: Value = self.facts.reader.read(condition.node)
        return _where(not_(is_settled(value)), found)

    def behind(self, ident: str) -> Behind:
        """Return the questions behind a fact."""
        if ident not in self._found:
            # What leads back to itself adds nothing.
            self._found[ident] = NO_ONE
            found = self._look_behind(ident)
            let = self.facts.steps.let
            self._found[ident] = Behind(
                let(f"some:{ident}", found.some), let(f"lost:{ident}", found.lost)
            )
        return self._found[ident]

    def _look_behind(self, ident: str) -> Behind:
        facts = self.facts
        derived = facts.pack.derived.get(ident)
        if derived is None:
            return self._question(ident)
        condition = facts.knowledge.derived[ident]
        if condition is not None:
            return self.of(condition)
        if derived.calculation == "failed_trials":
            return self._trials()
        if derived.calculation == "drug_classes":
            return self._classes()
        if derived.calculation == "band":
            missing = is_null(expr_of(facts.fact(derived.of or "")))
            return _where(missing, self.behind(derived.of or ""))
        return NO_ONE

    def _question(self, ident: str) -> Behind:
        facts = self.facts
        asked = facts.asked(ident)
        own = Behind(TRUE, and_(not_(self._answered(ident)), self._unknown(ident)))
        reader = facts.knowledge.asked_when.get(ident)
        if reader is not None:
            own = _all([own, _where(is_null(asked), self.of(reader))])
        return _where(not_(facts.hidden(ident)), own)

    def _answered(self, ident: str) -> Expr:
        facts = self.facts
        if ident == TRIALS:
            return facts.trials().finished
        if ident == MEDICATIONS:
            return facts.classes().listed
        if facts.pack.questions[ident].kind == "rows":
            return FALSE
        value = facts.fact(ident)
        return not_(is_null(value.expr if isinstance(value, Truth) else expr_of(value)))

    def _unknown(self, ident: str) -> Expr:
        if ident == MEDICATIONS:
            return self.facts.classes().cannot_be_established
        return self.facts.marked(ident)

    def _trials(self) -> Behind:
        """Return what the number of failed trials waits for while it is null."""
        trials = self.facts.trials()
        found = [_where(not_(trials.finished), self.behind(TRIALS))]
        for ident in (REPORTED, COMPLETE):
            missing = is_null(expr_of(self.facts.fact(ident)))
            found.append(_where(and_(not_(trials.complete), missing), self.behind(ident)))
        return _where(is_null(trials.number.expr), _all(found))

    def _classes(self) -> Behind:
        """Return what the list of drug classes waits for while it is open."""
        classes = self.facts.classes()
        return _all(
            [
                _where(classes.list_open, self.behind(MEDICATIONS)),
                _where(classes.not_reviewed, self.behind("medications.reviewed")),
            ]
        )
