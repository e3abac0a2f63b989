"""``Round``, ``div``, escapes, and lists of which only a part is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.cql import (
    NUMBER,
    Condition,
    ExpressionError,
    PartialList,
    Scope,
    Type,
    Value,
    check,
    compile_expression,
    is_settled,
    parse,
)
from tests.each import each

SCOPE = Scope({"n": NUMBER, "codes": Type("list", codes=frozenset("ab"), element="text")}, {})


def compiled(text: str) -> Condition:
    node = parse(text)
    check(node, SCOPE)
    return compile_expression(text, node, {})


def value(text: str, **facts: Value) -> Value:
    return compiled(text).value(facts)


@each(
    ("text", "expected"),
    [
        ("Round(2.5)", "3"),
        ("Round(2.4)", "2"),
        ("Round(-0.5)", "0"),
        ("Round(-0.05, 1)", "0"),
        ("Round(-1.5)", "-1"),
        ("Round(-1.6)", "-2"),
        ("Round(24.05, 1)", "24.1"),
        ("Round(24.04, 1)", "24.0"),
        ("Round(3, 2)", "3.00"),
        ("Round(10 / 3, 2) + 1", "4.33"),
        ("7 div 2", "3"),
        ("-7 div 2", "-3"),
        ("7.5 div 2", "3"),
        ("7 div 2 * 2", "6"),
        ("1 + 7 div 2", "4"),
    ],
)
def test_numbers_are_rounded_half_up_and_divided_whole(text: str, expected: str) -> None:
    found = value(text)
    assert isinstance(found, int | Decimal)
    assert found == Decimal(expected)


@each("text", ["7 div 0", "null div 2", "Round(null)", "Round(n, 1)", "n div 2"])
def test_what_cannot_be_reckoned_is_null(text: str) -> None:
    assert value(text) is None


@each(
    ("text", "said"),
    [
        ("Round(1, 9)", "0 to 8"),
        ("Round(1, n)", "0 to 8"),
        ("Round(1, 1.5)", "0 to 8"),
        ("Round 1", "'(' expected"),
        ("Round('a', 1)", "'Round' takes number, not text"),
        ("'a' div 2", "'div' takes number"),
        (r"'a\q' = 'b'", r"unknown escape \q"),
        (r"'a\x' = 'b'", r"allowed: \'"),
        (r"'\u12' = 'b'", r"unknown escape \u"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        compiled(text)
    assert said in str(refused.value)


@each(
    ("text", "meant"),
    [
        (r"'it\'s'", "it's"),
        (r"'a\\b'", "a\\b"),
        (r"'a\nb\tc\/'", "a\nb\tc/"),
        (r"'\u00e9\"\`'", 'é"`'),
    ],
)
def test_escapes_are_those_of_cql(text: str, meant: str) -> None:
    assert value(text) == meant


@each("sign", ["!=", "<>"])
def test_both_signs_for_unequal_are_one_operator(sign: str) -> None:
    assert value(f"1 {sign} 2") is True
    assert value(f"n {sign} 2") is None
    assert parse(f"n {sign} 2") == parse("n != 2")


@each(
    ("codes", "a", "b"),
    [
        (("a",), True, False),
        ((), False, False),
        (PartialList(["a"]), True, None),
        (PartialList(), None, None),
        (None, None, None),
    ],
)
def test_what_a_partial_list_does_not_hold_may_be_there(
    codes: Value, a: bool | None, b: bool | None
) -> None:
    assert value("codes contains 'a'", codes=codes) is a
    assert value("'b' in codes", codes=codes) is b
    both = compiled("codes contains 'a' or codes contains 'b'")
    waits = both.waits_for({"codes": codes})
    assert waits == (() if both.value({"codes": codes}) is not None else ("codes",))


def test_a_partial_list_is_not_the_finished_one() -> None:
    some = PartialList(["a"])
    assert some != ("a",)
    assert some == PartialList(["a"])
    assert hash(some) == hash(PartialList(["a"]))
    assert repr(some) != repr(("a",))
    assert not is_settled(some)
    assert is_settled(("a",))
    assert not is_settled(None)
