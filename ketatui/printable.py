"""Text from outside as a terminal may be given it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Text from outside without anything a terminal could act on.

    Args:
        text: Anything read from a file or a command line.

    Returns:
        The text, control and other unprintable characters shown as escapes.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
