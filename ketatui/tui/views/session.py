"""A running session as lines: clocks, what is due, what was seen, and the gate to leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len

from ketatui.cases.courses import Visit
from ketatui.consultation.treatment import Treatment
from ketatui.consultation.words import UNANSWERED, UNKNOWN, value_text
from ketatui.course.marks import limits_of
from ketatui.course.naming import visit_name
from ketatui.course.running import Clocks, DueWatch, LeaveGate
from ketatui.course.sessions import LEAVE_WINDOW
from ketatui.course.vocabulary import DOSE, END
from ketatui.criteria.models import Question
from ketatui.structs import Frozen
from ketatui.tui.views.lines import EMPTY, Line, Span, in_room, line, safe, sides, wrap
from ketatui.tui.views.session_chart import chart_lines
from ketatui.tui.views.verdicts import ROLE

PARTS = {
    "systolic": "pressure",
    "diastolic": "pressure",
    "spo2": "oxygen",
    "sedation": "sedation",
    "dissociation": "dissociation",
    "heart_rate": "pulse",
    "respiratory_rate": "breaths",
}
"""Parts of an observation as they are called."""
_CHART, _TALLEST = 9, 20
"""Lines that are kept for the chart, and those that it takes at most."""


class SessionView(Frozen, frozen=True):
    """What a session's screen tells at one moment.

    Attributes:
        treatment: The session.
        now: The moment.
        clocks: Its clocks.
        dues: What it is watched for.
        gate: The gate to leaving; None while the clock does not run.
        changed: By how much the computer's clock was changed while the screen was up.
        asking: The question under the cursor while those for leaving are answered.
    """

    treatment: Treatment
    now: dt.datetime
    clocks: Clocks
    dues: tuple[DueWatch, ...]
    gate: LeaveGate | None
    changed: dt.timedelta | None = None
    asking: str = ""


def clock_text(moment: dt.datetime | None) -> str:
    """Return a moment as hours and minutes, where the computer stands."""
    return "--:--" if moment is None else f"{moment.astimezone():%H:%M}"


_BLANKS = 5
"""Cells between the parts of the title."""
COVERED = "label hidden, any key shows it"
"""What stands instead of a case's label while nobody is at the keyboard."""


def title_line(
    view: SessionView, kept: str, *, failed: bool, width: int, covered: bool = False
) -> Line:
    """Return the title: whose session it is, which, and whether it is kept."""
    treatment = view.treatment
    case, course, visit = treatment.case, treatment.the_course(), treatment.the_visit()
    pathway = treatment.consultation.pack.pathways[course.pathway].short
    # While nobody is at the keyboard it says nothing about anybody.
    who = "" if covered else treatment.consultation.who
    name = safe(case.label) or ("" if who else f"case {case.id}")
    gap = "  " if name or covered else ""
    practice: Span = ("PRACTICE  ", "caution") if case.practice else ("", "text")
    which = f"{gap}{pathway}, {visit_name(course, visit)} of {visit.date}"
    others = (practice[0], which, kept)
    # Whose session it is has room in what is left: which one is never cut off for it.
    room = width - sum(map(cell_len, others)) - _BLANKS
    who, name = in_room(who, COVERED if covered else name, room)
    return sides(
        (
            (f" {who or 'KetaTUI'}  ", "title"),
            practice,
            (name, "muted" if covered else "strong"),
            (which, "text"),
        ),
        ((f"{kept} ", "problem" if failed else "muted"),),
        width,
    )


# --- clocks ---------------------------------------------------------------------------------------


def clock_lines(view: SessionView, width: int) -> list[Line]:
    """Return three lines: the clocks, what is due, and from when the patient may leave."""
    return [_clocks(view, width), _due(view, width), _leaving(view, width)]


