"""Any text and any well-typed expression: no crash, and more answers never change a result."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ketatui.cql import ExpressionError, Value
from tests.cql.support import SCOPE, compiled, evaluate
from tests.effort import tries

PIECES = (
    "p q x y color name classes threshold.limit threshold true false null and or xor not implies "
    "between in contains is = <> != < <= > >= ( ) { } , + - * / 0 1 2.5 'red' 'a' ' . # é ٣"
).split()
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)

NUMBERS = st.integers(-3, 12) | st.sampled_from([Decimal("0.5"), Decimal("92.95")])
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "boolean": st.booleans(),
    "number": NUMBERS,
    "text": st.sampled_from(["red", "green", "blue"]),
    "list": st.sets(st.sampled_from(["opioid", "alcohol"])).map(lambda found: tuple(sorted(found))),
}
FACTS = st.fixed_dictionaries(
    {name: st.none() | VALUES[kind.kind] for name, kind in SCOPE.facts.items()}
)

number = st.recursive(
    st.sampled_from(["x", "y", "threshold.limit", "null", "0", "3", "2.5"]),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+ - * /".split()), inner)
        | st.builds("({}{})".format, st.sampled_from("-+"), inner)
    ),
    max_leaves=4,
)
code = st.sampled_from(["color", "paint", "'red'", "'green'", "null"])
comparison = st.one_of(
    st.builds("({} {} {})".format, number, st.sampled_from("= <> < <= > >=".split()), number),
    st.builds("({} between {} and {})".format, number, number, number),
    st.builds("({} {} {})".format, code, st.sampled_from(["=", "<>"]), code),
    st.builds("({} in {{{}}})".format, code, st.lists(code, max_size=3).map(", ".join)),
    st.builds("(classes contains {})".format, st.sampled_from(["'opioid'", "'alcohol'", "null"])),
)
condition = st.recursive(
    comparison | st.sampled_from(["p", "q", "r", "true", "false", "null"]),
    lambda inner: (
        st.builds(
            "({} {} {})".format, inner, st.sampled_from("and or xor implies = <>".split()), inner
        )
        | st.builds("(not {})".format, inner)
    ),
    max_leaves=12,
)


@given(text=st.text(max_size=60) | SOUP)
@example(text="-" * 200)
@example(text="'\\")
@example(text="1" * 3999)
@example(text="1" * 3000 + "." + "1" * 900 + " * 3")
@settings(max_examples=tries(70), deadline=None)
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    try:
        condition = compiled(text)
    except ExpressionError as error:
        assert 0 <= error.position <= max(len(text), 1)
    else:
        condition.value({})


@given(text=condition, facts=FACTS, keep=st.sets(st.sampled_from(sorted(SCOPE.facts))))
@settings(max_examples=tries(70), deadline=None)
def test_replacing_a_null_by_a_value_never_changes_a_result(
    text: str, facts: dict[str, Value], keep: set[str]
) -> None:
    fewer = {name: value for name, value in facts.items() if name in keep}
    before = evaluate(text, fewer)
    assert before is None or evaluate(text, facts) == before


@given(text=condition, facts=FACTS)
@settings(max_examples=tries(70), deadline=None)
def test_what_an_open_condition_waits_for_is_null(text: str, facts: dict[str, Value]) -> None:
    found = compiled(text)
    waiting = found.waits_for(facts)
    if found.value(facts) is not None:
        assert waiting == ()
    assert set(waiting) <= set(found.reads)


@given(text=condition, facts=FACTS, more=FACTS)
@settings(max_examples=tries(70), deadline=None)
def test_answering_anything_else_never_decides_an_open_condition(
    text: str, facts: dict[str, Value], more: dict[str, Value]
) -> None:
    found = compiled(text)
    if found.value(facts) is not None:
        return
    waiting = found.waits_for(facts)
    filled = {
        name: more[name] if value is None and name not in waiting else value
        for name, value in facts.items()
    }
    assert found.value(filled) is None
