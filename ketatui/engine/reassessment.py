"""A saved case assessed again: under the criteria at hand, on a day, its old answers left out."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.model import Case
from ketatui.engine.assessing import assess
from ketatui.engine.assessment import Assessment
from ketatui.engine.causes import Circumstances
from ketatui.engine.difference import Difference, compare
from ketatui.engine.knowledge import Knowledge
from ketatui.engine.staleness import StaleAnswer, without_stale
from ketatui.structs import Frozen


class Reassessment(Frozen, frozen=True):
    """A saved case, assessed again.

    Attributes:
        case: As it counts on the day: without the stale answers.
        stale: What was left out, because it is too old.
        assessment: Of that case.
        difference: From the assessment it was saved with.
    """

    case: Case
    stale: tuple[StaleAnswer, ...]
    assessment: Assessment
    difference: Difference


def reassess(
    knowledge: Knowledge,
    case: Case,
    on: dt.date,
    *,
    keep_stale: bool = False,
    with_changes: bool = False,
) -> Reassessment:
    """Assess a saved case again and compare with how it stood.

    Args:
        knowledge: The compiled pack at hand.
        case: The case as saved.
        on: The day.
        keep_stale: Count answers however old they are.
        with_changes: Whether to work out what would lift each verdict.

    Returns:
        How it stands, and what differs and why.
    """
    fresh, stale = (case, ()) if keep_stale else without_stale(knowledge, case, on)
    assessment = assess(knowledge, fresh, on, with_changes=with_changes)
    known = Circumstances(knowledge=knowledge, stale=stale)
    return Reassessment(fresh, stale, assessment, compare(case.assessment, assessment, known))
