"""A case as the text of its file: in the order of the consultation, the same order every time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.courses import Course
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.model import SCHEMA, Case, CaseModel, Trial
from ketatui.cases.reading import read_as_saved, read_case
from ketatui.cases.scales import with_totals
from ketatui.cases.toml_text import LARGEST_FILE, render
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.toml_structs import default_of, fields_of

_LAST_WHOLE = 10**15
"""Measurements from here on keep their exponent: nobody writes them out."""


def write_case(case: Case, pack: QuestionCatalog) -> str:
    """Write a case as TOML.

    Args:
        case: Any case.
        pack: The questions, for their order.

    Returns:
        The text of the file; equal cases give equal texts.
    """
    return render(file_data(case, pack))


def write_checked(case: Case, pack: QuestionCatalog, path: str, *, as_saved: bool = False) -> bytes:
    """Write a case as the bytes of its file, and prove that they can be read back.

    Args:
        case: Any case.
        pack: The questions that exist.
        path: How to call the file in an error.
        as_saved: Whether the content was saved before, perhaps under other criteria, and only
            reviews are new.

    Returns:
        UTF-8, at most as large as ``read_case`` accepts.

    Raises:
        CaseError: If the case could not be read again as it is.
    """
    try:
        text = write_case(case, pack)
        data = text.encode()
    except UnicodeEncodeError:
        message = "holds characters that cannot be stored as UTF-8"
        raise CaseError(path, [Problem(None, "", message)]) from None
    except TypeError as error:
        raise CaseError(path, [Problem(None, "", str(error))]) from None
    if len(data) > LARGEST_FILE:
        raise CaseError(path, [Problem(None, "", "too large for a case file")])
    if as_saved:
        found = read_as_saved(text, path=path, pack=pack).case
    else:
        found = read_case(text, path=path, pack=pack)
    if found not in (case, with_totals(pack, case)):
        message = "the case could not be written so that it reads back the same"
        raise CaseError(path, [Problem(None, "", message)])
    return data


def file_data(case: Case, pack: QuestionCatalog) -> dict[str, Any]:
    """Return a case as the data of its file, keys in the file's order, without what says nothing.

    Args:
        case: Any case.
        pack: The questions, for their order.

    Returns:
        Tables, lists and values as TOML knows them.
    """
    order = {name: number for number, name in enumerate(pack.questions)}
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "id": case.id,
        "label": case.label,
        "state": case.state,
        "practice": case.practice,
        "unknown": _in_order(dict.fromkeys(sorted(case.unknown)), order),
        "answers": _answer_tables(case, pack),
        "dates": _in_order(case.dates, order),
        "scale_items": _in_order(case.scale_items, order),
        "notes": _in_order(case.notes, order),
        TRIALS: [_trial(row) for row in case.trials],
        MEDICATIONS: [table_data(row) for row in case.medications],
        "tables": {
            name: [{key: shortest(value) for key, value in row.items()} for row in rows]
            for name, rows in _in_order(case.tables, order).items()
            if rows
        },
        "consent": table_data(case.consent),
        "decision": table_data(case.decision),
        "courses": [_course(row, pack) for row in case.courses],
        "record": table_data(case.record),
        "assessment": case.assessment,
        "reviews": [table_data(row) for row in case.reviews],
        "signatures": [table_data(row) for row in case.signatures],
        "revisions": [table_data(row) for row in case.revisions],
    }
    data["unknown"] = list(data["unknown"])
    always = ("schema", "id", "label", "state", "practice")
    # An empty table that was assessed says more than none.
    kept = {
        key: value
        for key, value in data.items()
        if key in always or value or (key == "assessment" and value is not None)
    }
    return kept | case.extra


def _answer_tables(case: Case, pack: QuestionCatalog) -> dict[str, Any]:
    """Nested tables, each where its first question stands in the consultation."""
    tables: dict[str, Any] = {}
    for group in _groups(tuple(pack.questions)):
        _table_of(tables, group)
    # An answer to a question nobody knows is written all the same: reading it back complains.
    for name in [*pack.questions, *sorted(case.answers.keys() - pack.questions.keys())]:
        if name in case.answers:
            _table_of(tables, name)[name.rpartition(".")[2]] = shortest(case.answers[name])
    return _without_empty(tables)


@cache
def _places(names: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


@cache
def _groups(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return of the questions in each table the first one, in their order."""
    first = {name.rpartition(".")[0]: name for name in reversed(names)}
    return tuple(name for name in names if first[name.rpartition(".")[0]] == name)


def _table_of(tables: dict[str, Any], name: str) -> dict[str, Any]:
    for part in name.split(".")[:-1]:
        tables = tables.setdefault(part, {})
    return tables


def _without_empty(tables: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in tables.items():
        inside = _without_empty(value) if isinstance(value, dict) else value
        if inside != {}:
            kept[key] = inside
    return kept


def _in_order(named: Mapping[str, Any], order: Mapping[str, int]) -> dict[str, Any]:
    return {
        name: named[name]
        for name in sorted(named, key=lambda name: (order.get(name, len(order)), name))
    }


def _trial(row: Trial) -> dict[str, Any]:
    """Return a trial, whole doses and weeks without a decimal point."""
    return _measured(table_data(row))


def _measured(table: dict[str, Any]) -> dict[str, Any]:
    cells = {
        key: shortest(value) if key in ("daily_dose_mg", "weeks") else value
        for key, value in table.items()
    }
    if "steps" in cells:
        cells["steps"] = [_measured(step) for step in cells["steps"]]
    return cells


def _course(course: Course, pack: QuestionCatalog) -> dict[str, Any]:
    """Return a course, answers of its visits in the order of the visit's questions."""
    table = table_data(course)
    for row, score in zip(table.get("scores", ()), course.scores, strict=False):
        row["value"] = shortest(score.value)
    for row, visit in zip(table.get("visits", ()), course.visits, strict=False):
        if visit.answers:
            row["answers"] = _sections(visit.answers, pack)
        if visit.weight_kg is not None:
            row["weight_kg"] = shortest(visit.weight_kg)
        for reading in row.get("readings", ()):
            reading["value"] = shortest(reading["value"])
    return table


def _sections(answers: Mapping[str, Any], pack: QuestionCatalog) -> dict[str, Any]:
    """Answer of a visit as tables, ``visit.systolic`` as ``systolic`` in ``[answers.visit]``."""
    order = _places(tuple(pack.course.questions if pack.course else ()))
    tables: dict[str, Any] = {}
    for name, value in _in_order(answers, order).items():
        _table_of(tables, name)[name.rpartition(".")[2]] = shortest(value)
    return tables


def table_data(model: CaseModel) -> dict[str, Any]:
    """Return a part of the case without the fields that still say what they say unwritten.

    Args:
        model: Any part.

    Returns:
        Its values as TOML knows them.
    """
    table: dict[str, Any] = {}
    for field in fields_of(type(model)):
        value = getattr(model, field.name)
        if field.required or value != default_of(field):
            table[field.name] = _plain(value)
    return table | model.extra


_AS_IT_IS = frozenset((str, bool, int, Decimal, type(None)))
"""Most of what a case holds; asked for by its type alone, as a case may hold thousands."""


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    match value:
        case CaseModel():
            return table_data(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [_plain(item) for item in value]
        case _:
            return value


def shortest(value: Any) -> Any:
    """150 instead of 150.0, where reading makes a Decimal of it again."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    exponent = value.as_tuple().exponent
    whole = isinstance(exponent, int) and exponent >= 0 and abs(value) < _LAST_WHOLE
    return int(value) if whole else value
