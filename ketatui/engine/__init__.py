"""The engine: from a pack and a case to one `Assessment`. Pure: no I/O, no clock, no screen."""

from ketatui.engine.again import Again, assess_again
from ketatui.engine.assessing import assess
from ketatui.engine.assessment import Assessment, Finding, OpenRule, PathwayAssessment
from ketatui.engine.difference import Cause, Circumstances, Difference, compare
from ketatui.engine.facts import Facts, establish
from ketatui.engine.knowledge import Knowledge, compile_pack
from ketatui.engine.staleness import StaleAnswer, stale_answers, without_stale
from ketatui.engine.standing import Standing, standing_of

__all__ = [
    "Again",
    "Assessment",
    "Cause",
    "Circumstances",
    "Difference",
    "Facts",
    "Finding",
    "Knowledge",
    "OpenRule",
    "PathwayAssessment",
    "StaleAnswer",
    "Standing",
    "assess",
    "assess_again",
    "compare",
    "compile_pack",
    "establish",
    "stale_answers",
    "standing_of",
    "without_stale",
]
