"""A course: its plan, visits and scores as form items, and how it stands as lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ketatui.cases.courses import Course, Visit
from ketatui.consultation.score_entry import how_typed, screened_scores
from ketatui.consultation.treatment import Treatment
from ketatui.course.edits import is_untouched
from ketatui.course.naming import course_name, visit_name
from ketatui.course.past import dose_of
from ketatui.course.schedule import Entry, late_from, next_session, step_back, timeline
from ketatui.course.vocabulary import DEVICES_USED, DOSE
from ketatui.criteria.models import Question
from ketatui.criteria.models.course import Phase
from ketatui.criteria.wording import number_text
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span, line, safe

VISIT, SCORE, COURSE, SCREENED = "visit:", "score:", "course:", "screened:"
"""How the keys of the lines of visits, scores, other courses and totals of the screening begin."""


def begin_items(
    treatment: Treatment, pathway: str, bases: Sequence[str], basis: str | None, site: str
) -> list[FormItem]:
    """Return the form that begins a course.

    Args:
        treatment: The case.
        pathway: The pathway that was decided for.
        bases: What it could run under; asked for where there are several.
        basis: What was chosen so far.
        site: Code of where it is given, empty while that is not known.
    """
    title = treatment.consultation.pack.pathways[pathway].title
    items = [
        FormItem("head", f"Begin a course: {title}", "heading"),
        _choice(
            "basis",
            "Runs under",
            [(item, treatment.pack.bases[item].title) for item in bases],
            basis,
            "Each of them holds: which does the course run under?"
            if len(bases) > 1
            else "What the screening says.",
        ),
        site_item(treatment, site),
    ]
    ready = basis is not None and bool(site)
    answer: Span = ("Enter", "key") if ready else ("answer first", "caution")
    detail = (
        ("What it is based on and where it is given. All of it can be changed later.", "muted"),
    )
    return [*items, FormItem("begin", "Begin the course", "action", answer, detail=detail)]


def _choice(
    key: str, label: str, options: Sequence[tuple[str, str]], chosen: str | None, text: str
) -> FormItem:
    words = dict(options)
    answer: Span = (words.get(chosen, chosen), "strong") if chosen else ("·", "muted")
    return FormItem(
        key,
        label,
        "choice",
        answer,
        options=tuple(options),
        chosen=chosen,
        detail=((text, "strong"),),
    )


def site_item(treatment: Treatment, site: str) -> FormItem:
    """Return the choice of where a course is given."""
    asked: Question = treatment.consultation.pack.questions[treatment.pack.info.site]
    options = [(item.code, item.label) for item in asked.options]
    return _choice("site", "Given at", options, site or None, "Where are the sessions held?")


def course_items(treatment: Treatment) -> list[FormItem]:
    """Return plan, visits, scores and end of a course as a form."""
    course, pathways = treatment.the_course(), treatment.consultation.pack.pathways
    name = course_name(treatment.case.courses, course)
    head = f"{name}: {pathways[course.pathway].title}{_since(course)}"
    return [
        FormItem("head", head, "heading"),
        *_plan(treatment, course),
        FormItem("head:visits", "Visits", "heading"),
        *_visits(treatment, course),
        FormItem("head:scores", "Scores", "heading"),
        *_scores(treatment, course),
        FormItem("head:end", "End", "heading"),
        *_end(course),
        *_others(treatment, course),
    ]


def _others(treatment: Treatment, course: Course) -> list[FormItem]:
    """Return the other courses of the case, and what begins another one after the last."""
    case, pathways = treatment.case, treatment.consultation.pack.pathways
    items = [FormItem("head:courses", "Courses", "heading")]
    for item in case.courses:
        if item.id != course.id:
            doses = sum(bool(dose_of(visit)) for visit in item.visits)
            until = f", stopped {item.stopped}" if item.stopped else _since(item)
            label = f"{course_name(case.courses, item)}: {pathways[item.pathway].title}"
            said = f"{doses} session{'' if doses == 1 else 's'}{until}"
            items.append(_action(f"{COURSE}{item.id}", label, (said, "text"), "Enter shows it."))
    decided = pathways.get(str(case.decision.pathway))
    if case.courses[-1].stopped and decided is not None:
        title = decided.title
        text = f"A course of its own, after those there are: {title}, as decided."
        items.append(_action("another", "Begin another course", ("Enter", "key"), text))
    return items if len(items) > 1 else []


def _since(course: Course) -> str:
    """Say when a course began; nothing before its first visit."""
    return f", since {course.in_order[0].date}" if course.visits else ""


def _plan(treatment: Treatment, course: Course) -> list[FormItem]:
    pack = treatment.pack
    bases = [(item.id, item.title) for item in pack.info.bases]
    scales = [(item.id, item.title) for item in pack.instruments.values()]
    phases = [item for item in pack.schedule.phases if course.pathway in item.pathways]
    spaced = [item for item in phases if item.planned_interval]
    items = [
        _choice("basis", "Runs under", bases, course.basis, "What does the course run under?"),
        site_item(treatment, course.site),
    ]
    if any(item.sessions for item in phases):
        usual = pack.schedule.planned_sessions
        items.append(
            _number(
                "planned_sessions",
                "Planned sessions",
                course.planned_sessions,
                f"Sessions before maintenance; {usual} where none is given.",
            )
        )
    if spaced:
        said = _spacing(phases, spaced[-1])
        items.append(_number("interval_days", "Interval", course.interval_days, said, "days"))
    items.append(
        _choice(
            "instrument",
            "Benefit judged by",
            scales,
            course.instrument,
            "Which scale? Without one the scale scored last counts.",
        )
    )
    answer: Span = (safe(course.reasons) or "·", "strong" if course.reasons else "muted")
    detail = (("Why this plan (no names).", "strong"),)
    items.append(
        FormItem("reasons", "Reasons", "text", answer, detail=detail, entry=course.reasons)
    )
    return items


def _spacing(phases: Sequence[Phase], last: Phase) -> str:
    """Say how far apart the sessions of a phase can be planned."""
    planned = any(item.sessions for item in phases)
    allowed = (" to " if planned else " or ").join(str(day) for day in last.planned_interval)
    said = f"Days from one session to the next: {allowed}."
    return said if planned else f"{said} In maintenance; before it the label's schedule counts."


def _number(key: str, label: str, value: int | None, text: str, unit: str = "") -> FormItem:
    shown = f"{value} {unit}".strip() if value is not None else "·"
    answer: Span = (shown, "strong" if value is not None else "muted")
    entry = "" if value is None else str(value)
    return FormItem(key, label, "number", answer, detail=((text, "strong"),), entry=entry)


def _visits(treatment: Treatment, course: Course) -> list[FormItem]:
    on, items = treatment.consultation.today, []
    phases = treatment.pack.schedule.phases
    by_plan = {item.id for item in phases if item.planned_interval}
    for entry in timeline(treatment.pack, course, on, treatment.intervals_before()):
        visit = course.visit(entry.visit) if entry.visit is not None else None
        if visit is not None:
            items.append(_visit_item(treatment, entry, visit))
        elif entry.kind == "missed":
            many = f"{entry.count} sessions" if entry.count > 1 else "1 session"
            spaced = entry.count > 1 and entry.phase in by_plan
            upto = "up to week" if spaced else "week"
            text = f"   {upto} {entry.week}: {many} missed; none is made up later"
            told = (line((text, "caution")),)
            items.append(FormItem(f"missed:{entry.week}", "", "info", lines=told))
    ended = course.has_ended(treatment.consultation.today)
    return items if ended else [*items, *_further(treatment, course)]


def _further(treatment: Treatment, course: Course) -> list[FormItem]:
    """Return what a course goes on with: the next session, a shorter interval, a visit of today."""
    items = list(_next_session(treatment, course))
    shorter = shorter_interval(treatment)
    if shorter is not None:
        text = "Offered: a session was missed, and the score is worse. Enter sets the interval."
        items.append(
            _action("step_back", f"Step back to {shorter} days", ("Enter", "caution"), text)
        )
    items.append(
        _action(
            "session",
            "Add a session today",
            ("Enter", "key"),
            "Opens its questions: before the dose, the dose, leaving.",
        )
    )
    items.append(
        _action(
            "review",
            "Add a review today",
            ("Enter", "key"),
            "A visit without a dose: does the course go on as planned?",
        )
    )
    return items


def _next_session(treatment: Treatment, course: Course) -> Iterator[FormItem]:
    """Yield the session that is next, unless one that was planned waits for its dose."""
    on = treatment.consultation.today
    proposal = next_session(treatment.pack, course, on)
    waiting = any(it.kind == "session" and DOSE not in it.answers for it in course.visits)
    if proposal is None or waiting:
        return
    span = f"{day_text(proposal.earliest)}"
    if proposal.latest != proposal.earliest:
        span += f" to {day_text(proposal.latest)}"
    late: Span = (span, "info")
    since = late_from(treatment.pack, course, on, treatment.intervals_before())
    if since is not None and proposal.latest < on:
        in_time: Span = (f"{day_text(on)}, by the interval of now", "info")
        late = (f"late since {day_text(since)}", "caution") if since < on else in_time
    how = "By the schedule of the phase; a day can be moved with ← and →."
    yield _action("next", "Plan the next session", late, how)


def shorter_interval(treatment: Treatment) -> int | None:
    """Return the interval that is offered after a missed session and a worse score.

    Args:
        treatment: The course.

    Returns:
        Days, within what a plan may have; None where no step is offered.
    """
    pack, course = treatment.pack, treatment.the_course()
    today = treatment.consultation.today
    step = step_back(pack, course, today, treatment.intervals_before())
    if step is None or course.has_ended(today):
        return None
    allowed = [
        days
        for phase in pack.schedule.phases
        if course.pathway in phase.pathways
        for days in phase.planned_interval
    ]
    days = max(step.to_days)
    return days if allowed and days >= min(allowed) else None


def _action(key: str, label: str, answer: Span, text: str) -> FormItem:
    return FormItem(key, label, "action", answer, detail=((text, "muted"),))


def _visit_item(treatment: Treatment, entry: Entry, visit: Visit) -> FormItem:
    week = f"week {entry.week}" if entry.week is not None else ""
    kind = visit_name(treatment.the_course(), visit)
    label = f"{day_text(visit.date)}  {kind}" + (f", {week}" if week else "")
    said, role = _state(entry, visit)
    closed = "" if visit.closed_at or entry.kind == "planned" else ", open"
    detail: list[Span] = [("Enter opens it. ← → move the day while nothing is recorded.", "muted")]
    if not kind.endswith(f" {visit.number}"):
        detail.append((f"Visit {visit.number} in exports and commands.", "muted"))
    if visit.planned_on:
        detail.append((f"Planned for {visit.planned_on} at first.", "muted"))
    if visit.events:
        terms = ", ".join(safe(item.term) for item in visit.events)
        detail.append((f"Events: {terms}", "text"))
    return FormItem(
        f"{VISIT}{visit.number}", label, "action", (f"{said}{closed}", role), detail=tuple(detail)
    )


def _state(entry: Entry, visit: Visit) -> Span:
    match entry.kind:
        case "given":
            used = visit.answers.get(DEVICES_USED)
            devices = f", {used} devices" if isinstance(used, int) else ""
            dose = visit.answers.get(DOSE)
            return f"{dose} mg{devices}", "good"
        case "held":
            return "held", "caution"
        case "review":
            return "no dose", "text"
        case "planned":
            return _begun(visit)
        case _:
            return "dose not recorded", "caution"


def _begun(visit: Visit) -> Span:
    """Say of a visit of today, or of a day to come, how far it is."""
    if visit.first_dose_at is not None and visit.closed_at is None:
        return "session begun", "caution"
    return ("planned" if is_untouched(visit) else "begun"), "info"


def _scores(treatment: Treatment, course: Course) -> list[FormItem]:
    items = []
    for place, score in enumerate(course.scores):
        scale = treatment.pack.instruments.get(score.instrument)
        title = scale.title if scale else score.instrument
        entry = f"{score.instrument} {number_text(score.value)} {score.date}"
        items.append(
            FormItem(
                f"{SCORE}{place}",
                f"{score.date}  {title}",
                "number",
                (number_text(score.value), "strong"),
                entry=entry,
                detail=(("Enter changes it, digits its value, Backspace clears it.", "muted"),),
            )
        )
    for score in screened_scores(treatment.consultation.pack, treatment.case, course):
        title = treatment.pack.instruments[score.instrument].title
        label = f"Take over {title} {number_text(score.value)}"
        text = "It stands in the screening: Enter makes it a score of this course, of that day."
        items.append(
            _action(f"{SCREENED}{score.instrument}", label, (f"{score.date}", "info"), text)
        )
    said = f"Type {how_typed(treatment.pack, treatment.consultation.today)}."
    items.append(
        FormItem("score", "Add a score", "text", ("·", "muted"), detail=((said, "strong"),))
    )
    return items


def _end(course: Course) -> list[FormItem]:
    stopped = f"{course.stopped}" if course.stopped else ""
    answer: Span = (stopped or "·", "caution" if stopped else "muted")
    items = [
        FormItem(
            "stopped",
            "Stopped on",
            "number",
            answer,
            entry=stopped,
            detail=(("The day, such as 2027-03-01; Backspace resumes it.", "strong"),),
        )
    ]
    if course.stopped:
        said: Span = (safe(course.stop_reason) or "·", "strong" if course.stop_reason else "muted")
        items.append(
            FormItem(
                "stop_reason",
                "Why it was stopped",
                "text",
                said,
                detail=(("In a few words (no names).", "strong"),),
                entry=course.stop_reason,
            )
        )
    return items


def day_text(day: dt.date) -> str:
    """Write a day with its weekday."""
    return f"{day:%a %Y-%m-%d}"
