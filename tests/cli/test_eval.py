"""``ketatui criteria eval``: expressions evaluated as the rules are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.support import Command


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("true and null", "null"),
        ("false and null", "false"),
        ("null or true", "true"),
        ("not null", "null"),
        ("false implies null", "true"),
        ("true xor null", "null"),
        ("1 + 2 * 3", "7"),
        ("7 / 2", "3.5"),
        ("1 / 3", "0.33333333"),
        ("1 / 0", "null"),
        ("-1 + 2", "1"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("'a word'", "a word"),
        ("3 between 1 and 5", "true"),
        ("2 in {1, 2}", "true"),
        ("null in {1, 2}", "null"),
        ("null is null", "true"),
        ("not 1 = 1 is true", "error"),
        ("\uff11 + 1", "error"),
        ("\u0661", "error"),
        ("threshold.bp_hold_systolic", "160"),
        ("{1, 2}", "{1, 2}"),
    ],
)
def test_constants_need_no_case(ketatui: Command, expression: str, value: str) -> None:
    done = ketatui("criteria", "eval", expression)
    if value == "error":
        assert (done.status, done.out) == (2, "")
    else:
        assert (done.status, done.out, done.err) == (0, f"{value}\n", "")


def test_each_expression_has_a_line(ketatui: Command) -> None:
    assert ketatui("criteria", "eval", "true", "null", "3").out == "true\nnull\n3\n"


def test_an_unanswered_question_is_null(ketatui: Command) -> None:
    done = ketatui("criteria", "eval", "medical.avm", "derived.trd", "derived.drug_classes")
    assert done.out == "null\nnull\nnull\n"


def test_a_case_gives_the_facts(ketatui: Command, case_file: Path) -> None:
    done = ketatui(
        "criteria", "eval", "patient.age", "derived.bmi", "derived.drug_classes",
        "indication.diagnosis", "vitals.systolic >= threshold.bp_hold_systolic",
        "--case", case_file,
    )  # fmt: skip
    assert done.out == "44\n24.1\n{benzodiazepine}\ncrps\ntrue\n"


def test_set_answers_questions_by_their_kind(ketatui: Command) -> None:
    done = ketatui(
        "criteria", "eval", "patient.age < 18", "derived.bmi", "medical.avm", "patient.sex",
        "--set", "patient.age=17", "patient.weight_kg=80.5", "patient.height_cm=180",
        "--set", "medical.avm=yes", "patient.sex=female",
    )  # fmt: skip
    assert (done.status, done.out) == (0, "true\n24.8\ntrue\nfemale\n")


def test_set_goes_over_the_case_and_null_clears_an_answer(
    ketatui: Command, case_file: Path
) -> None:
    done = ketatui(
        "criteria", "eval", "patient.age", "vitals.systolic", "--case", case_file,
        "--set", "patient.age=null", "vitals.systolic=120",
    )  # fmt: skip
    assert done.out == "null\n120\n"


def test_a_hidden_question_has_its_else_value(ketatui: Command) -> None:
    done = ketatui("criteria", "eval", "patient.pregnant", "--set", "patient.sex=male")
    assert done.out == "false\n"


def test_an_expression_may_follow_set(ketatui: Command) -> None:
    done = ketatui("criteria", "eval", "--set", "patient.age=17", "patient.age = 17", "null")
    assert done.out == "true\nnull\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["1 +"],
        ["true", "unknown.id"],
        ["patient.sex = 'mail'"],
        ["patient.age = 'old'"],
        ["threshold.nope > 1"],
        ["(" * 100 + "1" + ")" * 100],
        [""],
        ["'unclosed"],
        ["1 ; 2"],
        ["1", "--set", "derived.trd=true"],
        ["1", "--set", "nope.nope=1"],
        ["1", "--set", "patient.age=300"],
        ["1", "--set", "patient.age=x"],
        ["1", "--set", "patient.sex=1"],
        ["1", "--set", "medical.avm=2"],
        ["1", "--set", "medications=lithium"],
        ["1", "--set", "patient.age="],
        ["1", "--set", "patient.age"],
        ["--set", "patient.age=3"],
        [],
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_printed(
    ketatui: Command, arguments: list[str]
) -> None:
    done = ketatui("criteria", "eval", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert done.err.startswith("ketatui criteria eval: ")
