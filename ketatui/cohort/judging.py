"""Verdicts as columns: rules, support table, pathways and payers.

The one place that says over columns what `ketatui.engine.judging` and `ketatui.engine.coverage`
say over a case. Overrides are not part of it: nobody sets a finding aside for a cohort.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import field

from ketatui.cohort.columns import Given
from ketatui.cohort.expressions import (
    FALSE,
    NULL,
    TRUE,
    Col,
    Const,
    Expr,
    Texts,
    Word,
    and_,
    choose,
    is_null,
    is_true,
    not_,
    or_,
    or_else,
)
from ketatui.cohort.facts import Facts
from ketatui.cohort.program import Lookups, Program, arrange
from ketatui.cohort.values import Code, truth_of
from ketatui.cohort.waiting import Behind, Listing, Losing, Waiting
from ketatui.criteria.vocabulary import PAYER
from ketatui.engine import Knowledge
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.rules_in_force import RuleInForce, plan_of
from ketatui.structs import Frozen

WORDS = tuple(sorted((name for name in SEVERITY if name != "note"), key=SEVERITY.__getitem__))
"""Verdicts, best first: each at the place of its severity."""
_SEVERE = ("contraindicated", "not_indicated", "not_recommended", "unmet", "caution")
COVERAGE = ("not_met", "unknown", "met")
KEPT = "by "
"""Before the name of a column that is kept to group by."""


class Lowered(Frozen, frozen=True):
    """A pack as a program, and which column says what.

    Attributes:
        program: What an emitter writes.
        rules: The column of each rule on each pathway, by pathway, then rule.
        effects: What each rule does on each pathway on that day.
        payers: The column of each rule of a payer, by payer, then rule.
        on: The day.
    """

    program: Program
    rules: Mapping[str, Mapping[str, str]]
    effects: Mapping[str, Mapping[str, str]]
    on: dt.date
    payers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Judging:
    """Lowers the rules of a pack."""

    def __init__(self, facts: Facts, on: dt.date, waiting: Waiting[Behind] | None = None) -> None:
        """Args: the facts, the day for dated rules, and what finds what is behind values."""
        self.facts = facts
        self.knowledge = facts.knowledge
        self.plan = plan_of(facts.knowledge, on)
        self.waiting = waiting or Losing(facts)
        self.listing = Listing(facts)
        self.let = facts.steps.let
        self._conditions: dict[int, Expr] = {}
        self._possible: dict[str, Expr] | None = None
        self._support: Behind | None = None
        self._outcomes: dict[int, Expr] = {}
        self._named: dict[Expr, Expr] = {}
        self._needed: dict[int | None, tuple[Expr, ...]] = {}

    def outcome(self, place: int) -> Expr:
        """Return whether a rule applies: true, false, or null while it is open."""
        if place not in self._outcomes:
            found = self._outcome(self.plan.rules[place])
            if found not in self._named:
                self._named[found] = self.let(f"rule:{len(self._named)}", found)
            self._outcomes[place] = self._named[found]
        return self._outcomes[place]

    def _outcome(self, item: RuleInForce) -> Expr:
        condition = item.rule.condition
        if condition is None:
            value = self._supported(item.rows)
            behind = self._behind_support() if item.effect == "caution" else None
        else:
            value = self._condition(condition)
            compiled = self.knowledge.conditions[condition]
            behind = self.waiting.for_null(compiled) if item.effect == "caution" else None
        if behind is None:
            return value
        return choose([(and_(is_null(value), behind.not_excluded), TRUE)], value)

    def _condition(self, number: int) -> Expr:
        if number not in self._conditions:
            node = self.knowledge.conditions[number].node
            found = truth_of(self.facts.reader.read(node))
            self._conditions[number] = self.let(f"when:{number}", found)
        return self._conditions[number]

    # --- the support table -------------------------------------------------------------------

    def possible(self) -> dict[str, Expr]:
        """Return whether each row of the support table is true or may turn out to be."""
        if self._possible is None:
            self._possible = {}
            for ident, condition in self.knowledge.support.items():
                found = self.let(f"row:{ident}", truth_of(self.facts.reader.read(condition.node)))
                self._possible[ident] = self.let(f"possible:{ident}", or_else(found, True))
        return self._possible

    def _supported(self, rows: frozenset[str]) -> Expr:
        possible = self.possible()
        of_these = or_(*(each for ident, each in possible.items() if ident in rows))
        others = or_(*(each for ident, each in possible.items() if ident not in rows))
        return choose([(not_(of_these), FALSE), (not_(others), TRUE)], NULL)

    def _behind_support(self) -> Behind:
        if self._support is None:
            found = [self.waiting.of(each) for each in self.knowledge.support.values()]
            some = or_(*(each.some for each in found))
            lost = and_(*(each.lost for each in found))
            self._support = Behind(self.let("some:support", some), self.let("lost:support", lost))
        return self._support

    # --- pathways ----------------------------------------------------------------------------

    def pathway(self, ident: str) -> dict[str, Expr]:
        """Return the columns of a pathway's verdict."""
        places = self.plan.pathways[ident]
        by_effect: dict[str, Expr] = {}
        for effect in (*_SEVERE, "note"):
            of_effect = [place for place in places if self.plan.rules[place].effect == effect]
            by_effect[effect] = self._joined(f"{ident}:{effect}", of_effect)
        waiting = or_(
            *(
                is_null(self.outcome(place))
                for place in places
                if self.plan.rules[place].effect in ("unmet", "caution", *_SEVERE[:3])
                and not self.plan.rules[place].rule.optional
            )
        )
        is_open = self.let(f"{ident}:waiting", waiting)
        complete = and_(*(not_(is_null(self.outcome(place))) for place in places))
        known = choose(
            [(by_effect[effect], Const(SEVERITY[effect])) for effect in _SEVERE], Const(0)
        )
        cases = [(by_effect[effect], Const(SEVERITY[effect])) for effect in _SEVERE[:4]]
        verdict = choose(
            [*cases, (is_open, Const(SEVERITY["incomplete"])), (by_effect["caution"], Const(1))],
            Const(0),
        )
        worst = choose(
            [(or_else(by_effect[effect], True), Const(SEVERITY[effect])) for effect in _SEVERE],
            Const(0),
        )
        return {
            "verdict": Word(verdict, WORDS),
            "best": Word(known, WORDS),
            "worst": Word(worst, WORDS),
            "complete": complete,
        }

    def _joined(self, name: str, places: Sequence[int]) -> Expr:
        return self.let(name, or_(*(self.outcome(place) for place in places)))

    def rules(self) -> dict[str, dict[str, Expr]]:
        """Return the outcome of each rule, by rule, then pathway."""
        found: dict[str, dict[str, Expr]] = {}
        for pathway, places in self.plan.pathways.items():
            for place in places:
                rule = self.plan.rules[place].rule.rule
                found.setdefault(rule, {})[pathway] = self.outcome(place)
        return found

    def lists(self, ident: str) -> dict[str, Expr]:
        """Return the rules of a pathway that apply and that are open, and what these wait for."""
        places = self.plan.pathways[ident]
        named = [(self.plan.rules[place].rule.rule, self.outcome(place)) for place in places]
        needs = self.listing.together(
            self.listing.where(is_null(self.outcome(place)), self._needs(self.plan.rules[place]))
            for place in places
        )
        return {
            "findings": Texts(tuple((rule, is_true(found)) for rule, found in named)),
            "open": Texts(tuple((rule, is_null(found)) for rule, found in named)),
            "missing": self.listing.listed(self.listing.named(ident, needs)),
        }

    def _needs(self, item: RuleInForce) -> tuple[Expr, ...]:
        """Return the questions that a rule waits for where it is open."""
        condition = item.rule.condition
        if condition not in self._needed:
            found = (
                self.listing.together(map(self.listing.of, self.knowledge.support.values()))
                if condition is None
                else self.listing.for_null(self.knowledge.conditions[condition])
            )
            name = "support" if condition is None else str(condition)
            self._needed[condition] = self.listing.named(f"when:{name}", found)
        return self._needed[condition]

    def kept(self, name: str) -> Expr:
        """Return a column to group by, as a text or a whole number."""
        question = self.facts.pack.questions.get(name)
        if question is None:
            return Col(name)
        answer = self.facts.stored(question)
        if question.kind == "choice":
            return Word(answer, self.facts.reading.codes(question))
        return answer

    # --- payers ------------------------------------------------------------------------------

    def payers(self) -> tuple[Expr, dict[str, dict[str, Expr]]]:
        """Return the payer's verdict, and each rule of the payers that somebody may have."""
        chosen = self.facts.fact(PAYER) if PAYER in self.facts.pack.questions else None
        if not isinstance(chosen, Code):
            return Const(COVERAGE.index("unknown")), {}
        cases: list[tuple[Expr, Expr]] = []
        rules: dict[str, dict[str, Expr]] = {}
        for ident, payer in self.facts.pack.payers.items():
            if ident not in chosen.codes:
                continue
            is_own = is_true(_is_code(chosen, ident))
            if is_own == FALSE:
                continue
            listed: dict[str, Expr] = {}
            for rule, condition in zip(payer.rules, self.knowledge.payers[ident], strict=True):
                value = truth_of(self.facts.reader.read(condition.node))
                listed[rule.id] = self.let(f"payer:{ident}.{rule.id}", value)
            rules[ident] = listed
            met = self.let(f"payer:{ident}", and_(*listed.values()))
            if not payer.rules:
                met = NULL
            result = choose([(met, Const(2)), (not_(met), Const(0))], Const(1))
            cases.append((is_own, result))
        return choose(cases, Const(1)), rules


