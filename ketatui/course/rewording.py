"""Edits that put other words into the free texts of courses, and change nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.cases.courses import Visit
from ketatui.cases.model import Case
from ketatui.course.edits import (
    CourseEdit,
    SetCorrected,
    SetDevices,
    SetEvents,
    SetPlan,
    SetVisitNote,
    SetVisitOverrides,
)


def reworded(old: Case, new: Case) -> Iterator[CourseEdit]:
    """Find the edits that lead from the texts of one case to those of another.

    Args:
        old: A case.
        new: The same with other words in the texts of its courses, in the same order.

    Yields:
        Edits of plans, notes, events and rows corrected, devices and overrides.
    """
    for before, after in zip(old.courses, new.courses, strict=True):
        plan = after.replaced(visits=before.visits, scores=before.scores)
        if plan != before:
            yield SetPlan(course=before.id, plan=plan)
        for visit, said in zip(before.visits, after.visits, strict=True):
            yield from _of_visit(before.id, visit, said)


def _of_visit(course: str, old: Visit, new: Visit) -> Iterator[CourseEdit]:
    number = old.number
    for question, text in new.notes.items():
        if text != old.notes.get(question):
            yield SetVisitNote(course=course, visit=number, question=question, text=text)
    if new.events != old.events:
        yield SetEvents(course=course, visit=number, rows=new.events)
    if new.corrected != old.corrected:
        yield SetCorrected(course=course, visit=number, rows=new.corrected)
    if new.devices != old.devices:
        yield SetDevices(course=course, visit=number, rows=new.devices)
    if new.overrides != old.overrides:
        yield SetVisitOverrides(course=course, visit=number, rows=new.overrides)
