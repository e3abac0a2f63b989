"""A pack compiled for the engine: conditions, rules by pathway, and one graph of dependencies.

`ketatui.engine.compiling` makes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import field

from ketatui.cql import Condition, Scope
from ketatui.criteria.models import Authority, Confidence, Effect
from ketatui.criteria.pack import Pack
from ketatui.engine.calculations import Calculation
from ketatui.engine.medicines import MedicineIndex
from ketatui.structs import Frozen


class PathwayRule(Frozen, frozen=True):
    """One rule as it reads for one pathway.

    Attributes:
        rule: The rule's id.
        title: Its line for the fit pane.
        effect: What it does while in force; see `effect_on`.
        condition: Index into `Knowledge.conditions`, None for a support rule.
        grades: For a support rule: the grades it is true for.
        local: Added by a local policy, or reads a threshold a local policy changed.
        valid_until: Last day of a dated rule.
        afterwards: Effect, reason and action from the day after.
    """

    rule: str
    title: str
    effect: Effect
    condition: int | None
    grades: frozenset[str]
    because: str
    do: str
    authority: Authority
    confidence: Confidence
    sources: tuple[str, ...]
    optional: bool
    local: bool
    valid_until: dt.date | None
    afterwards: tuple[Effect, str, str] | None

    def in_force(self, on: dt.date) -> tuple[Effect, str, str] | None:
        """Return effect, reason and action on a day; None once the rule has lapsed."""
        if self.valid_until is None or on <= self.valid_until:
            return self.effect, self.because, self.do
        return self.afterwards


class Knowledge(Frozen, frozen=True, eq=False):
    """Everything the engine needs of a pack, ready to evaluate; told apart by identity.

    Attributes:
        pack: The pack it was compiled from.
        scope: Types of all ids, for checking further expressions against it.
        order: Question ids so that what "asked when" reads comes first.
        steps: Questions and derived facts, each after all that it reads.
        calculations: The named calculations, by name.
        reads: What each question's "asked when" and each derived fact reads, directly.
        compares: Names of the thresholds that each derived fact compares with, directly.
        asked_when: Condition under which a question is asked, where it has one.
        derived: Derived facts with an expression, by id (None for a named calculation).
        conditions: The distinct conditions of all rules; several pathways share one.
        rules: The rules of each pathway, in the order of the decision table. One that reads
            the same for several pathways is one object.
        support: Condition of each row of the support table, by row id.
        contradictions: Condition of each declared contradiction, by id.
        payers: Conditions of each payer profile's rules, by payer id.
        consent_hidden: Condition under which a consent item cannot apply, by item id.
        medicines: Names of medicines and the classes they belong to.
        rank_of_question: Place of each question in the consultation.
    """

    pack: Pack
    scope: Scope
    order: tuple[str, ...]
    steps: tuple[str, ...]
    calculations: Mapping[str, Calculation]
    reads: Mapping[str, tuple[str, ...]]
    compares: Mapping[str, tuple[str, ...]]
    asked_when: Mapping[str, Condition]
    derived: Mapping[str, Condition | None]
    conditions: tuple[Condition, ...]
    rules: Mapping[str, tuple[PathwayRule, ...]]
    support: Mapping[str, Condition]
    contradictions: Mapping[str, Condition]
    payers: Mapping[str, tuple[Condition, ...]]
    consent_hidden: Mapping[str, Condition]
    medicines: MedicineIndex
    rank_of_question: Mapping[str, int] = field(default_factory=dict)
