"""Attempts as a table: a line each, for a teacher's folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ketatui.practice.class_report import ClassReport, Scored, Sum
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
    "state",
    "why",
    "first",
    "against",
    "claimed",
    "case_digest",
    "pack",
    "pack_digest",
)


def attempt_row(item: Scored) -> dict[str, Any]:
    """Return an attempt as a row; values as JSON has them, points as its answers come to."""
    attempt, found = item.attempt, item.found
    row = {
        "practice": True,
        "file": item.file,
        "by": item.trainee,
        "ended_at": attempt.ended_at.isoformat(),
        "minutes": None if attempt.seconds is None else round(attempt.seconds / 60, 1),
        "points": None if found is None else float(found.points),
        "most": None if found is None else found.most,
        "percent": item.percent,
        "harm": None if found is None else len(found.harm),
        "missed": [] if found is None else list(found.missed),
        "missed_rules": list(attempt.missed_rules),
        "plan": " ".join(
            [attempt.plan, *(f"{row.id}:{row.plan}" for row in attempt.stages)]
        ).strip(),
        "state": item.state,
        "why": item.why,
        "first": item.first,
        "against": item.against,
        "claimed": float(attempt.points),
    }
    return {name: row[name] if name in row else getattr(attempt, name) for name in COLUMNS}


def attempts_csv(report: ClassReport) -> str:
    """Return attempts as CSV: UTF-8, a header line, lists separated by spaces."""
    rows = (attempt_row(item) for item in report.attempts)
    return _csv(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


SUMS = ("what", "first_tries", "right", "mean_percent", "harm", "named_wrongly")


def sums_csv(sums: Sequence[Sum]) -> str:
    """Return a summary as CSV."""
    return _csv(SUMS, ([s.what, s.tried, s.right, s.mean, s.harm, s.wrong] for s in sums))


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
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


def attempts_table(report: ClassReport, named: Callable[[str], str] = str) -> list[str]:
    """Return attempts as lines of text, what is wrong with them included.

    Args:
        report: The attempts of a class.
        named: Names a question or rule that was missed.
    """
    lines = []
    widest = max((len(item.trainee) for item in report.attempts), default=0)
    for item in report.attempts:
        attempt, found = item.attempt, item.found
        minutes = "   –" if attempt.seconds is None else f"{max(attempt.seconds // 60, 1):>3}m"
        harm = f"  harm {len(found.harm)}" if found is not None and found.harm else ""
        hints = f"  hints {attempt.hints}" if attempt.hints else ""
        points, most = "–", 0
        if found is not None:
            points, most = points_text(found.points).removeprefix("+"), found.most
        percent = "  –" if item.percent is None else f"{item.percent:>3}"
        again = "" if item.first or item.state == "copy" else "  again"
        lines.append(
            f"{attempt.ended_at.astimezone():%Y-%m-%d %H:%M}  {percent} %  "
            f"{points:>5}/{most:<3} {minutes}  {item.trainee:<{widest}}  "
            f"{attempt.title} ({attempt.case}){harm}{hints}{again}"
        )
        if item.why:
            lines.append(f"{'':>18}{item.state}: {item.file}: {item.why}")
        if item.against:
            lines.append(f"{'':>18}against the assignment: {item.against}")
        missed = [] if found is None else list(found.missed)
        if missed:
            lines.append(f"{'':>18}missed: {', '.join(map(named, missed))}")
    return lines


def sums_table(title: str, sums: Sequence[Sum], named: Callable[[str], str] = str) -> list[str]:
    """Return a summary as lines of text.

    Args:
        title: What it is of.
        sums: The sums.
        named: Names what a sum is of.
    """
    lines = ["", title]
    for item in sums:
        mean = "" if item.mean is None else f"  mean {item.mean:>3} %"
        harm = f"  harm in {item.harm}" if item.harm else ""
        times = "once" if item.wrong == 1 else f"{item.wrong} times"
        wrong = f"  named {times} where it does not apply" if item.wrong else ""
        lines.append(f"  {item.right:>3} of {item.tried:<3}{mean}  {named(item.what)}{harm}{wrong}")
    return lines
