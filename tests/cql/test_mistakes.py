"""Mistakes in an expression: each is refused with the place where it stands."""

from __future__ import annotations

import pytest

from ketatui.cql import TEXT, ExpressionError, Scope, Type, check, parse
from ketatui.cql.syntax import MAX_DEPTH, MAX_HEIGHT
from ketatui.cql.tokens import MAX_LENGTH, tokenize
from tests.cql.support import evaluate
from tests.each import each


def test_the_numbers_at_the_limits_of_cql_are_taken() -> None:
    for text in ("2147483647", "-2147483648", f"{'9' * 28}.{'9' * 8}", "000.00000001"):
        parse(f"x > {text}")


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text)
    return caught.value


@each(
    ("text", "says", "at"),
    [
        ("p and bogus", "unknown id 'bogus'", 6),
        ("p and clasess contains 'opioid'", "near: classes", 6),
        ("x > 2147483648", "a whole number is at most 2147483647", 4),
        ("x > -2147483649", "a whole number is at most 2147483647", 5),
        ("x > 0.000000001", "at most 28 digits before the point, as in CQL, and 8 after it", 4),
        (f"x > 1{'0' * 28}.0", "at most 28 digits before the point", 4),
        ("x > threshold.limt", "unknown threshold 'limt'; near: limit", 4),
        ("x > threshold.a.b", "unknown threshold 'a.b'", 4),
        ("color = 'rod'", "unknown choice code 'rod'; allowed: blue, green, red", 6),
        ("'rod' <> color", "unknown choice code 'rod'", 6),
        ("color in {'red', 'rod'}", "unknown choice code 'rod'", 6),
        ("color in {'red', 'rod', paint}", "unknown choice code 'rod'", 9),
        ("'rod' in {color, 'red'}", "unknown choice code 'rod'", 6),
        ("classes contains 'opiod'", "unknown choice code 'opiod'", 8),
        ("'opiod' in classes", "unknown choice code 'opiod'", 8),
        ("x = 'red'", "'=' mixes number and text", 2),
        ("p = 1", "'=' mixes yes/no and number", 2),
        ("color = true", "mixes choice and yes/no", 6),
        ("p < q", "'<' compares numbers, not yes/no", 2),
        ("color < 'red'", "choice codes have no order", 6),
        ("x < 'a'", "mixes number and text", 2),
        ("x between 'a' and 'b'", "mixes number and text", 2),
        ("color between 'blue' and 'red'", "choice codes have no order", 6),
        ("p + 1", "'+' takes number, not yes/no", 2),
        ("-color", "'-' takes number, not choice", 0),
        ("x > +color", "'+' takes number, not choice", 4),
        ("x > +2147483648", "a whole number is at most 2147483647", 5),
        ("x and p", "'and' takes yes/no, not number", 2),
        ("p implies x", "'implies' takes yes/no, not number", 2),
        ("not x", "'not' takes yes/no, not number", 0),
        ("x is true", "takes yes/no, not number", 2),
        ("classes = classes", "does not compare lists", 8),
        ("classes contains 1", "mixes number and a list of text", 8),
        ("color contains 'red'", "takes a list on its left", 6),
        ("x in y", "takes a list on its right", 2),
        ("classes in {'opioid'}", "looks for one value", 8),
        ("x in {1, 'a'}", "a list mixes number and text", 5),
        ("x in {{1}}", "a list cannot hold a list", 5),
    ],
)
def test_what_cannot_be_compared_is_refused_where_it_stands(text: str, says: str, at: int) -> None:
    error = refusal(text)
    assert says in error.message
    assert error.position == at
    assert f"(column {at + 1})" in str(error)


