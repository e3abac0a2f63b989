from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.errors import CaseError
from ketatui.cases.model import SCHEMA, Case
from ketatui.cases.toml_form import read_case, write_case
from ketatui.cases.toml_text import decode, render
from tests.cases.support import CASE_ID, CASES, ROOT, Catalog, foreign_values, hand_made, shipped
from tests.each import each
from tests.effort import tries

HAND_MADE = hand_made()
ACCEPTANCE = sorted((ROOT.parent / "shared" / "cases").glob("*.toml"))

WHOLE = """\
schema = 1
id = "20261121-210143-k3f9"
label = "52 m"
state = "final"
practice = false
unknown = [
    "medical.avm",
]
from_elsewhere = 7

[answers.patient]
age = 52
weight_kg = 78.0

[answers.scales]
phq2 = 3

[answers.vitals]
systolic = 128
diastolic = 82

[scale_items."scales.phq2"]
interest = 1
mood = 2

[notes]
"vitals.systolic" = "after 5 min rest"

[[antidepressant_trials]]
drug = "sertraline"
daily_dose_mg = 150
weeks = 10
outcome = "no_response"
adherent = true
current_episode = true
batch = "B1"

[[medications]]
name = "lorazepam"
dose = "0.5 mg at night"

[consent]
outcome = "agreed"
ended_at = 2026-11-21 21:10:00+00:00

[consent.items."consent.purpose"]
discussed_at = 2026-11-21 21:05:00+00:00
teach_back = "it may help"

[decision]
pathway = "iv"

[[decision.overrides]]
pathway = "iv"
rule = "bp-elevated"
reason = "repeated, now normal"
by = "ab"
at = 2026-11-21 21:11:00+00:00

[record]
saved_by = "ab"

[expect.iv]
verdict = "fits"
"""


def read(text: str, catalog: Catalog = HAND_MADE) -> Case:
    return read_case(text, path="c.toml", pack=catalog)


