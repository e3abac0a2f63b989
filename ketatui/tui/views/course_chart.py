"""The scores of a course over time, drawn, with sessions and doses under them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len

from ketatui.cases.courses import Course, Score
from ketatui.course.edits import is_untouched
from ketatui.course.past import dose_of
from ketatui.course.schedule import doses_until
from ketatui.course.vocabulary import DEVICES_USED
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import CourseInstrument
from ketatui.criteria.wording import number_text
from ketatui.structs import Frozen
from ketatui.tui.views.lines import Line, line, wrap
from ketatui.tui.views.plots import Grid, Stroke, plotted

_COVERS = " ?R○▲"
"""Marks in the order in which one hides another of the same column: a dose hides all else."""
_AXIS = 6
"""Cells of the values at the left: the longest is a limit with two decimals, such as 14.95."""
_POINT = "●"
_RESPONSE, _REMISSION = ("muted", "┄"), ("muted", "·")
"""Look and sign of the lines that scores are held against."""
_Size = tuple[int, int]


class Limits(Frozen, frozen=True):
    """What a score is held against; None where there is no such limit.

    Attributes:
        response: A score of at most this is response.
        remission: A score of at most this is remission.
        below: Whether it has to be below that instead.
    """

    response: Decimal | None
    remission: Decimal | None
    below: bool = False


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
    below = False
    if scale.remission_threshold is not None:
        remission: Decimal | None = pack.threshold_values[scale.remission_threshold]
    elif scale.remission_at_most is not None:
        remission = scale.remission_at_most
    else:
        remission, below = scale.remission_below, scale.remission_below is not None
    doses = doses_until(course, on)
    day_one = doses[0].date if doses else on
    before = [row for row in _rows(course, scale) if row.date <= day_one]
    if not before:
        return Limits(None, remission, below)
    response = before[-1].value * (100 - scale.response_percent) / 100
    return Limits(response, remission, below)


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
    plot = _Plot(days or [on], rows, scale, (max(width - _AXIS - 2, 10), max(height, 4)))
    limits = limits_of(pack, course, scale, on)
    title, legend = f" {scale.title}", _legend(limits)
    if cell_len(title) + cell_len(legend) > width:
        lines = [line((title, "title")), *wrap(legend.strip(), width, role="muted", indent=1)]
    else:
        lines = [line((title, "title"), (legend, "muted"))]
    lines += plot.lines(rows, limits)
    marks = [(item.date, _mark(item.kind, dose_of(item))) for item in visits]
    lines.append(line((" " * _AXIS, "text"), ("└" + "─" * plot.grid.width, "muted")))
    lines.append(line((" " * (_AXIS + 1), "text"), (plot.marks(marks), "text")))
    lines.append(line((" " * (_AXIS + 1), "text"), (plot.span(), "muted")))
    lines += _doses(course, on, width)
    return lines


def _legend(limits: Limits) -> str:
    parts = []
    if limits.response is not None:
        parts.append(f"┄ response ≤ {number_text(limits.response)}")
    if limits.remission is not None:
        sign = "<" if limits.below else "≤"
        parts.append(f"· remission {sign} {number_text(limits.remission)}")
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
        doses = ", ".join(map(number_text, given))
        lines += wrap(f"mg: {doses}", width, role="muted", indent=_AXIS + 1)
    used = [item.answers.get(DEVICES_USED) for item in course.in_order if item.date <= on]
    devices = [count for count in used if isinstance(count, int)]
    if devices:
        said = f"{_counted(sum(devices), 'device')} in {_counted(len(devices), 'session')}"
        lines += wrap(said, width, role="muted", indent=_AXIS + 1)
    return lines


class _Plot:
    """Days across, scores up: the range of what was scored, not of the scale."""

    def __init__(
        self, days: Sequence[dt.date], rows: Sequence[Score], scale: CourseInstrument, size: _Size
    ) -> None:
        self.first = min(days)
        width, height = size
        span = max((max(days) - self.first).days, 1)
        low = scale.min
        top = int(max((row.value for row in rows), default=scale.max)) + 1
        self.grid = Grid(width, height, 0, span, low, top)

    def lines(self, rows: Sequence[Score], limits: Limits) -> list[Line]:
        grid = self.grid
        wanted = ((limits.remission, _REMISSION), (limits.response, _RESPONSE))
        across = tuple(
            Stroke(tuple((_day(grid, column), float(value)) for column in range(grid.width)), *look)
            for value, look in wanted
            if value is not None and value <= grid.top
        )
        points = tuple((float((row.date - self.first).days), float(row.value)) for row in rows)
        drawn = plotted(grid, (*across, Stroke(points, "info"), Stroke(points, "strong", _POINT)))
        labels = self._labels(rows, limits)
        return [
            Line(((f"{labels.get(place, ''):>{_AXIS - 1}} │", "muted"), *spans))
            for place, spans in enumerate(drawn)
        ]

    def _labels(self, rows: Sequence[Score], limits: Limits) -> dict[int, str]:
        """Say the value of a line: of its first score, else of its limit."""
        values = [row.value for row in rows]
        values += [value for value in (limits.response, limits.remission) if value is not None]
        said: dict[int, str] = {}
        for value in values:
            if value <= self.grid.top:
                place, _ = self.grid.place((0, float(value)))
                said.setdefault(place, number_text(value))
        return said

    def span(self) -> str:
        """Say from when to when it is."""
        first, last = f"{self.first}", f"{self.first + dt.timedelta(self.grid.right)}"
        gap = self.grid.width - len(first) - len(last)
        return f"{first}{' ' * gap}{last}" if gap > 0 else first

    def marks(self, marks: Sequence[tuple[dt.date, str]]) -> str:
        cells = [" "] * self.grid.width
        for day, mark in marks:
            _, column = self.grid.place(((day - self.first).days, 0))
            if _COVERS.index(mark) >= _COVERS.index(cells[column]):
                cells[column] = mark
        return "".join(cells).rstrip()


def _day(grid: Grid, column: int) -> float:
    """Return the day that the middle of a column stands for."""
    return grid.right * (2 * column + 0.5) / (2 * grid.width - 1)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
