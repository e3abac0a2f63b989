"""How a course stands: scores drawn, what is due, and whether it goes on."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import Course
from ketatui.consultation.treatment import Treatment
from ketatui.course.due import SESSION, Due, due_in, due_titles
from ketatui.course.naming import visit_name
from ketatui.course.schedule import doses_until, step_back
from ketatui.course.scores import chosen, standings
from ketatui.criteria.wording import number_text
from ketatui.reports.visit_summary import value_of
from ketatui.tui.views.course_chart import score_chart
from ketatui.tui.views.lines import Line, Span, beside_end, line, safe, wrap
from ketatui.tui.views.pathway_summary import judged_lines


def course_lines(treatment: Treatment, width: int, height: int) -> list[Line]:
    """Return how a course stands: scores drawn, what is due, and whether it goes on.

    Args:
        treatment: The course.
        width: Cells available.
        height: Lines for the plot itself.
    """
    course, on = treatment.the_course(), treatment.consultation.today
    lines = [line((" SCORES", "title"))]
    lines += score_chart(treatment.pack, course, on, width, height)
    lines += [Line(), line((" DOES IT CONTINUE", "title"))]
    lines += _goes_on(treatment, course, on, width)
    lines += [Line(), line((" DUE", "title"))]
    before = treatment.intervals_before()
    every = due_in(treatment.knowledge, treatment.case, on, before=before)
    found = [item for item in every if item.course == course.id]
    titles = due_titles(treatment.pack)
    for item in found:
        late: Span = ("late ", "bad") if item.overdue(on) else ("", "text")
        named = _named(course, item, titles[item.what])
        lines += beside_end(named, (late, (f"{item.by} ", "muted")), width, indent=1)
    if not found:
        lines += wrap("Nothing.", width, role="muted", indent=1)
    return lines


def _named(course: Course, item: Due, title: str) -> str:
    visit = course.visit(item.for_visit) if item.for_visit is not None else None
    if visit is None:
        return title
    name = visit_name(course, visit)
    return name.capitalize() if item.what == SESSION else f"{title}, {name}"


def score_span(treatment: Treatment, on: dt.date) -> Span | None:
    """Say what the latest score comes to against the baseline.

    Args:
        treatment: The course.
        on: The day; later scores do not count.

    Returns:
        One line; None while no dose was given.
    """
    course, pack = treatment.the_course(), treatment.pack
    doses = doses_until(course, on)
    if not doses:
        return None
    now = chosen(course, standings(course, pack.instruments, doses[0].date, on))
    if now is None:
        return "No score yet to compare with one from before the first dose.", "muted"
    then, latest = number_text(now.baseline.value), number_text(now.now.value)
    said = f"{now.instrument.title} {then} → {latest} ({now.now.date})"
    if now.change_percent is not None:
        less = "less" if now.change_percent >= 0 else "more"
        said += f", {number_text(abs(now.change_percent))}% {less}"
    limits = pack.threshold_values
    words = [
        word
        for word, holds in (
            ("response", now.response),
            ("remission", now.remission(limits)),
            ("worse than at first", now.worse(limits)),
            ("risen again from its best", now.relapse(limits)),
        )
        if holds
    ]
    role = "caution" if now.worse(limits) or now.relapse(limits) else "text"
    return f"{said}: {', '.join(words) or 'no response'}", role


def _goes_on(treatment: Treatment, course: Course, on: dt.date, width: int) -> list[Line]:
    lines: list[Line] = []
    if course.stopped is not None:
        reason = f": {safe(course.stop_reason)}" if course.stop_reason else ""
        said = "Stopped" if course.has_ended(on) else "To be stopped"
        lines += wrap(f"{said} on {course.stopped}{reason}", width, role="caution", indent=1)
    held = treatment.last_held()
    if held is None:
        return lines or wrap("No visit yet.", width, role="muted", indent=1)
    scored = score_span(treatment, on)
    if scored is not None:
        lines += wrap(scored[0], width, role=scored[1], indent=1)
    found = Treatment(treatment.consultation, course.id, held.number).assessment
    phase = found.values.get("course.phase")
    named = f", {value_of(treatment.knowledge, 'course.phase', phase)}" if phase else ""
    which = "the review" if held.kind == "review" else visit_name(course, held)
    as_of = f"As of {which}, {found.date}{named}"
    if not course.has_ended(on) and (held.kind != "review" or held.date != on):
        as_of += "; a review decides it for today"
    lines += wrap(f"{as_of}:", width, role="muted", indent=1)
    ident = treatment.pack.decision_of("continue")
    title = treatment.pack.decisions[ident].short
    lines += judged_lines(treatment.criteria, found.decision(ident), title, width)
    step = step_back(treatment.pack, course, on, treatment.intervals_before())
    if step is not None:
        shorter = " or ".join(map(str, step.to_days))
        offer = f"Offer: one step back, from {step.from_days} to {shorter} days between sessions"
        offer += ", after a missed session and a worse score."
        lines += wrap(offer, width, role="caution", indent=1)
    return lines
