"""From a finished run to the attempt that is kept of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ketatui.criteria.pack import Pack
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.attempts import Attempt, StageAttempt, line_rows, scoring_of
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.scoring import Judgment
from ketatui.practice.stages import Part
from ketatui.practice.whole import Appraisals, Done
from ketatui.structs import Frozen


class Taken(Frozen, frozen=True):
    """Who took a run, and when.

    Attributes:
        seconds: Time at the keyboard; None where it was not taken.
    """

    by: str
    began_at: dt.datetime
    ended_at: dt.datetime
    seconds: int | None


def attempt_of(
    library: PracticeLibrary,
    case: PracticeCase,
    parts: Sequence[Part],
    done: Sequence[Done],
    found: Appraisals,
    taken: Taken,
    pack: Pack,
) -> Attempt:
    """Return what is recorded of a run.

    Args:
        library: The rubric it was scored by.
        case: The practice case.
        parts: Its parts.
        done: What was done in each.
        found: What that is worth.
        taken: Who took it, and when.
        pack: The criteria.
    """
    file = case.file
    first = done[0] if parts[0].stage is None else None
    judgment = first.judgment if first is not None else Judgment()
    return Attempt(
        case=case.id,
        case_digest=case.digest,
        title=file.title,
        topic=file.topic,
        difficulty=file.difficulty,
        pack=f"{pack.info.id} {pack.info.version}",
        pack_digest=pack.digest,
        by=taken.by,
        began_at=taken.began_at,
        ended_at=taken.ended_at,
        seconds=taken.seconds,
        points=found.points,
        most=found.most,
        harm=len(found.harm),
        hints=sum(item.hints for item in done),
        told=first.told if first is not None else (),
        asked=first.asked if first is not None else (),
        missed=found.missed,
        missed_rules=tuple(dict.fromkeys(_unnamed(done, found))),
        choice=judgment.choice,
        plan=judgment.plan,
        verdicts=dict(judgment.verdicts),
        reasons={key: value for key, value in judgment.reasons.items() if value},
        stages=tuple(_stages(parts, done)),
        lines=line_rows(found),
        scoring=scoring_of(library.rubric),
    )


def _stages(parts: Sequence[Part], done: Sequence[Done]) -> Iterator[StageAttempt]:
    for part, item in zip(parts, done, strict=True):
        if part.stage is not None:
            yield _stage(part, item)


def _unnamed(done: Sequence[Done], found: Appraisals) -> Iterator[str]:
    """Yield the rules that set a verdict and were not named there."""
    for item, part in zip(done, found.parts, strict=True):
        for pathway in part.assessment.pathways:
            named = item.judgment.reasons.get(pathway.id, ())
            yield from (rule for rule in setting_the_verdict(pathway) if rule not in named)


def _stage(part: Part, done: Done) -> StageAttempt:
    judgment = done.judgment
    return StageAttempt(
        id=part.id,
        answers=dict(done.answers.answers),
        unknown=tuple(sorted(done.answers.unknown)),
        told=done.told,
        asked=done.asked,
        hints=done.hints,
        plan=judgment.plan,
        verdicts=dict(judgment.verdicts),
        reasons={key: value for key, value in judgment.reasons.items() if value},
    )
