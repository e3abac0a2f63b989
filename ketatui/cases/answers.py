"""The parts of a case file that name questions: answers, notes, scales and rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ketatui.cases.catalogue import AskedCatalog
from ketatui.cases.errors import Problem, nearest, printable, shown
from ketatui.cases.model import Answer
from ketatui.cases.values import RefusedError, checked
from ketatui.criteria.models import Instrument, Question
from ketatui.toml_lines import locate

Place = tuple[str | int, ...]

ROWS = {"antidepressant_trials": "trials", "medications": "medications"}
"""Questions of kind ``rows``, top-level lists in the file, and the case's field for each."""


class Complaints:
    """Collects what is wrong with a file, so that all of it is said at once."""

    def __init__(self, text: str) -> None:
        """Starts without any.

        Args:
            text: The file, to find lines in.
        """
        self.text = text
        self.problems: list[Problem] = []
        self._places: set[Place] = set()

    def add(self, place: Place, where: str, message: str) -> None:
        """Notes a problem, unless one is already noted for the same place.

        Args:
            place: Keys as in the parsed data.
            where: What the place is called.
            message: What is wrong and what is allowed.
        """
        if place not in self._places:
            self._places.add(place)
            self.problems.append(Problem(locate(self.text, place), printable(where), message))

    def unknown_id(self, place: Place, what: str, name: str, known: Any) -> None:
        """Notes an id that does not exist, with the nearest that do.

        Args:
            place: Keys as in the parsed data.
            what: What kind of id it should be.
            name: The id.
            known: The ids that exist.
        """
        # A foreign file may hold a hundred thousand keys, and looking for neighbours is slow.
        hint = nearest(name, known) if len(self.problems) < 50 else ""
        self.add(place, name[:200], f"there is no such {what}{hint}")