@each(
    ("text", "at"),
    [
        ("", 0),
        ("p and", 5),
        ("p q", 2),
        ("(p", 2),
        ("p)", 1),
        ("and p", 0),
        ("p is", 4),
        ("p is maybe", 5),
        ("p is not", 8),
        ("x between 1", 11),
        ("x between 1 or 2", 12),
        ("x in {1, }", 9),
        ("x in {1", 7),
        ("color = 'red", 8),
        ("p & q", 2),
        ("x = 1.", 5),
        ("x = .5", 4),
        ("x = 1.2.3", 7),
        ("p == q", 3),
        ("threshold", 0),
        ("p; q", 1),
        ("x > +", 5),
        ("1 + not p", 4),
    ],
)
def test_what_is_no_expression_is_refused_at_the_first_thing_that_does_not_fit(
    text: str, at: int
) -> None:
    assert refusal(text).position == at


def test_constants_alone_are_compared_as_text() -> None:
    assert evaluate("'a' in {'b', 'c'}") is False
    assert evaluate("'a' in {'a', null}") is True
    assert evaluate("'a' = 'b'") is False


def test_keywords_are_lower_case_and_ids_are_exact() -> None:
    assert "unexpected 'AND'" in refusal("p AND q").message
    assert "unknown id 'P'" in refusal("P").message


@each(("before", "after"), [("(", ")"), ("not ", ""), ("-", ""), ("{", "}"), ("1 + (", ")")])
def test_deep_nesting_is_refused_and_never_exhausts_the_stack(before: str, after: str) -> None:
    count = MAX_DEPTH * 5
    assert "nested deeper" in refusal(f"{before * count}1{after * count}").message


@each(
    ("first", "more"),
    [("p", " and p"), ("1", "+1"), ("p", " is true"), ("p", " = p"), ("1", "*1"), ("p", " or p")],
)
def test_a_chain_is_refused_past_its_limit_and_works_up_to_it(first: str, more: str) -> None:
    evaluate(first + more * (MAX_HEIGHT - 1), {"p": True})
    long = first + more * ((MAX_LENGTH - 1) // len(more))
    assert "a chain of more than" in refusal(long).message
    assert "a chain of more than" in refusal(first + more * MAX_HEIGHT).message


def test_an_expression_that_is_too_long_is_refused_before_it_is_read() -> None:
    assert "at most" in refusal(" " * MAX_LENGTH + "p").message
    assert len(tokenize("p".rjust(MAX_LENGTH))) == 2


def test_nesting_up_to_the_limit_is_fine() -> None:
    count = MAX_DEPTH - 1
    assert evaluate("(" * count + "p" + ")" * count, {"p": True}) is True


def test_signs_nest_up_to_the_limit() -> None:
    count = MAX_DEPTH - 1
    for sign, value in (("-", (-1) ** count), ("+", 1)):
        assert evaluate(sign * count + "1") == value
        assert "nested deeper" in refusal(sign * (count + 1) + "1").message


def test_what_no_token_starts_with_is_named() -> None:
    assert refusal("color = 'red").message == "unclosed string"
    assert refusal("color # 'red'").message == "unexpected character '#'"


CHOICE = Type("text", codes=frozenset({"a"}))
KNOWN = Scope(
    {"choice": CHOICE, "free": TEXT, "codes": Type("list", codes=CHOICE.codes, element="text")}, {}
)


def test_a_list_with_a_text_that_may_be_anything_may_hold_any_code() -> None:
    assert check(parse("choice in {free, 'b'}"), KNOWN).kind == "boolean"
    with pytest.raises(ExpressionError, match="unknown choice code 'b'"):
        check(parse("choice in {choice, 'b'}"), KNOWN)


def test_of_several_unknown_codes_the_first_in_the_alphabet_is_named() -> None:
    for letters in ("zyxwvuts", "ihgfedc", "rqponm"):
        codes = ", ".join(f"'{code}'" for code in letters)
        first = f"unknown choice code '{letters[-1]}'; allowed: a"
        with pytest.raises(ExpressionError, match=first):
            check(parse(f"choice in {{{codes}}}"), KNOWN)


def test_what_has_no_order_is_refused_as_what_it_is() -> None:
    with pytest.raises(ExpressionError, match="choice codes have no order for '<'"):
        check(parse("choice < 'a'"), KNOWN)
    with pytest.raises(ExpressionError, match="'<' compares numbers, not list"):
        check(parse("codes < 'a'"), KNOWN)
