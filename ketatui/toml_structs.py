"""Tables of a TOML file as immutable values, checked once, where they come in.

A kind of table is a class; what its fields may hold is said by their types. Reading either gives
the value or every fault of the data, each with its place, so that a person can mend the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import NODEFAULT, Meta, ValidationError, convert, field
from msgspec.structs import FieldInfo, force_setattr
from msgspec.structs import fields as _fields_of

from ketatui.structs import Frozen

Place = tuple[str | int, ...]
"""Keys and row numbers that lead to a value, from the table down."""

SAYS_SOMETHING = r"\S"
"""The form of a text that has to say something."""

_TIMES = (dt.datetime, dt.date, dt.time)
"""What TOML tells from text by itself: text in its place is refused."""


class Table(Frozen, frozen=True):
    """Base of every kind of table."""


class ClosedTable(Table, frozen=True, forbid_unknown_fields=True):
    """A table in which a key that is not known is a fault."""


class OpenTable(Table, frozen=True, kw_only=True):
    """A table that keeps keys it does not know."""

    extra: dict[str, Any] = field(default_factory=dict)
    """They and their values, as they stood."""

    def __hash__(self) -> int:
        """Hash what is known of it: values of any kind can be kept beside that."""
        return hash(tuple(getattr(self, name) for name in field_names(type(self))))


_Kind = TypeVar("_Kind", bound=Table)


class Fault(NamedTuple):
    """One thing wrong with data."""

    place: Place
    message: str
    """With ``{value}`` where the value belongs, if it helps to see it."""
    value: Any = None

    def said(self, shown: Callable[[Any], str]) -> str:
        """Return the message with the value in it.

        Args:
            shown: How to show a value.
        """
        head, mark, tail = self.message.partition("{value}")
        return f"{head}{shown(self.value)}{tail}" if mark else head


class FaultyTableError(ValueError):
    """Data that are no such table.

    Attributes:
        faults: All of them, at least one.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Args: faults, at least one; the text is the first."""
        first = faults[0]
        super().__init__(f"{'.'.join(map(str, first.place))}: {first.said(repr)}")
        self.faults = faults


def read_table(
    data: object, kind: type[_Kind], *, times_as_text: bool = False, decimals: bool = False
) -> _Kind:
    """Check data and turn them into a table.

    Args:
        data: As TOML or JSON has them; tables in them may be ready values already.
        kind: What they are to be.
        times_as_text: Whether moments and days stand there as text, as JSON has them.
        decimals: Whether every number of a ``Decimal`` field is one already: text in its place,
            which would be read as the number it spells, is then refused.

    Returns:
        The value, with tables within as values too.

    Raises:
        FaultyTableError: With every fault.
    """
    native = (*(() if times_as_text else _TIMES), *((Decimal,) if decimals else ()))
    aside = _set_aside(data, kind)
    try:
        return convert(aside, kind, builtin_types=native)
    except ValidationError as error:
        found = tuple(_Finder(native).faults(aside, kind, (), error))
        raise FaultyTableError(found) from None


def plain(table: Table) -> dict[str, Any]:
    """Return a table as a dict, tables within it too; what was kept stands beside the rest."""
    return {name: _plain(getattr(table, name)) for name in field_names(type(table))} | extra_of(
        table
    )


def _plain(value: Any) -> Any:
    match value:
        case Table():
            return plain(value)
        case tuple() | list():
            return type(value)(_plain(item) for item in value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value


def extra_of(table: Table) -> dict[str, Any]:
    """Return the keys that a table keeps without knowing them."""
    return table.extra if isinstance(table, OpenTable) else {}


@cache
def fields_of(kind: type[Table]) -> tuple[FieldInfo, ...]:
    """Return the fields of a kind of table, in the order they are written."""
    return tuple(field for field in _fields_of(kind) if field.name != "extra")


def default_of(field: FieldInfo) -> Any:
    """Return what a field that need not be there is without its key."""
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


@cache
def field_names(kind: type[Table]) -> tuple[str, ...]:
    """Return the names of these fields."""
    return tuple(name for name in kind.__struct_fields__ if name != "extra")


def strip_texts(table: Table, *names: str) -> None:
    """Take the space around texts away; for ``__post_init__``.

    Raises:
        ValueError: One of them says nothing.
    """
    for name in names:
        text = getattr(table, name)
        bare = text.strip()
        if not bare:
            raise ValueError(f"{name} has to say something")
        if bare != text:
            force_setattr(table, name, bare)


def need_finite(table: Table, *names: str) -> None:
    """Refuse numbers that are none, which TOML has; for ``__post_init__``.

    Args:
        table: The table.
        names: Fields that hold a number, nothing, or numbers by key.

    Raises:
        ValueError: One of them is ``inf`` or ``nan``.
    """
    for name in names:
        value = getattr(table, name)
        for number in value.values() if isinstance(value, dict) else (value,):
            if number is not None and not number.is_finite():
                raise ValueError(f"{name}: {number} is no number to reckon with")


# --- keys that are kept ---------------------------------------------------------------------------


class _Within(NamedTuple):
    """The open tables that a field holds."""

    kind: type[OpenTable]
    by_key: bool
    """Whether the field is a table of them."""


@cache
def _within(kind: type[Table]) -> dict[str, _Within]:
    """Return the fields of a table that hold open tables."""
    found = {}
    for name, hint in _hints_of(kind).items():
        open_kind = next(_open_kinds(hint), None)
        if open_kind is not None:
            found[name] = _Within(open_kind, get_origin(hint) is dict)
    return found


def unknown_keys(table: OpenTable, place: Place = ()) -> Iterator[Place]:
    """Find the keys that a table, and the tables within it, keep without knowing them.

    Args:
        table: The table, as it was read.
        place: Where it stands.

    Yields:
        Where each stands, fields by their names.
    """
    yield from ((*place, key) for key in table.extra)
    for name in _within(type(table)):
        value = getattr(table, name)
        if isinstance(value, OpenTable):
            yield from unknown_keys(value, (*place, name))
        elif value:
            rows = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, item in rows:
                yield from unknown_keys(item, (*place, name, key))


def _hints_of(kind: type[Table]) -> dict[str, Any]:
    """Return what fields are said to hold; texts, which take longest, are understood if any."""
    hints: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        hints |= getattr(base, "__annotations__", {})
    return get_type_hints(kind) if any(isinstance(h, str) for h in hints.values()) else hints


def _open_kinds(hint: Any) -> Iterator[type[OpenTable]]:
    if isinstance(hint, type) and issubclass(hint, OpenTable):
        yield hint
    for part in get_args(hint):
        yield from _open_kinds(part)


def _set_aside(data: Any, kind: type[Table]) -> Any:
    """Put the keys that an open table does not know where it keeps them, on every level."""
    within = _within(kind)
    is_open = issubclass(kind, OpenTable)
    if not isinstance(data, Mapping) or not (within or is_open):
        return data
    names = field_names(kind)
    table, extra = {}, {}
    for key, value in data.items():
        if is_open and key not in names:
            extra[key] = value
        else:
            table[key] = _aside_in(value, within[key]) if key in within else value
    return {**table, "extra": extra} if extra else table


def _aside_in(value: Any, within: _Within) -> Any:
    if isinstance(value, list | tuple):
        return [_set_aside(item, within.kind) for item in value]
    if within.by_key and isinstance(value, Mapping):
        return {key: _set_aside(item, within.kind) for key, item in value.items()}
    return _set_aside(value, within.kind)


# --- what is wrong --------------------------------------------------------------------------------


_WRONG: Mapping[Any, str] = {
    bool: "is not a yes or no; allowed: true, false",
    int: "is no whole number; allowed: a whole number",
    Decimal: "is no number; allowed: a number",
    str: "is not text; allowed: text in quotes",
    dt.datetime: "is no moment; allowed: a date and time with its offset, as 2026-11-21T21:01:43Z",
    dt.date: "is no day; allowed: a date like 2026-11-21",
    tuple: "is no list; allowed: a list",
    frozenset: "is no list; allowed: a list",
    dict: "is no table; allowed: a table",
}


class _Finder(NamedTuple):
    """Finds what is wrong with data that could not be read."""

    native: tuple[type, ...]
    """Types that text is not taken for."""

    def faults(
        self, value: Any, hint: Any, place: Place, error: ValidationError
    ) -> Iterator[Fault]:
        """Find the faults of a value that is not what it should be, as deep down as possible."""
        inside = list(self._inside(value, _bare(hint), place))
        if inside:
            yield from inside
        else:
            yield Fault(place, _message(value, hint, error), value)

    def _inside(self, value: Any, hint: Any, place: Place) -> Iterator[Fault]:
        origin, parts = get_origin(hint), get_args(hint)
        if isinstance(hint, type) and issubclass(hint, Table) and isinstance(value, Mapping):
            hints = get_type_hints(hint, include_extras=True)
            fields = {field.encode_name: field for field in _fields_of(hint)}
            for key, field in fields.items():
                if key in value:
                    yield from self._at(value[key], hints[field.name], (*place, key))
                elif field.required:
                    yield Fault((*place, key), "is missing")
            for key in value:
                if key not in fields:
                    yield Fault((*place, key), "unknown key")
        elif origin is dict and isinstance(value, Mapping):
            for key, item in value.items():
                yield from self._at(key, parts[0], (*place, key))
                yield from self._at(item, parts[1], (*place, key))
        elif origin in (tuple, frozenset) and isinstance(value, list | tuple):
            for number, item in enumerate(value):
                yield from self._at(item, parts[0], (*place, number))

    def _at(self, value: Any, hint: Any, place: Place) -> Iterator[Fault]:
        try:
            convert(value, hint, builtin_types=self.native)
        except ValidationError as error:
            yield from self.faults(value, hint, place, error)


def _bare(hint: Any) -> Any:
    """Take from a type what says more about it, and that there may be none."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    parts = [part for part in get_args(hint) if part is not type(None)]
    return _bare(parts[0]) if len(parts) == 1 and type(None) in get_args(hint) else hint


