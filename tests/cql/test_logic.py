"""The truth tables: the 39 cases of CqlLogicalOperatorsTest in HL7's cql-tests."""

from __future__ import annotations

import pytest

from tests.cql.support import evaluate
from tests.each import each

T, F, N = True, False, None
WORD = {T: "true", F: "false", N: "null"}
OPERANDS = [(a, b) for a in (T, F, N) for b in (T, F, N)]

# Results for TT TF TN, FT FF FN, NT NF NN, as the group of that name in the test file has them.
TABLES = {
    "and": (T, F, N, F, F, F, N, F, N),
    "implies": (T, F, N, T, T, T, T, N, N),
    "or": (T, T, T, T, F, N, T, N, N),
    "xor": (F, T, N, T, F, N, N, N, N),
}
BINARY = [
    (op, left, right, result)
    for op, results in TABLES.items()
    for (left, right), result in zip(OPERANDS, results, strict=True)
]
NOT = ((T, F), (F, T), (N, N))


@each(("op", "left", "right", "result"), BINARY)
def test_a_connective_follows_its_truth_table(
    op: str, left: bool | None, right: bool | None, result: bool | None
) -> None:
    assert evaluate(f"{WORD[left]} {op} {WORD[right]}") is result
    assert evaluate(f"p {op} q", {"p": left, "q": right}) is result


@each(("operand", "result"), NOT)
def test_not_negates_and_leaves_null_alone(operand: bool | None, result: bool | None) -> None:
    assert evaluate(f"not {WORD[operand]}") is result
    assert evaluate("not p", {"p": operand}) is result


def test_these_are_all_39_cases_of_the_public_tests() -> None:
    assert len(BINARY) + len(NOT) == 39


@pytest.mark.parametrize("form", ["null", "true", "false"])
@pytest.mark.parametrize("value", [T, F, N])
def test_is_answers_even_for_null(form: str, value: bool | None) -> None:
    same = WORD[value] == form
    assert evaluate(f"p is {form}", {"p": value}) is same
    assert evaluate(f"p is not {form}", {"p": value}) is not same


@each(("value", "result"), [(0, False), (5, False), (None, True)])
def test_is_null_takes_any_type(value: int | None, result: bool) -> None:
    assert evaluate("x is null", {"x": value}) is result


def test_an_absent_fact_is_null() -> None:
    assert evaluate("p") is None
    assert evaluate("p or q", {"q": True}) is True
    assert evaluate("classes is null") is True
