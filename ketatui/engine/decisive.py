"""Which facts of a case decide it: worked out from the rules, never listed by hand.

A fact is a question with an answer, or with the mark that it cannot be established. Looked at
against one assessment it can play four parts on a pathway:

- It *carries* a finding that sets the verdict: it is a necessary element of some set of facts
  that suffices for the finding. (So each of two high blood pressure values carries "elevated",
  although neither has to be there.) An open rule that keeps a case incomplete is carried by the
  facts it waits for.
- It *lifts*: with this one fact otherwise, the pathway would stand better.
- It *grounds*: the pathway can be used, and with this one fact otherwise its use would rest on
  another line of the support table, or on none.
- It *rules out*: with this one fact otherwise, the pathway would stand worse.

The first three make a fact decisive: it is what this case is about. A fact that only rules out
had to be asked, as in every other case. One that plays no part could not matter here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from ketatui.cases.model import Case
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine.assessment import SEVERITY, PathwayAssessment
from ketatui.engine.calculations import Tried
from ketatui.engine.domains import answered, domains, in_order, questions_behind
from ketatui.engine.facts import establish_input, is_recorded
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import judge_of
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import NeedsFinder
from ketatui.engine.next_facts import establish_next
from ketatui.structs import Frozen

_LARGEST_GROUP = 8
"""Facts behind one finding up to which every set of them is tried."""

Holding = frozenset[tuple[str, str]]
"""Findings that hold: pathway and rule."""


class FactRole(Frozen, frozen=True):
    """What one fact does in a case.

    Attributes:
        question: The question's id.
        carries: Rules that set a verdict and rest on it, by pathway.
        lifts: Pathways that would stand better with it otherwise.
        grounds: Usable pathways whose line of the support table rests on it.
        rules_out: Pathways that would stand worse with it otherwise.
    """

    question: str
    carries: Mapping[str, tuple[str, ...]]
    lifts: tuple[str, ...]
    grounds: tuple[str, ...]
    rules_out: tuple[str, ...]

    @property
    def decisive(self) -> bool:
        """Whether the case turns on it."""
        return bool(self.carries or self.lifts or self.grounds)

    @property
    def matters(self) -> bool:
        """Whether anything depends on it."""
        return self.decisive or bool(self.rules_out)

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule it carries, each once."""
        return tuple(dict.fromkeys(rule for rules in self.carries.values() for rule in rules))


def setting_the_verdict(pathway: PathwayAssessment) -> tuple[str, ...]:
    """Return the rules that a pathway's verdict comes from; none where criteria are met.

    For "more information needed" these are the open rules that hold the case up.
    """
    if pathway.verdict == "incomplete":
        return tuple(rule.rule for rule in pathway.open if rule.holds_up)
    severity = SEVERITY[pathway.verdict]
    return tuple(item.rule for item in pathway.findings if SEVERITY[item.counts_as] == severity)


def fact_roles(knowledge: Knowledge, case: Case, on: dt.date) -> dict[str, FactRole]:
    """Work out what each fact of a case does.

    Args:
        knowledge: The compiled pack.
        case: The case; its answers are valid for this pack.
        on: The day, for dated rules.

    Returns:
        A role for every question that is asked and has an answer or the mark "unknown", in the
        order of the consultation.
    """
    look = _Look(knowledge, case, on)
    carried = look.carried()
    values = _worth_trying(knowledge)
    roles = {}
    for ident in look.stated:
        lifts: set[str] = set()
        grounds: set[str] = set()
        rules_out: set[str] = set()
        for value in values.get(ident, ()):
            changed = answered(without(case, (ident,)), ident, value)
            if not in_order(knowledge, changed, ident):
                continue
            for then in look.judged(changed):
                now = look.now[then.id]
                step = SEVERITY[then.verdict] - SEVERITY[now.verdict]
                if step < 0:
                    lifts.add(then.id)
                elif step > 0:
                    rules_out.add(then.id)
                if now.usable and then.support_row != now.support_row:
                    grounds.add(then.id)
        roles[ident] = FactRole(
            question=ident,
            carries=carried.get(ident, {}),
            lifts=_ordered(knowledge, lifts),
            grounds=_ordered(knowledge, grounds),
            rules_out=_ordered(knowledge, rules_out),
        )
    return roles


