"""The JSON form of an assessment: numbers as JSON has them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.cql import Value
from ketatui.engine.assessment import plain


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("78.0"), 78),
        (Decimal("24.6"), 24.6),
        (12, 12),
        (True, True),
        ("mdd", "mdd"),
        (("opioid", "alcohol"), ["opioid", "alcohol"]),
        (None, None),
    ],
)
def test_a_value_is_written_as_what_it_is(value: Value, shown: object) -> None:
    assert plain(value) == shown
    assert type(plain(value)) is type(shown)
