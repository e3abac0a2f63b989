"""From a case to its assessment: facts, judged pathways, ranking, and what to ask next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ketatui.cases.model import Case
from ketatui.criteria.models import Verdict
from ketatui.engine.assessment import TIER, Assessment, PathwayAssessment
from ketatui.engine.contradictions import find_contradictions
from ketatui.engine.coverage import cover
from ketatui.engine.facts import establish
from ketatui.engine.judging import judge_pathways
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.needs import NeedsFinder
from ketatui.engine.next_question import choose_next
from ketatui.engine.what_if import what_would_lift

_LAST = "~"
"""Sorts after every grade."""


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
    facts = establish(knowledge, case)
    finder = NeedsFinder(knowledge, case, facts)
    judged = judge_pathways(knowledge, case, facts, on, finder)
    if with_changes:
        judged = [
            item.replaced(changes=what_would_lift(knowledge, case, on, item)) for item in judged
        ]
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
        contradictions=find_contradictions(knowledge, case, facts),
        pathways=pathways,
        next=choose_next(knowledge, case, facts, pathways),
        coverage=cover(knowledge, facts),
        headline=_headline(knowledge, pathways, facts.unrecognised),
        trials=facts.trials,
        unrecognised=facts.unrecognised,
    )


def _ranked(
    judged: Sequence[PathwayAssessment], tie_break: Sequence[str]
) -> tuple[PathwayAssessment, ...]:
    def key(item: PathwayAssessment) -> tuple[int, int, str, int, int]:
        cautions = sum(finding.counts_as == "caution" for finding in item.findings)
        basis = {"on_label": 0, "off_label": 1, None: 2}[item.basis]
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
        parts.append(f"Not recognized, checked by no rule: {', '.join(unrecognised)}")
    return ". ".join(parts)