@lru_cache(maxsize=8)
def _worth_trying(knowledge: Knowledge) -> Mapping[str, tuple[Tried, ...]]:
    """Return the values that all rules together make worth trying; the same for every case."""
    return domains(knowledge, (*knowledge.conditions, *knowledge.support.values())).values


def without(case: Case, idents: Iterable[str]) -> Case:
    """Return the case as if some questions had not been asked."""
    gone = frozenset(idents)
    update: dict[str, object] = {
        "answers": {key: value for key, value in case.answers.items() if key not in gone},
        "unknown": case.unknown - gone,
    }
    if TRIALS in gone:
        update["trials"] = ()
    if MEDICATIONS in gone:
        update["medications"] = ()
    update["tables"] = {key: rows for key, rows in case.tables.items() if key not in gone}
    return case.replaced(**update)


def _ordered(knowledge: Knowledge, pathways: set[str]) -> tuple[str, ...]:
    return tuple(ident for ident in knowledge.pack.pathways if ident in pathways)


@dataclass
class _Look:
    """One case, looked at with facts taken away or changed."""

    knowledge: Knowledge
    case: Case
    on: dt.date
    _without: dict[frozenset[str], Holding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._given = input_of(self.case)
        self._facts = facts = establish_input(self.knowledge, self._given)
        finder = NeedsFinder(self.knowledge, facts)
        self._judge = judge_of(self.knowledge, self._given, facts, self.on, finder)
        self.now = {item.id: item for item in self._judge.pathways(self._all)}
        self.stated = tuple(
            ident
            for ident in self.knowledge.pack.questions
            if facts.asked[ident] is not False
            and (is_recorded(self.case, ident) or ident in self.case.unknown)
        )

    @property
    def _all(self) -> tuple[str, ...]:
        return tuple(self.knowledge.pack.pathways)

    def judged(self, case: Case) -> Sequence[PathwayAssessment]:
        """Judge the case otherwise; what the change cannot have reached is taken over."""
        given = input_of(case)
        following = establish_next(self.knowledge, given, self._given, self._facts)
        if following is None:
            facts = establish_input(self.knowledge, given)
            return judge_of(self.knowledge, given, facts, self.on, None).pathways(self._all)
        facts, changed = following
        judge = self._judge.following(facts, None, changed, given.overrides)
        return judge.pathways(self._all)

    def holding_without(self, gone: frozenset[str]) -> Holding:
        """Return the findings that hold once some facts are taken away."""
        if gone not in self._without:
            judged = self.judged(without(self.case, gone))
            self._without[gone] = frozenset(
                (item.id, finding.rule) for item in judged for finding in item.findings
            )
        return self._without[gone]

    def carried(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return, for each fact, the rules it carries by pathway."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for pathway in self.now.values():
            for rule in setting_the_verdict(pathway):
                for ident in self._carriers(pathway, rule):
                    rules = found.setdefault(ident, {})
                    rules[pathway.id] = (*rules.get(pathway.id, ()), rule)
        return found

    def _carriers(self, pathway: PathwayAssessment, rule: str) -> Iterator[str]:
        if pathway.verdict == "incomplete":
            opened = next(item for item in pathway.open if item.rule == rule)
            waiting = {*opened.needs, *opened.blocked_by}
            yield from (ident for ident in self.stated if ident in waiting)
            return
        group = self._behind(pathway.id, rule)
        for ident in group:
            others = [other for other in group if other != ident]
            if self._is_needed((pathway.id, rule), ident, others):
                yield ident

    def _is_needed(self, finding: tuple[str, str], ident: str, others: list[str]) -> bool:
        """Tell whether a finding holds with some set of the others and a fact, not without it."""
        small = len(others) < _LARGEST_GROUP
        sizes = range(len(others) + 1) if small else (0, len(others))
        return any(
            finding in self.holding_without(frozenset(gone))
            and finding not in self.holding_without(frozenset((*gone, ident)))
            for size in sizes
            for gone in combinations(others, size)
        )

    def _behind(self, pathway: str, rule: str) -> list[str]:
        """Return the stated facts behind a finding's condition."""
        known = next(item for item in self.knowledge.rules[pathway] if item.rule == rule)
        if known.condition is not None:
            conditions = [self.knowledge.conditions[known.condition]]
        else:
            conditions = list(self.knowledge.support.values())
        behind = set(questions_behind(self.knowledge, conditions))
        return [ident for ident in self.stated if ident in behind]
