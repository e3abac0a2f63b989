"""Text from outside as a terminal may be given it."""

from __future__ import annotations

import unicodedata


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


def folded(text: str) -> str:
    """Return what was typed with full-width characters and ligatures as plain ones.

    Fractions and raised digits stay as they are: by NFKC alone ``14²`` would be 142.

    Args:
        text: As typed.
    """
    return "".join(
        one if unicodedata.category(one) == "No" else unicodedata.normalize("NFKC", one)
        for one in unicodedata.normalize("NFC", text)
    )
