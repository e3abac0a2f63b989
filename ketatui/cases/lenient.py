"""Reading a table of which nothing is certain: shapes that do not fit are named, never raised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ketatui.cql import Value


class LenientTable:
    """One table of a file. Reading from it never raises; what is not understood is named.

    Attributes:
        is_foreign: It is no table, and is read as an empty one.
        data: As it is in the file.
        foreign: Paths of what could not be read, shared by all tables of one file.
    """

    def __init__(self, data: Any, path: str, foreign: list[str]) -> None:
        """Take a table.

        Args:
            data: What stands in its place; None where nothing does.
            path: Where that is; empty for the outermost.
            foreign: The list that what cannot be read is added to.
        """
        # Nearly always a dict; to ask whether it is any other kind of mapping takes longer.
        is_table = type(data) is dict or isinstance(data, Mapping)
        self.is_foreign = data is not None and not is_table
        self.data: Mapping[str, Any] = data if is_table else {}
        self.path = path
        self.foreign = foreign

    def misread(self, key: str) -> None:
        """Name a part that cannot be read."""
        self.foreign.append(f"{self.path}.{key}" if self.path else key)

    def text(self, key: str) -> str:
        """Read a text; empty for anything else."""
        value = self.data.get(key)
        if isinstance(value, str):
            return value
        if value is not None:
            self.misread(key)
        return ""

    def name(self, key: str) -> str:
        """Read a text that has to be there."""
        value = self.text(key)
        if not value and self.data.get(key) in (None, ""):
            self.misread(key)
        return value

    def code(self, key: str, allowed: tuple[str, ...]) -> str:
        """Read a code; one that nobody knows is named, and kept as it is written."""
        value = self.text(key)
        if value and value not in allowed:
            self.misread(key)
        return value

    def day(self, key: str) -> str:
        """Read a day as text: as it is written, or in ISO form where the file holds a date."""
        value = self.data.get(key)
        written = day_of(value) if isinstance(value, dt.date) else None
        text = self.text(key) if written is None else written.isoformat()
        if text and day_of(text) is None:
            self.misread(key)
        return text

    def whole(self, key: str) -> int | None:
        """Read a whole number; None for anything else."""
        value = self.data.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self.misread(key)
        return None

    def flag(self, key: str) -> bool:
        """Read a mark: it is true, or it is not there."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.misread(key)
        return value is True

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; what is no text is left out."""
        found = []
        for place, value in enumerate(self._list(key)):
            if isinstance(value, str):
                found.append(value)
            else:
                self.misread(f"{key}[{place}]")
        return tuple(found)

    def table(self, key: str) -> LenientTable:
        """Read a table; an empty one for anything else."""
        path = f"{self.path}.{key}" if self.path else key
        part = LenientTable(self.data.get(key), path, self.foreign)
        if part.is_foreign:
            self.misread(key)
        return part

    def tables(self, key: str) -> Iterator[LenientTable]:
        """Read a list of tables; what is no table is left out."""
        path = f"{self.path}.{key}" if self.path else key
        for place, row in enumerate(self._list(key)):
            if type(row) is dict or isinstance(row, Mapping):
                yield LenientTable(row, f"{path}[{place}]", self.foreign)
            else:
                self.misread(f"{key}[{place}]")

    def facts(self, key: str) -> dict[str, Value]:
        """Read facts by name."""
        return {str(name): _value(value) for name, value in self.table(key).data.items()}

    def _list(self, key: str) -> list[Any] | tuple[Any, ...]:
        value = self.data.get(key)
        if type(value) is list or isinstance(value, list | tuple):
            return value
        if value is not None:
            self.misread(key)
        return ()


def day_of(value: Any) -> dt.date | None:
    """Read a day as a saved assessment has it; None for anything else."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def finite(value: Any) -> Decimal | None:
    """Read a finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _value(value: Any) -> Value:
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            number = finite(value)
            return str(value) if number is None else number
        case list() | tuple():
            return tuple(str(item) for item in value)
        case _:
            return str(value)
