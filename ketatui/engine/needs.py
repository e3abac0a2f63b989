"""What an open rule waits for.

``needs`` is enough (answering all of it closes the rule) and minimal (answering anything else
never does). It follows a null condition down to the questions behind it: through derived facts,
and through "asked when", because an answer that hides a question gives it its "else" value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ketatui.cases.model import Case
from ketatui.cql import Condition
from ketatui.engine.facts import MEDICATIONS, TRIALS, Facts
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


@dataclass
class NeedsFinder:
    """Finds needs for one state of the facts, remembering what each fact waits for."""

    knowledge: Knowledge
    case: Case
    facts: Facts
    _seen: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, conditions: Iterable[Condition]) -> Needs:
        """Find what the null ones among some conditions wait for, together."""
        found: set[str] = set()
        for condition in conditions:
            for ident in condition.waits_for(self.facts.values):
                found |= self.behind(ident)
        order = self.knowledge.rank_of_question
        ranked = sorted(found, key=order.__getitem__)
        questions = tuple(ident for ident in ranked if not self.answered(ident))
        return Needs(
            questions=questions,
            unknown=tuple(ident for ident in questions if ident in self.case.unknown),
            blocked_by=tuple(ident for ident in ranked if self.answered(ident)),
        )

    def answered(self, ident: str) -> bool:
        """Tell whether a question has a finished answer that counts."""
        if ident == TRIALS:
            settled = all(item.counts is not None for item in self.facts.trials.judgements)
            return bool(self.case.trials) and settled
        if ident == MEDICATIONS:
            return bool(self.case.medications)
        return self.facts.values.get(ident) is not None

    def behind(self, ident: str) -> frozenset[str]:
        """Return the questions behind a null fact."""
        if ident not in self._seen:
            self._seen[ident] = frozenset()
            self._seen[ident] = frozenset(self._look_behind(ident))
        return self._seen[ident]

    def _look_behind(self, ident: str) -> set[str]:
        if ident in self.knowledge.pack.derived:
            return self._behind_derived(ident)
        shown = self.facts.asked.get(ident)
        if shown is False:
            return set()
        found = {ident}
        if shown is None:
            # Answering what decides whether it is asked can settle it as well.
            for other in self.knowledge.asked_when[ident].waits_for(self.facts.values):
                found |= self.behind(other)
        return found

    def _behind_derived(self, ident: str) -> set[str]:
        condition = self.knowledge.derived[ident]
        fact = self.knowledge.pack.derived[ident]
        values = self.facts.values
        if condition is not None:
            leaves = condition.waits_for(values)
        elif fact.calculation == "bmi":
            both = ("patient.weight_kg", "patient.height_cm")
            leaves = tuple(leaf for leaf in both if values.get(leaf) is None)
        elif fact.calculation == "failed_trials":
            leaves = self._behind_trials()
        elif fact.calculation == "drug_classes":
            reviewed = "medications.reviewed"
            leaves = (reviewed,) if values.get(reviewed) is not True else (MEDICATIONS,)
        else:
            leaves = (fact.of,) if fact.of and values.get(fact.of) is None else ()
        found: set[str] = set()
        for leaf in leaves:
            found |= self.behind(leaf)
        return found

    def _behind_trials(self) -> tuple[str, ...]:
        # Null means: fewer rows count than are enough, and no reported count settles it.
        values = self.facts.values
        leaves = [] if self.answered(TRIALS) else [TRIALS]
        reported, complete = "trials.reported_count", "trials.rows_complete"
        if values.get(reported) is None:
            leaves.append(reported)
        if values.get(complete) is None:
            leaves.append(complete)
        return tuple(leaves)
