"""What a check tried, and what came out otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

_SHOWN = 20


@dataclass
class Tally:
    """Counts what a foreign program was given, and collects what it made otherwise of it."""

    name: str
    tried: int = 0
    otherwise: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """What was done, a line a step, where that is worth saying."""
    left_out: str = ""
    """Why it could not be run, where it could not."""

    def differs(self, what: str) -> None:
        """Note something that came out otherwise."""
        self.otherwise.append(what)

    def saw(self, what: str) -> None:
        """Note a step that was done."""
        self.seen.append(what)

    def looked(self, count: int = 1) -> None:
        """Count things that were looked at."""
        self.tried += count

    def lines(self) -> list[str]:
        """Return what to print."""
        if self.left_out:
            return [f"{self.name}: not run: {self.left_out}"]
        found = [f"{self.name}: {self.tried} tried, {len(self.otherwise)} otherwise"]
        found += [f"  {line}" for line in self.seen]
        found += [f"  otherwise: {line}" for line in self.otherwise[:_SHOWN]]
        more = len(self.otherwise) - _SHOWN
        return [*found, f"  and {more} more"] if more > 0 else found
