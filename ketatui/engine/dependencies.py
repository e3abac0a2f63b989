"""What stands behind conditions and facts: one walk over the graph of what reads what.

`Knowledge.reads` says what each derived fact and each "asked when" reads directly. Everything
that asks what lies further back asks here: judging, staleness, fingerprints, causes, what would
lift, and the values worth trying. What an open rule *waits for* depends on the answers as well,
and is found by `ketatui.engine.needs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ketatui.cql import Condition
from ketatui.engine.knowledge import Knowledge
from ketatui.structs import Frozen


class Behind(Frozen, frozen=True):
    """What one or several conditions lean on, through derived facts and "asked when".

    Attributes:
        questions: Ids of questions.
        derived: Ids of derived facts.
        thresholds: Names of thresholds.
    """

    questions: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()
    thresholds: frozenset[str] = frozenset()

    def joined(self, other: Behind) -> Behind:
        """Return what the conditions of either lean on."""
        return Behind(
            self.questions | other.questions,
            self.derived | other.derived,
            self.thresholds | other.thresholds,
        )


class Graph:
    """What reads what, closed: each id with all that it reads, directly or through others."""

    def __init__(self, reads: Mapping[str, Iterable[str]]) -> None:
        """Take a graph; each id is followed once, when it is first asked for.

        Args:
            reads: What each id reads directly. Nothing reads itself, however far back.
        """
        self._reads = reads
        self._known: dict[str, frozenset[str]] = {}

    def of(self, idents: Iterable[str]) -> frozenset[str]:
        """Return ids, and all that they read."""
        known = self._known
        listed = tuple(idents)
        for ident in listed:
            if ident not in known:
                reads = self._reads.get(ident)
                known[ident] = self.of(reads) | {ident} if reads else frozenset((ident,))
        return frozenset().union(*map(known.__getitem__, listed))


class Dependencies:
    """The graph of one pack.

    Attributes:
        graph: Through derived facts and "asked when".
        through_derived: Through derived facts alone: what a condition itself says, spelled out.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        """Take the graph of compiled criteria."""
        self._knowledge = knowledge
        self.graph = Graph(knowledge.reads)
        self.through_derived = Graph(
            {ident: knowledge.reads.get(ident, ()) for ident in knowledge.derived}
        )

    def behind(self, conditions: Iterable[Condition]) -> Behind:
        """Return what conditions lean on.

        Args:
            conditions: Of these criteria.

        Returns:
            Questions, derived facts and thresholds, however far back.
        """
        knowledge, listed = self._knowledge, tuple(conditions)
        names = self.graph.of(ident for condition in listed for ident in condition.reads)
        derived = names.intersection(knowledge.derived)
        thresholds = {name for ident in derived for name in knowledge.compares[ident]}
        for condition in (*listed, *self._asked_when(names)):
            thresholds.update(condition.thresholds)
        return Behind(names - derived, derived, frozenset(thresholds))

    def conditions_behind(self, conditions: Iterable[Condition]) -> Iterator[Condition]:
        """Yield conditions, and those of all that they lean on."""
        listed = tuple(conditions)
        names = self.graph.of(ident for condition in listed for ident in condition.reads)
        yield from listed
        yield from self._derived(names)
        yield from self._asked_when(names)

    def spelled_out(self, condition: Condition) -> Iterator[Condition]:
        """Yield a condition, and those of the derived facts it is made of."""
        yield condition
        yield from self._derived(self.through_derived.of(condition.reads))

    def _derived(self, names: Iterable[str]) -> list[Condition]:
        derived = self._knowledge.derived
        return [condition for ident in names if (condition := derived.get(ident)) is not None]

    def _asked_when(self, names: Iterable[str]) -> list[Condition]:
        asked_when = self._knowledge.asked_when
        return [asked_when[ident] for ident in names if ident in asked_when]


@lru_cache(maxsize=8)
def dependencies_of(knowledge: Knowledge) -> Dependencies:
    """Return the graph of compiled criteria; it is walked once.

    Args:
        knowledge: The criteria.

    Returns:
        Their dependencies.
    """
    return Dependencies(knowledge)
