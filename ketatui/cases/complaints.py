"""What is wrong with a case file, collected so that all of it is said at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ketatui.cases.errors import Problem, nearest
from ketatui.printable import printable
from ketatui.toml_lines import locate

Place = tuple[str | int, ...]
"""Keys and row numbers that lead to a value."""

MOST_PROBLEMS = 200
"""More problems of a file are counted and not listed."""


class Complaints:
    """Collects what is wrong with a file, so that all of it is said at once."""

    def __init__(self, text: str, *, as_saved: bool = False) -> None:
        """Starts without any.

        Args:
            text: The file, to find lines in.
            as_saved: Whether what the criteria at hand do not know is kept as it stands, as in a
                case that was saved under others.
        """
        self.text = text
        self.problems: list[Problem] = []
        self.as_saved = as_saved
        self.unknown_here: list[Problem] = []
        self.not_counted: set[str] = set()
        self.more = 0
        self._places: set[Place] = set()

    def add(self, place: Place, where: str, message: str) -> None:
        """Notes a problem, unless one is already noted for the same place.

        Args:
            place: Keys as in the parsed data.
            where: What the place is called.
            message: What is wrong and what is allowed.
        """
        self._note(self.problems, place, where, message)

    def not_known(self, place: Place, where: str, message: str, question: str = "") -> bool:
        """Notes what the criteria at hand do not know, and tells whether to keep it.

        Args:
            place: Keys as in the parsed data.
            where: What the place is called.
            message: What is wrong and what is allowed.
            question: Whose answer it is, which then counts as unanswered.
        """
        self._note(self.unknown_here if self.as_saved else self.problems, place, where, message)
        if question:
            self.not_counted.add(question)
        return self.as_saved

    def _note(self, problems: list[Problem], place: Place, where: str, message: str) -> None:
        if place in self._places:
            return
        self._places.add(place)
        if len(problems) >= MOST_PROBLEMS:
            # To find the line of each takes long, and nobody reads so many.
            self.more += 1
        else:
            problems.append(Problem(locate(self.text, place), printable(where), message))

    def unknown_id(self, place: Place, what: str, name: str, known: Any) -> bool:
        """Notes an id that does not exist, with those that do; tells whether to keep it.

        Args:
            place: Keys as in the parsed data.
            what: What kind of id it should be.
            name: The id.
            known: The ids that exist.
        """
        # A foreign file may hold a hundred thousand keys, and looking for neighbours is slow.
        hint = nearest(name, known) or _allowed(name, known) if len(self.problems) < 50 else ""
        return self.not_known(place, name[:200], f"there is no such {what}{hint}")


def _allowed(name: str, known: Iterable[str]) -> str:
    """Say which ids stand where an unknown one does, or which sections there are."""
    sections: dict[str, list[str]] = {}
    for ident in known:
        section, dot, _ = ident.rpartition(".")
        if dot:
            sections.setdefault(section, []).append(ident)
    beside = sections.get(name.rpartition(".")[0], [])
    if beside:
        return f"; allowed: {', '.join(beside)}"
    return f"; allowed: ids in {', '.join(sections)}" if sections else ""
