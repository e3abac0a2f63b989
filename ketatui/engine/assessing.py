"""From a case to its assessment: facts, judged pathways, ranking, and what to ask next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from ketatui.cases.model import Case
from ketatui.criteria.models import Verdict
from ketatui.engine.assessment import TIER, Assessment, PathwayAssessment
from ketatui.engine.contradictions import find_contradictions
from ketatui.engine.coverage import cover
from ketatui.engine.facts import Facts, establish_input
from ketatui.engine.inputs import Input, input_of
from ketatui.engine.judging import Judge, judge_of
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import NeedsFinder
from ketatui.engine.next_facts import establish_next
from ketatui.engine.next_question import choose_next
from ketatui.engine.rules_in_force import plan_of
from ketatui.engine.what_if import what_would_lift

_LAST = "~"
"""Sorts after every grade."""
_BASIS_FIRST = {"on_label": 0, "off_label": 1, None: 2}


def assess(
    knowledge: Knowledge, case: Case, on: dt.date, *, with_changes: bool = True
) -> Assessment:
    """Assess a case under a pack on a day.

    Args:
        knowledge: The compiled pack.
        case: The case; its answers are valid for this pack.
        on: The day, for dated rules.
        with_changes: Whether to work out what would lift each verdict.

    Returns:
        Verdicts with reasons for every pathway, what is open, and what to ask next.
    """
    found = Assessor(knowledge).assess(case, on)
    return with_what_would_lift(knowledge, case, found) if with_changes else found


def with_what_would_lift(knowledge: Knowledge, case: Case, found: Assessment) -> Assessment:
    """Add to an assessment what would lift each of its verdicts.

    Args:
        knowledge: The compiled pack.
        case: The case that was assessed.
        found: Its assessment, without that.

    Returns:
        The same assessment with `PathwayAssessment.changes`.
    """
    given = input_of(case)
    pathways = tuple(
        item.replaced(changes=what_would_lift(knowledge, given, found.on, item))
        for item in found.pathways
    )
    return found.replaced(pathways=pathways)


class _Step(NamedTuple):
    """What is remembered of the case that was assessed last."""

    given: Input
    facts: Facts
    judge: Judge


class Assessor:
    """Assesses the states that one case goes through.

    It comes to what `assess` would for each of them; what an edit cannot have reached is taken
    over from the state before, which makes the assessment of an answer several times as quick.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        """Args: the compiled pack."""
        self.knowledge = knowledge
        self._last: _Step | None = None

    def assess(self, case: Case, on: dt.date) -> Assessment:
        """Assess a case on a day, without what would lift each verdict.

        Args:
            case: The case; its answers are valid for this pack.
            on: The day, for dated rules.

        Returns:
            Verdicts with reasons for every pathway, what is open, and what to ask next.
        """
        knowledge = self.knowledge
        given = input_of(case)
        facts, judge = self._judge(given, on)
        self._last = _Step(given, facts, judge)
        judged = judge.pathways(tuple(knowledge.pack.pathways))
        pathways = _ranked(judged, knowledge.pack.pathway_ids)
        pack = knowledge.pack
        return Assessment(
            case=case.id,
            pack_id=pack.info.id,
            pack_version=pack.info.version,
            pack_digest=pack.digest,
            policy=pack.policy.title if pack.policy else None,
            on=on,
            values=facts.values,
            asked=facts.asked,
            contradictions=find_contradictions(knowledge, facts),
            pathways=pathways,
            next=choose_next(knowledge, facts, pathways),
            coverage=cover(knowledge, facts),
            headline=_headline(knowledge, pathways, facts.unrecognised),
            trials=facts.trials,
            unrecognised=facts.unrecognised,
            medicines=facts.medicines,
        )

    def verdicts_beside(self, given: Input, on: dt.date) -> dict[str, Verdict]:
        """Tell the verdicts of another state of the case; what is remembered stays as it is.

        Args:
            given: The case otherwise: one answer changed, or a row more.
            on: The day, for dated rules.

        Returns:
            The verdict of each pathway, in their order.
        """
        _, judge = self._judge(given, on, with_needs=False)
        return {
            item.id: item.verdict for item in judge.pathways(tuple(self.knowledge.pack.pathways))
        }

    def _judge(self, given: Input, on: dt.date, *, with_needs: bool = True) -> tuple[Facts, Judge]:
        last = self._last
        following = last and establish_next(self.knowledge, given, last.given, last.facts)
        facts = following[0] if following else establish_input(self.knowledge, given)
        finder = NeedsFinder(self.knowledge, facts) if with_needs else None
        if last and following and last.judge.plan is plan_of(self.knowledge, on):
            return facts, last.judge.following(facts, finder, following[1], given.overrides)
        return facts, judge_of(self.knowledge, given, facts, on, finder)


def _ranked(
    judged: Sequence[PathwayAssessment], tie_break: Sequence[str]
) -> tuple[PathwayAssessment, ...]:
    def key(item: PathwayAssessment) -> tuple[int, int, str, int, int]:
        cautions = [finding.counts_as for finding in item.findings].count("caution")
        basis = _BASIS_FIRST[item.basis]
        return TIER[item.verdict], basis, item.grade or _LAST, cautions, tie_break.index(item.id)

    places = {item.id: place for place, item in enumerate(sorted(judged, key=key), start=1)}
    return tuple(item.replaced(rank=places[item.id]) for item in judged)


def _headline(
    knowledge: Knowledge, pathways: Sequence[PathwayAssessment], unrecognised: Sequence[str]
) -> str:
    words = knowledge.pack.wording.verdicts
    titles = {ident: pathway.title for ident, pathway in knowledge.pack.pathways.items()}
    grouped: dict[Verdict, list[str]] = {}
    for item in sorted(pathways, key=lambda item: item.rank):
        grouped.setdefault(item.verdict, []).append(titles[item.id])
    parts = [f"{words[verdict].title}: {', '.join(names)}" for verdict, names in grouped.items()]
    if unrecognised:
        parts.append(f"Not recognized, so what reads it stays open: {', '.join(unrecognised)}")
    return ". ".join(parts)
