"""Tokens of criteria expressions, and what string constants say."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ketatui.cql.errors import ExpressionError

MAX_LENGTH = 4000
"""Longest expression accepted, in characters."""
_LARGEST = 2**31 - 1
_MOST_WHOLE, _MOST_DIGITS = 28, 8
"""Digits of a decimal of CQL before and after its point."""
KEYWORDS = frozenset(
    "and or xor implies not between in contains is null true false threshold div".split()
)


class Token(NamedTuple):
    """A piece of the text: its kind, its text, where it starts."""

    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<string>'(?:[^'\\]|\\(?s:.))*')
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<sign><>|!=|<=|>=|[=<>(){},+*/-])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {
    "'": "'",
    '"': '"',
    "`": "`",
    "\\": "\\",
    "/": "/",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
"""What CQL knows after a backslash, besides ``uXXXX``."""


def tokenize(text: str) -> list[Token]:
    """Split an expression into tokens, the last of kind ``end``.

    Raises:
        ExpressionError: A character no token starts with, or an expression that is too long.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters", MAX_LENGTH)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            what = "unclosed string" if text[at] == "'" else f"unexpected character {text[at]!r}"
            raise ExpressionError(what, at)
        kind = match.lastgroup or ""
        if kind == "word" and match[0] in KEYWORDS:
            kind = "keyword"
        if kind != "space":
            tokens.append(Token(kind, match[0], at))
        at = match.end()
    tokens.append(Token("end", "", at))
    return tokens


def number_of(token: Token, *, negative: bool) -> int | Decimal:
    """Return what a number says.

    Args:
        token: The number, without a sign.
        negative: Whether a minus stands before it: the least whole number is one further from zero.

    Raises:
        ExpressionError: A number that CQL cannot hold. Source: CQL 1.5, Integer and Decimal.
    """
    whole, point, digits = token.text.partition(".")
    if point:
        if len(whole.lstrip("0")) > _MOST_WHOLE or len(digits) > _MOST_DIGITS:
            message = f"a number has at most {_MOST_WHOLE} digits before the point, as in CQL"
            raise ExpressionError(f"{message}, and {_MOST_DIGITS} after it", token.at)
        return Decimal(token.text)
    number = int(whole)
    if number > _LARGEST + negative:
        message = f"a whole number is at most {_LARGEST}, as in CQL; a larger one has a point"
        raise ExpressionError(f"{message}: {whole}.0", token.at)
    return number


def unescaped(token: Token) -> str:
    """Return what a string constant says.

    Raises:
        ExpressionError: A backslash before what CQL does not know as an escape.
    """

    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] == "u" and len(code) > 1:
            return chr(int(code[1:], 16))
        if code not in _ESCAPES:
            allowed = " ".join(f"\\{key}" for key in _ESCAPES)
            message = f"unknown escape \\{code}; allowed: {allowed} \\uXXXX"
            raise ExpressionError(message, token.at + 1 + match.start())
        return _ESCAPES[code]

    return _ESCAPE.sub(plain, token.text[1:-1])
