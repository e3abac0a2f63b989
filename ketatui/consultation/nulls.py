"""JSON data in the form in which a case file can hold it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def without_nulls(value: Any) -> Any:
    """Return JSON data as TOML can hold it: no nulls, and exact decimal numbers."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value if item is not None]
    return Decimal(str(value)) if isinstance(value, float) else value
