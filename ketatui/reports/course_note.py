"""The courses of a case in a few lines each: what was planned, given, seen, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ketatui.cases.courses import Course, Visit
from ketatui.cases.integrity import CaseReading
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import DecisionAssessment, VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.knowledge import CourseKnowledge, compile_course
from ketatui.course.naming import course_name
from ketatui.course.past import dose_of
from ketatui.course.schedule import doses_until
from ketatui.course.scores import Standing, standings
from ketatui.criteria.course import has_course
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError
from ketatui.criteria.wording import number_text
from ketatui.engine import Knowledge
from ketatui.reports.blocks import Banner, Block, Bullet, Heading, Paragraph, moment_text
from ketatui.reports.course_words import dose_text, event_text, plan_text
from ketatui.reports.words import yes_or_no

_NO_CRITERIA = "The criteria at hand cannot judge a course: what is recorded is shown, and no more."


def course_knowledge(knowledge: Knowledge) -> CourseKnowledge | None:
    """Return what visits are judged by; None where the criteria cannot judge any."""
    if not has_course(knowledge.pack):
        return None
    try:
        return compile_course(knowledge)
    except PackError:
        return None


def course_blocks(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Iterator[Block]:
    """Yield the courses of a case with how the last visit of each is decided.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day visits are assessed for.
    """
    if not reading.case.courses:
        return
    judging = course_knowledge(knowledge)
    courses = reading.case.courses
    for course in courses:
        yield from recorded_course(knowledge.pack, courses, course)
        if judging is not None and course.visits:
            yield from _last_visit(judging, reading, course, today)
    if judging is None:
        yield Banner(_NO_CRITERIA)


def recorded_course(pack: Pack, courses: Sequence[Course], course: Course) -> Iterator[Block]:
    """Yield what is recorded of one of a case's courses, without what the criteria make of it."""
    yield Heading(f"{course_name(courses, course)} of treatment")
    yield Bullet(plan_text(pack, course), "Plan")
    if course.reasons:
        yield Bullet(course.reasons, "Why")
    yield Bullet(_sessions(course.in_order), "Visits")
    yield from _scores(pack, course)
    for visit in course.in_order:
        yield from _said(visit)
    if course.stopped is not None:
        reason = f": {course.stop_reason}" if course.stop_reason else ""
        yield Bullet(f"{course.stopped}{reason}", "Stopped")


def _sessions(visits: Sequence[Visit]) -> str:
    """Count the visits, and say the doses in order."""
    if not visits:
        return "none yet"
    sessions = [item for item in visits if item.kind == "session"]
    doses = [dose_of(item) for item in sessions]
    given = [number_text(dose) for dose in doses if dose]
    parts = [f"{len(given)} with a dose" + (f" ({', '.join(given)} mg)" if given else "")]
    for count, words in (
        (sum(dose == 0 for dose in doses), "held"),
        (sum(dose is None for dose in doses), "without a dose recorded"),
        (len(visits) - len(sessions), "review"),
    ):
        if count:
            parts.append(f"{count} {words}{'s' if words == 'review' and count > 1 else ''}")
    first, last = visits[0].date, visits[-1].date
    when = f"{first}" if first == last else f"{first} to {last}"
    return f"{'; '.join(parts)}; {when}"


def _scores(pack: Pack, course: Course) -> Iterator[Block]:
    """Say the first and the last score of each scale, and what the difference comes to."""
    found = {item.instrument.id: item for item in _standings(pack, course)}
    for instrument in dict.fromkeys(row.instrument for row in course.scores):
        rows = sorted(
            (row for row in course.scores if row.instrument == instrument),
            key=lambda row: row.date,
        )
        standing = found.get(instrument)
        title = _scales(pack).get(instrument, instrument)
        if standing is not None:
            yield Bullet(_standing(pack, standing), title)
        else:
            said = ", ".join(f"{number_text(row.value)} on {row.date}" for row in rows[-2:])
            yield Bullet(said, title)


def _scales(pack: Pack) -> dict[str, str]:
    """Return what the scales of the criteria are called."""
    try:
        return {item.id: item.title for item in pack.course.instruments.values()}
    except PackError:
        return {}


