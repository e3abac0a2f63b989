"""A course of treatment: its visits judged, its schedule, and what falls due. Pure: no I/O.

Here is what every use of it needs. It knows no clock: today is an argument.
"""

from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import DecisionAssessment, VisitAssessment
from ketatui.course.knowledge import CourseKnowledge, compile_course

__all__ = [
    "CourseKnowledge",
    "DecisionAssessment",
    "VisitAssessment",
    "assess_visit",
    "compile_course",
]
