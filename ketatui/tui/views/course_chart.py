"""The scores of a course over time, drawn in text, with sessions and doses under them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from ketatui.cases.courses import Course, Score
from ketatui.course.edits import is_untouched
from ketatui.course.past import dose_of
from ketatui.course.schedule import doses_until
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import CourseInstrument
from ketatui.structs import Frozen
from ketatui.tui.views.lines import Line, Span, line, wrap

_DEVICES = "visit.devices_used"
_COVERS = " ?R○▲"
"""Marks in the order in which one hides another of the same column: a dose hides all else."""
_AXIS = 4
"""Cells of the values at the left."""


class Limits(Frozen, frozen=True):
    """What a score is held against; None where there is no such limit."""

    response: Decimal | None
    remission: Decimal | None


def charted(pack: CoursePack, course: Course) -> CourseInstrument | None:
    """Return the scale that is drawn: the course's own, else the one with most scores."""
    if course.instrument in pack.instruments:
        return pack.instruments[str(course.instrument)]
    counts = {
        item: sum(score.instrument == item.id for score in course.scores)
        for item in pack.instruments.values()
    }
    best = max(counts, key=lambda item: counts[item], default=None)
    return best if best is not None and counts[best] else None


def limits_of(pack: CoursePack, course: Course, scale: CourseInstrument, on: dt.date) -> Limits:
    """Return the scores at which there is response and remission, as far as they are known."""
    if scale.remission_threshold is not None:
        remission: Decimal | None = pack.threshold_values[scale.remission_threshold]
    elif scale.remission_at_most is not None:
        remission = scale.remission_at_most
    else:
        remission = scale.remission_below
    doses = doses_until(course, on)
    day_one = doses[0].date if doses else on
    before = [row for row in _rows(course, scale) if row.date <= day_one]
    if not before:
        return Limits(None, remission)
    return Limits(before[-1].value * (100 - scale.response_percent) / 100, remission)


def _rows(course: Course, scale: CourseInstrument) -> list[Score]:
    """Return the scores of a scale by date; of one date the later row counts."""
    rows = {row.date: row for row in course.scores if row.instrument == scale.id}
    return sorted(rows.values(), key=lambda row: row.date)


def score_chart(
    pack: CoursePack, course: Course, on: dt.date, width: int, height: int
) -> list[Line]:
    """Draw the scores of a course.

    Args:
        pack: The course of the pack.
        course: The course.
        on: Today; later visits are not drawn.
        width: Cells available.
        height: Lines for the plot itself, at least 4.

    Returns:
        A heading, the plot against response and remission, sessions and doses under it.
    """
    scale = charted(pack, course)
    if scale is None:
        return wrap(
            "No score yet. A score before the first dose is the baseline.",
            width,
            role="muted",
            indent=1,
        )
    rows = [row for row in _rows(course, scale) if row.date <= on]
    visits = [
        item
        for item in course.in_order
        # What is planned for today may still become anything.
        if item.date < on or (item.date == on and not is_untouched(item))
    ]
    days = [*(row.date for row in rows), *(item.date for item in visits)]
    plot = _Plot(
        min(days, default=on),
        max(days, default=on),
        scale,
        max(width - _AXIS - 2, 10),
        max(height, 4),
    )
    limits = limits_of(pack, course, scale, on)
    lines = [line((f" {scale.title}", "title"), (_legend(limits), "muted"))]
    lines += plot.lines(rows, limits)
    marks = [(item.date, _mark(item.kind, dose_of(item))) for item in visits]
    lines.append(line((" " * _AXIS, "text"), ("└" + "─" * plot.width, "muted")))
    lines.append(line((" " * (_AXIS + 1), "text"), (plot.marks(marks), "text")))
    lines += _doses(course, on, width)
    return lines


def _legend(limits: Limits) -> str:
    parts = []
    if limits.response is not None:
        parts.append(f"┄ response ≤ {limits.response.normalize():f}")
    if limits.remission is not None:
        parts.append(f"· remission ≤ {limits.remission.normalize():f}")
    return f"  {'  '.join(parts)}" if parts else ""


def _mark(kind: str, dose: Decimal | None) -> str:
    if kind == "review":
        return "R"
    if dose is None:
        return "?"
    return "▲" if dose else "○"


def _doses(course: Course, on: dt.date, width: int) -> list[Line]:
    given = [dose for item in course.in_order if item.date <= on and (dose := dose_of(item))]
    said = "▲ dose  ○ held  R review  ? dose not recorded"
    lines = wrap(said, width, role="muted", indent=_AXIS + 1)
    if given:
        doses = ", ".join(f"{dose.normalize():f}" for dose in given)
        lines += wrap(f"mg: {doses}", width, role="muted", indent=_AXIS + 1)
    used = [item.answers.get(_DEVICES) for item in course.in_order if item.date <= on]
    devices = [count for count in used if isinstance(count, int)]
    if devices:
        said = f"{_counted(sum(devices), 'device')} in {_counted(len(devices), 'session')}"
        lines += wrap(said, width, role="muted", indent=_AXIS + 1)
    return lines


class _Plot:
    """Days across, scores up."""

    def __init__(
        self, first: dt.date, last: dt.date, scale: CourseInstrument, width: int, height: int
    ) -> None:
        self.first, self.days = first, max((last - first).days, 1)
        self.scale, self.width, self.height = scale, width, height
        self.top = scale.max

    def column(self, day: dt.date) -> int:
        return (day - self.first).days * (self.width - 1) // self.days

    def row(self, value: Decimal) -> int:
        low = self.scale.min
        share = (value - low) / (self.top - low)
        return self.height - 1 - int((share * (self.height - 1)).to_integral_value())

    def lines(self, rows: Sequence[Score], limits: Limits) -> list[Line]:
        if rows:
            # The range of what was scored, not of the scale: a plot of 44 cells shows little else.
            self.top = int(max(row.value for row in rows)) + 1
        points = {(self.row(row.value), self.column(row.date)): row for row in rows}
        wanted = ((limits.remission, "·"), (limits.response, "┄"))
        across = {
            self.row(value): mark
            for value, mark in wanted
            if value is not None and value <= self.top
        }
        drawn = []
        for place in range(self.height):
            ground = across.get(place, " ")
            spans: list[Span] = [(self._label(place, rows, limits), "muted"), ("│", "muted")]
            for column in range(self.width):
                here = (place, column) in points
                spans.append(("●", "strong") if here else (ground, "muted"))
            drawn.append(Line(_joined(spans)))
        return drawn

    def _label(self, place: int, rows: Sequence[Score], limits: Limits) -> str:
        values = [row.value for row in rows if self.row(row.value) == place]
        values += [
            v
            for v in (limits.response, limits.remission)
            if v is not None and v <= self.top and self.row(v) == place
        ]
        said = f"{values[0].normalize():f}" if values else ""
        return f"{said:>{_AXIS - 1}} "[-_AXIS:]

    def marks(self, marks: Sequence[tuple[dt.date, str]]) -> str:
        cells = [" "] * self.width
        for day, mark in marks:
            column = self.column(day)
            if _COVERS.index(mark) >= _COVERS.index(cells[column]):
                cells[column] = mark
        return "".join(cells).rstrip()


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join neighbours of one role: fewer pieces to paint."""
    found: list[Span] = []
    for text, role in spans:
        if found and found[-1][1] == role:
            found[-1] = (found[-1][0] + text, role)
        else:
            found.append((text, role))
    return tuple(found)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
