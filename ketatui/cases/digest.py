"""The digest of data: the same for equal values, however they are spelled."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec


def content_digest(content: Mapping[str, Any]) -> str:
    """Digest data over its canonical JSON.

    Args:
        content: Tables, lists and values as TOML or a case holds them.

    Returns:
        ``sha256:`` and 64 hexadecimal digits.

    Raises:
        TypeError: If it holds something else.
    """
    return f"sha256:{hashlib.sha256(_json(_canonical(content))).hexdigest()}"


def written_seal(tables: Mapping[str, Any]) -> str:
    """Digest a case file's tables as they stand, as the seal of its last revision is made.

    Where it is the seal that the file carries, the file holds what was sealed, and to write the
    case out again for `ketatui.cases.revisions.seal_of` would come to the same. Where it is not,
    the file may still say the same in another form.

    Args:
        tables: The file, parsed.

    Returns:
        ``sha256:…``; empty for a file without revisions, and for one that no program wrote.
    """
    rows = tables.get("revisions")
    if not isinstance(rows, list) or not rows or not isinstance(rows[-1], dict):
        return ""
    last = {key: value for key, value in rows[-1].items() if key != "digest"}
    content = {key: value for key, value in tables.items() if key != "schema"}
    try:
        unknown = sorted(tables.get("unknown", ()))
        return content_digest(content | {"unknown": unknown, "revisions": [*rows[:-1], last]})
    except TypeError:
        return ""


_NOT_ASCII = re.compile("[^\x00-\x7e]")
"""What Python's own module escapes and msgspec does not."""


def _json(value: dict[str, Any]) -> bytes:
    """Write canonical data as JSON in ASCII, keys in order and nothing between.

    msgspec writes the same as Python's own module in a third of the time, but for `_NOT_ASCII`.
    """
    try:
        written = msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:
        # Half a pair of surrogates, which is no character.
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
    if written.isascii() and b"\x7f" not in written:
        return written
    return _NOT_ASCII.sub(_escaped, written.decode()).encode("ascii")


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


_AS_IT_IS = frozenset((str, bool, int, type(None)))
"""Most of what there is; asked for by its type alone."""


def _canonical(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    # What is as it is needs no call of its own: a case may hold thousands.
    if type(value) is dict:
        return {
            key: item if type(item) in _AS_IT_IS else _canonical(item)
            for key, item in value.items()
        }
    if type(value) is list or type(value) is tuple:
        return [item if type(item) in _AS_IT_IS else _canonical(item) for item in value]
    match value:
        case str() | int():
            return value
        case Decimal():
            return _number(value)
        case dt.datetime() if value.tzinfo is not None:
            return {"$datetime": value.astimezone(dt.UTC).isoformat()}
        case dt.datetime() | dt.date() | dt.time():
            return {f"${type(value).__name__}": value.isoformat()}
        case Mapping():
            return {key: _canonical(item) for key, item in value.items()}
        case list() | tuple():
            return [_canonical(item) for item in value]
        case set() | frozenset():
            return sorted(_canonical(item) for item in value)
        case _:
            raise TypeError(f"no digest for {type(value).__name__}")


def _number(value: Decimal) -> int | dict[str, str]:
    """Return one form for equal numbers: 78, 78.0 and 7.8E+1 are one value in a case too."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return {"$decimal": str(value)}
    text = "".join(map(str, digits))
    shorter = text.rstrip("0")
    if not shorter:
        return 0
    exponent += len(text) - len(shorter)
    shorter = shorter.lstrip("0")
    # A bound, because 1e999999 spelled out would fill the memory.
    if 0 <= exponent < 30:
        return int(f"{'-' if sign else ''}{shorter}{'0' * exponent}")
    return {"$decimal": f"{'-' if sign else ''}{shorter}E{exponent}"}
