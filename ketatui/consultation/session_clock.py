"""The clock of a session being worked on: begun, the last device, left; and the gate to leaving."""

from __future__ import annotations

import datetime as dt

from ketatui.consultation.treatment import Treatment
from ketatui.course import edits as e
from ketatui.course.running import LeaveGate, Leaving, dosing_minutes
from ketatui.course.sessions import END


def last_device(treatment: Treatment, at: dt.datetime) -> None:
    """Say when the last device was given, or the infusion ended: also how many minutes it took.

    Args:
        treatment: The session.
        at: The moment, with its time zone.

    Raises:
        OSError: It could not be kept on disk; nothing has changed.
        ValueError: The clock does not run, or that cannot be when; the text says why.
    """
    course, visit = treatment.the_course(), treatment.the_visit()
    first = visit.first_dose_at
    if first is None:
        raise ValueError("the clock has not been started")
    ident = treatment.pack.schedule.clock(course.pathway).minutes
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
