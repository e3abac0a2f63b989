"""A case as JSON data, exactly: what the journal of a draft stores.

JSON has no decimal numbers and no dates, so these are tables with one key that starts with
``$``. A foreign table that looks like one is wrapped, so that nothing is mistaken for another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.model import Answer, Case
from ketatui.toml_structs import Table, plain, read_table

_READERS: dict[str, Callable[[Any], Any]] = {
    "$decimal": Decimal,
    "$datetime": dt.datetime.fromisoformat,
    "$date": dt.date.fromisoformat,
    "$time": dt.time.fromisoformat,
}


def case_to_data(case: Case) -> dict[str, Any]:
    """Turn a case into data that ``json`` writes.

    Args:
        case: Any case.

    Returns:
        Tables, lists, texts, whole numbers, booleans and None only.
    """
    return {name: to_json(value) for name, value in plain(case).items()}


def case_from_data(data: Mapping[str, Any]) -> Case:
    """Turn what ``case_to_data`` made into the same case.

    Args:
        data: As read by ``json``.

    Returns:
        The case.

    Raises:
        ValueError: If it is no case.
    """
    case = read_table({name: from_json(value) for name, value in data.items()}, Case)
    for name, value in case.answers.items():
        if not isinstance(value, Answer):
            raise ValueError(f"not an answer to {name}: {value!r}")
    return case


def to_json(value: Any) -> Any:
    """Turn a value of a case into data that ``json`` writes.

    Args:
        value: Any value TOML or a case can hold.

    Returns:
        The same as JSON data.

    Raises:
        TypeError: If it is something else.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return {"$decimal": str(value)}
        case dt.datetime() | dt.date() | dt.time():
            return {f"${type(value).__name__.lower()}": value.isoformat()}
        case Table():
            return to_json(plain(value))
        case Mapping():
            table = {key: to_json(item) for key, item in value.items()}
            lookalike = len(table) == 1 and next(iter(table)).startswith("$")
            return {"$table": table} if lookalike else table
        case set() | frozenset():
            return [to_json(item) for item in sorted(value)]
        case list() | tuple():
            return [to_json(item) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(value: Any) -> Any:
    """Turn what ``to_json`` made into the value it was made of.

    Args:
        value: As read by ``json``.

    Returns:
        The value; sets and tuples come back as lists.

    Raises:
        ValueError: If a tagged value is none.
    """
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, inside = next(iter(value.items()))
        if tag == "$table" and isinstance(inside, dict):
            return {key: from_json(item) for key, item in inside.items()}
        if tag in _READERS:
            try:
                return _READERS[tag](inside)
            except (TypeError, ArithmeticError) as error:
                raise ValueError(f"not a {tag[1:]}: {inside!r}") from error
    return {key: from_json(item) for key, item in value.items()}
