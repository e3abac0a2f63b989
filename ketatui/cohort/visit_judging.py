"""The visits of a course as columns: by the lowering of the screening, over the course's rules."""

from __future__ import annotations

import datetime as dt

from ketatui.cohort.columns import ID, Given
from ketatui.cohort.errors import CohortError
from ketatui.cohort.expressions import (
    FALSE,
    NULL,
    TRUE,
    Col,
    Const,
    Expr,
    Lookup,
    Scaled,
    choose,
    is_null,
    is_true,
    not_,
    or_,
)
from ketatui.cohort.facts import Facts
from ketatui.cohort.judging import Judging
from ketatui.cohort.numbers import DIGITS, Number, within
from ketatui.cohort.program import Lookups, Program, arrange
from ketatui.cohort.sources import Source
from ketatui.cohort.values import Code, Truth, Value, expr_of, truth_of
from ketatui.cohort.visit_table import (
    ANY_EVENT,
    EXTREMES,
    LATEST,
    OF_COURSE,
    SCORED,
    SERIOUS,
    SERIOUS_OPEN,
    UNREPORTED,
)
from ketatui.cohort.waiting import Behind, Losing
from ketatui.course import CourseKnowledge
from ketatui.course.vocabulary import EVENTS_REVIEWED
from ketatui.criteria.models import Derived

_OF_EVENTS = ("visit.any_event", "visit.event_unreported", "visit.serious_unreported")
_PLAIN = {"course.basis": "basis", "course.site": "site"}
_MOST = 10**9
CARRIED = (ID, "course", "number", "date", LATEST)


class VisitFacts(Facts):
    """The facts of a visit as columns."""

    def __init__(self, course: CourseKnowledge, pathway: str, source: Source) -> None:
        """Args: the compiled course, the pathway, and the table."""
        names = frozenset(source.given.columns)
        super().__init__(course.pathways[pathway], Given(names), Lookups())
        self.pathway = pathway

    def _derived(self, fact: Derived) -> Value:
        if fact.id == "course.pathway":
            return Code(Const(fact.options.index(self.pathway)), fact.options)
        if fact.id in _OF_EVENTS:
            return Truth(self.steps.let(f"fact:{fact.id}", self._of_events(fact.id)))
        if fact.id in (*OF_COURSE, *EXTREMES, *_PLAIN):
            return self._column(fact, _PLAIN.get(fact.id, fact.id))
        if fact.id in SCORED:
            return self._column(fact, fact.id if self.reading.has(fact.id) else None)
        raise CohortError(f"a table of visits does not tell {fact.id}")

    def _column(self, fact: Derived, name: str | None) -> Value:
        raw: Expr = NULL if name is None else Col(name)
        match fact.kind:
            case "bool":
                return Truth(raw)
            case "choice":
                places = {code: {"place": at} for at, code in enumerate(fact.options)}
                self.lookups[f"codes of {fact.id}"] = places
                place: Expr = Lookup(f"codes of {fact.id}", "place", raw) if name else NULL
                return Code(self.steps.let(f"fact:{fact.id}", place), fact.options)
            case _:
                digits = DIGITS if fact.kind == "decimal" else 0
                most = _MOST * 10**digits
                whole = Scaled(raw, digits) if digits and name else raw
                found = within(whole, -most, most) if name else NULL
                return Number(self.steps.let(f"fact:{fact.id}", found), digits, -most, most)

    def _of_events(self, ident: str) -> Expr:
        rows, reviewed = Col(ANY_EVENT, sure=True), truth_of(self.fact(EVENTS_REVIEWED))
        known = choose([(rows, TRUE), (is_true(reviewed), FALSE)], NULL)
        if ident == "visit.any_event":
            return known
        if ident == "visit.event_unreported":
            unreported = Col(UNREPORTED, sure=True)
            none = choose([(or_(rows, is_true(reviewed)), FALSE)], NULL)
            return choose([(unreported, TRUE)], none)
        serious, unsaid = Col(SERIOUS, sure=True), Col(SERIOUS_OPEN, sure=True)
        return choose([(serious, TRUE), (or_(unsaid, is_null(known)), NULL)], FALSE)


class VisitLosing(Losing):
    """Finds what is behind the facts of a visit: those of the course wait for no question."""

    def _look_behind(self, ident: str) -> Behind:
        facts = self.facts
        if ident not in facts.pack.derived:
            return super()._look_behind(ident)
        table = Behind(TRUE, FALSE)
        if ident in _OF_EVENTS:
            rows = Col(ANY_EVENT, sure=True)
            asked = or_(rows, not_(is_null(truth_of(facts.fact(EVENTS_REVIEWED)))))
            found = self.together(
                [self.where(asked, table), self.where(not_(asked), self.behind(EVENTS_REVIEWED))]
            )
        else:
            found = table
        return self.where(is_null(expr_of(facts.fact(ident))), found)


def lower_visits(
    course: CourseKnowledge, pathway: str, source: Source, on: dt.date
) -> tuple[Program, dict[str, dict[str, str]]]:
    """Lower the decisions that a review has, too, for the visits of one pathway.

    Args:
        course: The compiled course.
        pathway: The pathway.
        source: The table.
        on: Today.

    Returns:
        The program, and what each rule does, by decision, then rule; a rule that the pathway does
        not have is false.

    Raises:
        CohortError: A rule reads what a table of visits does not tell.
    """
    facts = VisitFacts(course, pathway, source)
    judging = Judging(facts, on, VisitLosing(facts))
    outputs: dict[str, Expr] = {name: Col(name) for name in CARRIED}
    effects: dict[str, dict[str, str]] = {}
    for decision in decisions_of(course):
        for what, expr in judging.pathway(decision).items():
            outputs[f"{decision}.{what}"] = expr
        for rule in course.pack.rules.values():
            if rule.decision == decision:
                outputs[rule.id] = FALSE
        for place in judging.plan.pathways[decision]:
            rule_in_force = judging.plan.rules[place]
            outputs[rule_in_force.rule.rule] = judging.outcome(place)
            effects.setdefault(decision, {})[rule_in_force.rule.rule] = rule_in_force.effect
    return arrange(facts.steps, outputs, facts.lookups), effects


def decisions_of(course: CourseKnowledge) -> tuple[str, ...]:
    """Return the decisions that are judged of a table: those that a review has, too."""
    return tuple(each.id for each in course.pack.decisions.values() if each.in_review)
