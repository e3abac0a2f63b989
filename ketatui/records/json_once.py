"""JSON that says nothing twice: of two values of one name, one would be lost in silence."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
"""Reads numbers with a point exactly, and takes nothing that is no JSON."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_LONGEST = 60
"""Characters of a name that are shown."""


class SaidTwiceError(ValueError):
    """An object has a name twice.

    Attributes:
        line: Where the second one stands.
        name: The name, as written.
    """

    def __init__(self, line: int, name: str) -> None:
        """Say which and where."""
        super().__init__(f"stands more than once in one object: {name[:_LONGEST]}")
        self.line, self.name = line, name


def decode_once(data: bytes) -> Any:
    """Read one JSON document; numbers with a point are exact.

    Args:
        data: JSON in UTF-8.

    Raises:
        SaidTwiceError: An object in it has a name twice.
        ValueError: It is no JSON, or not in UTF-8.
        RecursionError: It is nested too deeply.
    """
    value = _DECODER.decode(data)
    # Written again, a value has as many colons as it was read from, unless a name was lost. Only a
    # colon that is escaped by its number, or a number that cannot be written, needs a closer look.
    again = bytearray(len(data))
    try:
        _ENCODER.encode_into(value, again)
        kept = again.count(b":") == data.count(b":")
    except (OverflowError, ValueError):
        kept = False
    if not kept or (b"\\" in data and b"\\u003" in data):
        _refuse_twice(data.decode())
    return value


def _refuse_twice(text: str) -> None:
    """Look for the first name that an object has twice, in text that is known to be JSON."""
    open_: list[set[str] | None] = []
    line, at, last = 1, 0, ""
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark == "{":
            open_.append(set())
        elif mark == "[":
            open_.append(None)
        elif mark in "}]":
            open_.pop()
        elif mark == ":":
            names = open_[-1]
            assert names is not None
            line += text.count("\n", at, token.start())
            at = token.start()
            name = str(msgspec.json.decode(last))
            if name in names:
                raise SaidTwiceError(line, name)
            names.add(name)
        last = mark
