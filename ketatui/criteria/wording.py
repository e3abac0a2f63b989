"""Wordings of a pack with what they name filled in, and numbers as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def number_text(value: int | Decimal) -> str:
    """Write a number without trailing zeros."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def with_thresholds(text: str, values: Mapping[str, Decimal]) -> str:
    """Fill ``{threshold_name}`` in a wording with the value in force."""
    if "{" not in text:
        return text
    for name, value in values.items():
        text = text.replace("{" + name + "}", number_text(value))
    return text
