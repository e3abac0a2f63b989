"""Wordings of a pack with what they name filled in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def with_thresholds(text: str, values: Mapping[str, Decimal]) -> str:
    """Fill ``{threshold_name}`` in a wording with the value in force."""
    if "{" not in text:
        return text
    for name, value in values.items():
        text = text.replace("{" + name + "}", f"{value.normalize():f}")
    return text
