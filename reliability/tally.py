"""Counts of what was tried and what was lost."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

_TOLD_AFTER = 20


@dataclass
class Tally:
    """One measure: how often it was tried, what was compared, what went wrong."""

    what: str
    counts: dict[str, int] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)
    skipped: str = ""
    """Why it could not be tried here."""

    def add(self, name: str, number: int = 1) -> None:
        """Count something, and say every so often that it goes on: a soak takes half an hour."""
        self.counts[name] = self.counts.get(name, 0) + number
        if name == "kills" and self.counts[name] % _TOLD_AFTER == 0:
            print(f"{self.what}: {self.counts[name]} kills", file=sys.stderr)

    def hold(self, truth: bool, loss: str) -> None:
        """Count a comparison; keep what was wrong with it."""
        self.add("comparisons")
        if not truth:
            self.losses.append(loss)
            print(f"LOSS {self.what}: {loss}", file=sys.stderr)


def print_tallies(tallies: list[Tally]) -> int:
    """Print the table; return 1 if anything was lost."""
    for tally in tallies:
        said = ", ".join(f"{number} {name}" for name, number in sorted(tally.counts.items()))
        state = f"not tried: {tally.skipped}" if tally.skipped else f"{len(tally.losses)} losses"
        print(f"{tally.what:<34} {state:<12} {said}")
    return int(any(tally.losses for tally in tallies))
