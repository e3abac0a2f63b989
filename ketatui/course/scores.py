"""Scores of a course: where it began, where it stands, and what the difference comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from ketatui.cases.courses import Course, Score
from ketatui.cql.logic import rounded
from ketatui.criteria.models.course import CourseInstrument
from ketatui.structs import Frozen


class Standing(Frozen, frozen=True):
    """One instrument at a visit.

    Attributes:
        instrument: The scale.
        baseline: The latest score on or before day 1.
        now: The latest score that says how things are now.
        lowest: The lowest score between day 1 and ``now``; None without one.
    """

    instrument: CourseInstrument
    baseline: Score
    now: Score
    lowest: Decimal | None

    @property
    def change_percent(self) -> Decimal | None:
        """The fall in percent of the baseline, one decimal, half up as in an expression.

        None for a baseline of 0.
        """
        before, after = self.baseline.value, self.now.value
        if before == 0:
            return None
        change = rounded((before - after) * 100 / before, 1)
        assert isinstance(change, Decimal)
        return change

    @property
    def response(self) -> bool | None:
        """Whether the fall is a response by this scale."""
        change = self.change_percent
        return None if change is None else change >= self.instrument.response_percent

    def remission(self, thresholds: Mapping[str, Decimal]) -> bool | None:
        """Tell whether the score now is a remission; None for a scale that has no such limit."""
        scale = self.instrument
        if scale.remission_threshold is not None:
            return self.now.value <= thresholds[scale.remission_threshold]
        if scale.remission_at_most is not None:
            return self.now.value <= scale.remission_at_most
        return None if scale.remission_below is None else self.now.value < scale.remission_below

    def worse(self, thresholds: Mapping[str, Decimal]) -> bool:
        """Tell whether the score now is above the baseline by as much as counts."""
        return self.now.value >= self.baseline.value + thresholds[self.instrument.points]

    def relapse(self, thresholds: Mapping[str, Decimal]) -> bool | None:
        """Tell whether it rose again from its best by as much as counts; None without a best."""
        if self.lowest is None:
            return None
        rise = self.now.value >= self.lowest + thresholds[self.instrument.points]
        return self.lowest < self.baseline.value and rise


def standings(
    course: Course, instruments: Mapping[str, CourseInstrument], day_one: dt.date, on: dt.date
) -> tuple[Standing, ...]:
    """Find the instruments that have both a baseline and a score now.

    Args:
        course: The course.
        instruments: The scales of the pack, in the order that breaks ties.
        day_one: The day of the first dosed session.
        on: The visit's day; later scores do not count.

    Returns:
        Them, in that order.
    """
    found = []
    for scale in instruments.values():
        rows = _by_date(row for row in course.scores if row.instrument == scale.id)
        baseline = [row for row in rows if row.date <= day_one]
        now = [
            row
            for row in rows
            if row.date <= on and (row.date - day_one).days >= scale.now_after_days
        ]
        if baseline and now:
            between = [row.value for row in rows if day_one < row.date < now[-1].date]
            lowest = min(between, default=None)
            found.append(Standing(scale, baseline[-1], now[-1], lowest))
    return tuple(found)


def chosen(course: Course, found: Iterable[Standing]) -> Standing | None:
    """Choose the instrument that benefit is judged by.

    Returns:
        That of the course, if it has both scores; where the course names none, the one whose
        score now is the latest.
    """
    if course.instrument is not None:
        return next((item for item in found if item.instrument.id == course.instrument), None)
    # Of several equal ones `max` keeps the first, which is the order that breaks ties.
    return max(found, key=lambda item: item.now.date, default=None)


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Return whether something holds on any instrument; None where none could tell."""
    known = [value for value in values if value is not None]
    return any(known) if known else None


def _by_date(rows: Iterable[Score]) -> list[Score]:
    """Return scores by date; of one date the later row counts."""
    return sorted({row.date: row for row in rows}.values(), key=lambda row: row.date)
