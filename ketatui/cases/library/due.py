"""What is due, as the index tells it: without a file, however many cases there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Ask = Callable[[str, Sequence[Any]], list[Any]]


class DueOf(NamedTuple):
    """One thing that is due, and the case it is of."""

    case: str
    """What the case is called: its id, its label, or the name of its file."""
    course: str
    what: Any
    """One of `ketatui.course.due.What`, which is above this room."""
    for_visit: int | None
    by: str
    """The last day in time, as ``YYYY-MM-DD``."""


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
        """List what is due, soonest first.

        Args:
            on: Today.
            last: The last day that is of interest.

        Returns:
            What is due in cases of which everything recorded has happened by today; the others
            are those of `not_settled`.
        """
        known = (
            "select key, name, id, label from cases "
            "where due_by <= ? and (settled is null or settled <= ?)"
        )
        values = [last.isoformat(), on.isoformat()]
        cases = {
            key: ident or label or name for key, name, ident, label in self._ask(known, values)
        }
        # Read from its index alone: a row that had to be looked up would cost as much as ten.
        sql = "select key, course, what, for_visit, by from due where by <= ? order by by"
        return [
            DueOf(cases[key], course, what, visit, by)
            for key, course, what, visit, by in self._ask(sql, [last.isoformat()])
            if key in cases
        ]

    def not_settled(self, on: dt.date) -> list[Path]:
        """List cases of which something recorded lies after a day: their files tell what is due.

        Args:
            on: The day.
        """
        sql = "select name from cases where settled > ? and practice = 0"
        return [self._folder / row[0] for row in self._ask(sql, [on.isoformat()])]

    def counts(self, on: dt.date, last: dt.date) -> tuple[int, int]:
        """Count what is overdue, and what is due from today up to a day.

        Args:
            on: Today.
            last: The last day that counts.
        """
        sql = "select total(by < ?), count(*) from due where by <= ?"
        late, both = self._ask(sql, [on.isoformat(), last.isoformat()])[0]
        return int(late), int(both) - int(late)

    def altered(self) -> list[Path]:
        """List the files of cases with a course that are not what was saved."""
        sql = (
            "select name from cases where seal = 'altered' and treatment is not null order by name"
        )
        return [self._folder / row[0] for row in self._ask(sql, [])]

    def problems(self) -> list[str]:
        """List why files cannot be read."""
        sql = "select problem from cases where problem is not null order by name desc"
        return [row[0] for row in self._ask(sql, [])]
