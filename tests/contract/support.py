"""What the tests of the contract share."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[2]


def as_json(value: Any) -> Any:
    """TOML data as a JSON Schema sees them."""

    def other(item: Any) -> Any:
        if isinstance(item, Decimal):
            return float(item)
        assert isinstance(item, dt.date | dt.datetime)
        return item.isoformat()

    return json.loads(json.dumps(value, default=other))


def unsaid(model: object, place: str = "") -> list[str]:
    """Keys that were read and that the contract does not say."""
    if isinstance(model, list):
        return [key for item in model for key in unsaid(item, place)]
    if isinstance(model, dict):
        return [key for name, item in model.items() for key in unsaid(item, f"{place}.{name}")]
    if not isinstance(model, BaseModel):
        return []
    found = [f"{place}.{name}" for name in model.model_extra or {}]
    for name in type(model).model_fields:
        found += unsaid(getattr(model, name), f"{place}.{name}")
    return found
