"""What lies before a trainee of a course so far: doses, scores, and what was watched."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.cases.courses import Course, Event, Observation, Visit
from ketatui.course import CourseKnowledge
from ketatui.course.past import dose_of
from ketatui.criteria.wording import number_text
from ketatui.engine.inputs import Input
from ketatui.practice.models import StoryPart
from ketatui.reports.visit_summary import value_of

_PLACE = (("course.day", "day"), ("course.week", "week"), ("course.session", "session"))


def chart_of(
    known: CourseKnowledge, course: Course, visit: Visit, read: Input
) -> tuple[StoryPart, ...]:
    """Return the chart of a course as it stands at a visit, as parts of a story.

    Args:
        known: The compiled course.
        course: The course, its visits up to this one.
        visit: The visit.
        read: What of it is judged: the facts of the course among it.

    Returns:
        What anybody can look up. What it comes to, as a change in percent, is for the trainee.
    """
    lines = [
        *_standing(known, course, visit, read),
        *_before(course, visit),
        *_scores(known, course),
    ]
    parts = [StoryPart(part="referral", title="The chart", text="\n".join(lines))]
    watched = [*map(_observed, visit.observations), *map(_event, visit.events)]
    if watched:
        parts.append(
            StoryPart(part="examination", title="Watched and written down", text="\n".join(watched))
        )
    return tuple(parts)


def _standing(known: CourseKnowledge, course: Course, visit: Visit, read: Input) -> Iterator[str]:
    pathway = known.screening.pack.pathways[course.pathway].title
    yield f"{pathway} for {known.pack.bases[course.basis].in_text}."
    said = [f"{word} {number}" for ident, word in _PLACE if (number := read.given.get(ident))]
    phase = read.given.get("course.phase")
    words = f" ({value_of(known, 'course.phase', phase)})" if phase is not None else ""
    kind = "A review" if visit.kind == "review" else "A session"
    yield f"{kind}, {', '.join(said)}{words}."
    screening = value_of(known, "course.screening", read.given["course.screening"])
    yield f"By the screening: {screening}."


def _before(course: Course, visit: Visit) -> Iterator[str]:
    doses = [
        f"{number_text(dose)} mg {_days(visit, item)}" if dose else f"held {_days(visit, item)}"
        for item in course.in_order
        if item.number != visit.number and (dose := dose_of(item)) is not None
    ]
    yield f"Doses: {', '.join(doses)}." if doses else "No dose so far."


def _days(visit: Visit, other: Visit) -> str:
    return _ago((visit.date - other.date).days)


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{days} day{'s' if days > 1 else ''} ago"


def _scores(known: CourseKnowledge, course: Course) -> Iterator[str]:
    last = course.in_order[-1].date
    for item in course.scores:
        scale = known.pack.instruments.get(item.instrument)
        title = scale.title if scale is not None else item.instrument
        yield f"{title} {number_text(item.value)}, {_ago((last - item.date).days)}."


def _observed(item: Observation) -> str:
    said = [f"Minute {item.minute}:"]
    if item.systolic is not None:
        said.append(f"{item.systolic}/{item.diastolic if item.diastolic is not None else '?'}")
    if item.heart_rate is not None:
        said.append(f"pulse {item.heart_rate}")
    if item.respiratory_rate is not None:
        said.append(f"breaths {item.respiratory_rate}")
    if item.spo2 is not None:
        said.append(f"oxygen {item.spo2} %")
    if item.sedation is not None:
        said.append(f"MOAA/S {item.sedation}")
    if item.dissociation is not None:
        said.append(f"dissociation {item.dissociation}")
    return f"{said[0]} {', '.join(said[1:])}"


def _event(item: Event) -> str:
    said = [item.term]
    if item.severity is not None:
        said.append(item.severity)
    if item.onset_minute is not None:
        said.append(f"from minute {item.onset_minute}")
    if item.serious is not None:
        said.append("serious" if item.serious else "not serious")
    if item.action:
        said.append(item.action)
    if item.reported_on is not None:
        said.append("reported")
    return f"Event: {', '.join(said)}"
