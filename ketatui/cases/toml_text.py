"""TOML text to data and back, for files that anybody may have written.

Reading turns everything that can be wrong with the text into problems with a line. Writing
keeps the order it is given and puts every list of tables under headings of its own, because
``tomli_w`` would fold short ones into a line, and then one changed word reads as a changed list.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import tomli
import tomli_w

from ketatui.cases.complaints import called
from ketatui.cases.errors import CaseError, Problem, shown
from ketatui.toml_lines import locate

LARGEST_FILE = 5_000_000
"""Bytes; a consultation takes some tens of thousands."""

DEEPEST = 50
"""Tables and lists within each other."""

_FIRST_YEAR, _LAST_YEAR = 1800, 2999
"""Of dates and moments: at the edges of the calendar they have no local time."""

_LEAST, _GREATEST = -(2**63), 2**63 - 1
"""Of whole numbers."""

_DIGITS = "numbers that are written in digits"

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_ENDLESS_KEY = re.compile(rf"[ \t\[]*(?:{_KEY}[ \t]*\.[ \t]*){{200,}}")
"""A key so long that the parser, which is quadratic here, would seem to hang."""
_LONG_LINE = 2 * 200
"""Shorter ones cannot hold such a key; nearly all are, and looking at each takes long."""


def decode(data: bytes, path: str) -> str:
    """Bytes of a file as text.

    Args:
        data: UTF-8, with or without a byte-order mark.
        path: How to call the file in an error.

    Returns:
        The text, without the mark.

    Raises:
        CaseError: If the bytes are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _fail(path, line, "this is not UTF-8 text; save the file as UTF-8")


def parse(
    text: str, path: str, limits_of: Callable[[str], str] = lambda ident: ""
) -> dict[str, Any]:
    """Parse a TOML document, numbers with a point as Decimal.

    Args:
        text: The document.
        path: How to call the file in an error.
        limits_of: What a question allows, by its id; empty where that is not known.

    Returns:
        The data; every number in it is finite and every whole number fits 64 bits.

    Raises:
        CaseError: If the text is not TOML, too long, too deep, or holds an unusable number.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST_FILE:
        _fail(path, None, f"the file is larger than {LARGEST_FILE // 1_000_000} MB")
    lines = text.split("\n")
    if max(map(len, lines)) >= _LONG_LINE:
        for number, written in enumerate(lines, start=1):
            if len(written) >= _LONG_LINE and _ENDLESS_KEY.match(written):
                _fail(path, number, "nested too deep")
    try:
        data = tomli.loads(text, parse_float=Decimal)
    except RecursionError:
        _fail(path, None, "nested too deep")
    except InvalidOperation:
        _fail(path, None, "holds a number too large or too small to read")
    except ValueError as error:
        message = str(error)
        found = _AT_LINE.search(message)
        line = (int(found[1]) if found[1] else text.count("\n") + 1) if found else None
        if not isinstance(error, tomli.TOMLDecodeError):
            message = "holds a number too long to read"
        _fail(path, line, f"not readable as TOML: {_AT_LINE.sub('', message)}")
    problems = [
        Problem(locate(text, place), _question_at(place) or called(place), message)
        for place, message in _unusable(data, limits_of)
    ]
    if problems:
        raise CaseError(path, problems)
    return data


def _fail(path: str, line: int | None, message: str) -> NoReturn:
    raise CaseError(path, [Problem(line, "", message)]) from None


def _unusable(
    data: dict[str, Any], limits_of: Callable[[str], str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Values that no case can hold, wherever they stand; walked without recursion."""
    waiting: list[tuple[tuple[str | int, ...], dict[str, Any] | list[Any]]] = [((), data)]
    while waiting:
        place, table = waiting.pop()
        if len(place) > DEEPEST:
            yield place[:3], f"nested too deep; allowed: {DEEPEST} levels"
            return
        inside: Iterable[tuple[str | int, Any]]
        inside = table.items() if isinstance(table, dict) else enumerate(table)
        for key, value in inside:
            # Nearly everything is text; a place is put together only where it is needed.
            kind = type(value)
            if kind is str or kind is bool:
                continue
            if kind is int and _LEAST <= value <= _GREATEST:
                continue
            if kind is dict or kind is list:
                waiting.append(((*place, key), value))
            elif isinstance(value, Decimal) and not value.is_finite():
                said = f"{shown(value)} is not a number that can be used"
                allowed = limits_of(_question_at((*place, key)))
                yield (*place, key), f"{said}; allowed: {allowed or _DIGITS}"
            elif isinstance(value, int) and not _LEAST <= value <= _GREATEST:
                said = "this whole number is too large"
                yield (*place, key), f"{said}; allowed: {_LEAST} to {_GREATEST}"
            elif isinstance(value, dt.date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
                allowed = f"allowed: years {_FIRST_YEAR} to {_LAST_YEAR}"
                yield (*place, key), f"{shown(value)} is not a date that can be used; {allowed}"


def _question_at(place: tuple[str | int, ...]) -> str:
    """Return the id of the question that is answered at a place; empty for any other place."""
    after = place.index("answers") + 1 if "answers" in place else len(place)
    return ".".join(map(str, place[after:]))


def render(data: Mapping[str, Any]) -> str:
    """Write a document with its keys in the order given.

    Args:
        data: Values as TOML knows them; Decimals are written as they are.

    Returns:
        TOML that ``parse`` reads back as the same data.
    """
    blocks: list[str] = []
    _block(data, "", "", blocks)
    return "\n".join(blocks)


def _block(table: Mapping[str, Any], name: str, heading: str, blocks: list[str]) -> None:
    """Add a table and, after its own values, the tables within it."""
    lines = [_pair(key, value) for key, value in table.items() if not _is_table(value)]
    inner = {key: value for key, value in table.items() if _is_table(value)}
    if lines or (heading and (not inner or heading.startswith("[["))):
        blocks.append("".join([f"{heading}\n" if heading else "", *lines]))
    for key, value in inner.items():
        path = f"{name}.{key_text(key)}" if name else key_text(key)
        if isinstance(value, Mapping):
            _block(value, path, f"[{path}]", blocks)
        else:
            for row in value:
                _block(row, path, f"[[{path}]]", blocks)


def _is_table(value: Any) -> bool:
    """Tell whether a value is written under a heading: a table, or a list of tables only."""
    if isinstance(value, Mapping):
        return True
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(row, Mapping) for row in value)
    )


def _pair(key: str, value: Any) -> str:
    # A carriage return would be lost between triple quotes.
    paragraphs = isinstance(value, str) and "\n" in value and "\r" not in value
    return tomli_w.dumps({key: value}, multiline_strings=paragraphs)


def key_text(key: str) -> str:
    """Return a key as TOML writes it.

    Args:
        key: Any text.

    Returns:
        The key, in quotes where it needs them.
    """
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