def said(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        read(text)
    return str(caught.value)


def test_a_file_in_the_order_of_the_consultation_is_written_back_letter_by_letter() -> None:
    assert write_case(read(WHOLE), HAND_MADE) == WHOLE


@settings(max_examples=tries(105), deadline=None)
@given(CASES)
def test_any_case_with_unknown_keys_at_every_level_survives_a_round_trip(case: Case) -> None:
    text = write_case(case, HAND_MADE)
    again = read(text)
    assert again == case
    assert write_case(again, HAND_MADE) == text


@pytest.mark.skipif(not ACCEPTANCE, reason="the acceptance cases are not here")
@pytest.mark.parametrize("file", ACCEPTANCE, ids=lambda file: file.stem)
def test_every_acceptance_case_is_read_and_survives_a_round_trip(file: Path) -> None:
    case = read(file.read_text(), shipped())
    assert case.answers["medical.renal"] == "none"
    assert case.extra == {"expect": tomllib.loads(file.read_text(), parse_float=Decimal)["expect"]}
    assert read(write_case(case, shipped()), shipped()) == case


def test_rows_in_one_line_are_read_too() -> None:
    case = read('medications = [{ name = "x" }]\n[answers]\n')
    assert case.medications[0].name == "x"


@each(
    ("lines", "expected"),
    [
        ("[answers.patient]\nage = 121", "c.toml:2: patient.age: 121 is outside its limits; "),
        ("[answers.patient]\nage = 121", "allowed: 0 to 120 years"),
        ("[answers.patient]\nage = 52.0", "52.0 is no whole number; allowed: 0 to 120"),
        ("[answers.patient]\nage = true", "true is no whole number"),
        ("[answers.medical]\navm = 1", "1 is not a yes or no; allowed: true, false"),
        ("[answers.medical]\nrenal = 'x'", '"x" is not one of the choices; allowed: none, dial'),
        ("[answers.patient]\nagee = 5", "c.toml:2: patient.agee: there is no such question"),
        ("[answers.patient]\nagee = 5", "did you mean patient.age"),
        ("[answers.vitals]\nzzz = 5", "such question; allowed: vitals.systolic, vitals.diastolic"),
        ("[answers.nowhere]", "c.toml:1: nowhere: there is no such question"),
        ("[answers.nowhere]\nx = 5", "there is no such question; allowed: ids in "),
        ("[answers.patient.age]\nx = 1", "c.toml:1: patient.age: a table is no whole number"),
        ("[answers]\npatient = 3", "c.toml:2: patient: there is no such question"),
        ("[answers]\nmedications = true", "its rows belong in [[medications]]"),
        ("answers = 3", "c.toml:1: answers: 3 is no table; allowed: a table"),
        ("[answers]\n'patient.age' = 1\npatient.age = 2", "patient.age: answered twice"),
        ("[notes]\n'medical.amv' = 'x'", "c.toml:2: medical.amv: there is no such question"),
        ("[notes]\n'medical.avm' = 3", "3 is not text"),
        ("unknown = ['medical.amv']", "c.toml:1: medical.amv: there is no such question"),
        ("unknown = [\n1,\n]", "c.toml:2: unknown: 1 is not a question's id"),
        ("unknown = 'medical.avm'", "is no list; allowed: a list of question ids"),
        ("unknown = ['medical.avm']\n[answers]\nmedical.avm = true", "also listed in unknown"),
        ("unknown = ['medications']\n[[medications]]\nname = 'x'", "also listed in unknown"),
        ("[answers.vitals]\nsystolic = 90\ndiastolic = 90", "c.toml:3: vitals.diastolic: 90 is"),
        ("[answers.scales]\nphq2 = 7", "allowed: 0 to 6"),
        ("[answers.scales]\ntotal_only = 61", "allowed: 0 to 60"),
        ("[scale_items.'scales.phq2']\nmood = 4", "c.toml:2: scales.phq2 mood: 4 is not a score"),
        ("[scale_items.'scales.phq2']\nsleep = 1", "no such item; allowed: interest, mood"),
        ("[scale_items.'scales.total_only']\nx = 1", "has no items to score"),
        ("[[medications]]\ndose = '1'", "c.toml:1: medications row 1 name: is missing"),
        ("[[medications]]\nname = 5", "c.toml:2: medications row 1 name: 5 is not text"),
        ("[[antidepressant_trials]]\ndrug = 'x'\nweeks = -1", "row 1 weeks: -1 is outside"),
        ("[[antidepressant_trials]]\ndrug = 'x'\noutcome = 'x'", "allowed: no_response, partial"),
        (
            "[[medications]]\nname = 'x'\nclass = ['opioid']",
            "c.toml:3: class: unknown; did you",
        ),
        ('[decision]\npathwy = "iv"', "pathwy: unknown; did you mean pathway?"),
        ('[[decision.override]]\nrule = "x"', "override: unknown; did you mean overrides?"),
        ('[consent]\nOutcome = "agreed"', "Outcome: unknown; did you mean outcome?"),
        ('[consent.item."consent.purpose"]', "item: unknown; did you mean items?"),
        ('[consent.items."consent.purpose"]\nteachback = "x"', "did you mean teach_back?"),
        ("[[antidepressant_trials]]\ndrug = 'x'\ndose_mg = 5", "did you mean daily_dose_mg?"),
        ("[[antidepressant_trials]]\ndrug = 'x'\nKind = 'tms'", "did you mean kind?"),
        (
            "[[antidepressant_trials]]\ndrug = 'x'\ncurrent-episode = true",
            "did you mean current_episode?",
        ),
        ("[[antidepressant_trials]]\ndrug = 'x'\nadherant = true", "did you mean adherent?"),
        ("[[antidepressant_trials]]\ndrug = 'x'\ndaily_dose = 5", "did you mean daily_dose_mg?"),
        (
            "[vitals]\nsystolic = 190",
            "vitals: answers have to stand under [answers.vitals]",
        ),
        (
            "[medications]\nname = 'x'",
            "c.toml:1: medications: a table is no list; allowed: a list of tables",
        ),
        ("medications = [1]", "medications row 1: 1 is no table; allowed: a table"),
        ("trials = []", "c.toml:1: trials: this list is called antidepressant_trials"),
        ("[consent.items.'consent.x']\ndiscussed_at = 2026-01-01T00:00:00Z", "no such consent"),
        ("[consent]\nended_at = 5", "c.toml:2: consent.ended_at: 5 is no moment; allowed: a date"),
        ("[consent]\nended_at = 2026-01-01T00:00:00", "a date and time with its offset"),
        ("[consent]\ncopy_given = 1", "allowed: true, false"),
        ("[decision]\npathway = 'ivy'", "is no pathway; allowed: spravato, iv, im, oral, none"),
        ("[[decision.overrides]]\npathway = 'none'", '"none" is no pathway'),
        ("[[revisions]]\nnumber = true", "revisions row 1 number: true is no whole number"),
        ("state = 'done'", "allowed: draft, final, awaiting_review, reviewed, amended"),
        ("label = 5", "c.toml:1: label: 5 is not text; allowed: text in quotes"),
        ("consent = 5", "c.toml:1: consent: 5 is no table; allowed: a table"),
        ("schema = 99", "c.toml:1: schema: written by a newer version"),
        ("schema = true", "true is no version"),
        ("schema = 'x'", "is no version"),
        ("x = inf", "c.toml:1: x: Infinity is not a number"),
        ("x = inf", "allowed: numbers that are written in digits"),
        ("[answers.patient]\nweight_kg = nan", "c.toml:2: patient.weight_kg: NaN"),
        ("[answers.patient]\nweight_kg = nan", "can be used; allowed: 2 to 400 kg"),
        ("[answers]\n'scales.phq2' = nan", "can be used; allowed: 0 to 6"),
        ("[answers.medical]\navm = nan", "can be used; allowed: true, false"),
        (
            "[answers.patient]\nage = 9223372036854775808",
            "c.toml:2: patient.age: this whole number is too large; allowed: -92",
        ),
        ("[answers.patient]\nage = -inf", "patient.age: -Infinity is not a number that can be us"),
        (f"x = {'9' * 5000}", "holds a number too long to read"),
        (f"x = 0x{'f' * 90000}", "this whole number is too large"),
        ("x = 1e99999999999999999999", "a number too large or too small"),
        (f"x = {'[' * 3000}{']' * 3000}", "nested too deep"),
        (f"x = {'[' * 60}{']' * 60}", "c.toml:1: x row 1 row 1: nested too deep"),
        (f"{'a.' * 9999}a = 1", "c.toml:1: nested too deep"),
        ("a = 1\nb = \x00", "c.toml:2: not readable as TOML"),
        ("a = 1\nb =", "c.toml:2: not readable as TOML"),
        ("a = 1\na = 2", "not readable as TOML"),
        ("label = '\x1b[31mred'", "not readable as TOML"),
        ('[answers]\n"\\u001b[31m" = 1', "\\x1b[31m: there is no such question"),
        ('[answers]\npatient.age = "\\u001b[31m"', '"\\x1b[31m" is no whole number'),
    ],
)
def test_a_mistake_is_told_with_file_line_id_value_and_what_is_allowed(
    lines: str, expected: str
) -> None:
    assert expected in said(lines)


def test_every_problem_of_a_file_is_told_in_the_order_of_its_lines() -> None:
    message = said(
        "state = 'done'\nunknown = ['nope']\n[answers]\npatient.age = 200\nmedical.avm = 'x'\n"
    )
    lines = message.splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "2", "4", "5"]


