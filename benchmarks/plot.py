"""How costs grow, as a table with bars: one scale a column."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.table import shown

_WIDTH = 12
TITLES = {
    "load": "load ms",
    "compile": "compile ms",
    "assess": "assess ms",
    "plain": "plain Python ms",
    "index": "index made ms",
    "look": "looked after ms",
    "filter": "filter ms",
    "visit": "a visit judged ms",
    "timeline": "timeline ms",
    "read": "case read ms",
}


def exponent(counts: Sequence[float], values: Sequence[float]) -> float:
    """Return by which power of a count a cost grows.

    Args:
        counts: How many there are of what grows; at least two different ones.
        values: What each cost, more than nothing.

    Returns:
        The slope of the line nearest to the points, both axes logarithmic: 0 for a cost that stays
        the same, 1 for one in proportion.
    """
    return statistics.linear_regression(
        [math.log(count) for count in counts], [math.log(value) for value in values]
    ).slope


def bar(value: float, most: float) -> str:
    """Draw a figure."""
    return "█" * max(round(value / most * _WIDTH), 1)


def curve_lines(curve: Mapping[str, Any]) -> list[str]:
    """Lay one curve out.

    Args:
        curve: What grew, and its points.

    Returns:
        A heading, a line for each point, and by which power of the count each column grows.
    """
    points = curve["points"]
    columns = [name for name in points[0] if name in TITLES]
    most = {name: max(point[name] for point in points) for name in columns}
    lines = [f"{curve['of']:>10}" + "".join(f"  {TITLES[name]:<22}" for name in columns)]
    for point in points:
        line = f"{point['count']:>10,}"
        for name in columns:
            line += f"  {shown(point[name]):>8} {bar(point[name], most[name]):<13}"
        lines.append(line.rstrip())
    counts = [point["count"] for point in points]
    powers = {name: exponent(counts, [point[name] for point in points]) for name in columns}
    line = f"{'exponent':>10}" + "".join(f"  {power:>8.2f} {'':<13}" for power in powers.values())
    return [*lines, line.rstrip()]


def print_curves(curves: Sequence[Mapping[str, Any]]) -> None:
    """Print all curves."""
    for curve in curves:
        print("\n" + "\n".join(curve_lines(curve)))
