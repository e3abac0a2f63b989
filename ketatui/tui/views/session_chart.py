"""Pressure and oxygen over a session, drawn in text that needs no color.

As on an anesthesia record a pressure is a bar from its upper to its lower value, ``v`` above and
``^`` below. Oxygen is written as its number, in one of three bands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ketatui.cases.courses import Observation, Visit
from ketatui.course.marks import SeenLimits
from ketatui.tui.views.lines import Line, Span, line

_AXIS = 6
"""Cells of the scale at the left."""
_LEAST_HEIGHT = 8
_STEPS, _LABEL = (30, 60, 120, 300, 600, 1200, 3000, 6000), 6
"""Minutes between two numbers of the axis, and the cells that a number needs."""
_ROOMY = 12
"""Lines from which oxygen is written in bands."""
_STEP = 20
_SHORTEST = 120
"""Minutes that are drawn at least."""
_OXYGEN_CELLS = 4


def chart_lines(
    visit: Visit, minute: int | None, limits: SeenLimits, width: int, height: int
) -> list[Line]:
    """Draw a session.

    Args:
        visit: The session.
        minute: What its clock says; None where it does not run.
        limits: By which it is marked.
        width: Cells.
        height: Lines; nothing is drawn in fewer than 8.
    """
    columns = width - _AXIS - _OXYGEN_CELLS
    if height < _LEAST_HEIGHT or columns < 20:
        return []
    rows = sorted(visit.observations, key=lambda row: row.minute)
    last = max([_SHORTEST, minute or 0, *(row.minute for row in rows)])
    span = -(-last // 30) * 30

    def column(at: int) -> int:
        return at * (columns - 1) // span

    now = None if minute is None else column(minute)
    oxygen = _oxygen(rows, limits, columns, column, banded=height >= _ROOMY)
    pressure = _pressure(rows, limits, columns, height - 2 - len(oxygen), column)
    return [
        line((" PRESSURE mmHg", "title"), ("  v upper ^ lower - limit", "muted")),
        *pressure,
        *oxygen,
        _axis(columns, span, now, column),
    ]


def _pressure(
    rows: Iterable[Observation],
    limits: SeenLimits,
    columns: int,
    height: int,
    column: Callable[[int], int],
) -> list[Line]:
    known = [row for row in rows if row.systolic is not None and row.diastolic is not None]
    values = [value for row in known for value in (row.systolic, row.diastolic) if value]
    lowest = min(60, min(values, default=60) // _STEP * _STEP)
    highest = max(180, -(-max(values, default=180) // _STEP) * _STEP)

    def level(value: int) -> int:
        return round((highest - value) * (height - 1) / (highest - lowest))

    cells = [[" "] * columns for _ in range(height)]
    marks = [["muted"] * columns for _ in range(height)]
    holds = (limits.systolic.high, limits.diastolic.high)
    drawn = [int(limit) for limit in holds if limit is not None]
    for limit in drawn:
        cells[level(limit)] = ["-"] * columns
    for row in known:
        assert row.systolic is not None and row.diastolic is not None
        at = column(row.minute)
        high = "high" in (limits.systolic.mark(row.systolic), limits.diastolic.mark(row.diastolic))
        first, final = level(row.systolic), level(row.diastolic)
        for y in range(first, final + 1):
            cells[y][at] = "|"
            marks[y][at] = "bad" if high else "strong"
        cells[final][at] = "^"
        cells[first][at] = "v" if first < final else "x"
    labels = {level(value): str(value) for value in (highest, *drawn, lowest)}
    return [
        line((f"{labels.get(y, ''):>{_AXIS - 1}} ", "muted"), *_spans(cells[y], marks[y]))
        for y in range(height)
    ]


def _oxygen(
    rows: Iterable[Observation],
    limits: SeenLimits,
    columns: int,
    column: Callable[[int], int],
    *,
    banded: bool,
) -> list[Line]:
    """Write oxygen under the pressures: in bands, or in one line where ``!`` marks what is low."""
    bands = _bands(limits)
    texts = [[" "] * (columns + _OXYGEN_CELLS) for _ in bands[: len(bands) if banded else 1]]
    marks = [["text"] * (columns + _OXYGEN_CELLS) for _ in texts]
    taken: dict[int, int] = {}
    for row in rows:
        if row.spo2 is None:
            continue
        at = column(row.minute)
        found = next(place for place, (_, low, _) in enumerate(bands) if row.spo2 >= low)
        band = found if banded else 0
        # Of values that would stand on each other the later one is written; all are in the table.
        before = taken.get(band, -_OXYGEN_CELLS)
        if at < before + _OXYGEN_CELLS:
            texts[band][before : before + _OXYGEN_CELLS] = " " * _OXYGEN_CELLS
        text = f"{row.spo2}{'!' if found and not banded else ''}"[:_OXYGEN_CELLS]
        texts[band][at : at + len(text)] = text
        marks[band][at : at + len(text)] = [bands[found][2]] * len(text)
        taken[band] = at
    titles = [f"O2{bands[0][0]:>2}", *(title for title, _, _ in bands[1:])] if banded else ["O2 %"]
    return [
        line((f"{title:>{_AXIS - 1}} ", "muted"), *_spans(texts[place], marks[place]))
        for place, title in enumerate(titles)
    ]


def _bands(limits: SeenLimits) -> tuple[tuple[str, int, str], ...]:
    """Return the bands of oxygen, the best first: name, lower edge in percent, and look."""
    edges = [(limits.spo2.low, "text"), (limits.spo2.very_low, "caution")]
    known = [(f"≥{int(edge)}", int(edge), role) for edge, role in edges if edge is not None]
    return (*known, ("low" if known else "%", 0, "bad" if known else "text"))


def _axis(columns: int, span: int, now: int | None, column: Callable[[int], int]) -> Line:
    cells = ["·"] * (columns + _OXYGEN_CELLS)
    marks = ["muted"] * (columns + _OXYGEN_CELLS)
    step = next(step for step in _STEPS if step * columns >= _LABEL * span)
    for at in range(0, span + 1, step):
        for offset, digit in enumerate(str(at)):
            if column(at) + offset < len(cells):
                cells[column(at) + offset] = digit
    if now is not None:
        cells[now], marks[now] = "▲", "key"
    return line((f"{'min':<{_AXIS}}", "muted"), *_spans(cells, marks))


def _spans(cells: list[str], marks: list[str]) -> Iterable[Span]:
    """Join neighbors of one look."""
    spans: list[tuple[str, str]] = []
    for cell, mark in zip(cells, marks, strict=True):
        if spans and spans[-1][1] == mark:
            spans[-1] = (spans[-1][0] + cell, mark)
        else:
            spans.append((cell, mark))
    return spans
