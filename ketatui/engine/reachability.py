"""Whether a rule can be true, or false, at all: found by building a case in which it is.

Questions are answered one after the other, those that hide others first. Three-valued logic
prunes the search: once the answers given decide a condition, further ones cannot change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ketatui.cases.model import Case
from ketatui.cql import Condition, Value
from ketatui.criteria.problems import Problem
from ketatui.engine.domains import Domains, answered, domains, in_order, leads_to_all
from ketatui.engine.facts import Facts, establish
from ketatui.engine.knowledge import Knowledge, PathwayRule

_MOST_CASES = 50_000
"""Cases tried for one condition; those of the pack need some hundreds."""
_MOST_EXAMPLES = 5
"""Examples of one kind of mistake; more would only repeat it."""

Verdict = Callable[[Facts], Value]


@dataclass
class Witnesses:
    """Finds witnesses for many rules, those of one condition only once."""

    knowledge: Knowledge
    _found: dict[tuple[object, ...], Case | None] = field(default_factory=dict)

    def of(self, rule: PathwayRule, pathway: str, wanted: bool) -> Case | None:
        """Build a case in which a rule is true, or false, for a pathway.

        Args:
            rule: The rule as it stands for the pathway. Dates are left aside.
            pathway: The pathway's id.
            wanted: Whether it is to be true or false.

        Returns:
            A case with no more answers than that takes, valid for the pack; None if there is none.
        """
        key: tuple[object, ...] = (rule.condition, wanted)
        if rule.condition is None:
            key = (rule.grades, pathway, wanted)
        if key not in self._found:
            self._found[key] = self._search(rule, pathway, wanted)
        return self._found[key]

    def _search(self, rule: PathwayRule, pathway: str, wanted: bool) -> Case | None:
        knowledge = self.knowledge
        if rule.condition is not None:
            condition = knowledge.conditions[rule.condition]
            conditions: Sequence[Condition] = (condition,)
            verdict: Verdict = lambda facts: condition.value(facts.values)  # noqa: E731
        else:
            conditions = tuple(knowledge.support.values())
            verdict = _support_verdict(knowledge, rule, pathway)
        found = domains(knowledge, conditions, with_tables=True)
        for case, facts in decided(knowledge, found, lambda facts: verdict(facts) is not None):
            if verdict(facts) is wanted:
                return case
        return None


def _support_verdict(knowledge: Knowledge, rule: PathwayRule, pathway: str) -> Verdict:
    def verdict(facts: Facts) -> Value:
        says = []
        for ident, condition in knowledge.support.items():
            if condition.value(facts.values) is not False:
                cell = knowledge.pack.support[ident].on.get(pathway)
                fits = cell is not None and cell.carried_by is None and cell.grade in rule.grades
                says.append(fits)
        if not any(says):
            return False
        return True if all(says) else None

    return verdict


def decided(
    knowledge: Knowledge, found: Domains, enough: Callable[[Facts], bool]
) -> Iterator[tuple[Case, Facts]]:
    """Answer questions in every way worth trying, each only as far as it takes.

    Args:
        knowledge: The compiled pack.
        found: The questions and the values to try.
        enough: Tells from the facts that no further answer is needed.

    Yields:
        Cases with their facts: decided, or with every question answered and still not.
    """
    budget = _MOST_CASES
    first = max((found.questions.index(ident) + 1 for ident in found.put), default=0)

    def search(case: Case, at: int) -> Iterator[tuple[Case, Facts]]:
        nonlocal budget
        budget -= 1
        facts = establish(knowledge, case)
        while at < len(found.questions) and facts.asked[found.questions[at]] is False:
            at += 1
        if at == len(found.questions) or (at >= first and enough(facts)):
            yield case, facts
            return
        ident = found.questions[at]
        for value in found.values[ident]:
            if budget <= 0:
                return
            changed = answered(case, ident, value)
            if in_order(knowledge, changed, ident):
                yield from search(changed, at + 1)

    yield from search(Case(), 0)


def check_reachability(knowledge: Knowledge) -> list[Problem]:
    """Find rules that can never be true, and support rows that overlap or leave gaps.

    Args:
        knowledge: The compiled pack.

    Returns:
        Problems, located in the pack's files; none of a rule over a calculation of which it is not
        known what to try (`ketatui.engine.calculations.Tries`).
    """
    witnesses = Witnesses(knowledge)
    possible: dict[tuple[str, int | None], list[bool]] = {}
    for pathway, rules in knowledge.rules.items():
        for rule in rules:
            reached = witnesses.of(rule, pathway, True) is not None
            # A support rule speaks for several pathways; one where it can be true is enough.
            possible.setdefault((rule.rule, rule.condition), []).append(reached)
    problems = []
    for (rule_id, condition), reached_on in possible.items():
        when = None if condition is None else knowledge.conditions[condition]
        if not any(reached_on) and (when is None or leads_to_all(knowledge, when)):
            text = "" if when is None else f": {' '.join(when.text.split())}"
            message = f"can never be true{text}"
            problems.append(knowledge.pack.problem("rule", rule_id, message))
    return problems + _support_problems(knowledge)


def _support_problems(knowledge: Knowledge) -> list[Problem]:
    """Check by enumeration that exactly one row holds once the facts are known."""
    rows = knowledge.support

    def settled(facts: Facts) -> bool:
        return all(row.value(facts.values) is not None for row in rows.values())

    problems: dict[Problem, None] = {}
    for case, facts in decided(
        knowledge, domains(knowledge, rows.values(), with_tables=True), settled
    ):
        values = {ident: row.value(facts.values) for ident, row in rows.items()}
        found = _row_problem(knowledge, values, _said(case))
        if found is not None:
            problems.setdefault(found, None)
        if len(problems) >= _MOST_EXAMPLES:
            break
    return list(problems)


def _row_problem(knowledge: Knowledge, values: Mapping[str, Value], example: str) -> Problem | None:
    true = [ident for ident, value in values.items() if value]
    undecided = [ident for ident, value in values.items() if value is None]
    if undecided:
        message = f"stays undecided although all is answered, for example with {example}"
        return knowledge.pack.problem("support row", undecided[0], message)
    if len(true) > 1:
        message = f"holds together with {', '.join(true[1:])}, for example with {example}"
        return knowledge.pack.problem("support row", true[0], message)
    if not true:
        return Problem("support.toml", None, "", f"no row holds, for example with {example}")
    return None


def _said(case: Case) -> str:
    said = [f"{ident} = {value}" for ident, value in case.answers.items()]
    said += [f"{len(case.trials)} trials"] if case.trials else []
    said += [f"the medicine {item.name}" for item in case.medications]
    return ", ".join(said) or "no answer"
