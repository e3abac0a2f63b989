"""Attempts as a table: a line each, for a teacher's folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ketatui.practice.attempts import AttemptEntry
from ketatui.practice.scoring import points_text
from ketatui.reports.cases_csv import guarded

COLUMNS = (
    "practice",
    "file",
    "by",
    "case",
    "title",
    "topic",
    "difficulty",
    "ended_at",
    "minutes",
    "points",
    "most",
    "percent",
    "harm",
    "hints",
    "missed",
    "missed_rules",
    "plan",
    "choice",
    "case_digest",
    "pack",
    "pack_digest",
)


def attempt_row(entry: AttemptEntry, root: Path) -> dict[str, Any]:
    """Return an attempt as a row; values as JSON has them.

    Raises:
        ValueError: The entry could not be read.
    """
    attempt = entry.attempt
    if attempt is None:
        raise ValueError(entry.problem)
    try:
        file = entry.path.relative_to(root).as_posix()
    except ValueError:
        file = str(entry.path)
    minutes = None if attempt.seconds is None else round(attempt.seconds / 60, 1)
    row = {
        "practice": True,
        "file": file,
        "ended_at": attempt.ended_at.isoformat(),
        "minutes": minutes,
        "points": float(attempt.points),
        "percent": attempt.percent,
        "missed": list(attempt.missed),
        "missed_rules": list(attempt.missed_rules),
    }
    return {name: row[name] if name in row else getattr(attempt, name) for name in COLUMNS}


def attempts_csv(entries: Sequence[AttemptEntry], root: Path) -> str:
    """Return attempts as CSV: UTF-8, a header line, lists separated by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        if entry.attempt is not None:
            row = attempt_row(entry, root)
            writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        # No item can make two of itself, nor the first one a formula of the cell.
        return guarded(" ".join("_".join(str(item).split()) for item in value))
    return guarded(value) if isinstance(value, str) else str(value)


def attempts_table(entries: Sequence[AttemptEntry]) -> list[str]:
    """Return attempts as lines of text, what could not be read included."""
    lines = []
    for entry in entries:
        attempt = entry.attempt
        if attempt is None:
            lines.append(f"unreadable: {entry.problem}")
            continue
        minutes = "   –" if attempt.seconds is None else f"{max(attempt.seconds // 60, 1):>3}m"
        harm = f"  harm {attempt.harm}" if attempt.harm else ""
        hints = f"  hints {attempt.hints}" if attempt.hints else ""
        points = points_text(attempt.points).removeprefix("+")
        lines.append(
            f"{attempt.ended_at.astimezone():%Y-%m-%d %H:%M}  {attempt.percent:>3} %  "
            f"{points:>5}/{attempt.most:<3} {minutes}  {attempt.by or '·':<12}  "
            f"{attempt.case}{harm}{hints}"
        )
        if attempt.missed:
            lines.append(f"{'':>18}missed: {', '.join(attempt.missed)}")
    return lines
