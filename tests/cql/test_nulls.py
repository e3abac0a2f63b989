"""What null does to comparisons, membership and arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.cql import Value
from tests.cql.support import evaluate
from tests.each import each

COMPARED = {
    "=": (False, True, False),
    "<>": (True, False, True),
    "!=": (True, False, True),
    "<": (True, False, False),
    "<=": (True, True, False),
    ">": (False, False, True),
    ">=": (False, True, True),
}


@each("op", COMPARED)
def test_a_comparison_holds_below_at_and_above_as_it_says(op: str) -> None:
    assert tuple(evaluate(f"x {op} 5", {"x": x}) for x in (4, 5, 6)) == COMPARED[op]


@pytest.mark.parametrize("op", COMPARED)
@pytest.mark.parametrize("pair", [(None, 5), (5, None), (None, None)])
def test_a_comparison_with_null_is_null(op: str, pair: tuple[Value, Value]) -> None:
    assert evaluate(f"x {op} y", {"x": pair[0], "y": pair[1]}) is None
    assert evaluate(f"null {op} null") is None


@each(
    ("x", "low", "high", "result"),
    [
        (10, 10, 60, True),
        (60, 10, 60, True),
        (9, 10, 60, False),
        (61, 10, 60, False),
        (None, 10, 60, None),
        (30, None, 60, None),
        (30, 10, None, None),
        (61, None, 60, False),
        (9, 10, None, False),
        (None, None, None, None),
    ],
)
def test_between_takes_both_ends_in_and_is_false_once_one_side_fails(
    x: int | None, low: int | None, high: int | None, result: bool | None
) -> None:
    words = ["null" if end is None else str(end) for end in (low, high)]
    assert evaluate(f"x between {words[0]} and {words[1]}", {"x": x}) is result


@each(
    ("text", "color", "result"),
    [
        ("color in {'red', 'green'}", "red", True),
        ("color in {'red', 'green'}", "blue", False),
        # Plain CQL says false here; an unanswered question must not read as false.
        ("color in {'red', 'green'}", None, None),
        ("color in {'red', null}", "red", True),
        ("color in {'red', null}", "blue", None),
        ("color in {null}", "blue", None),
        ("color in {}", "red", False),
        ("color in null", "red", None),
        ("not color in {'red'}", None, None),
    ],
)
def test_in_means_equal_to_one_of_them(text: str, color: str | None, result: bool | None) -> None:
    if text.startswith("not"):
        text = "not (color in {'red'})"
    assert evaluate(text, {"color": color}) is result


@each(
    ("classes", "result"),
    [
        (("alcohol", "opioid"), True),
        (("alcohol",), False),
        ((), False),
        (None, None),
    ],
)
def test_contains_is_null_for_a_null_list_and_false_for_an_empty_one(
    classes: tuple[str, ...] | None, result: bool | None
) -> None:
    assert evaluate("classes contains 'opioid'", {"classes": classes}) is result
    assert evaluate("'opioid' in classes", {"classes": classes}) is result


def test_contains_null_is_null() -> None:
    assert evaluate("classes contains null", {"classes": ("opioid",)}) is None
    assert evaluate("null contains 'opioid'") is None


@each(
    ("text", "result"),
    [
        ("1 + 2", 3),
        ("1.5 + 2", Decimal("3.5")),
        ("2 - 3", -1),
        ("2 * 3", 6),
        ("3 / 2", Decimal("1.5")),
        ("2 / 3", Decimal("0.66666667")),
        ("-x", None),
        ("--3", 3),
        ("+x", None),
        ("+2.5", Decimal("2.5")),
        ("-+3", -3),
        ("2 - +3", -1),
        ("+null", None),
        ("1 / 0", None),
        ("1 / (2 - 2)", None),
        ("0 / 0", None),
        ("1 + null", None),
        ("null * 0", None),
        ("x / 1", None),
        ("-null", None),
        ("100000000000000.0 * 100000000000000.0", None),
    ],
)
def test_arithmetic_is_exact_and_null_where_there_is_no_number(text: str, result: Value) -> None:
    assert evaluate(text) == result


def test_a_division_by_zero_inside_a_condition_leaves_it_open() -> None:
    assert evaluate("1 / x > 3", {"x": 0}) is None
    assert evaluate("1 / x > 3 or p", {"x": 0, "p": True}) is True


@each("text", ["0.1 + 0.2 = 0.3", "92.95 < 93", "1.0 = 1", "8 / 2 = 4"])
def test_numbers_compare_by_value_not_by_how_they_are_written(text: str) -> None:
    assert evaluate(text) is True