def _clocks(view: SessionView, width: int) -> Line:
    course, visit = view.treatment.the_course(), view.treatment.the_visit()
    first, clocks = visit.first_dose_at, view.clocks
    counted = view.treatment.pack.schedule.clock(course.pathway)
    start, end = counted.begins, counted.ends
    if first is None:
        return line(
            (" The clock is not running. ", "strong"), ("F3", "key"), f" starts it: {start}."
        )
    if clocks.minute is None:
        return line((" ! No minute: ", "caution"), (_backward(view), "caution"))
    spans: list[Span] = [
        (f" MINUTE {clocks.minute}", "title"),
        (f" from {start}, {clock_text(first)}", "text"),
    ]
    if end and visit.last_dose_at is None:
        spans += [("   ", "text"), ("F4", "key"), (f" {end}", "muted")]
    elif end and clocks.after_last is None:
        spans.append((f"   minutes to the {end} not recorded", "caution"))
    elif end:
        spans += [
            (f"   {clocks.after_last}", "title"),
            (f" from {end}, {clock_text(visit.last_dose_at)}", "text"),
        ]
    right: list[Span] = [(f"now {clock_text(view.now)} ", "muted")]
    return sides(spans, right, width)


def _backward(view: SessionView) -> str:
    said = clock_text(view.clocks.backward)
    return f"the computer's clock says {clock_text(view.now)}, before {said}: it went back"


def _due(view: SessionView, width: int) -> Line:
    minute, visit = view.clocks.minute, view.treatment.the_visit()
    if minute is None or visit.first_dose_at is None:
        return (
            line(" ", ("Give minutes with what you enter: @40", "caution"))
            if (visit.first_dose_at)
            else EMPTY
        )
    left = view.treatment.the_visit().answers.get(END)
    if isinstance(left, int):
        return line((f" Left at minute {left}.", "strong"), (" Nothing more is due.", "muted"))
    coming = [item for item in view.dues if not item.missed]
    missed = [item for item in view.dues if item.missed]
    spans: list[Span] = []
    if coming:
        spans += _due_spans(coming[0], minute, visit.first_dose_at)
    if missed:
        spans.append((f"   x missed: {missed[0].watch.title}", "caution"))
    return sides(spans or [(" Nothing is due.", "muted")], (), width)


def _due_spans(item: DueWatch, minute: int, first: dt.datetime) -> list[Span]:
    at = clock_text(first + dt.timedelta(minutes=item.minute))
    if item.minute > minute:
        wait = item.minute - minute
        return [
            (f" Next in {wait} min: ", "info"),
            (item.watch.title, "text"),
            (f", minute {item.minute}, {at}", "muted"),
        ]
    late = minute - item.minute
    since = f", {late} min late" if late else ""
    return [(" ! DUE NOW: ", "bad"), (item.watch.title, "strong"), (f"{since}, {at}", "caution")]


def _leaving(view: SessionView, width: int) -> Line:
    if view.clocks.backward is not None:
        return line((" ! ", "caution"), (f"{_backward(view)}; check the minutes.", "caution"))
    if view.changed is not None:
        way = "forward" if view.changed > dt.timedelta() else "back"
        minutes = round(abs(view.changed).total_seconds() / 60)
        text = f"The computer's clock was put {way} by {minutes} min; check the minutes."
        return line((" ! ", "caution"), (text, "caution"))
    if view.gate is None:
        return EMPTY
    return sides([(" Leaving: ", "muted"), *_from_when(view)], (), width)


def _from_when(view: SessionView) -> list[Span]:
    gate, first = view.gate, view.treatment.the_visit().first_dose_at
    assert gate is not None
    if gate.from_minute is None or first is None:
        dose = view.treatment.the_visit().answers.get(DOSE)
        ends = view.treatment.pack.schedule.clock(view.treatment.the_course().pathway).ends
        wanted = "the dose is not recorded" if dose is None else f"it waits for the {ends}"
        return [(f"time not known yet: {wanted}", "caution")]
    at = clock_text(first + dt.timedelta(minutes=gate.from_minute))
    wait = gate.from_minute - gate.minute
    if wait > 0:
        return [(f"not before minute {gate.from_minute}, {at}", "strong"),
                (f", in {wait} min", "text")]  # fmt: skip
    return [(f"time is met since minute {gate.from_minute}, {at}", "good")]


# --- leaving --------------------------------------------------------------------------------------


def side_lines(
    view: SessionView, questions: Sequence[Question], width: int, height: int
) -> list[Line]:
    """Return the gate to leaving, and below it the chart, or the questions being answered."""
    lines = gate_lines(view, width)
    if view.asking:
        asked = question_lines(view, questions, width)
        over = max(height - len(asked) - 1, 2)
        if len(lines) > over:
            lines = gate_lines(view, width, questions)
        return [*lines[:over], EMPTY, *asked]
    room = height - _CHART
    if len(lines) > room:
        lines = [*lines[: max(room - 1, 1)], line((" … Tab shows the rest", "muted"))]
    gap = [EMPTY] if len(lines) < room else []
    visit, limits = view.treatment.the_visit(), limits_of(view.treatment.pack)
    tall = min(height - len(lines) - len(gap), _TALLEST)
    return [*lines, *gap, *chart_lines(visit, view.clocks.minute, limits, width, tall)]


