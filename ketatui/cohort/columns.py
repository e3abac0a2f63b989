"""The columns a pack reads: what each may hold, and what is read of it.

What a question does not allow (another kind of value, a code nobody knows, a number outside its
limits, a value that has to stay below another and does not) is read as null, never as an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ketatui.cohort.expressions import (
    NULL,
    Col,
    Const,
    Expr,
    Field,
    Lookup,
    Scaled,
    choose,
    compare,
    is_null,
)
from ketatui.cohort.numbers import DIGITS, within
from ketatui.criteria.models import Column, Question
from ketatui.criteria.pack import Pack
from ketatui.engine.drug_classes import REVIEWED
from ketatui.engine.inputs import MEDICATIONS, TRIALS
from ketatui.engine.trials import COMPLETE
from ketatui.structs import Frozen

ID = "id"
UNKNOWN = "unknown"
OWN = (ID, UNKNOWN)
"""Columns that are no question."""

Kind = str
"""``bool``, ``int``, ``decimal``, ``text``, ``texts``, ``day``, or ``rows``."""

SPEAKS_OF = {REVIEWED: MEDICATIONS, COMPLETE: TRIALS}
"""Questions that say of a list that it is whole: as a constant they hold where there is a list."""

_KINDS = {"bool": "bool", "choice": "text", "int": "int", "scale": "int", "decimal": "decimal"}


class ColumnSpec(Frozen, frozen=True):
    """One column of a table of patients.

    Attributes:
        name: Its name: a question's id, or that and an item's, ``id`` or ``unknown``.
        kind: What it holds.
        fields: For rows: the kind of each field that is read.
    """

    name: str
    kind: Kind
    fields: Mapping[str, Kind] = {}


def columns_of(pack: Pack) -> dict[str, ColumnSpec]:
    """Return every column that a table of patients may have for a pack, by name."""
    found = {ID: ColumnSpec(ID, "text"), UNKNOWN: ColumnSpec(UNKNOWN, "texts")}
    for question in pack.questions.values():
        if question.kind == "rows":
            found[question.id] = ColumnSpec(question.id, "rows", _fields(question))
            continue
        found[question.id] = ColumnSpec(question.id, _KINDS[question.kind])
        scale = pack.instruments.get(question.instrument or "")
        for item in scale.items if scale else ():
            name = f"{question.id}.{item.id}"
            found[name] = ColumnSpec(name, "int")
    return found


def _fields(question: Question) -> dict[str, Kind]:
    fields = {column.id: _KINDS.get(column.kind, "text") for column in question.columns}
    if question.id == MEDICATIONS:
        fields["classes"] = "texts"
    return fields


class Given(Frozen, frozen=True):
    """What a table of patients gives: the columns it has, and constants for the rest.

    Attributes:
        columns: Names of the columns that are there.
        fields: For rows: the fields that are there.
        constants: Answers that hold for every patient (``--site``), valid for the pack.
    """

    columns: frozenset[str]
    fields: Mapping[str, frozenset[str]] = {}
    constants: Mapping[str, bool | int | str | Decimal] = {}


class Reading(Frozen, frozen=True):
    """Reads the columns of a table by a pack.

    Attributes:
        pack: The criteria.
        given: What the table has.
        lookups: Tables of codes, filled as columns are read: by name, from code to its place.
    """

    pack: Pack
    given: Given
    lookups: dict[str, dict[str, dict[str, int]]]

    def has(self, name: str) -> bool:
        """Tell whether the table has a column, and no constant stands for it."""
        return name in self.given.columns and name not in self.given.constants

    def answer(self, question: Question) -> Expr:
        """Return what is read of a question: null where there is nothing that it allows."""
        constant = self.given.constants.get(question.id)
        if constant is not None:
            value = self._constant(question, constant)
            told_of = SPEAKS_OF.get(question.id)
            if told_of is None:
                return value
            # A list that nobody gave is not a whole one because those of the place are.
            return choose([(is_null(rows_of(self, told_of)), NULL)], value)
        if not self.has(question.id):
            return NULL
        return self._allowed(question, Col(question.id), question.id)

    def item(self, question: Question, item: str) -> Expr:
        """Return what is read of one item of a scale."""
        name = f"{question.id}.{item}"
        scale = self.pack.instruments.get(question.instrument or "")
        if not self.has(name) or scale is None:
            return NULL
        options = next(len(each.options) for each in scale.items if each.id == item)
        return within(Col(name), 0, options - 1)

    def field(self, question: Question, name: str) -> Expr:
        """Return what is read of a field of a row; an expression over the row."""
        if name not in self.given.fields.get(question.id, ()):
            return NULL
        column = next(each for each in question.columns if each.id == name)
        return self._allowed(column, Field(name), f"{question.id}.{name}")

    def _constant(self, question: Question, value: object) -> Expr:
        if isinstance(value, str):
            return Const(self.codes(question).index(value))
        if isinstance(value, Decimal):
            return Const(int(value.scaleb(DIGITS)))
        assert isinstance(value, bool | int)
        return Const(value)

    def codes(self, asked: Question | Column) -> tuple[str, ...]:
        """Return the codes of a choice."""
        return tuple(option.code for option in asked.options)

    def limits(self, question: Question) -> tuple[int, int]:
        """Return the least and greatest number a question may come to, in the parts it counts."""
        scale = self.pack.instruments.get(question.instrument or "")
        low = scale.min if scale else question.min
        high = scale.max if scale else question.max
        digits = DIGITS if question.kind == "decimal" else 0
        unlimited = 10 ** (9 + digits)
        return (
            -unlimited if low is None else int(Decimal(low).scaleb(digits)),
            unlimited if high is None else int(Decimal(high).scaleb(digits)),
        )

    def _allowed(self, asked: Question | Column, raw: Expr, name: str) -> Expr:
        match asked.kind:
            case "bool":
                return raw
            case "choice":
                places = {option.code: place for place, option in enumerate(asked.options)}
                for place, option in enumerate(asked.options):
                    places |= dict.fromkeys(option.also, place)
                table = f"codes of {name}"
                self.lookups[table] = {code: {"place": at} for code, at in places.items()}
                return Lookup(table, "place", raw)
            case "decimal":
                low, high = _scaled(asked.min), _scaled(asked.max)
                return within(Scaled(raw, DIGITS), low, high)
            case "int" | "scale":
                if isinstance(asked, Question):
                    return within(raw, *self.limits(asked))
                return within(raw, _whole(asked.min), _whole(asked.max))
            case _:
                return raw


def _scaled(limit: Decimal | None) -> int | None:
    # A limit that is not there still keeps a number from being more than can be counted.
    return None if limit is None else int(Decimal(limit).scaleb(DIGITS))


def _whole(limit: Decimal | None) -> int | None:
    return None if limit is None else int(limit)


def below(value: Expr, limit: Expr, of: Expr) -> Expr:
    """Return a value, unless one of a pair is not below the other: neither is an answer then."""
    return choose([(compare(">=", value, limit), NULL)], of)


def rows_of(reading: Reading, name: str) -> Expr:
    """Return the column of a table of rows; null where it is not there."""
    return Col(name) if reading.has(name) else NULL
