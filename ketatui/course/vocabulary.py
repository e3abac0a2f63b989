"""Ids of questions, facts and tables of a visit that have a meaning of their own to the program.

A pack words them, limits them and says when they are asked; a course of any country has those of
them that it needs, under these ids. Every other question means what the rules make of it.
"""

DOSE = "visit.dose_mg"
"""In mg: it tells a dosed session from a held one (0); every course has it."""
DEVICES_USED = "visit.devices_used"
SWALLOW = "visit.swallow"
"""Whether an oral dose was spat out or swallowed."""
SYSTOLIC, DIASTOLIC, SPO2 = "visit.systolic", "visit.diastolic", "visit.spo2"
"""Before the dose."""
END = "visit.end_minute"
"""The minute of leaving: with it the session's clock stops."""
EVENTS_REVIEWED = "visit.events_reviewed"
"""Whether events were asked about: without it no event is not the same as none."""

DOSING_WEIGHT = "course.weight_kg"
"""The fact that doses are reckoned by: the weight taken last."""

VISITS, SCORES = "courses.visits", "courses.scores"
OBSERVATIONS, EVENTS = "visit.observations", "visit.events"
"""Tables that needs may name; none of them can be marked unknown."""
TABLES = (VISITS, SCORES, OBSERVATIONS, EVENTS)
