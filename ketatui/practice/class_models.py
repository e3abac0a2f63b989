"""Models of the files of a teacher's folder: what a class is to do, and what others chose."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import Meta, field

from ketatui.criteria.models import Code, PackModel, RuleId, Verdict
from ketatui.practice.models import PracticeId

Count = Annotated[int, Meta(ge=0)]


class Assignment(PackModel, frozen=True, kw_only=True):
    """``assignment.toml``: what a class is to do."""

    title: Annotated[str, Meta(min_length=1, max_length=80)]
    cases: Annotated[tuple[PracticeId, ...], Meta(min_length=1)]
    due: dt.date | None = None
    """The last day on which an attempt counts as in time."""
    hints: bool = True
    """Whether hints may be taken."""
    tries: Annotated[int, Meta(ge=1, le=20)] | None = None
    """How many attempts at each case count; as many as one likes without."""

    def against(self, ended: dt.date, hints: int, number: int) -> str:
        """Say what an attempt breaks of it.

        Args:
            ended: The day it ended.
            hints: Hints taken.
            number: Which of the trainee's attempts at this case it is, from 1.

        Returns:
            In words; empty if nothing.
        """
        broken = []
        if self.due is not None and ended > self.due:
            broken.append("late")
        if not self.hints and hints:
            broken.append("hints taken")
        if self.tries is not None and number > self.tries:
            broken.append("one try too many" if number == self.tries + 1 else "tries too many")
        return ", ".join(broken)


class PeersOf(PackModel, frozen=True, kw_only=True):
    """What others committed to in one part of a case, as counts."""

    case: PracticeId
    part: str = ""
    """The stage's id; empty for the screening."""
    attempts: Annotated[int, Meta(ge=1)]
    """First tries that were counted."""
    plans: dict[str, Count] = field(default_factory=dict)
    choices: dict[str, Count] = field(default_factory=dict)
    verdicts: dict[Code, dict[Verdict, Count]] = field(default_factory=dict)
    reasons: dict[Code, dict[RuleId, Count]] = field(default_factory=dict)


class PeersFile(PackModel, frozen=True, kw_only=True):
    """``peers.toml``."""

    peers: tuple[PeersOf, ...] = ()
