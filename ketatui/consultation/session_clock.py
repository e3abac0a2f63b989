"""The clock of a session being worked on: begun, the last device, left; and the gate to leaving."""

from __future__ import annotations

import datetime as dt

from ketatui.consultation.treatment import Treatment
from ketatui.course import edits as e
from ketatui.course.running import LeaveGate, Leaving, dosing_minutes
from ketatui.course.vocabulary import END


def first_device(treatment: Treatment, at: dt.datetime) -> None:
    """Say when the first device was given, or the infusion begun.

    How long it took follows from both moments; a last device that would now be before the first
    has to be told again.

    Args:
        treatment: The session.
        at: The moment, with its time zone.

    Raises:
        OSError: It could not be kept on disk; nothing has changed.
    """
    course, visit = treatment.the_course(), treatment.the_visit()
    last, counted = visit.last_dose_at, treatment.counted
    rows: tuple[e.SetVisitAnswer, ...] = ()
    if last is not None and counted:
        minutes = None if last < at else dosing_minutes(at, last)
        rows = (treatment.answer_of(counted, minutes, at=at),)
        last = last if minutes is not None else None
    treatment.do(e.SetClock(course=course.id, visit=visit.number, first=at, last=last, rows=rows))


def last_device(treatment: Treatment, at: dt.datetime) -> None:
    """Say when the last device was given, or the infusion ended: also how many minutes it took.

    Args:
        treatment: The session.
        at: The moment, with its time zone.

    Raises:
        OSError: It could not be kept on disk; nothing has changed.
        ValueError: The clock is not running, or that cannot be when; the text says why.
    """
    course, visit = treatment.the_course(), treatment.the_visit()
    first = visit.first_dose_at
    if first is None:
        raise ValueError("the clock has not been started")
    ident = treatment.counted
    rows: tuple[e.SetVisitAnswer, ...] = ()
    if ident:
        question, minutes = treatment.pack.questions[ident], dosing_minutes(first, at)
        low, high = int(question.min or 0), question.max
        if high is not None and minutes > high:
            raise ValueError(f"{minutes} minutes from the first: at most {high:f} are allowed")
        rows = (treatment.answer_of(ident, max(minutes, low), at=at),)
    treatment.do(e.SetClock(course=course.id, visit=visit.number, first=first, last=at, rows=rows))


def leaves(treatment: Treatment, minute: int, at: dt.datetime) -> None:
    """Say at which minute the patient leaves; errors as `Treatment.do`."""
    treatment.answer(END, minute, at=at)


def leaving(treatment: Treatment, minute: int, gate: Leaving | None = None) -> LeaveGate:
    """Judge whether the patient may leave at a minute, and from when.

    Args:
        treatment: The session.
        minute: The minute asked about; one that is recorded counts instead.
        gate: What remembers from when; whoever asks again and again keeps one.

    Raises:
        LookupError: There is no visit.
    """
    course, visit = treatment.the_course(), treatment.the_visit()
    known, on = treatment.screening(course, visit), treatment.consultation.today
    judge = gate or Leaving(treatment.knowledge)
    return judge.at(treatment.case, course, visit, on, minute, known)
