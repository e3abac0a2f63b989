"""What an open rule of a visit waits for: questions of the visit, its rows, the screening's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ketatui.course.facts import VisitFacts
from ketatui.course.knowledge import CALCULATIONS, CourseKnowledge
from ketatui.cql import Condition
from ketatui.engine.needs import Needs


@dataclass
class VisitNeeds:
    """Finds needs for one state of a visit, remembering what each fact waits for."""

    knowledge: CourseKnowledge
    facts: VisitFacts
    _behind: dict[str, frozenset[str]] = field(default_factory=dict)

    def of_null(self, condition: Condition) -> Needs:
        """Find what a condition waits for that is known to be null.

        Returns:
            Unanswered questions and tables that can still decide it. Of the screening's questions
            none counts as marked unknown here.
        """
        found = self._all(condition.waits_while_null(self.facts.values))
        listed = sorted(found, key=self.knowledge.rank.__getitem__)
        waiting = tuple(ident for ident in listed if not self._answered(ident))
        unknown = self.facts.state.visit.unknown
        marked = tuple(ident for ident in waiting if ident in unknown)
        return Needs(waiting, marked, tuple(ident for ident in listed if self._answered(ident)))

    def _answered(self, ident: str) -> bool:
        """Tell whether a question has an answer that counts, and the rule is open all the same."""
        if ident in self.knowledge.pack.questions:
            return self.facts.values.get(ident) is not None
        return any(ident in needs.blocked_by for needs in self._screening())

    def _screening(self) -> Iterable[Needs]:
        return self.facts.state.screening.needs.values()

    def _all(self, idents: Iterable[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for ident in idents:
            if ident not in self._behind:
                # What leads back to itself adds nothing.
                self._behind[ident] = frozenset()
                self._behind[ident] = self._look(ident)
            found |= self._behind[ident]
        return found

    def _look(self, ident: str) -> frozenset[str]:
        state = self.facts.state
        if ident in CALCULATIONS:
            if ident in state.screening.needs and state.values.get(ident) is None:
                needs = state.screening.needs[ident]
                return frozenset((*needs.questions, *needs.blocked_by))
            return self._all(CALCULATIONS[ident].waits(state))
        if ident in self.knowledge.pack.tables:
            return frozenset({ident})
        shown = self.facts.asked.get(ident)
        if shown is False:
            return frozenset()
        found = frozenset({ident})
        if shown is None:
            # What decides whether it is asked can settle it as well.
            found |= self._all(self.knowledge.asked_when[ident].waits_for(state.values))
        return found
