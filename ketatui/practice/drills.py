"""Drills: one fact is otherwise, and which verdict now? Keyed by the engine, for one rule each.

A drill begins with a patient, or a visit, with nothing against it (``drills.toml``). One answer is
changed so that a rule comes to set a verdict, or just not. What follows is what the engine says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from ketatui.cases.courses import Dissociation
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.values import RefusedError, checked
from ketatui.consultation.words import UNANSWERED, answer_text
from ketatui.cql import Condition
from ketatui.criteria.models import Question, Verdict
from ketatui.criteria.pack import Pack
from ketatui.engine import Finding, Knowledge, PathwayAssessment, establish
from ketatui.engine.calculations import Tried
from ketatui.engine.decisive import setting_the_verdict, without
from ketatui.engine.domains import answered, domains, in_order
from ketatui.engine.judging import judge_pathways
from ketatui.practice.bases import load_base
from ketatui.practice.loading import DRILLS, PracticeCase
from ketatui.practice.models import (
    DrillFile,
    DrillStart,
    Plan,
    PracticeFile,
    Stage,
    StoryPart,
    Watched,
)
from ketatui.practice.stages import Part, parts_of
from ketatui.practice.tables import load_table, practice_folder
from ketatui.structs import Frozen
from ketatui.toml_structs import FaultyTableError, plain, read_table

_OBSERVED = {
    "systolic": "Systolic pressure",
    "diastolic": "Diastolic pressure",
    "spo2": "Oxygen saturation",
    "sedation": "Sedation (MOAA/S, 5 is awake)",
    "dissociation": "Dissociation",
}
"""What is observed of a session, in words."""
_STEPS = (-60, -30, -10, 10, 30, 60)
_ON = dt.date(2026, 11, 27)
_NEAR_MISS = 3
"""One drill of so many is one in which the rule just does not apply."""


class Beginning(Frozen, frozen=True, eq=False):
    """A start ready for drills: its criteria and right answers, and how it stands.

    Attributes:
        start: What the pack says.
        part: Its answers and criteria.
        knowledge: The pack they come from.
        whole: The case that the part is of.
        now: How each pathway, or decision, stands with them.
    """

    start: DrillStart
    part: Part
    knowledge: Knowledge
    whole: PracticeCase
    now: dict[str, PathwayAssessment]


class Drill(Frozen, frozen=True):
    """One question to drill.

    Attributes:
        rule: The rule that is practiced.
        title: What it is called.
        text: The patient or visit.
        fact: The question whose answer is otherwise, in words.
        value: The answer now, in words.
        before: What it was, in words.
        decides: The pathway or decision, in words.
        was: Its verdict before.
        verdict: Its verdict now, by the engine.
        finding: What the rule comes to; None where it does not apply.
        words: What verdicts are called, by verdict.
        sources: Of the finding, spelled out.
    """

    rule: str
    title: str
    text: str
    fact: str
    value: str
    before: str
    decides: str
    was: Verdict
    verdict: Verdict
    finding: Finding | None
    words: dict[Verdict, str]
    sources: tuple[str, ...]


def load_beginnings(knowledge: Knowledge) -> tuple[Beginning, ...]:
    """Read where drills begin; none where the pack has no such file.

    Args:
        knowledge: The compiled pack.

    Raises:
        CaseError: The file cannot be used.
    """
    path = practice_folder(knowledge.pack) / DRILLS
    if not path.is_file():
        return ()
    found = []
    for start in load_table(path, DrillFile).starts:
        case = _case(knowledge, start, path)
        part = parts_of(knowledge, case)[0] if case.file.stages else Part(case, knowledge)
        found.append(Beginning(start, part, knowledge, case, _judged(part)))
    return tuple(found)


def _judged(part: Part) -> dict[str, PathwayAssessment]:
    right, on = part.case.right, part.case.file.on
    judged = judge_pathways(part.knowledge, right, establish(part.knowledge, right), on)
    return {item.id: item for item in judged}


def _case(knowledge: Knowledge, start: DrillStart, path: Path) -> PracticeCase:
    base = load_base(knowledge.pack, start.base)
    answers = dict(base.right.answers)
    for section, rows in start.answers.items():
        for key, value in rows.items():
            ident = f"{section}.{key}"
            answers[ident] = _checked(knowledge.pack, ident, value, path)
    told = (StoryPart(part="history", title=start.id, text=start.text),)
    plans = tuple(Plan(id=name, text=name) for name in ("one", "other"))
    file = PracticeFile(
        id=start.id,
        title=start.id,
        topic="drill",
        difficulty=1,
        minutes=1,
        invented="Invented; no real patient.",
        on=_ON,
        story=told,
        course=start.course,
    )
    right = base.right.replaced(practice=True, answers=answers)
    case = PracticeCase(file, right, "", path, "", base)
    if start.course is None:
        return case
    stage = Stage(
        id=start.id,
        title=start.id,
        day=start.day,
        story=told,
        answers=start.visit,
        key=dict.fromkeys(start.decisions, "fits"),
        plans=plans,
    )
    return case.replaced(file=file.replaced(stages=(stage,)))


def _checked(pack: Pack, ident: str, value: object, path: Path) -> bool | int | Any:
    question = pack.questions.get(ident)
    if question is None:
        raise CaseError(str(path), [Problem(None, ident, "there is no such question")])
    try:
        return checked(question, value)
    except RefusedError as refused:
        raise CaseError(str(path), [Problem(None, ident, str(refused))]) from refused


def rules_to_drill(beginnings: Sequence[Beginning]) -> tuple[str, ...]:
    """Return the rules of all starts, each once; whether one can be drilled is not said."""
    return tuple(
        dict.fromkeys(
            rule.rule
            for beginning in beginnings
            for own in beginning.part.knowledge.rules.values()
            for rule in own
            if rule.effect != "note" and rule.condition is not None
        )
    )


def drill_of(beginnings: Sequence[Beginning], rule: str, number: int) -> Drill | None:
    """Make a drill of a rule.

    Args:
        beginnings: Where drills begin.
        rule: The rule.
        number: How often it was drilled before: another drill each time, the same for everybody.

    Returns:
        The drill; None where no single fact makes the rule set a verdict.
    """
    for beginning in beginnings:
        flips = list(_flips(beginning, rule))
        hits = [flip for flip in flips if flip.hit]
        about = {flip.fact for flip in hits}
        misses = [flip for flip in flips if not flip.hit and flip.fact in about]
        if not hits:
            continue
        digest = hashlib.sha256(f"{rule}/{number}".encode()).digest()
        near = misses and number and digest[0] % _NEAR_MISS == 0
        # What nobody meets, as leaving at once, is asked only where there is nothing else.
        hits = [flip for flip in hits if not flip.extreme] or hits
        misses = [flip for flip in misses if not flip.extreme] or misses
        among = misses if near else hits
        return among[digest[1] % len(among)].drill(beginning, rule)
    return None


class _Flip(Frozen, frozen=True):
    """One answer put in place of another, and what a pathway comes to then."""

    fact: str
    value: str
    before: str
    pathway: str
    then: PathwayAssessment
    hit: bool
    extreme: bool

    def drill(self, beginning: Beginning, rule: str) -> Drill:
        now = beginning.now[self.pathway]
        pack = beginning.part.knowledge.pack
        finding = self.then.finding(rule)
        return Drill(
            rule=rule,
            title=pack.rules[rule].title,
            text=beginning.start.text,
            fact=self.fact,
            value=self.value,
            before="none" if self.before == UNANSWERED else self.before,
            decides=pack.pathways[self.pathway].title,
            was=now.verdict,
            verdict=self.then.verdict,
            finding=finding,
            words={verdict: item.title for verdict, item in pack.wording.verdicts.items()},
            sources=tuple(map(pack.source_text, finding.sources)) if finding else (),
        )


def _flips(beginning: Beginning, rule: str) -> Iterator[_Flip]:
    """Yield every change of one answer after which the rule sets a verdict, or just does not."""
    knowledge = beginning.part.knowledge
    for pathway, own in knowledge.rules.items():
        known = next((item for item in own if item.rule == rule), None)
        if known is None or known.condition is None or beginning.now[pathway].finding(rule):
            continue
        condition = knowledge.conditions[known.condition]
        found = domains(knowledge, [condition])
        for ident in found.questions:
            question = knowledge.pack.questions[ident]
            beside = _beside(question, beginning.part.case.right.answers.get(ident))
            for value in dict.fromkeys((*found.values[ident], *beside)):
                flip = _flip(beginning, rule, pathway, ident, value)
                if flip is not None:
                    yield flip
        yield from _observed(beginning, rule, pathway, condition)


def _beside(question: Question, right: object) -> Iterator[int | Decimal]:
    """Yield numbers some way from the right one, for limits on what is worked out from it."""
    if isinstance(right, bool) or not isinstance(right, int | Decimal):
        return
    for step in _STEPS:
        value = right + step
        low, high = question.min, question.max
        if (low is None or low < value) and (high is None or value < high):
            yield value


def _flip(beginning: Beginning, rule: str, pathway: str, ident: str, value: Tried) -> _Flip | None:
    part = beginning.part
    knowledge, right, on = part.knowledge, part.case.right, part.case.file.on
    changed = answered(without(right, (ident,)), ident, value)
    if changed == right or not in_order(knowledge, changed, ident):
        return None
    facts = establish(knowledge, changed)
    if facts.asked.get(ident) is False or (ident not in right.answers and not _table(value)):
        return None
    then = judge_pathways(knowledge, changed, facts, on, only=(pathway,))[0]
    if then.verdict == "incomplete":
        return None
    hit = _hits(beginning, rule, then)
    if not hit and then.finding(rule) is not None:
        return None
    pack, question = knowledge.pack, knowledge.pack.questions[ident]
    return _Flip(
        question.label,
        answer_text(pack, question, changed),
        answer_text(pack, question, right),
        pathway,
        then,
        hit,
        extreme=value in (question.min, question.max) and not isinstance(value, bool),
    )


def _hits(beginning: Beginning, rule: str, then: PathwayAssessment) -> bool:
    return rule in setting_the_verdict(then) and then.verdict != beginning.now[then.id].verdict


def _observed(
    beginning: Beginning, rule: str, decision: str, condition: Condition
) -> Iterator[_Flip]:
    """Yield what follows when the last thing that was observed is otherwise."""
    stage = beginning.part.stage
    base = beginning.whole.base
    if stage is None or base is None or not base.file.observations:
        return
    *earlier, last = base.file.observations
    for name in _OBSERVED:
        if not any(read.endswith(f"_{name}") for read in condition.reads):
            continue
        for value in _worth_trying(beginning.part.knowledge, name, condition):
            try:
                seen = read_table({**plain(last), name: value}, Watched)
            except FaultyTableError:
                continue
            if seen == last:
                continue
            changed = stage.replaced(observations=(*earlier, seen))
            case = beginning.whole.replaced(file=beginning.whole.file.replaced(stages=(changed,)))
            then = _judged(parts_of(beginning.knowledge, case)[0])[decision]
            hit = _hits(beginning, rule, then)
            if hit or then.finding(rule) is None:
                was = getattr(last, name)
                title = f"{_OBSERVED[name]} at minute {last.minute}"
                yield _Flip(title, f"{value}", f"{was}", decision, then, hit, extreme=False)


def _worth_trying(knowledge: Knowledge, name: str, condition: Condition) -> Sequence[int | str]:
    """Return values around those that a condition compares with."""
    if name == "dissociation":
        return get_args(Dissociation)
    around = {int(bound) + step for bound in condition.compared for step in (-1, 0, 1)}
    return sorted(around)


def _table(value: Tried) -> bool:
    return isinstance(value, tuple)
