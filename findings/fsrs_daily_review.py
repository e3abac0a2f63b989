"""py-fsrs never lengthens the interval of somebody who reviews a minute earlier every day.

A review counts as one of the same day while less than 24 hours have gone by, whatever the date.
Ten times "good" at nine o'clock sharp ends with an interval of 40 days; ten times "good", each
a minute earlier than the day before, ends with 2. An app has to hand over days, not moments.
"""

from __future__ import annotations

import datetime as dt

from finding import python_package, report

PINNED = "fsrs==6.3.2"
AS_FOUND = {
    "days until the next review, every 24 h": [0, 7, 12, 16, 21, 25, 29, 33, 37, 40],
    "days until the next review, every 23 h 59 min": [0, 2, 2, 2, 2, 2, 2, 2, 2, 2],
}


def intervals(between: dt.timedelta) -> list[int]:
    from fsrs import Card, Rating, Scheduler

    scheduler, card = Scheduler(enable_fuzzing=False), Card()
    now, found = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), []
    for _ in range(10):
        card, _ = scheduler.review_card(card, Rating.Good, now)
        found.append((card.due - now).days)
        now += between
    return found


if __name__ == "__main__":
    with python_package(PINNED):
        gaps = (dt.timedelta(hours=24), dt.timedelta(hours=23, minutes=59))
        report(PINNED, dict(zip(AS_FOUND, map(intervals, gaps), strict=True)), AS_FOUND)