def _is_code(chosen: Code, code: str) -> Expr:
    from ketatui.cohort.expressions import compare

    return compare("=", chosen.expr, Const(chosen.codes.index(code)))


def lower(
    knowledge: Knowledge,
    given: Given,
    names: Lookups,
    on: dt.date,
    *,
    ids: bool,
    carried: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> Lowered:
    """Lower a pack over a table of patients.

    Args:
        knowledge: The compiled pack.
        given: What the table has.
        names: What the names of medicines and drugs in it are.
        on: The day, for dated rules.
        ids: Whether to list the ids of rules that apply and that are open, too.
        carried: Columns of the table that are handed through.
        keep: Columns to group by later: a question's as it is read, any other as it is.

    Returns:
        The program, and which column of its result says what.

    Raises:
        CohortError: Something in the pack cannot be said over columns.
    """
    facts = Facts(knowledge, given, names)
    judging = Judging(facts, on)
    outputs: dict[str, Expr] = {name: Col(name) for name in carried}
    for pathway in knowledge.pack.pathways:
        for what, expr in judging.pathway(pathway).items():
            outputs[f"{pathway}.{what}"] = expr
        if ids:
            for what, expr in judging.lists(pathway).items():
                outputs[f"{pathway}.{what}"] = expr
    rules = _name_rules(judging.rules(), outputs)
    verdict, payers = judging.payers()
    outputs["coverage"] = Word(verdict, COVERAGE)
    of_payers: dict[str, dict[str, str]] = {}
    for payer, listed in payers.items():
        for rule, expr in listed.items():
            outputs[f"{payer}/{rule}"] = expr
            of_payers.setdefault(payer, {})[rule] = f"{payer}/{rule}"
    for name in keep:
        outputs[f"{KEPT}{name}"] = judging.kept(name)
    effects = {
        pathway: {judging.plan.rules[p].rule.rule: judging.plan.rules[p].effect for p in places}
        for pathway, places in judging.plan.pathways.items()
    }
    return Lowered(arrange(facts.steps, outputs, facts.lookups), rules, effects, on, of_payers)


def _name_rules(
    rules: Mapping[str, Mapping[str, Expr]], outputs: dict[str, Expr]
) -> dict[str, dict[str, str]]:
    """Give each outcome a column: one for all pathways of a rule that it is alike for."""
    columns: dict[str, dict[str, str]] = {}
    for rule, by_pathway in rules.items():
        alike: dict[Expr, list[str]] = {}
        for pathway, expr in by_pathway.items():
            alike.setdefault(expr, []).append(pathway)
        for expr, pathways in alike.items():
            name = rule if len(alike) == 1 else f"{rule}:{'+'.join(pathways)}"
            outputs[name] = expr
            for pathway in pathways:
                columns.setdefault(pathway, {})[rule] = name
    return columns
