"""What is due, as the index tells it: without a file, however many cases there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ketatui.cases.treatment_state import NEVER, DueRow

Ask = Callable[[str, Sequence[Any]], list[Any]]

NO_VISIT = 2**62
"""Stands for the visit of what is about none, which comes after all that is about one."""

DueOf = tuple[str, str, str, Any, int | None]
"""The last day in time as ``YYYY-MM-DD``; what the case is called: its id, its label, or the name
of its file; the course; one of `ketatui.course.due.What`, which is above this room; the visit.

No class: there may be a hundred thousand of them, and a row of the index is this as it is.
"""


def order_told(told: DueOf) -> tuple[str, str, str, bool, int, str]:
    """Sort by day; of one course what is about a visit comes before what is about no visit."""
    by, case, course, what, visit = told
    return by, case, course, visit is None, visit or 0, what


def _settled_by(on: dt.date) -> str:
    """Return the last day that says of a case that it is settled: what never is, is not."""
    return min(on, NEVER - dt.timedelta(days=1)).isoformat()


class DueIndex:
    """What is due in the courses of a folder; practice cases never are."""

    def __init__(self, ask: Ask, folder: Path) -> None:
        """Begin.

        Args:
            ask: Puts SQL to the index.
            folder: The folder of the cases.
        """
        self._ask = ask
        self._folder = folder

    def until(self, on: dt.date, last: dt.date = dt.date.max) -> list[DueOf]:
        """List what is due in the order of `order_told`.

        Args:
            on: Today.
            last: The last day that is of interest.

        Returns:
            What is due in cases of which everything recorded has happened by today; the others
            are those of `not_settled`.
        """
        sql = (
            "select by, called, course, what, nullif(visit, ?) from due "
            "where by <= ? and settled <= ? order by by, called, course, visit, what"
        )
        return self._ask(sql, [NO_VISIT, last.isoformat(), _settled_by(on)])

    def of(self, file: Path) -> tuple[DueRow, ...]:
        """List what is due in one case, soonest first.

        Args:
            file: Its file.
        """
        sql = (
            "select due.course, what, nullif(visit, ?), by from due "
            "join cases on cases.key = due.key where name = ? order by by, visit, what"
        )
        rows = self._ask(sql, [NO_VISIT, file.name])
        return tuple(
            DueRow(course, what, visit, dt.date.fromisoformat(by))
            for course, what, visit, by in rows
        )

    def not_settled(self, on: dt.date) -> list[Path]:
        """List cases of which something recorded lies after a day: their files tell what is due.

        Args:
            on: The day.
        """
        sql = "select name from cases where settled > ? and practice = 0"
        return [self._folder / row[0] for row in self._ask(sql, [_settled_by(on)])]

    def counts(self, on: dt.date, last: dt.date) -> tuple[int, int]:
        """Count what is overdue, and what is due from today up to a day.

        Args:
            on: Today: the day of the last update.
            last: The last day that counts.
        """
        sql = "select total(by < ?), count(*) from due where by <= ?"
        late, both = self._ask(sql, [on.isoformat(), last.isoformat()])[0]
        return int(late), int(both) - int(late)

    def altered(self) -> list[Path]:
        """List the files that are not what was saved: a course may have been taken out of one."""
        sql = "select name from cases where seal = 'altered' order by name"
        return [self._folder / row[0] for row in self._ask(sql, [])]

    def problems(self) -> list[str]:
        """List why files cannot be read."""
        sql = "select problem from cases where problem is not null order by name desc"
        return [row[0] for row in self._ask(sql, [])]
