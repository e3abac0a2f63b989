"""A whole run of a case: its screening and stages, each scored by itself, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ketatui.cases.model import Case
from ketatui.practice.finding import Truth
from ketatui.practice.loading import Rubric
from ketatui.practice.scoring import Appraisal, Judgment, ScoreLine, appraise
from ketatui.practice.stages import Part
from ketatui.structs import Frozen


class Done(Frozen, frozen=True):
    """What was done in one part of a run, once it was committed.

    Attributes:
        answers: The answers as they were locked.
        judgment: What was committed to.
        told: Reveals that were told, in order.
        asked: Questions at which something was asked, in order.
        hints: Hints taken.
    """

    answers: Case
    judgment: Judgment
    told: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    hints: int = 0


class Appraisals(Frozen, frozen=True):
    """A run held against the criteria, part by part."""

    parts: tuple[Appraisal, ...]

    @property
    def lines(self) -> tuple[ScoreLine, ...]:
        """The score, line by line."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def points(self) -> Decimal:
        """The sum; less than nothing where harm outweighs the rest."""
        return sum((part.points for part in self.parts), Decimal(0))

    @property
    def most(self) -> int:
        """What could be reached."""
        return sum(part.most for part in self.parts)

    @property
    def missed(self) -> tuple[str, ...]:
        """The decisive facts that were not found, each once."""
        found = (how for part in self.parts for how in part.found.items())
        return tuple(dict.fromkeys(ident for ident, how in found if how == "missed"))

    @property
    def harm(self) -> tuple[ScoreLine, ...]:
        """The lines that say what would have harmed."""
        return tuple(line for part in self.parts for line in part.harm)


def appraise_run(
    rubric: Rubric,
    parts: Sequence[Part],
    done: Sequence[Done],
    truths: Sequence[Truth] | None = None,
) -> Appraisals:
    """Hold a run against the criteria.

    Args:
        rubric: The points.
        parts: The parts of the case.
        done: What was done in each.
        truths: What the right answers of each come to, where that was worked out before.

    Returns:
        An appraisal for each part.
    """
    known = truths or [part.truth() for part in parts]
    return Appraisals(
        tuple(
            appraise(
                part.knowledge,
                rubric,
                part.case,
                item.answers,
                item.judgment,
                max(0, min(item.hints, len(part.case.file.hint))),
                truth,
            )
            for part, item, truth in zip(parts, done, known, strict=True)
        )
    )
