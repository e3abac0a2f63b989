"""A visit: its questions as form items, and the decisions beside them as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from rich.cells import cell_len

from ketatui.cases.courses import Visit
from ketatui.consultation.entry import with_units
from ketatui.consultation.numbers import range_text
from ketatui.consultation.treatment import Treatment
from ketatui.consultation.words import UNANSWERED, UNKNOWN, value_text
from ketatui.course.assessment import DecisionAssessment
from ketatui.course.earlier import Earlier
from ketatui.course.grouping import decided_at
from ketatui.course.naming import visit_name
from ketatui.course.vocabulary import DOSE, DOSING_WEIGHT
from ketatui.criteria.models import SET_ASIDE, Question
from ketatui.criteria.wording import number_text
from ketatui.engine.staleness import stale_words
from ketatui.reports.visit_summary import value_of
from ketatui.tui.views.course_status import score_span
from ketatui.tui.views.decide import NO_REASONS, override_item
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import EMPTY, Line, Span, in_room, line, safe, sides, wrap
from ketatui.tui.views.pathway_summary import (
    judged_head,
    judged_lines,
    judged_strip,
    lines_told,
    next_lines,
    shared_lines,
)
from ketatui.tui.views.questions import ITEM_KINDS, answer_span
from ketatui.tui.views.visit_events import event_items

WEIGHT = "weight"
"""Key of the line on which a weight is taken anew."""
OVERRIDE = "override:"
"""How the keys of findings begin that can be set aside: decision and rule follow."""
_MG_PER_KG = "visit.mg_per_kg"
_BLANKS = 4
"""Cells between the parts of a title."""
_WIDE = 100
"""Cells from which the title has room for everything."""
_ROOMY = 30
"""Lines from which the decisions are set apart by a blank line."""


def visit_items(
    treatment: Treatment, *, why: bool, reasons: Mapping[str, str] = NO_REASONS
) -> list[FormItem]:
    """Return the questions of a visit that are asked now, under the decision each is for.

    Args:
        treatment: The visit.
        why: Whether the focused question also shows why it is asked, and its sources.
        reasons: Reasons for overrides that wait for a name, by the key of their line.
    """
    hurting, before = treatment.counting_against(), treatment.last_values()
    onward, weight = treatment.pack.decision_of("continue"), treatment.pack.info.weight
    items: list[FormItem] = []
    for decision, questions in treatment.groups.items():
        head = treatment.pack.decisions[decision].title
        items.append(FormItem(f"head:{decision}", head, "heading"))
        if decision == onward and (said := _score(treatment)) is not None:
            items.append(FormItem("scores", f"  {said[0]}", "info", ("", said[1])))
        for question in questions:
            if question.id == DOSE and weight is not None:
                items.append(_weight_item(treatment))
            items.append(_item(treatment, question, hurting, before.get(question.id), why=why))
    items += event_items(treatment)
    aside = _overrides(treatment, reasons)
    if aside:
        title = "Findings that can be set aside with a reason"
        items += [FormItem("head:overrides", title, "heading"), *aside]
    return items


def _score(treatment: Treatment) -> Span | None:
    return score_span(treatment, treatment.the_visit().date)


def _overrides(treatment: Treatment, reasons: Mapping[str, str]) -> list[FormItem]:
    made = {(item.decision, item.rule): item for item in treatment.the_visit().overrides}
    items = []
    for decision in treatment.assessment.decisions:
        for finding in decision.findings:
            if finding.effect in SET_ASIDE:
                key = f"{OVERRIDE}{decision.id}/{finding.rule}"
                override = made.get((decision.id, finding.rule))
                typed = reasons.get(key, "")
                items.append(override_item(treatment.criteria, finding, key, override, typed))
    return items


def _item(
    treatment: Treatment,
    question: Question,
    hurting: frozenset[str],
    earlier: Earlier | None,
    *,
    why: bool,
) -> FormItem:
    visit = treatment.the_visit()
    stored = visit.answers.get(question.id)
    number = isinstance(stored, int | Decimal) and not isinstance(stored, bool)
    return FormItem(
        key=question.id,
        label=question.label,
        kind=ITEM_KINDS[question.kind],
        answer=_answer(treatment, question, earlier, hurts=question.id in hurting),
        mark=_mark(treatment, question, hurting),
        options=tuple((option.code, option.label) for option in question.options),
        chosen=stored if isinstance(stored, str) else None,
        detail=tuple(_detail(treatment, question, earlier, why=why)),
        can_be_unknown=True,
        entry=number_text(stored) if number and isinstance(stored, int | Decimal) else "",
    )


def _answer(
    treatment: Treatment, question: Question, earlier: Earlier | None, *, hurts: bool
) -> Span:
    visit = treatment.the_visit()
    if question.id in visit.unknown:
        return answer_span(UNKNOWN, hurts=False)
    value = visit.answers.get(question.id)
    if value is not None:
        return answer_span(value_text(treatment.criteria, question.id, value), hurts=hurts)
    if earlier is None:
        return answer_span(UNANSWERED, hurts=False)
    # What was then stands beside the empty field; it is never taken for an answer.
    then = value_text(treatment.criteria, question.id, earlier.value)
    if question.unit:
        # The whole of it stands below when it is focused; the short form leaves the label room.
        then = then.removesuffix(question.unit).rstrip()
    return f"{UNANSWERED}  last {then}", "muted"


def _mark(treatment: Treatment, question: Question, hurting: frozenset[str]) -> Span:
    if question.id in hurting:
        return "!", "bad"
    if question.id in treatment.the_visit().notes:
        return "*", "key"
    if treatment.assessment.asked[question.id] is None:
        return "?", "muted"
    return " ", "text"


def _detail(
    treatment: Treatment, question: Question, earlier: Earlier | None, *, why: bool
) -> Iterable[Span]:
    visit, pack = treatment.the_visit(), treatment.criteria
    yield question.text, "strong"
    if question.kind in ("int", "decimal"):
        yield range_text(question.min, question.max, question.unit), "muted"
    if question.id == DOSE and treatment.pack.info.weight is not None:
        yield dose_text(treatment), "text"
    yield question.help, "muted"
    if earlier is not None:
        then = value_text(pack, question.id, earlier.value)
        yield f"Last time, {earlier.date}: {then}. It is not carried forward.", "info"
    before = [item for item in visit.readings if item.question == question.id]
    if before:
        said = ", ".join(value_text(pack, question.id, item.value) for item in before)
        yield f"Read before, and kept in the record: {said}", "muted"
    if question.asked_because:
        maybe = "" if treatment.assessment.asked[question.id] else " (not settled yet)"
        yield f"{question.asked_because}{maybe}", "muted"
    for found in treatment.assessment.contradictions:
        if question.id in found.questions:
            yield f"! {found.because}", "caution"
    if note := visit.notes.get(question.id):
        yield f"* {note}", "text"
    if why:
        yield f"Why: {question.why}", "text"
        for reference in question.sources:
            yield f"· {pack.source_text(reference)}", "muted"


def _weight_item(treatment: Treatment) -> FormItem:
    taken = treatment.the_visit().weight_kg
    answer: Span = (UNANSWERED, "muted")
    if taken is not None:
        answer = (f"{number_text(taken)} kg", "strong")
    else:
        counts = treatment.assessment.values.get(DOSING_WEIGHT)
        if isinstance(counts, Decimal):
            answer = (f"{UNANSWERED}  last {number_text(counts)}", "muted")
    detail = (
        ("What does the patient weigh today?", "strong"),
        ("mg/kg is calculated from the weight taken last; type it in kg or lb.", "muted"),
    )
    entry = "" if taken is None else number_text(taken)
    return FormItem(WEIGHT, "Weight today", "number", answer, detail=detail, entry=entry)


def dose_text(treatment: Treatment) -> str:
    """Say the dose in mg/kg, with the weight it was reckoned from."""
    values = treatment.assessment.values
    weight, ratio = values.get(DOSING_WEIGHT), values.get(_MG_PER_KG)
    if not isinstance(weight, int | Decimal):
        return "No weight is known: mg/kg cannot be calculated."
    weighed = treatment.pack.info.weight
    said = f"{number_text(_exact(weight))} kg"
    if weighed is not None:
        said = with_units(treatment.criteria.questions[weighed], _exact(weight))
    said = f"Dosing weight {said}"
    if isinstance(ratio, int | Decimal):
        said += f" · {number_text(_exact(ratio))} mg/kg"
    return said


def _exact(value: int | Decimal) -> Decimal:
    return Decimal(value)


# --- beside the form ------------------------------------------------------------------------


def decision_lines(treatment: Treatment, width: int, height: int) -> list[Line]:
    """Return the decisions, the question that matters next, and what the visit stands on.

    Every decision takes the same number of lines while each has one finding at most, so that
    nothing below it moves when it changes; one that has more takes what lines are left.
    """
    pack = treatment.criteria
    told = decided(treatment)
    lines: list[Line] = [judged_head("TODAY", told, width)]
    roomy = height >= _ROOMY
    between = [EMPTY] if roomy else []
    rest = [*_next(treatment, width), *between, *_standing(treatment, width)]
    gaps = len(told) if roomy else 0
    room = height - len(lines) - len(rest) - gaps - 2 * len(told)
    wanted = [lines_told(pack, decision, width) for decision in told]
    # One line each in any case: only what is left is for more.
    slots = shared_lines(wanted, room) if max(wanted, default=0) > 1 else [1] * len(told)
    for decision, many in zip(told, slots, strict=True):
        title = treatment.pack.decisions[decision.id].short
        lines += judged_lines(pack, decision, title, width, slots=many)
        if gaps:
            lines.append(EMPTY)
    return lines + rest


def _next(treatment: Treatment, width: int) -> list[Line]:
    pack, found = treatment.criteria, treatment.assessment
    head = line((" NEXT THAT MATTERS", "title"))
    if found.next is None:
        said = "Nothing unanswered can change a verdict."
        return [head, *wrap(said, width - 1, indent=1, role="muted")]
    return [head, *next_lines(pack, found.next, width)]


def _standing(treatment: Treatment, width: int) -> list[Line]:
    lines = [line((" BASED ON", "title"))]
    for text, role in standing_spans(treatment):
        lines += wrap(text, width - 1, indent=1, role=role)
    return lines


def standing_spans(treatment: Treatment) -> list[Span]:
    """Say what the visit stands on: the course so far, the dose, screening and consent."""
    found, case = treatment.assessment, treatment.case
    said: list[Span] = [(place_text(treatment), "text")]
    if found.values.get(_MG_PER_KG) is not None:
        said.append((dose_text(treatment), "text"))
    outcome, ended = case.consent.outcome, case.consent.ended_at
    if outcome is None:
        said.append(("! No consent conversation is recorded", "caution"))
    else:
        day = f", {ended:%Y-%m-%d}" if ended else ""
        said.append((f"Consent: {outcome}{day}", "text" if outcome == "agreed" else "caution"))
    if found.stale:
        first = found.stale[0]
        label = treatment.consultation.pack.questions[first.question].label
        more = f", and {len(found.stale) - 1} more" if len(found.stale) > 1 else ""
        text = f"! Screening gone stale: {label} ({stale_words(first)}){more}"
        said.append((text, "caution"))
    return said


def place_text(treatment: Treatment) -> str:
    """Say where in the course the visit is: day, week, session and phase."""
    values = treatment.assessment.values
    parts = []
    for ident, word in (
        ("course.day", "day"),
        ("course.week", "week"),
        ("course.session", "session"),
    ):
        value = values.get(ident)
        parts.append(f"{word} {value if value is not None else '?'}")
    phase = values.get("course.phase")
    if phase is None:
        return ", ".join(parts)
    return f"{', '.join(parts)} · {value_of(treatment.knowledge, 'course.phase', phase)}"


def decision_strip(treatment: Treatment, width: int) -> Line:
    """Return the decisions as one line, for narrow screens.

    A table that could still change something is named beside wider forms only: no key goes there.
    """
    upcoming = treatment.assessment.next
    if upcoming is not None and upcoming.question not in treatment.pack.questions:
        upcoming = None
    return judged_strip(treatment.criteria, decided(treatment), upcoming, width)


def decided(treatment: Treatment) -> tuple[DecisionAssessment, ...]:
    """Return what such a visit decides: a review says nothing of giving a dose or leaving.

    Args:
        treatment: The visit that is worked on.
    """
    return decided_at(treatment.pack, treatment.the_visit(), treatment.assessment.decisions)


def group_lines(treatment: Treatment, current: str, width: int) -> list[Line]:
    """Return the list of what is decided: title, answered/asked, and a mark."""
    hurting = treatment.counting_against()
    lines, done, total = [], 0, 0
    for decision, questions in treatment.groups.items():
        answered = sum(treatment.status(item.id) != "open" for item in questions)
        done, total = done + answered, total + len(questions)
        mark: Span = ("✓", "good") if answered == len(questions) else (" ", "text")
        if any(item.id in hurting for item in questions):
            mark = ("!", "bad")
        here = decision == current
        short = treatment.pack.decisions[decision].short
        lines.append(
            sides(
                (("▸ " if here else "  ", "key"), (short, "strong" if here else "text")),
                ((f"{answered}/{len(questions)} ", "muted"), mark),
                width,
                target=decision,
            )
        )
    visit = treatment.the_visit()
    return [
        *lines,
        Line(),
        line((f"  {done} of {total} answered", "muted")),
        *_counted("observation", len(visit.observations)),
        *_counted("event", len(visit.events)),
    ]


def _counted(what: str, count: int) -> list[Line]:
    return [line((f"  {count} {what}{'s' if count > 1 else ''}", "muted"))] if count else []


def group_crumb(treatment: Treatment, current: str, width: int) -> Line:
    """Return where one is among what is decided, and how far, in one line."""
    groups = list(treatment.groups)
    questions = treatment.groups.get(current, ())
    place = groups.index(current) + 1 if current in groups else 0
    answered = sum(treatment.status(item.id) != "open" for item in questions)
    title = treatment.pack.decisions[current].title if place else ""
    return sides(
        ((f" {place}/{len(groups)} ", "muted"), (title, "title")),
        ((f"{answered}/{len(questions)} answered  ", "muted"), ("[ ] next part ", "key")),
        width,
    )


def visit_title(treatment: Treatment, visit: Visit, kept: str, width: int) -> Line:
    """Return the title: whose visit it is, which, and whether it is kept."""
    case, course = treatment.case, treatment.the_course()
    pathway = treatment.consultation.pack.pathways[course.pathway].short
    who = treatment.consultation.who
    name = safe(case.label) or ("" if who else f"case {case.id}")
    gap = "  " if name else ""
    practice: Span = ("PRACTICE  ", "caution") if case.practice else ("", "text")
    closed: Span = ("closed  ", "info") if visit.closed_at else ("", "text")
    if visit.date > treatment.consultation.today:
        closed = ("still to come  ", "caution")
    moved = f", planned for {visit.planned_on}" if visit.planned_on and width >= _WIDE else ""
    which = f"{gap}{pathway}, {visit_name(course, visit)}, {visit.date}{moved}"
    right = closed, (f"{kept if width >= _WIDE else kept.removeprefix('draft, ')} ", "muted")
    others = (practice[0], which, *(text for text, _ in right))
    # Whose visit it is has room in what is left: which one is never cut off for it.
    who, name = in_room(who, name, width - sum(map(cell_len, others)) - _BLANKS)
    return sides(
        (
            (f" {who or 'KetaTUI'}  ", "title"),
            practice,
            (name, "strong"),
            (which, "text"),
        ),
        right,
        width,
    )