def test_items_that_do_not_add_up_to_the_total_are_a_mistake_and_half_filled_ones_are_not() -> None:
    items = "[answers.scales]\nphq2 = 4\n[scale_items.'scales.phq2']\nmood = 1\n"
    assert read(items).scale_items == {"scales.phq2": {"mood": 1}}
    assert "the items add up to 3 but the total says 4" in said(items + "interest = 2\n")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    windows = ("\ufeff" + WHOLE.replace("\n", "\r\n")).encode()
    assert read(decode(windows, "c.toml")) == read(WHOLE)


def test_bytes_that_are_not_utf_8_are_told_with_their_line() -> None:
    with pytest.raises(CaseError, match=r"^c\.toml:2: this is not UTF-8 text"):
        decode(b"a = 1\nb = '\xff'", "c.toml")


def test_a_whole_number_answers_a_question_for_a_measurement() -> None:
    value = read("[answers.patient]\nweight_kg = 78").answers["patient.weight_kg"]
    assert value == 78
    assert isinstance(value, Decimal)


def test_an_unfinished_row_is_kept_as_it_is() -> None:
    (trial,) = read("[[antidepressant_trials]]\ndrug = 'x'\nweeks = 3\n").trials
    assert trial.weeks == 3
    assert trial.outcome is None


def test_a_missing_schema_means_the_first_and_is_written() -> None:
    assert write_case(read("[answers]\n"), HAND_MADE).startswith(f"schema = {SCHEMA}\n")


def test_text_of_several_lines_is_written_as_such_and_other_line_ends_survive() -> None:
    for note in ("one\ntwo\n", '\n\nquote """ and \\ end"', "one\r\ntwo\rthree"):
        case = Case(id=CASE_ID, notes={"medical.avm": note})
        assert read(write_case(case, HAND_MADE)) == case
    assert "one\ntwo" in write_case(Case(notes={"medical.avm": "one\ntwo"}), HAND_MADE)


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, item in inside:
        found.append((*above, key))
        found += places(item, (*above, key)) if isinstance(item, dict | list) else []
    return found


@settings(max_examples=tries(140), deadline=None)
@given(st.sampled_from(places(tomllib.loads(WHOLE))), foreign_values)
def test_any_value_anywhere_is_read_or_explained(place: tuple[Any, ...], value: Any) -> None:
    data = tomllib.loads(WHOLE, parse_float=Decimal)
    table: Any = data
    for key in place[:-1]:
        table = table[key]
    table[place[-1]] = value
    try:
        case = read(render(data))
    except CaseError as error:
        assert str(error).isprintable() or "\n" in str(error)
        assert all(problem.message for problem in error.problems)
    else:
        assert read(write_case(case, HAND_MADE)) == case


@settings(max_examples=tries(105), deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 30), st.text(max_size=4))
def test_any_damage_to_the_text_is_read_or_explained(start: int, length: int, new: str) -> None:
    try:
        case = read(WHOLE[:start] + new + WHOLE[start + length :])
    except CaseError as error:
        assert str(error).startswith("c.toml:")
    else:
        assert read(write_case(case, HAND_MADE)) == case


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('[[medication]]\nname = "lorazepam"\n', "medications"),
        ("[answer.medical]\navm = true\n", "answers"),
        ('unknow = ["medical.avm"]\n', "unknown"),
    ],
)
def test_a_misspelled_table_is_refused_and_never_passed_over(
    catalog: Catalog, text: str, meant: str
) -> None:
    with pytest.raises(CaseError) as refused:
        read_case(text, path="case.toml", pack=catalog)
    assert f"did you mean {meant}?" in str(refused.value)
