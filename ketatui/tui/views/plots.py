"""Plots in text: lines, bars and marks on a grid of cells, in roles like everything else.

The dots are plotille's: a cell holds two by four of them, as the signs of braille do. It colors
by escape codes, and a screen is drawn in roles; so each role has a canvas of its own without any
color, and where two meet in a cell, it holds the dots of both in the look of the later one.
Whoever draws says in words beside it what is seen: no plot is the only place of a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ketatui.structs import Frozen
from ketatui.tui.views.lines import Span

Point = tuple[float, float]
_NO_DOT = 0x2800
_ACROSS, _UP = 2, 4
"""Dots of a cell."""
_GAP = 1
"""Rows of dots that a bar leaves free, so that bars below each other are told apart."""


class Stroke(Frozen, frozen=True):
    """Something drawn on a plot.

    Attributes:
        points: Where, in the units of the plot.
        role: How it looks.
        mark: A sign that stands at each of them; without one a line of dots joins them.
    """

    points: tuple[Point, ...]
    role: str
    mark: str = ""


class Grid(Frozen, frozen=True):
    """What a plot covers.

    Attributes:
        width: Cells.
        height: Lines.
        left: What its first column stands for.
        right: What its last column stands for.
        bottom: What its last line stands for.
        top: What its first line stands for.
    """

    width: int
    height: int
    left: float
    right: float
    bottom: float
    top: float

    def place(self, point: Point) -> tuple[int, int]:
        """Return the line and the column of a point."""
        column = (point[0] - self.left) / (self.right - self.left) * (_ACROSS * self.width - 1)
        row = (self.top - point[1]) / (self.top - self.bottom) * (_UP * self.height - 1)
        return int(row + 0.5) // _UP, int(column + 0.5) // _ACROSS


# A screen draws at every key what hardly ever changes between two of them.
@lru_cache(maxsize=128)
def plotted(grid: Grid, strokes: tuple[Stroke, ...]) -> tuple[tuple[Span, ...], ...]:
    """Draw strokes, the later ones over the earlier.

    Args:
        grid: What the plot covers.
        strokes: What is drawn; what lies outside of the grid is left out.

    Returns:
        The lines from top to bottom, each as wide as the grid.
    """
    cells = [[(_NO_DOT, " ", "text")] * grid.width for _ in range(grid.height)]
    for role, together in _by_role(strokes):
        joined = [item.points for item in together if not item.mark]
        for row, text in enumerate(_dots(grid, joined) if joined else ()):
            for column, sign in enumerate(text):
                if ord(sign) != _NO_DOT:
                    dots = cells[row][column][0] | ord(sign)
                    cells[row][column] = (dots, chr(dots), role)
        for item in together:
            for point in item.points if item.mark else ():
                row, column = grid.place(point)
                if 0 <= row < grid.height and 0 <= column < grid.width:
                    cells[row][column] = (_NO_DOT, item.mark, role)
    return tuple(joined_spans((sign, role) for _, sign, role in row) for row in cells)


def _by_role(strokes: Sequence[Stroke]) -> Iterator[tuple[str, list[Stroke]]]:
    """Strokes of one look that follow each other share a canvas."""
    together: list[Stroke] = []
    for stroke in strokes:
        if together and together[-1].role != stroke.role:
            yield together[-1].role, together
            together = []
        together.append(stroke)
    if together:
        yield together[-1].role, together


def _dots(grid: Grid, lines: Iterable[Sequence[Point]]) -> list[str]:
    from plotille import Canvas

    # Its right and upper limits are the first dot outside: the last inside stands for ours.
    wide = (grid.right - grid.left) * _ACROSS * grid.width / (_ACROSS * grid.width - 1)
    high = (grid.top - grid.bottom) * _UP * grid.height / (_UP * grid.height - 1)
    canvas = Canvas(
        grid.width,
        grid.height,
        xmin=grid.left,
        ymin=grid.bottom,
        xmax=grid.left + wide,
        ymax=grid.bottom + high,
    )
    for points in lines:
        for (x, y), (to_x, to_y) in zip(points, points[1:] or points, strict=False):
            canvas.line(x, y, to_x, to_y)
    return str(canvas.plot(linesep="\n")).split("\n")


@lru_cache(maxsize=512)
def bar(share: float, width: int) -> str:
    """Return a bar from the left, of dots.

    Args:
        share: Of the width, 0 to 1; what is not nothing shows at least a trace.
        width: Cells.
    """
    if share <= 0 or width < 1:
        return ""
    across = _ACROSS * width
    filled = max(round(min(share, 1) * across), 1)
    grid = Grid(width, 1, 0, across - 1, 0, _UP - 1)
    rows = [((0.0, float(y)), (filled - 1.0, float(y))) for y in range(_GAP, _UP)]
    (text,) = _dots(grid, rows)
    return text.rstrip(chr(_NO_DOT))


def columns(
    values: Sequence[float], roles: Sequence[str], most: float, wide: int, height: int
) -> tuple[tuple[Span, ...], ...]:
    """Draw values as columns beside each other, a cell apart.

    Args:
        values: From left to right.
        roles: How each looks.
        most: The value of a column as high as the plot.
        wide: Cells of a column.
        height: Lines.

    Returns:
        The lines from top to bottom.
    """
    up = _UP * height
    width = len(values) * (wide + 1) - 1
    grid = Grid(width, height, 0, _ACROSS * width - 1, 0, up - 1)
    strokes = []
    for place, (value, role) in enumerate(zip(values, roles, strict=True)):
        filled = max(round(value / most * up), 1) if most and value > 0 else 0
        first = place * (wide + 1) * _ACROSS
        for x in range(first, first + wide * _ACROSS) if filled else ():
            strokes.append(Stroke(((x, 0), (x, filled - 1)), role))
    return plotted(grid, tuple(strokes))


def joined_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join neighbors of one role: fewer pieces to paint."""
    found: list[Span] = []
    for text, role in spans:
        if found and found[-1][1] == role:
            found[-1] = (found[-1][0] + text, role)
        else:
            found.append((text, role))
    return tuple(found)
