"""Text in the Markdown of a card, in which nothing that others wrote acts."""

from __future__ import annotations

import re

from ketatui.printable import printable

_ACTING = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
_LONGEST = 139


def md(text: str) -> str:
    """Return text of others as Markdown shows it: no mark in it acts, nor does a line break."""
    return _ACTING.sub(r"\\\1", printable(" ".join(text.split())))


def link(label: str, address: str) -> str:
    """Return a link."""
    return f"[{md(label)}]({address})"


def one_line(text: str) -> str:
    """Return a summary as a card may have it: under 140 characters."""
    text = printable(" ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