def gate_lines(view: SessionView, width: int, asked: Sequence[Question] = ()) -> list[Line]:
    """Return whether the patient may leave now: verdict, from when, and what is missing.

    Args:
        view: The running session.
        width: Cells available.
        asked: Questions that stand below with their answers, and need not be named twice.
    """
    title = line((" MAY THE PATIENT LEAVE", "title"))
    gate = view.gate
    if gate is None:
        return [title, line(("  shown once the clock is running", "muted"))]
    pack = view.treatment.pack
    words = pack.info.words[gate.decision.verdict]
    said = f" {words.symbol} {words.title}"
    lines = [title, line((said, ROLE[gate.decision.verdict]), (f", minute {gate.minute}", "muted"))]
    if view.clocks.backward is not None or view.changed is not None:
        # Its own line above is taken by what is said of the computer's clock.
        lines += wrap("".join(text for text, _ in _from_when(view)), width - 1, indent=3)
    if gate.parts:
        window = int(pack.threshold_values[LEAVE_WINDOW])
        names = ", ".join(dict.fromkeys(PARTS[part] for part in gate.parts))
        text = f"not seen in the last {window} min: {names}"
        lines += wrap(text, width - 1, role="caution", indent=3, first=((" · ", "caution"),))
    for finding in gate.decision.findings:
        mark = pack.info.words[finding.effect].symbol if finding.effect in pack.info.words else "·"
        lines += wrap(finding.title, width - 1, role=ROLE.get(finding.effect, "text"), indent=3,
                      first=((f" {mark} ", "text"),))  # fmt: skip
    unsaid = [safe(item.term) for item in view.treatment.the_visit().events if item.serious is None]
    if unsaid:
        text = f"serious or not: {', '.join(unsaid)}"
        lines += wrap(text, width - 1, indent=3, first=((" ? ", "info"),))
    if gate.questions:
        labels = [pack.questions[ident].label for ident in gate.questions]
        below = {question.id for question in asked}.issuperset(gate.questions)
        text = f"not answered: {f'{len(labels)} of those below' if below else ', '.join(labels)}"
        lines += wrap(text, width - 1, indent=3, first=((" ? ", "info"),))
    return lines


EVENT = "event:"
"""How the keys of questions about an event begin; its place follows."""


def event_questions(visit: Visit) -> tuple[Question, ...]:
    """Return the question of each event whether it was serious."""
    return tuple(
        Question(
            id=f"{EVENT}{place}",
            kind="bool",
            label=f"Serious: {safe(item.term)}",
            text="",
            help="",
            why="",
            sources=("",),
        )
        for place, item in enumerate(visit.events)
    )


def _answer_in(visit: Visit, ident: str) -> Any:
    if ident.startswith(EVENT):
        return visit.events[int(ident.removeprefix(EVENT))].serious
    return visit.answers.get(ident)


def question_lines(view: SessionView, questions: Sequence[Question], width: int) -> list[Line]:
    """Return the questions that leaving waits for, with their answers."""
    visit, pack = view.treatment.the_visit(), view.treatment.criteria
    lines = [line((" y yes  n no  u unknown  Tab back", "muted"))]
    for question in questions:
        here = question.id == view.asking
        value = _answer_in(visit, question.id)
        if question.id in visit.unknown:
            said: Span = (UNKNOWN, "caution")
        elif value is None:
            said = (UNANSWERED, "muted")
        elif question.id.startswith(EVENT):
            said = ("yes, serious" if value else "no", "bad" if value else "strong")
        else:
            said = (value_text(pack, question.id, value), "bad" if value is False else "strong")
        mark: Span = (" ▸ ", "key") if here else ("   ", "text")
        role = "strong" if here else "text"
        room = width - cell_len(said[0]) - 2
        first, *more = wrap(question.label, room, role=role, indent=3, first=(mark,))
        lines += [sides(first.spans, (said, (" ", "text")), width), *more]
    return lines
