"""Which decisive facts a run found: the answer leads where it has to, and so did the judgment."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from ketatui.cases.model import Case
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Assessment, Knowledge, assess
from ketatui.engine.decisive import FactRole, fact_roles, without
from ketatui.engine.facts import establish, is_recorded
from ketatui.engine.judging import judge_pathways
from ketatui.structs import Frozen

Found = Literal["found", "partly", "unused", "missed"]
"""A fact's answer leads to the right findings and what it decides was judged right; in part; it
was answered right and what it decides was judged otherwise; or it was not found."""

Findings = list[tuple[str, str, tuple[str, ...]]]
"""For each pathway its verdict, and the rules that apply."""


class Truth(Frozen, frozen=True):
    """What the criteria say about the right answers of a case: the same for every run.

    Attributes:
        right: The right answers.
        on: The day the case plays.
        assessment: What the criteria say about them.
        roles: What each fact does in the case.
        findings: The findings, to compare with.
        given: Facts that were there from the start: to find them is no merit.
    """

    right: Case
    on: dt.date
    assessment: Assessment
    roles: Mapping[str, FactRole]
    findings: Findings
    given: frozenset[str] = frozenset()


def truth_of(knowledge: Knowledge, right: Case, on: dt.date, given: Iterable[str] = ()) -> Truth:
    """Work out what the right answers of a case come to."""
    assessment = assess(knowledge, right, on, with_changes=False)
    roles = fact_roles(knowledge, right, on)
    findings = _findings(knowledge, right, on)
    return Truth(right, on, assessment, roles, findings, frozenset(given))


def answers_found(knowledge: Knowledge, truth: Truth, mine: Case) -> dict[str, Found]:
    """Tell for each decisive fact whether its answer leads to the same findings.

    Args:
        knowledge: The compiled pack.
        truth: What the right answers come to.
        mine: The trainee's answers.

    Returns:
        For a table, found means every row by what the rules see of it: rows that happen to lead
        to the same findings are worth something only as far as they are the right ones.
    """
    asked = establish(knowledge, mine).asked
    comparing = _Comparing(knowledge, truth, mine)
    return {
        ident: comparing.found(ident, asked=asked[ident])
        for ident, role in truth.roles.items()
        if role.decisive and ident not in truth.given
    }


def understood(how: Found, role: FactRole, likeness: Mapping[str, float]) -> Found:
    """Take into account how the pathways were judged that a fact decides.

    Args:
        how: Whether its answer was found.
        role: What it decides.
        likeness: For each pathway 1 for the right verdict, ½ for one of the same kind, else 0.

    Returns:
        ``unused`` where no pathway it bears on was judged right.
    """
    if how == "missed":
        return how
    concerned = {*role.carries, *role.lifts, *role.grounds}
    judged = [likeness.get(pathway, 0.0) for pathway in concerned]
    if not any(judged):
        return "unused"
    return how if all(share == 1 for share in judged) else "partly"


class _Comparing:
    """The trainee's answers beside the right ones."""

    def __init__(self, knowledge: Knowledge, truth: Truth, mine: Case) -> None:
        self.knowledge = knowledge
        self.truth = truth
        self.mine = mine

    def found(self, ident: str, *, asked: bool | None) -> Found:
        right, mine = self.truth.right, self.mine
        if asked is False:
            return "missed"
        if ident in right.unknown:
            return "found" if ident in mine.unknown else "missed"
        if not is_recorded(mine, ident):
            return "missed"
        taken = _taking(right, mine, ident)
        same = _findings(self.knowledge, taken, self.truth.on) == self.truth.findings
        if ident not in (TRIALS, MEDICATIONS):
            return "found" if same else "missed"
        return self._table(ident, same=same)

    def _table(self, ident: str, *, same: bool) -> Found:
        wanted, given = self._rows(self.truth.right, ident), self._rows(self.mine, ident)
        if same and wanted <= given:
            return "found"
        return "partly" if wanted & given else "missed"

    def _rows(self, case: Case, ident: str) -> Counter[tuple[str, bool | None]]:
        """Return a table's rows by what the rules see of them."""
        if ident == TRIALS:
            judged = establish(self.knowledge, case).trials.judgments
            return Counter((item.drug, item.counts) for item in judged)
        # By class: a brand, or another name, is the same medicine to every rule.
        mattering = (
            row
            for row in establish(self.knowledge, case).medicines
            if case is self.mine or self._matters(row.name)
        )
        return Counter((" ".join(sorted(row.classes)), None) for row in mattering if row.classes)

    def _matters(self, name: str) -> bool:
        """Tell whether a finding hangs on one medicine; leaving out another loses nothing."""
        right = self.truth.right
        rows = tuple(row for row in right.medications if row.name != name)
        left = right.replaced(medications=rows)
        return _findings(self.knowledge, left, self.truth.on) != self.truth.findings


def _findings(knowledge: Knowledge, case: Case, on: dt.date) -> Findings:
    judged = judge_pathways(knowledge, case, establish(knowledge, case), on)
    return [
        (item.id, item.verdict, tuple(finding.rule for finding in item.findings)) for item in judged
    ]


def _taking(right: Case, mine: Case, ident: str) -> Case:
    """Return the right answers with one of the trainee's in its place."""
    if ident == TRIALS:
        return right.replaced(trials=mine.trials)
    if ident == MEDICATIONS:
        return right.replaced(medications=mine.medications)
    case = without(right, (ident,))
    if ident in mine.tables:
        return case.replaced(tables={**case.tables, ident: mine.tables[ident]})
    return case.replaced(answers={**case.answers, ident: mine.answers[ident]})