def visit_answers(pack: Pack, visit: Visit) -> Iterator[str]:
    """Say what was answered at a visit, a line each, in the order of the questions."""
    try:
        questions = pack.course.questions
    except PackError:
        questions = {}
    ranked = {ident: place for place, ident in enumerate(questions)}
    for ident in sorted(
        visit.answers.keys() | visit.unknown, key=lambda key: (ranked.get(key, len(ranked)), key)
    ):
        question, value = questions.get(ident), visit.answers.get(ident)
        label = question.label if question else ident
        if value is None:
            yield f"{label}: unknown"
        elif isinstance(value, bool):
            yield f"{label}: {yes_or_no(value)}"
        elif isinstance(value, str):
            codes = {item.code: item.label for item in question.options} if question else {}
            yield f"{label}: {codes.get(value, value)}"
        else:
            unit = f" {question.unit}" if question and question.unit else ""
            yield f"{label}: {number_text(value)}{unit}"


def _standings(pack: Pack, course: Course) -> tuple[Standing, ...]:
    last = max((row.date for row in course.scores), default=None)
    if last is None or not has_course(pack):
        return ()
    doses = doses_until(course, last)
    try:
        scales = pack.course.instruments
    except PackError:
        return ()
    return standings(course, scales, doses[0].date, last) if doses else ()


def _standing(pack: Pack, item: Standing) -> str:
    limits = pack.course.threshold_values
    said = (
        f"{number_text(item.baseline.value)} on {item.baseline.date}, "
        f"{number_text(item.now.value)} on {item.now.date}"
    )
    if item.change_percent is not None:
        said += (
            f": {item.change_percent} % lower"
            if item.change_percent >= 0
            else (f": {-item.change_percent} % higher")
        )
    marks = [
        word
        for word, holds in (
            ("response", item.response),
            ("remission", item.remission(limits)),
            ("worse than before the course", item.worse(limits)),
            ("risen again", item.relapse(limits)),
        )
        if holds
    ]
    return f"{said} ({', '.join(marks)})" if marks else said


def _said(visit: Visit) -> Iterator[Block]:
    """Yield what of a visit nobody may overlook: events, what was set aside, notes."""
    where = f"Visit {visit.number}, {visit.date}"
    for event in visit.events:
        yield Bullet(f"{where}: {event_text(event)}", "Event")
    for item in visit.overrides:
        said = f"rule {item.rule} ({item.decision}), set aside by {item.by}"
        yield Bullet(f"{where}: {said}, {moment_text(item.at)}: {item.reason}", "OVERRIDDEN")
    for ident, note in visit.notes.items():
        yield Bullet(f"{where}, {ident}: {note}", "Note")


def _last_visit(
    knowledge: CourseKnowledge, reading: CaseReading, course: Course, today: dt.date
) -> Iterator[Block]:
    visit = course.in_order[-1]
    found = assess_visit(knowledge, reading.counted, course, visit, today, with_changes=False)
    number = f"Visit {visit.number} of {visit.date}, {dose_text(visit)}"
    yield Heading(number, 3)
    yield Paragraph(_made(found))
    if visit.closed_at is not None:
        by = f", {visit.closed_by}" if visit.closed_by else ""
        yield Bullet(f"{moment_text(visit.closed_at)}{by}", "Closed")
    for item in decided_at(knowledge.pack, visit, found.decisions):
        yield from _decision(knowledge, item)
    for contradiction in found.contradictions:
        yield Bullet(contradiction.because, "These answers cannot all be right")


def _made(found: VisitAssessment) -> str:
    policy = f", local policy {found.policy}" if found.policy else ""
    made = f"{found.pack_id} {found.pack_version}{policy}"
    return f"Assessed for this export, on {found.on}, under {made}."


def _decision(knowledge: CourseKnowledge, item: DecisionAssessment) -> Iterator[Block]:
    words = knowledge.pack.info.words[item.verdict]
    effects = knowledge.screening.pack.wording.effects
    yield Bullet(f"{words.symbol} {words.title}", knowledge.pack.decisions[item.id].title)
    for finding in item.findings:
        marks = [
            mark
            for mark, holds in (
                ("OVERRIDDEN by the clinician, counts as a caution", finding.overridden),
                ("could not be excluded", finding.not_excluded),
                ("local policy", finding.local),
            )
            if holds
        ]
        said = f"{finding.title} ({'; '.join([f'rule {finding.rule}', *marks])})"
        yield Bullet(said, effects[finding.effect].title, 1)
    if item.open:
        names = ", ".join(rule.title for rule in item.open)
        yield Bullet(names, f"? Open rules ({len(item.open)})", 1)