class AnswerReader:
    """Reads the answers of one file against a catalogue."""

    def __init__(self, pack: AskedCatalog, complaints: Complaints) -> None:
        """Prepares for one file.

        Args:
            pack: The questions that exist.
            complaints: Where problems go.
        """
        self.pack = pack
        self.complaints = complaints

    def answers(
        self, tables: Any, dates: Mapping[str, dt.date], top: Place = ("answers",)
    ) -> dict[str, Answer]:
        """Reads ``[answers.…]``.

        Args:
            tables: What the file says there.
            dates: The days of answers. Of two that belong together, as the two values of a blood
                pressure, those of different days are not held against each other.
            top: Where that is.

        Returns:
            Valid answers by question id, in the order of the consultation.
        """
        found: dict[str, Answer] = {}
        places: dict[str, Place] = {}
        for name, place, value in self._named(top, tables):
            if name in places:
                self.complaints.add(place, name, "answered twice")
                continue
            places[name] = place
            try:
                found[name] = self._answer(self.pack.questions[name], value)
            except RefusedError as refused:
                self.complaints.add(place, name, str(refused))
        for name, value in found.items():
            question = self.pack.questions[name]
            if question.below and dates.get(question.below) == dates.get(name):
                self._check_below(question, value, found, places[name])
        return {name: found[name] for name in self.pack.questions if name in found}

    def notes(self, tables: Any, top: Place = ("notes",)) -> dict[str, str]:
        """Reads ``[notes]``.

        Args:
            tables: What the file says there.
            top: Where that is.

        Returns:
            Text by question id.
        """
        notes: dict[str, str] = {}
        for name, place, value in self._named(top, tables):
            if not isinstance(value, str):
                self.complaints.add(place, name, f"{shown(value)} is not text")
            elif name in notes:
                self.complaints.add(place, name, "noted twice")
            else:
                notes[name] = value
        return {name: notes[name] for name in self.pack.questions if name in notes}

    def dates(self, tables: Any) -> dict[str, dt.date]:
        """Reads ``[dates]``.

        Args:
            tables: What the file says there.

        Returns:
            The day by question id.
        """
        days: dict[str, dt.date] = {}
        for name, place, value in self._named(("dates",), tables):
            if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
                message = f"{shown(value)} is no day; allowed: one like 2026-11-20, unquoted"
                self.complaints.add(place, name, message)
            elif name in days:
                self.complaints.add(place, name, "dated twice")
            else:
                days[name] = value
        return {name: days[name] for name in self.pack.questions if name in days}

    def scale_items(self, tables: Any, answers: Mapping[str, Answer]) -> dict[str, dict[str, int]]:
        """Reads ``[scale_items.…]`` and compares complete ones with their total.

        Args:
            tables: What the file says there.
            answers: The valid answers.

        Returns:
            Scores by question id, then item id.
        """
        scores: dict[str, dict[str, int]] = {}
        for name, place, value in self._named(("scale_items",), tables):
            scale = self._instrument(self.pack.questions[name])
            if scale is None or not scale.items:
                self.complaints.add(place, name, "this question has no items to score")
            elif not isinstance(value, dict):
                self.complaints.add(place, name, f"{shown(value)}: a table of scores is expected")
            else:
                scores[name] = self._scores(scale, place, value)
                self._check_total(scale, scores[name], answers.get(name), place)
        return {name: scores[name] for name in self.pack.questions if name in scores}

    def unknown(self, names: Any, answered: set[str], top: Place = ("unknown",)) -> frozenset[str]:
        """Reads ``unknown``.

        Args:
            names: What the file says there.
            answered: Questions that have an answer or rows.
            top: Where that is.

        Returns:
            The ids.
        """
        if not isinstance(names, list):
            message = f"{shown(names)}: a list of question ids is expected"
            self.complaints.add(top, "unknown", message)
            return frozenset()
        known: set[str] = set()
        for index, name in enumerate(names):
            place: Place = (*top, index)
            if not isinstance(name, str):
                self.complaints.add(place, "unknown", f"{shown(name)} is not a question's id")
            elif name not in self.pack.questions:
                self.complaints.unknown_id(place, "question", name, self.pack.questions)
            elif name in answered:
                message = "answered and also listed in unknown; allowed: one of the two"
                self.complaints.add(place, name, message)
            else:
                known.add(name)
        return frozenset(known)

    def rows(self, name: str, rows: Any) -> tuple[Any, ...]:
        """Reads a list of rows; keys that are no column are kept as they are.

        Args:
            name: The question's id, which is also the list's key.
            rows: What the file says there.

        Returns:
            The rows, their choices turned into codes and their measurements into Decimals.
        """
        if not isinstance(rows, list):
            message = f"{shown(rows)}: a list of tables is expected, [[{name}]]"
            self.complaints.add((name,), name, message)
            return ()
        asked = self.pack.questions.get(name)
        columns = asked.columns if asked else ()
        read: list[dict[str, Any]] = []
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                message = f"{shown(row)}: a table is expected"
                self.complaints.add((name, index), f"{name} row {index + 1}", message)
                continue
            cells = dict(row)
            for column in columns:
                if column.id not in row:
                    continue
                try:
                    cells[column.id] = checked(column, row[column.id])
                except RefusedError as refused:
                    where = f"{name} row {index + 1} {column.id}"
                    self.complaints.add((name, index, column.id), where, str(refused))
            read.append(_measured(cells))
        return tuple(read)

    def _named(self, top: Place, tables: Any) -> Iterator[tuple[str, Place, Any]]:
        """Each question id written under a table, dots spelt as tables or within quotes."""
        if not isinstance(tables, dict):
            self.complaints.add(top, str(top[-1]), f"{shown(tables)}: a table is expected")
            return
        groups = _groups(tuple(self.pack.questions))
        waiting = [("", top, tables)]
        while waiting:
            prefix, place, table = waiting.pop()
            for key, value in table.items():
                name = f"{prefix}.{key}" if prefix else key
                if isinstance(value, dict) and name in groups:
                    waiting.append((name, (*place, key), value))
                elif name in self.pack.questions:
                    yield name, (*place, key), value
                else:
                    self.complaints.unknown_id((*place, key), "question", name, self.pack.questions)

    def _answer(self, question: Question, value: Any) -> Answer:
        if question.kind == "rows":
            raise RefusedError(f"its rows belong in [[{question.id}]], outside [answers]")
        scale = self._instrument(question)
        return checked(question, value, (scale.min, scale.max) if scale else None)

    def _instrument(self, question: Question) -> Instrument | None:
        return self.pack.instruments.get(question.instrument) if question.instrument else None

    def _check_below(
        self, question: Question, value: Answer, answers: Mapping[str, Answer], place: Place
    ) -> None:
        limit = answers.get(question.below) if question.below else None
        if isinstance(value, int | Decimal) and isinstance(limit, int | Decimal) and value >= limit:
            message = f"{value} is not below {question.below}; allowed: less than {limit}"
            self.complaints.add(place, question.id, message)

    def _scores(self, scale: Instrument, place: Place, table: dict[str, Any]) -> dict[str, int]:
        items = {item.id: item for item in scale.items}
        scores: dict[str, int] = {}
        for key, value in table.items():
            where = f"{place[-1]} {key}"
            if key not in items:
                hint = f"; allowed: {', '.join(items)}"
                self.complaints.add((*place, key), where, f"the scale has no such item{hint}")
                continue
            greatest = len(items[key].options) - 1
            whole = isinstance(value, int) and not isinstance(value, bool)
            if whole and 0 <= value <= greatest:
                scores[key] = value
            else:
                message = f"{shown(value)} is not a score of this item; allowed: 0 to {greatest}"
                self.complaints.add((*place, key), where, message)
        return {name: scores[name] for name in items if name in scores}

    def _check_total(
        self, scale: Instrument, scores: dict[str, int], total: Answer | None, place: Place
    ) -> None:
        added = sum(scores.values())
        if total is not None and len(scores) == len(scale.items) and total != added:
            message = f"the items add up to {added} but the total says {shown(total)}"
            self.complaints.add(place, scale.question, message)


@lru_cache(maxsize=4)
def _groups(names: tuple[str, ...]) -> frozenset[str]:
    """A section's name, and each longer beginning of an id up to a dot."""
    return frozenset(
        name[:end] for name in names for end, letter in enumerate(name) if letter == "."
    )


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose whole numbers are Decimals where the case holds measurements."""
    whole = {
        key: Decimal(row[key])
        for key in ("daily_dose_mg", "weeks")
        if isinstance(row.get(key), int) and not isinstance(row[key], bool)
    }
    return {**row, **whole}
