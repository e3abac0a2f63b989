"""The engine: from a pack and a case to one `Assessment`. Pure: no I/O, no clock, no screen.

Here is what every use of it needs. Comparing a saved case with today (`again`, `difference`,
`causes`, `case_status`, `staleness`) is imported by whoever does it: a consultation does not.
"""

from ketatui.engine.assessing import Assessor, assess, with_what_would_lift
from ketatui.engine.assessment import Assessment, Finding, OpenRule, PathwayAssessment
from ketatui.engine.compiling import compile_pack
from ketatui.engine.facts import Facts, establish
from ketatui.engine.knowledge import Knowledge

__all__ = [
    "Assessment",
    "Assessor",
    "Facts",
    "Finding",
    "Knowledge",
    "OpenRule",
    "PathwayAssessment",
    "assess",
    "compile_pack",
    "establish",
    "with_what_would_lift",
]
