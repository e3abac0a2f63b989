"""What was seen and what happened in a running session, as lines: a row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ketatui.cases.courses import Event, Observation, Visit
from ketatui.consultation.session_rows import RowPlace, row_at, rows_in_order
from ketatui.consultation.treatment import Treatment
from ketatui.course.entry_line import event_text, observation_text
from ketatui.course.marks import Mark, SeenLimits, limits_of
from ketatui.course.vocabulary import EVENTS_REVIEWED
from ketatui.tui.views.lines import EMPTY, Line, Span, line, pad, safe, wrap
from ketatui.tui.views.session import clock_text

_WIDE_TABLE = 56
"""Cells from which pulse and breaths have columns of their own."""


def row_text(visit: Visit, where: RowPlace) -> str:
    """Say a row in words."""
    row = row_at(visit, where)
    return safe(event_text(row) if isinstance(row, Event) else observation_text(row))


def row_target(where: RowPlace) -> str:
    """Return what a click on a row means."""
    return f"{'event' if where.event else 'seen'}:{where.place}"


def table_lines(treatment: Treatment, width: int, cursor: RowPlace | None = None) -> list[Line]:
    """Return the observations in the order of their minutes, then the events.

    Args:
        treatment: The session.
        width: Cells available.
        cursor: The row under the cursor, if one is.
    """
    visit = treatment.the_visit()
    limits = limits_of(treatment.pack)
    wide = width >= _WIDE_TABLE
    more = "  pulse  breaths" if wide else ""
    state = "dissociation" if wide else "dissoc."
    lines = [line((f"  min pressure     oxygen  sed {state}{more}", "muted"))]
    before = _before(visit)
    if before is not None:
        lines += _row(before, limits, wide=wide, name="  pre")
    rows = rows_in_order(visit)
    for where in rows:
        if not where.event:
            own = _row(visit.observations[where.place], limits, wide=wide)
            lines += _targeted(own, where, cursor)
    if not visit.observations:
        lines.append(line(("  nothing entered yet; type 141/88 97 4 mod", "muted")))
    lines += [EMPTY, line((" EVENTS", "title"))]
    if not visit.events:
        asked = visit.answers.get(EVENTS_REVIEWED)
        said = "asked about, none" if asked is True else "none recorded; type nausea 25 mild"
        lines.append(line((f"  {said}", "muted")))
    for where in rows:
        if where.event:
            lines += _targeted([_event_line(visit.events[where.place])], where, cursor)
    return [*lines, *_corrected_lines(visit, width)]


def _targeted(lines: list[Line], where: RowPlace, cursor: RowPlace | None) -> list[Line]:
    """Let a click go to a row, and mark it where the cursor stands on it."""
    target = row_target(where)
    if where == cursor:
        (text, role), *others = lines[0].spans
        lines = [line(("▸", "key"), (text[1:], role), *others), *lines[1:]]
    return [item.replaced(target=target) for item in lines]


def _event_line(event: Event) -> Line:
    at = "    · " if event.onset_minute is None else f" {event.onset_minute:>4} "
    grade = event.severity or "severity not said"
    serious: Span = ("", "text")
    if event.serious:
        serious = (", !! SERIOUS", "bad")
    elif event.serious is None:
        serious = (", serious? Tab asks", "caution")
    return line((at, "text"), (f" {safe(event.term)}", "strong"), (f", {grade}", "text"), serious)


def _corrected_lines(visit: Visit, width: int) -> list[Line]:
    """Say what was corrected or struck out, as it stood."""
    if not visit.corrected:
        return []
    lines = [EMPTY, line((" CORRECTED, AND KEPT ON RECORD", "title"))]
    for item in visit.corrected:
        row = item.event or item.observation
        text = event_text(row) if isinstance(row, Event) else observation_text(row) if row else ""
        said = f"{'x' if item.struck else '~'} {safe(text)}"
        if item.at is not None:
            said += f", {'struck out' if item.struck else 'corrected'} {clock_text(item.at)}"
        lines += wrap(said, width - 1, role="muted", indent=2)
    return lines


def _before(visit: Visit) -> Observation | None:
    """Return what was measured before the dose, in the form of an observation."""
    known: dict[str, Any] = {}
    for part in ("systolic", "diastolic", "spo2", "heart_rate", "respiratory_rate"):
        value = visit.answers.get(f"visit.{part}")
        if isinstance(value, int) and not isinstance(value, bool):
            known[part] = value
    return Observation(minute=0, **known) if known else None


def _row(row: Observation, limits: SeenLimits, *, wide: bool, name: str = "") -> list[Line]:
    pressure, mark = pressure_spans(row, limits)
    oxygen, low = oxygen_spans(row, limits)
    sedation = sedation_span(row)
    state = row.dissociation or "·"
    grave = {"moderate": "caution", "severe": "bad"}.get(state, "text")
    spans: list[Span] = [
        (pad(name, 6) if name else f"{row.minute:>5} ", "text"),
        (pad(pressure[0], 8), pressure[1]),
        (pad(mark[0], 5), mark[1]),
        (f"{oxygen[0]:>3} ", oxygen[1]),
        (pad(low[0], 5), low[1]),
        (f"{sedation[0]}  ", sedation[1]),
        (pad(state, 13) if wide else state, grave if row.dissociation else "muted"),
    ]
    further = [
        (f"{title} {value}", "text")
        for title, value in (("pulse", row.heart_rate), ("breaths", row.respiratory_rate))
        if value is not None
    ]
    if wide:
        spans += [(f"{row.heart_rate or '·':>4}", "text"),
                  (f"{row.respiratory_rate or '·':>7}", "text")]  # fmt: skip
        return [line(*spans)]
    own = [line(*spans)]
    if further:
        own.append(line(("       " + ", ".join(text for text, _ in further), "text")))
    return own


_MARKS: Mapping[Mark, tuple[str, str]] = {
    "high": ("high", "bad"),
    "very_low": ("LOW", "bad"),
    "raised": ("up", "caution"),
    "low": ("low", "caution"),
}
"""Word and look of each mark, the worst first."""


def pressure_spans(row: Observation, limits: SeenLimits) -> tuple[Span, Span]:
    """Return a pressure and the word that marks it: high, up, low, or nothing."""
    upper, lower = row.systolic, row.diastolic
    if upper is None or lower is None:
        return ("·", "muted"), ("", "text")
    marks = {limits.systolic.mark(upper), limits.diastolic.mark(lower)}
    word, role = next((_MARKS[mark] for mark in _MARKS if mark in marks), ("", "text"))
    return (f"{upper}/{lower}", role), (word, role)


def oxygen_spans(row: Observation, limits: SeenLimits) -> tuple[Span, Span]:
    """Return an oxygen saturation and the word that marks it: LOW, low, or nothing."""
    if row.spo2 is None:
        return ("·", "muted"), ("", "text")
    mark = limits.spo2.mark(row.spo2)
    word, role = ("", "text") if mark is None else _MARKS[mark]
    return (str(row.spo2), role), (word, role)


def sedation_span(row: Observation) -> Span:
    """Return a sedation score, colored where the person is not fully awake."""
    if row.sedation is None:
        return "·", "muted"
    role = "bad" if row.sedation <= 1 else "caution" if row.sedation < 5 else "text"
    return str(row.sedation), role
