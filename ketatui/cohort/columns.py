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
from ketatui.criteria.models import Column, Instrument, Question
from ketatui.criteria.models.questions import InstrumentItem
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, MEDICATIONS_REVIEWED, TRIALS, TRIALS_COMPLETE
from ketatui.structs import Frozen

ID = "id"
UNKNOWN = "unknown"

Kind = str
"""``bool``, ``int``, ``decimal``, ``text``, ``texts``, ``day``, or ``rows``."""

SPEAKS_OF = {MEDICATIONS_REVIEWED: MEDICATIONS, TRIALS_COMPLETE: TRIALS}
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
        for item in items_of(pack, question):
            name = f"{question.id}.{item.id}"
            found[name] = ColumnSpec(name, "int")
    return found


def scale_of(pack: Pack, question: Question) -> Instrument | None:
    """Return the scale that a question is the total of, if it is one."""
    return None if question.instrument is None else pack.instruments[question.instrument]


def items_of(pack: Pack, question: Question) -> tuple[InstrumentItem, ...]:
    """Return the items of the scale that a question is the total of; none of any other."""
    scale = scale_of(pack, question)
    return () if scale is None else tuple(scale.items)


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
        """Tell whether the table has a column; one that a constant stands for is none."""
        return name in self.given.columns

    def answer(self, question: Question) -> Expr:
        """Return what is read of a question: null where there is nothing that it allows."""
        constant = self.given.constants.get(question.id)
        if constant is not None:
            value = self.constant(question, constant)
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
        if not self.has(name):
            return NULL
        options = {each.id: len(each.options) for each in items_of(self.pack, question)}
        return within(Col(name), 0, options[item] - 1)

    def field(self, question: Question, name: str) -> Expr:
        """Return what is read of a field of a row; an expression over the row."""
        if name not in self.given.fields.get(question.id, ()):
            return NULL
        column = next(each for each in question.columns if each.id == name)
        return self._allowed(column, Field(name), f"{question.id}.{name}")

    def constant(self, question: Question, value: bool | int | str | Decimal) -> Expr:
        """Return an answer to a question that is valid for it."""
        match question.kind:
            case "bool":
                return Const(bool(value))
            case "choice":
                return Const(self.codes(question).index(str(value)))
            case "decimal":
                return Const(int(Decimal(value).scaleb(DIGITS)))
            case _:
                return Const(int(value))

    def codes(self, asked: Question | Column) -> tuple[str, ...]:
        """Return the codes of a choice."""
        return tuple(option.code for option in asked.options)

    def limits(self, question: Question) -> tuple[int, int]:
        """Return the least and greatest number a question may come to, in the parts it counts."""
        scale = scale_of(self.pack, question)
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
                low, high = _limit(asked.min, DIGITS), _limit(asked.max, DIGITS)
                return within(Scaled(raw, DIGITS), low, high)
            case "int" | "scale":
                if isinstance(asked, Question):
                    return within(raw, *self.limits(asked))
                return within(raw, _limit(asked.min, 0), _limit(asked.max, 0))
            case _:
                return raw


def _limit(limit: Decimal | int | None, digits: int) -> int | None:
    return None if limit is None else int(Decimal(limit).scaleb(digits))


def below(value: Expr, limit: Expr, of: Expr) -> Expr:
    """Return a value, unless one of a pair is not below the other: neither is an answer then."""
    return choose([(compare(">=", value, limit), NULL)], of)


def rows_of(reading: Reading, name: str) -> Expr:
    """Return the column of a table of rows; null where it is not there."""
    return Col(name) if reading.has(name) else NULL
