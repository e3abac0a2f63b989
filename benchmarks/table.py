"""Rows of measurements and how they are printed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing measured: times in milliseconds, and bytes written to the terminal."""

    what: str
    times: Sequence[float]
    sizes: Sequence[int] = ()

    @property
    def median(self) -> float:
        """Median time, ms."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """95th percentile, ms."""
        return sorted(self.times)[max(round(len(self.times) * 0.95) - 1, 0)]


def print_table(rows: Sequence[Row]) -> None:
    """Print the rows as a table."""
    print(f"{'what':<58}{'n':>5}{'median ms':>11}{'p95 ms':>9}{'bytes':>8}")
    for row in rows:
        size = f"{statistics.median(row.sizes):.0f}" if row.sizes else ""
        print(f"{row.what:<58}{len(row.times):>5}{row.median:>11.2f}{row.p95:>9.2f}{size:>8}")
