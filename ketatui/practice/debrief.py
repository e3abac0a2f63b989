"""What the debrief tells: a run held beside the pack, difference by difference."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ketatui.cases.model import Case
from ketatui.consultation.words import answer_text
from ketatui.cql import Value
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Assessment, Knowledge, establish
from ketatui.engine.decisive import FactRole
from ketatui.engine.facts import is_recorded
from ketatui.practice.finding import Found
from ketatui.practice.loading import PracticeCase, Rubric
from ketatui.practice.models import Reveal
from ketatui.practice.scoring import Appraisal
from ketatui.practice.whole import Done
from ketatui.structs import Frozen


class FactSeen(Frozen, frozen=True):
    """One fact, yours beside the case's.

    Attributes:
        question: Its id.
        mine: The trainee's answer in words.
        right: The case's answer in words.
        role: What it does in the case.
        found: For a decisive fact, whether it was found.
        untold: What would have been told about it when asked, and was not.
    """

    question: str
    mine: str
    right: str
    role: FactRole
    found: Found | None
    untold: tuple[Reveal, ...]


class Debrief(Frozen, frozen=True):
    """A finished run, ready to be told.

    Attributes:
        decisive: Facts that decide the case.
        differing: Other facts with another answer than the case has.
        left_open: Other facts that had to be ruled out and were left without an answer.
        idle: Questions at which something was asked for on which no verdict hangs here; none
            about red flags.
        untold: Reveals nobody asked for.
    """

    decisive: tuple[FactSeen, ...]
    differing: tuple[FactSeen, ...]
    left_open: tuple[FactSeen, ...]
    idle: tuple[str, ...]
    untold: tuple[Reveal, ...]


def debrief(
    knowledge: Knowledge,
    rubric: Rubric,
    case: PracticeCase,
    done: Done,
    found: Appraisal,
) -> Debrief:
    """Hold the answers of a run beside those of the case.

    Args:
        knowledge: The criteria that the case, or the stage, is judged by.
        rubric: Which rules are about red flags.
        case: The practice case.
        done: The trainee's answers, and what was asked for and told.
        found: The appraisal of them.
    """
    mine = done.answers
    # To ask about these is never idle, whatever hangs on it in one case.
    flags = _read_by(knowledge, rubric.file.red_flag_rules)
    untold = tuple(item for item in case.file.reveal if item.id not in done.told)

    def seen(ident: str) -> FactSeen:
        question = knowledge.pack.questions[ident]
        return FactSeen(
            question=ident,
            mine=_said(knowledge, mine, ident),
            right=answer_text(knowledge.pack, question, case.right, found.assessment),
            role=found.roles[ident],
            found=found.found.get(ident),
            untold=tuple(item for item in untold if ident in item.facts),
        )

    others = [ident for ident in found.roles if ident not in found.found]
    open_ones = [ident for ident in others if not _stated(mine, ident)]
    return Debrief(
        decisive=tuple(seen(ident) for ident in found.found),
        differing=tuple(
            seen(ident)
            for ident in others
            if ident not in open_ones and not _alike(case.right, mine, ident)
        ),
        left_open=tuple(seen(ident) for ident in open_ones if found.roles[ident].matters),
        idle=tuple(
            ident
            for ident in done.asked
            if ident in knowledge.pack.questions
            and ident not in flags
            and not (ident in found.roles and found.roles[ident].matters)
        ),
        untold=tuple(item for item in untold if item.facts),
    )


def _read_by(knowledge: Knowledge, rules: Collection[str]) -> frozenset[str]:
    return frozenset(
        ident
        for own in knowledge.rules.values()
        for rule in own
        if rule.rule in rules and rule.condition is not None
        for ident in knowledge.conditions[rule.condition].reads
    )


def values_read(knowledge: Knowledge, case: Case, pathway: str, rule: str) -> Mapping[str, Value]:
    """Return what a rule read of a case, also one that does not apply."""
    known = next((item for item in knowledge.rules[pathway] if item.rule == rule), None)
    if known is None:
        return {}
    facts = establish(knowledge, case).values
    if known.condition is None:
        rows = knowledge.support.values()
        reads = tuple(dict.fromkeys(ident for row in rows for ident in row.reads))
    else:
        reads = knowledge.conditions[known.condition].reads
    return {ident: facts.get(ident) for ident in reads}


def other_pathways(assessment: Assessment, role: FactRole) -> tuple[str, ...]:
    """Return the pathways a decisive fact bears on, in order."""
    concerned = {*role.carries, *role.lifts, *role.grounds}
    return tuple(item.id for item in assessment.pathways if item.id in concerned)


def _stated(case: Case, ident: str) -> bool:
    return ident in case.unknown or is_recorded(case, ident)


def _alike(right: Case, mine: Case, ident: str) -> bool:
    if ident == TRIALS:
        return right.trials == mine.trials
    if ident == MEDICATIONS:
        return {row.name for row in right.medications} == {row.name for row in mine.medications}
    one, other = (
        (ident in case.unknown, case.answers.get(ident), case.tables.get(ident))
        for case in (right, mine)
    )
    return one == other


def _said(knowledge: Knowledge, case: Case, ident: str) -> str:
    if not _stated(case, ident):
        return "not answered"
    return answer_text(knowledge.pack, knowledge.pack.questions[ident], case)
