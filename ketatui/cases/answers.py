"""The parts of a case file that name questions: answers, notes, scales and rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ketatui.cases.catalog import AskedCatalog
from ketatui.cases.complaints import Complaints, Place
from ketatui.cases.errors import shown
from ketatui.cases.model import Answer, Medication, Trial
from ketatui.cases.values import RefusedError, checked
from ketatui.criteria.models import Instrument, Question
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.toml_structs import field_names

ROWS = {TRIALS: "trials", MEDICATIONS: "medications"}
"""Questions of kind ``rows``, top-level lists in the file, and the case's field for each."""


_FIELDS = {TRIALS: field_names(Trial), MEDICATIONS: field_names(Medication)}
"""What is read of a row of these two, whether a column asks for it or not."""

_STORED = (bool, int, Decimal, str)


_SHORT = frozenset((str, bool, int))
"""Kinds of which equal values are one value; 28.0 and 28.00 are two ways to write one."""


class AnswerReader:
    """Reads the answers of one file against a catalog."""

    def __init__(self, pack: AskedCatalog, complaints: Complaints) -> None:
        """Prepare for one file.

        Args:
            pack: The questions that exist.
            complaints: Where problems go.
        """
        self.pack = pack
        self.complaints = complaints
        self._below = [
            (name, item, item.below) for name, item in pack.questions.items() if item.below
        ]
        self._checked: dict[tuple[str, type, object], Answer] = {}

    def answers(
        self, tables: Any, dates: Mapping[str, dt.date], top: Place = ("answers",)
    ) -> dict[str, Answer]:
        """Read ``[answers.…]``.

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
            question = self.pack.questions.get(name)
            try:
                found[name] = self._answer(question, value) if question else value
            except RefusedError as refused:
                if self.complaints.not_known(place, name, str(refused), name):
                    found[name] = value
        for name in [name for name in found if not isinstance(found[name], _STORED)]:
            self.complaints.add(places[name], name, f"{shown(found[name])} is no answer")
        for name, question, above in self._below:
            if name in found and dates.get(above) == dates.get(name):
                self._check_below(question, found[name], found, places[name])
        return self._ordered(found)

    def _ordered(self, named: dict[str, Any]) -> dict[str, Any]:
        """Put ids in the order of the consultation, then what is not known by its name."""
        known = [name for name in self.pack.questions if name in named]
        return {name: named[name] for name in [*known, *sorted(named.keys() - set(known))]}

    def notes(self, tables: Any, top: Place = ("notes",)) -> dict[str, str]:
        """Read ``[notes]``.

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
        return self._ordered(notes)

    def dates(self, tables: Any) -> dict[str, dt.date]:
        """Read ``[dates]``.

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
        return self._ordered(days)

    def scale_items(self, tables: Any, answers: Mapping[str, Answer]) -> dict[str, dict[str, int]]:
        """Read ``[scale_items.…]`` and compare complete ones with their total.

        Args:
            tables: What the file says there.
            answers: The valid answers.

        Returns:
            Scores by question id, then item id.
        """
        scores: dict[str, dict[str, int]] = {}
        for name, place, value in self._named(("scale_items",), tables):
            question = self.pack.questions.get(name)
            scale = self._instrument(question) if question else None
            if not isinstance(value, dict):
                self.complaints.add(place, name, f"{shown(value)} is no table; allowed: scores")
            elif scale is not None and scale.items:
                scores[name] = self._scores(scale, place, value)
                self._check_total(scale, scores[name], answers.get(name), place)
            elif self.complaints.not_known(place, name, "this question has no items to score"):
                scores[name] = self._whole(place, value)
        return self._ordered(scores)

    def _whole(self, place: Place, table: dict[str, Any]) -> dict[str, int]:
        """Return the scores of a scale that is not known."""
        for key, value in table.items():
            if not _is_whole(value):
                self.complaints.add((*place, key), str(key), f"{shown(value)} is not a score")
        return {key: value for key, value in table.items() if _is_whole(value)}

    def unknown(self, names: Any, answered: set[str], top: Place = ("unknown",)) -> frozenset[str]:
        """Read ``unknown``.

        Args:
            names: What the file says there.
            answered: Questions that have an answer or rows.
            top: Where that is.

        Returns:
            The ids.
        """
        if not isinstance(names, list):
            message = f"{shown(names)} is no list; allowed: a list of question ids"
            self.complaints.add(top, "unknown", message)
            return frozenset()
        known: set[str] = set()
        for index, name in enumerate(names):
            place: Place = (*top, index)
            if not isinstance(name, str):
                self.complaints.add(place, "unknown", f"{shown(name)} is not a question's id")
            elif name not in self.pack.questions:
                if self.complaints.unknown_id(place, "question", name, self.pack.questions):
                    known.add(name)
            elif name in answered:
                message = "answered and also listed in unknown; allowed: one of the two"
                self.complaints.add(place, name, message)
            else:
                known.add(name)
        return frozenset(known)

    def rows(self, name: str, rows: Any, top: Place = ()) -> tuple[Any, ...]:
        """Read a list of rows; keys that are no column are kept as they are.

        Args:
            name: The question's id, which is also the list's key.
            rows: What the file says there.
            top: Where that is, if not under the question's id.

        Returns:
            The rows, their choices turned into codes and their measurements into Decimals.
        """
        top = top or (name,)
        if not isinstance(rows, list):
            allowed = f"a list of tables, [[{'.'.join(map(str, top))}]]"
            message = f"{shown(rows)} is no list; allowed: {allowed}"
            self.complaints.add(top, name, message)
            return ()
        asked = self.pack.questions.get(name)
        columns = asked.columns if asked else ()
        ours = {*_FIELDS.get(name, ()), *(column.id for column in columns)}
        read: list[dict[str, Any]] = []
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                message = f"{shown(row)} is no table; allowed: a table"
                self.complaints.add((*top, index), f"{name} row {index + 1}", message)
                continue
            cells = dict(row)
            self.complaints.misspelled(row, ours, (*top, index))
            for column in columns:
                if column.id not in row:
                    continue
                try:
                    cells[column.id] = checked(column, row[column.id])
                except RefusedError as refused:
                    where = f"{name} row {index + 1} {column.id}"
                    self.complaints.not_known((*top, index, column.id), where, str(refused))
            read.append(_measured(cells))
        return tuple(read)

    def tables(self, tables: Any) -> dict[str, tuple[dict[str, Any], ...]]:
        """Read ``[[tables.…]]``: rows of the questions of kind ``rows`` beside the two of `ROWS`.

        Args:
            tables: What the file says there.

        Returns:
            Rows by question id, cells that are no column kept as they are.
        """
        found = {}
        for name, place, rows in self._named(("tables",), tables):
            asked = self.pack.questions.get(name)
            if asked is not None and name not in self._further():
                message = f"is no further table; allowed: {', '.join(self._further()) or 'none'}"
                self.complaints.add(place, name, message)
                continue
            read = self.rows(name, rows, place)
            if read:
                found[name] = read
        return self._ordered(found)

    def _further(self) -> tuple[str, ...]:
        kinds = self.pack.questions.items()
        return tuple(name for name, item in kinds if item.kind == "rows" and name not in ROWS)

    def _named(self, top: Place, tables: Any) -> Iterator[tuple[str, Place, Any]]:
        """Yield each question id written under a table, dots spelled as tables or within quotes."""
        if not isinstance(tables, dict):
            self.complaints.add(top, str(top[-1]), f"{shown(tables)} is no table; allowed: a table")
            return
        groups = _groups(tuple(self.pack.questions))
        waiting = [("", top, tables)]
        while waiting:
            prefix, place, table = waiting.pop()
            for key, value in table.items():
                name = f"{prefix}.{key}" if prefix else key
                at = (*place, key)
                if isinstance(value, dict) and name in groups:
                    waiting.append((name, at, value))
                elif name in self.pack.questions:
                    yield name, at, value
                elif self.complaints.as_saved and _is_group(top, value):
                    waiting.append((name, at, value))
                elif self.complaints.unknown_id(at, "question", name, self.pack.questions):
                    yield name, at, value

    def _answer(self, question: Question, value: Any) -> Answer:
        if question.kind == "rows":
            raise RefusedError(f"its rows belong in [[{question.id}]], outside [answers]")
        if type(value) not in _SHORT:
            return self._checked_answer(question, value)
        # The visits of a course say the same hundreds of times. The kind is part of the key: to
        # Python, true is 1.
        said = (question.id, type(value), value)
        found = self._checked.get(said)
        if found is None:
            found = self._checked[said] = self._checked_answer(question, value)
        return found

    def _checked_answer(self, question: Question, value: Any) -> Answer:
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
            self.complaints.not_known(place, question.id, message, question.id)

    def _scores(self, scale: Instrument, place: Place, table: dict[str, Any]) -> dict[str, int]:
        items = {item.id: item for item in scale.items}
        scores: dict[str, int] = {}
        for key, value in table.items():
            where = f"{place[-1]} {key}"
            if key not in items:
                hint = f"the scale has no such item; allowed: {', '.join(items)}"
                if self.complaints.not_known((*place, key), where, hint) and _is_whole(value):
                    scores[key] = value
                continue
            greatest = len(items[key].options) - 1
            if _is_whole(value) and 0 <= value <= greatest:
                scores[key] = value
                continue
            message = f"{shown(value)} is not a score of this item; allowed: 0 to {greatest}"
            if not _is_whole(value):
                self.complaints.add((*place, key), where, message)
            elif self.complaints.not_known((*place, key), where, message):
                scores[key] = value
        ordered = [name for name in items if name in scores]
        return {name: scores[name] for name in [*ordered, *sorted(scores.keys() - set(ordered))]}

    def _check_total(
        self, scale: Instrument, scores: dict[str, int], total: Answer | None, place: Place
    ) -> None:
        added = sum(scores.values())
        if total is not None and len(scores) == len(scale.items) and total != added:
            message = f"the items add up to {added} but the total says {shown(total)}"
            self.complaints.not_known(place, scale.question, message, scale.question)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_group(top: Place, value: Any) -> bool:
    """Tell whether a table that nobody knows is one of questions, and not the scores of a scale."""
    if not isinstance(value, dict):
        return False
    return top != ("scale_items",) or not all(map(_is_whole, value.values()))


@lru_cache(maxsize=4)
def _groups(names: tuple[str, ...]) -> frozenset[str]:
    """Return a section's name, and each longer beginning of an id up to a dot."""
    return frozenset(
        name[:end] for name in names for end, letter in enumerate(name) if letter == "."
    )


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose whole numbers are Decimals where the case holds measurements."""
    whole: dict[str, Any] = {
        key: Decimal(row[key])
        for key in ("daily_dose_mg", "weeks")
        if isinstance(row.get(key), int) and not isinstance(row[key], bool)
    }
    steps = row.get("steps")
    if isinstance(steps, list):
        whole["steps"] = [_measured(step) if isinstance(step, dict) else step for step in steps]
    return {**row, **whole}
