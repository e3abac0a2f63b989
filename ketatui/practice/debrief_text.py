"""The debrief as plain text: what a run came to, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.consultation.words import fact_title
from ketatui.engine import PathwayAssessment
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.class_models import PeersOf
from ketatui.practice.debrief import FactSeen, debrief
from ketatui.practice.loading import PracticeLibrary, Rubric
from ketatui.practice.models import NONE
from ketatui.practice.peers import plan_said, verdicts_said
from ketatui.practice.scoring import Appraisal, points_text
from ketatui.practice.stages import Part
from ketatui.practice.whole import Appraisals, Done

Said = tuple[str, str]
"""What a paragraph begins with, and its text."""


def debrief_text(
    library: PracticeLibrary,
    case: str,
    parts: Sequence[Part],
    done: Sequence[Done],
    found: Appraisals,
) -> Iterator[Said]:
    """Yield a debrief, paragraph by paragraph.

    Args:
        library: The points, and what others chose where a teacher's folder tells.
        case: The case's id.
        parts: The parts of the case.
        done: What was done in each.
        found: What that is worth.
    """
    rubric = library.rubric
    points = points_text(found.points).removeprefix("+")
    yield "", f"Debrief: {points} of {found.most} points."
    for line in found.harm:
        yield "  Harm: ", line.said
    for part, item, each in zip(parts, done, found.parts, strict=True):
        if len(parts) > 1:
            yield "", ""
            yield "", part.case.called or "The screening"
        peers = library.peers.get((case, part.id))
        yield from _verdicts(part, item, each, peers)
        yield from _plans(part, item, peers)
        yield from _facts(rubric, part, item, each)
        yield from _score(rubric, each)
        yield from _teaching(part)


def _verdicts(part: Part, done: Done, found: Appraisal, peers: PeersOf | None) -> Iterator[Said]:
    words = part.knowledge.pack.wording.verdicts
    for pathway in found.assessment.pathways:
        given = done.judgment.verdicts.get(pathway.id)
        title = part.knowledge.pack.pathways[pathway.id].title
        right = words[pathway.verdict].title
        said = "right" if given == pathway.verdict else f"you said {_title(part, given)}"
        yield "  ", f"{title}: {right}; {said}."
        titles = {str(key): item.title for key, item in words.items()}
        others = verdicts_said(peers, pathway.id, titles) if peers is not None else ""
        if others:
            yield "    ", others
        yield from _reasons(part, done, pathway)
    best = part.case.key.best
    if best:
        titles = {key: item.title for key, item in part.knowledge.pack.pathways.items()}
        titles[NONE] = "none of them"
        mine = titles.get(done.judgment.choice, "nothing")
        yield "  ", f"To proceed with: {titles[best]}; you chose {mine}."


def _title(part: Part, verdict: str | None) -> str:
    words = {str(key): item.title for key, item in part.knowledge.pack.wording.verdicts.items()}
    return words.get(verdict or "", "nothing")


def _reasons(part: Part, done: Done, pathway: PathwayAssessment) -> Iterator[Said]:
    pack = part.knowledge.pack
    named = done.judgment.reasons.get(pathway.id, ())
    decisive = setting_the_verdict(pathway)
    for rule in decisive:
        finding = pathway.finding(rule)
        because = f" {finding.because}" if finding is not None else " It is open."
        did = "named" if rule in named else "not named"
        yield "    - ", f"{pack.rules[rule].title} ({did}).{because}"
        for source in finding.sources if finding is not None else ():
            yield "      Source: ", pack.source_text(source)
    holding = {item.rule for item in pathway.findings} | {item.rule for item in pathway.open}
    for rule in named:
        if rule not in holding and rule in pack.rules:
            yield "    - ", f"{pack.rules[rule].title}: named, and does not apply."


def _plans(part: Part, done: Done, peers: PeersOf | None) -> Iterator[Said]:
    for plan in part.case.file.plans:
        mine = plan.id == done.judgment.plan
        how = "right" if plan.right else "harmful" if plan.harm else "neither right nor harmful"
        if mine or plan.right:
            why = f" {plan.harm}" if plan.harm else ""
            why += f" {plan_said(peers, plan.id)}" if peers is not None else ""
            yield "  ", f"{'Your plan' if mine else 'A right plan'} ({how}): {plan.text}{why}"


def _facts(rubric: Rubric, part: Part, done: Done, found: Appraisal) -> Iterator[Said]:
    seen = debrief(part.knowledge, rubric, part.case, done, found)

    def said(fact: FactSeen) -> str:
        title = fact_title(part.knowledge.pack, fact.question)
        told = "".join(f" Not asked: {item.ask}. {item.text}" for item in fact.untold)
        return f"{title}: {fact.right}; you: {fact.mine}.{told}"

    for head, facts in (
        ("Decides: ", seen.decisive),
        ("Differs: ", seen.differing),
        ("Left open: ", seen.left_open),
    ):
        for fact in facts:
            how = f" ({fact.found})" if fact.found else ""
            yield f"  {head}", f"{said(fact)}{how}"


def _score(rubric: Rubric, found: Appraisal) -> Iterator[Said]:
    for line in found.lines:
        most = f" of {line.most}" if line.most else ""
        yield f"  {points_text(line.points)}{most} ", f"{rubric.line(line.kind).title}: {line.said}"


def _teaching(part: Part) -> Iterator[Said]:
    for item in part.case.file.teaching:
        yield "  To take away: ", item.text
        for source in item.sources:
            yield "    Source: ", part.knowledge.pack.source_text(source)
