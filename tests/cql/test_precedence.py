"""What binds tighter, as in HL7's grammar: each line reads the same with and without brackets."""

from __future__ import annotations

from typing import Any

import pytest

from ketatui.cql import ExpressionError, parse
from ketatui.cql.syntax import Literal, Name, Node, Threshold, children, names
from tests.cql.support import compiled, evaluate
from tests.each import each


def shape(node: Node) -> tuple[Any, ...]:
    """A tree without the places in the text, so that brackets do not show."""
    match node:
        case Literal(value=value):
            label: Any = value
        case Name(id=name) | Threshold(name=name):
            label = name
        case _:
            label = [
                getattr(node, field) for field in ("op", "what", "negated") if hasattr(node, field)
            ]
    return (type(node).__name__, label, *(shape(child) for child in children(node)))


@each(
    ("written", "meant"),
    [
        ("not p = q", "(not p) = q"),
        ("not p is null", "not (p is null)"),
        ("not p and q", "(not p) and q"),
        ("not not p", "not (not p)"),
        ("p = not q", "p = (not q)"),
        ("p or q and r", "p or (q and r)"),
        ("p and q or r", "(p and q) or r"),
        ("p or q or r", "(p or q) or r"),
        ("p xor q or r", "(p xor q) or r"),
        ("p or q xor r", "(p or q) xor r"),
        ("p implies q or r", "p implies (q or r)"),
        ("p or q implies r", "(p or q) implies r"),
        ("p implies q implies r", "(p implies q) implies r"),
        ("p and q implies r", "(p and q) implies r"),
        ("x between 1 and 2 and p", "(x between 1 and 2) and p"),
        ("p and x between 1 and 2", "p and (x between 1 and 2)"),
        ("not x between 1 and 2", "(not x) between 1 and 2"),
        ("x between 1 + 1 and 2 * 3", "x between (1 + 1) and (2 * 3)"),
        ("x + 1 < y * 2", "(x + 1) < (y * 2)"),
        ("x < y = p", "(x < y) = p"),
        ("p = x < y", "p = (x < y)"),
        ("x - 1 - 2", "(x - 1) - 2"),
        ("x / 2 / 3", "(x / 2) / 3"),
        ("x + 2 * y", "x + (2 * y)"),
        ("-x + y", "(-x) + y"),
        ("-x * y", "(-x) * y"),
        ("+x * -y", "(+x) * (-y)"),
        ("color = 'red' in {p}", "(color = 'red') in {p}"),
        ("p and color in {'red'}", "p and (color in {'red'})"),
        ("x > 1 is true", "x > (1 is true)"),
        ("p is not null and q", "(p is not null) and q"),
        ("p <> q", "p != q"),
        ("x>=1and p", "x >= 1 and p"),
    ],
)
def test_it_reads_as_if_bracketed(written: str, meant: str) -> None:
    assert shape(parse(written)) == shape(parse(meant))


def test_not_before_a_comparison_negates_the_operand_and_not_the_comparison() -> None:
    assert evaluate("not p = q", {"p": True, "q": True}) is False
    assert evaluate("not (p = q)", {"p": True, "q": False}) is True
    with pytest.raises(ExpressionError, match="takes yes/no"):
        evaluate("not color = 'red'", {"color": "blue"})


def test_implication_is_loosest_so_it_can_be_wrong_only_where_the_premise_holds() -> None:
    assert evaluate("p or q implies r", {"p": True, "q": False, "r": False}) is False
    assert evaluate("p implies q implies r", {"p": False, "q": True, "r": False}) is False


def test_an_expression_tells_what_it_reads_once_and_in_order() -> None:
    condition = compiled("x > threshold.limit or y < x and p is true")
    assert condition.reads == ("x", "y", "p")
    assert condition.thresholds == ("limit",)
    assert names(parse("1 + 2")) == ()


@each(
    ("facts", "waiting"),
    [
        ({}, ("p", "x")),
        ({"p": False}, ("x",)),
        ({"x": 3}, ("p",)),
        ({"p": True}, ()),
        ({"p": False, "x": 3}, ()),
    ],
)
def test_an_open_condition_waits_only_for_what_can_still_decide_it(
    facts: dict[str, Any], waiting: tuple[str, ...]
) -> None:
    assert compiled("p or x > 5").waits_for(facts) == waiting


@each(
    ("text", "facts", "waiting"),
    [
        ("paint in {color}", {"paint": "red"}, ("color",)),
        ("paint in {color}", {"color": "red"}, ("paint",)),
        ("'red' in {color, paint}", {}, ("color", "paint")),
        ("'red' in {color, paint}", {"color": "red"}, ()),
    ],
)
def test_a_list_waits_for_what_is_null_in_it(
    text: str, facts: dict[str, Any], waiting: tuple[str, ...]
) -> None:
    assert compiled(text).waits_for(facts) == waiting
