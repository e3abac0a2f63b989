"""What was measured, beside what it is measured against; as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One thing measured.

    Attributes:
        id: Names it in the JSON and in the documentation.
        group: The part of the table it stands in.
        what: What was done.
        ours: What it took, each time.
        reference: What it is measured against.
        theirs: What that took, in the same run; empty where there is nothing to compare with.
        unit: Of both.
        aim: The ratio of the medians that is wanted at most.
        median_aim: The median that is wanted at most.
        p95_aim: The 95th percentile that is wanted at most.
        note: What has to be known to read the figure.
    """

    id: str
    group: str
    what: str
    ours: Sequence[float]
    reference: str = ""
    theirs: Sequence[float] = field(default=())
    unit: str = "ms"
    aim: float | None = None
    median_aim: float | None = None
    p95_aim: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """Our median."""
        return statistics.median(self.ours)

    @property
    def p95(self) -> float:
        """Our 95th percentile."""
        return sorted(self.ours)[max(round(len(self.ours) * 0.95) - 1, 0)]

    @property
    def their_median(self) -> float | None:
        """The reference's median."""
        return statistics.median(self.theirs) if self.theirs else None

    @property
    def ratio(self) -> float | None:
        """Our median in medians of the reference."""
        return self.median / self.their_median if self.their_median else None

    @property
    def aims(self) -> str:
        """What is wanted, in words."""
        parts = []
        if self.aim is not None:
            parts.append(f"≤ {self.aim:g}×")
        if self.median_aim is not None:
            parts.append(f"≤ {self.median_aim:g} {self.unit}")
        if self.p95_aim is not None:
            parts.append(f"p95 ≤ {self.p95_aim:g} {self.unit}")
        return ", ".join(parts)

    @property
    def met(self) -> str:
        """Whether the aims are met, or by how much not; empty where none is set."""
        missed = [
            f"{value / aim:.2f}× the aim"
            for value, aim in (
                (self.ratio, self.aim),
                (self.median, self.median_aim),
                (self.p95, self.p95_aim),
            )
            if value is not None and aim is not None and value > aim
        ]
        return ("no: " + ", ".join(missed) if missed else "yes") if self.aims else ""

    def to_data(self) -> dict[str, Any]:
        """Return all of it for the JSON."""
        return {
            "id": self.id,
            "group": self.group,
            "what": self.what,
            "unit": self.unit,
            "runs": len(self.ours),
            "median": self.median,
            "p95": self.p95,
            "least": min(self.ours),
            "most": max(self.ours),
            "reference": self.reference,
            "reference_runs": len(self.theirs),
            "reference_median": self.their_median,
            "ratio": self.ratio,
            "aims": self.aims,
            "met": self.met,
            "note": self.note,
        }


def shown(value: float | None) -> str:
    """Write a figure with three digits that mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def print_table(rows: Sequence[Row]) -> None:
    """Print the rows, a group after the other."""
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            print(
                f"\n{group:<50}{'n':>5}{'median':>9}{'p95':>8} {'unit':<6}"
                f"{'ref.':>8}{'ratio':>8}  {'aim':<26}met?"
            )
        print(
            f"{row.what:<50}{len(row.ours):>5}{shown(row.median):>9}{shown(row.p95):>8} "
            f"{row.unit:<6}{shown(row.their_median):>8}"
            f"{f'{row.ratio:.2f}×' if row.ratio else '':>8}  {row.aims:<26}{row.met}"
        )
        if row.reference or row.note:
            against = f"against {row.reference}" if row.reference else ""
            print("    " + "; ".join(filter(None, (against, row.note))))


def write_json(path: Path, rows: Sequence[Row], growth: Sequence[dict[str, Any]]) -> None:
    """Write everything measured to a file."""
    data = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "rows": [row.to_data() for row in rows],
        "growth": list(growth),
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
