"""What can be wrong with a case file, said in one clear line a problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from ketatui.close_names import close_names
from ketatui.printable import printable
from ketatui.structs import Frozen

_LONGEST_VALUE = 60
_MOST_LINES = 50


class Problem(Frozen, frozen=True):
    """One thing wrong with a file."""

    line: int | None
    """1-based line; None where it has no place in the file (a folder, a missing file)."""
    where: str
    """The question's id, or what the place is called; empty for the file as a whole."""
    message: str
    """What is wrong, with the value and what is allowed."""

    def said_of(self, path: str) -> str:
        """Return one line naming file, line and place.

        Args:
            path: How to call the file.

        Returns:
            ``file:line: id: what; allowed: …``.
        """
        line = f"{path}:{self.line}" if path else f"line {self.line}"
        place = path if self.line is None else line
        return ": ".join(part for part in (place, self.where, self.message) if part)


class CaseError(Exception):
    """A case file cannot be used. Says every problem found, a line each."""

    def __init__(self, path: str, problems: Iterable[Problem], *, more: int = 0) -> None:
        """Collect the problems, in the order of the file.

        Args:
            path: The file, as the user knows it.
            problems: At least one.
            more: How many others there are, of a file of too many to list.
        """
        self.path = path
        self.more = more
        self.problems = tuple(sorted(problems, key=lambda p: (p.line or 0, p.where)))
        super().__init__(path, self.problems)

    def __str__(self) -> str:
        """One line a problem, and how many more there are beyond some tens."""
        return "\n".join(said_of_all(printable(self.path), self.problems, self.more))


def said_of_all(path: str, problems: Sequence[Problem], more: int = 0) -> Iterator[str]:
    """Say what is wrong with a file, a line a problem.

    Args:
        path: How to call the file.
        problems: What is wrong.
        more: How many others there are.

    Yields:
        At most some tens of lines, the last of which counts what is not listed.
    """
    yield from (problem.said_of(path) for problem in problems[:_MOST_LINES])
    more += max(len(problems) - _MOST_LINES, 0)
    if more:
        yield f"{path}: and {more:,} more problems"


class ChangedOnDisk(Exception):  # noqa: N818  (the event is the name)
    """The file is not what it was when it was read: saving asks, and never wins silently."""

    def __init__(self, path: Path, *, missing: bool = False, how: str = "") -> None:
        """Name the file.

        Args:
            path: The file that would have been overwritten.
            missing: Whether it is gone instead of changed.
            how: What happened to it instead, where more is known.
        """
        super().__init__(path, missing, how)
        self.path = path
        self.missing = missing
        self.how = how

    @property
    def what(self) -> str:
        """What happened, and what was kept, for where the line has no room for the folder."""
        what = "was removed" if self.missing else self.how or "was changed by somebody else"
        return f"the file {what} since it was opened; nothing written"

    def __str__(self) -> str:
        """Return the same with the file's path."""
        return f"{printable(str(self.path))}: {self.what}"


class DraftInUseError(Exception):
    """Another window or program has this draft open."""

    def __init__(self, case_id: str) -> None:
        """Name the draft.

        Args:
            case_id: The case the draft is of.
        """
        super().__init__(case_id)
        self.case_id = case_id

    def __str__(self) -> str:
        """Why it cannot be opened."""
        return f"the draft {printable(self.case_id)} is open in another window"


def shown(value: object) -> str:
    """Return a value as an error message shows it.

    Args:
        value: Anything TOML can hold.

    Returns:
        The value in TOML's own words, shortened, safe to print.
    """
    match value:
        case bool():
            text = "true" if value else "false"
        case int() | Decimal():
            text = str(value)
        case str():
            text = f'"{printable(value[: _LONGEST_VALUE + 1])}"'
        case dt.date() | dt.time():
            text = value.isoformat()
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case _:
            text = type(value).__name__
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def nearest(unknown: str, known: Iterable[str]) -> str:
    """Return a hint naming the known ids closest to a misspelled one.

    Args:
        unknown: The id nobody knows.
        known: The ids that exist.

    Returns:
        ``"; did you mean a, b?"``, or an empty string when nothing comes close.
    """
    close = close_names(unknown, known)
    return f"; did you mean {', '.join(close)}?" if close else ""