def _message(value: Any, hint: Any, error: ValidationError) -> str:
    bare = _bare(hint)
    kind = get_origin(bare) or bare
    if kind is Literal:
        return f"{{value}} is not known here; allowed: {', '.join(map(str, get_args(bare)))}"
    if isinstance(kind, type) and issubclass(kind, Table):
        # A table whose fields are right each by itself refused them together.
        together = str(error).partition(" - at `")[0]
        return together if isinstance(value, Mapping) else f"{{value}} {_WRONG[dict]}"
    is_list = kind in (tuple, frozenset)
    # A truth value is a whole number to Python alone.
    rightly = isinstance(value, list | tuple) if is_list else type(value) is kind
    for meta in _metas(hint):
        if rightly and (limit := _limit(value, meta)):
            return limit
    if kind in _WRONG:
        return f"{{value}} {_WRONG[kind]}"
    return f"{{value}}: {str(error).partition(' - at `')[0]}"


def _metas(hint: Any) -> Iterator[Meta]:
    if get_origin(hint) is Annotated:
        yield from (part for part in get_args(hint)[1:] if isinstance(part, Meta))
        hint = get_args(hint)[0]
    if type(None) in get_args(hint):
        for part in get_args(hint):
            yield from _metas(part)


def _limit(value: Any, meta: Meta) -> str:
    """Say which limit a value of the right type goes beyond, if it is this one."""
    if meta.min_length is not None and len(value) < meta.min_length:
        return "says nothing" if isinstance(value, str) else f"needs at least {meta.min_length}"
    if meta.max_length is not None and len(value) > meta.max_length:
        what = "characters" if isinstance(value, str) else "entries"
        return f"too long: {len(value)} {what}; allowed: {meta.max_length}"
    if meta.pattern == SAYS_SOMETHING and not value.strip():
        return "says nothing"
    if meta.pattern is not None and not re.search(meta.pattern, value):
        form = meta.pattern.removeprefix("^").removesuffix(r"\Z")
        return f"{{value}} is not of the form {form}"
    if meta.ge is not None or meta.le is not None:
        return f"{{value}} is out of range; allowed: {meta.ge} to {meta.le}"
    return ""
