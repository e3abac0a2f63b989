"""How what was measured in a session is marked: by the thresholds that the pack names for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from ketatui.criteria.course import CoursePack
from ketatui.structs import Frozen

Mark = Literal["high", "very_low", "raised", "low"]


class Limits(Frozen, frozen=True):
    """The limits of one part of an observation, in its unit; None where there is no such limit."""

    high: Decimal | None = None
    raised: Decimal | None = None
    low: Decimal | None = None
    very_low: Decimal | None = None

    def mark(self, value: int) -> Mark | None:
        """Return the worst mark of a value; None where nothing is to be said of it."""
        if self.high is not None and value >= self.high:
            return "high"
        if self.very_low is not None and value < self.very_low:
            return "very_low"
        if self.raised is not None and value > self.raised:
            return "raised"
        return "low" if self.low is not None and value < self.low else None


class SeenLimits(Frozen, frozen=True):
    """The limits of everything that a screen marks."""

    systolic: Limits = Limits()
    diastolic: Limits = Limits()
    spo2: Limits = Limits()


def limits_of(pack: CoursePack) -> SeenLimits:
    """Return the limits in force, a local policy applied."""
    values = pack.threshold_values

    def limits(part: Literal["systolic", "diastolic", "spo2"]) -> Limits:
        marks = pack.schedule.marks.get(part)
        named: Mapping[str, str] = {} if marks is None else marks.named
        return Limits(**{key: values[name] for key, name in named.items()})

    return SeenLimits(limits("systolic"), limits("diastolic"), limits("spo2"))
