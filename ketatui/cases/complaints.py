"""What is wrong with a case file, collected so that all of it is said at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ketatui.cases.errors import Problem, nearest
from ketatui.close_names import close_names
from ketatui.printable import printable
from ketatui.toml_lines import locate

Place = tuple[str | int, ...]
"""Keys and row numbers that lead to a value."""

MOST_PROBLEMS = 200
"""More problems of a file are counted and not listed."""


_NEARLY = 0.8
"""Likeness (0 to 1) from which an unknown key is taken for one of ours, misspelled."""
_MOST_LOOKED = 200
"""Of more unknown keys in a file nobody looks whether they are misspelled."""


class Complaints:
    """Collects what is wrong with a file, so that all of it is said at once."""

    def __init__(self, text: str, *, as_saved: bool = False) -> None:
        """Start without any.

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
        self._looked = 0

    def add(self, place: Place, where: str, message: str) -> None:
        """Note a problem, unless one is already noted for the same place.

        Args:
            place: Keys as in the parsed data.
            where: What the place is called.
            message: What is wrong and what is allowed.
        """
        self._note(self.problems, place, where, message)

    def not_known(self, place: Place, where: str, message: str, question: str = "") -> bool:
        """Note what the criteria at hand do not know, and tell whether to keep it.

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
        """Note an id that does not exist, with those that do; tell whether to keep it.

        Args:
            place: Keys as in the parsed data.
            what: What kind of id it should be.
            name: The id.
            known: The ids that exist.
        """
        # A foreign file may hold a hundred thousand keys, and looking for neighbors is slow.
        hint = nearest(name, known) or _allowed(name, known) if len(self.problems) < 50 else ""
        return self.not_known(place, name[:200], f"there is no such {what}{hint}")

    def misspelled(self, row: Mapping[str, Any], ours: Collection[str], place: Place) -> None:
        """Note keys that are nearly ours: what stands under one would be kept and never read.

        Args:
            row: A table of the file.
            ours: The keys that are read of it.
            place: Where the table stands.
        """
        for key in row:
            # A foreign file may hold a hundred thousand keys, and looking for neighbors is slow.
            if key in ours or self._looked >= _MOST_LOOKED:
                continue
            self._looked += 1
            near = _nearly(key, ours)
            if near:
                self.not_known((*place, key), key[:200], f"unknown; did you mean {near}?")


def called(place: Place) -> str:
    """Return a place in words: rows count from one, as people do."""
    parts = [f"row {part + 1}" if isinstance(part, int) else part for part in place]
    if any(isinstance(part, int) for part in place):
        return " ".join(parts)
    return ".".join(parts)


def _nearly(key: str, ours: Collection[str]) -> str:
    """Return the key of ours that an unknown one is meant for; empty for one of its own."""
    folded = key[:200].lower().replace("-", "_").replace(" ", "_")
    for one in ours:
        # "SpO2", "reported-on"; a part of it: "dose_mg" for "daily_dose_mg".
        if folded == one or one.startswith(f"{folded}_") or one.endswith(f"_{folded}"):
            return one
    return next(iter(close_names(folded, ours, most=1, likeness=_NEARLY)), "")


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
