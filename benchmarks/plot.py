"""How costs grow, as a table with bars: one scale a column."""

from __future__ import annotations

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
}


def bar(value: float, most: float) -> str:
    """Draw a figure."""
    return "█" * max(round(value / most * _WIDTH), 1)


def curve_lines(curve: Mapping[str, Any]) -> list[str]:
    """Lay one curve out.

    Args:
        curve: What grew, and its points.

    Returns:
        A heading and a line for each point.
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
    return lines


def print_curves(curves: Sequence[Mapping[str, Any]]) -> None:
    """Print all curves."""
    for curve in curves:
        print("\n" + "\n".join(curve_lines(curve)))
