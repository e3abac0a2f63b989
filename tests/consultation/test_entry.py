"""What is typed becomes an answer, or a sentence that says why not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case
from ketatui.consultation.entry import Entry, limits, parse_entry, range_text
from ketatui.criteria.pack import Pack
from tests.strategies import shipped


def typed(pack: Pack, question: str, text: str, **answers: Answer) -> Entry:
    case = Case(answers={ident.replace("__", "."): value for ident, value in answers.items()})
    return parse_entry(pack, pack.questions[question], text, case)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("patient.age", "46", 46),
        ("patient.age", " 46 ", 46),
        ("patient.age", "0", 0),
        ("patient.age", "120", 120),
        ("patient.age", "46.0", 46),
        ("patient.weight_kg", "71,5", Decimal("71.5")),
        ("patient.weight_kg", "71.50", Decimal("71.50")),
        ("scales.phq9", "27", 27),
        ("medical.avm", "y", True),
        ("medical.avm", "No", False),
        ("patient.sex", "1", "female"),
        ("patient.sex", "MALE", "male"),
        ("medical.renal", "none", "none"),
        ("indication.diagnosis", "13", "other"),
        ("indication.diagnosis", "Major depressive disorder", "mdd"),
    ],
)
def test_what_can_be_an_answer_is_one(pack: Pack, question: str, text: str, value: Answer) -> None:
    entry = typed(pack, question, text)
    assert entry == Entry(value)
    assert type(entry.value) is type(value)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("patient.weight_kg", "172lb", "78.0"),
        ("patient.weight_kg", "172 LBS", "78.0"),
        ("patient.weight_kg", "78kg", "78.0"),
        ("patient.weight_kg", "11st", None),
        ("patient.weight_kg", "172", "172"),
        ("patient.height_cm", "5ft10in", "177.8"),
        ("patient.height_cm", "5 ft 10.5 in", "179.1"),
        ("patient.height_cm", "1,78m", "178.0"),
        ("patient.height_cm", "9ft", None),
        ("patient.age", "46years", None),
    ],
)
def test_a_number_can_be_given_in_another_unit(
    pack: Pack, question: str, text: str, value: str | None
) -> None:
    entry = typed(pack, question, text)
    assert entry.value == (None if value is None else Decimal(value))
    assert (entry.problem is None) == (value is not None)


@pytest.mark.parametrize(
    ("question", "text", "problem"),
    [
        ("patient.age", "121", "outside the limits, 0 to 120 years"),
        ("patient.age", "-1", "outside the limits, 0 to 120 years"),
        ("patient.age", "46.5", "a whole number is expected, 0 to 120 years"),
        ("patient.age", "old", "a number is expected, 0 to 120 years"),
        ("patient.age", "", "a number is expected, 0 to 120 years"),
        ("patient.age", "NaN", "a number is expected, 0 to 120 years"),
        ("patient.age", "Infinity", "a number is expected, 0 to 120 years"),
        ("patient.age", "1e9999999", "a number is expected, 0 to 120 years"),
        ("patient.age", "5e1", "a number is expected, 0 to 120 years"),
        ("patient.age", "4_6", "a number is expected, 0 to 120 years"),
        ("patient.age", "٤٦", "a number is expected, 0 to 120 years"),
        ("patient.age", "1.2.3", "a number is expected, 0 to 120 years"),
        ("patient.age", "0000000046", "a number is expected, 0 to 120 years"),
        ("patient.weight_kg", "71.555", "at most 2 decimals"),
        ("patient.weight_kg", "1", "outside the limits, 2 to 400 kg"),
        ("scales.phq9", "28", "outside the limits, 0 to 27"),
        ("medical.avm", "maybe", "answer y (yes) or n (no)"),
        ("patient.sex", "4", "choose 1 to 3"),
        ("patient.sex", "0", "choose 1 to 3"),
    ],
)
def test_what_can_not_be_an_answer_says_what_is_allowed(
    pack: Pack, question: str, text: str, problem: str
) -> None:
    assert typed(pack, question, text) == Entry(None, problem)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("35", None),
        ("34.99", "unusually low: below 35 kg, please check"),
        ("200", None),
        ("200.01", "unusually high: above 200 kg, please check"),
    ],
)
def test_an_unusual_value_is_taken_with_a_question(
    pack: Pack, text: str, check: str | None
) -> None:
    assert typed(pack, "patient.weight_kg", text) == Entry(Decimal(text), None, check)


def test_the_diastolic_pressure_stays_below_the_systolic_whichever_comes_last(pack: Pack) -> None:
    assert typed(pack, "vitals.diastolic", "79", vitals__systolic=80).value == 79
    later = typed(pack, "vitals.diastolic", "80", vitals__systolic=80)
    assert later.problem == "has to be below systolic blood pressure (80 mmHg)"
    assert typed(pack, "vitals.systolic", "81", vitals__diastolic=80).value == 81
    later = typed(pack, "vitals.systolic", "80", vitals__diastolic=80)
    assert later.problem == "has to be above diastolic blood pressure (80 mmHg)"


def test_every_option_can_be_given_by_number_code_or_label(pack: Pack) -> None:
    for question in pack.questions.values():
        for number, option in enumerate(question.options, start=1):
            for text in (str(number), option.code, option.label, option.label.upper()):
                assert typed(pack, question.id, text).value == option.code


@given(st.sampled_from(sorted(shipped().pack.questions)), st.text(max_size=20))
def test_no_text_breaks_an_entry_and_no_answer_is_out_of_bounds(ident: str, text: str) -> None:
    pack = shipped().pack
    question = pack.questions[ident]
    if question.kind == "rows":
        return
    entry = parse_entry(pack, question, text, Case())
    assert (entry.value is None) == (entry.problem is not None)
    low, high = limits(pack, question)
    if isinstance(entry.value, int | Decimal) and not isinstance(entry.value, bool):
        assert low is None or entry.value >= low
        assert high is None or entry.value <= high


def test_a_range_says_what_it_is() -> None:
    assert range_text(Decimal(1), Decimal(2), "mg") == "1 to 2 mg"
    assert range_text(Decimal(1), None, "mg") == "at least 1 mg"
    assert range_text(None, Decimal(2)) == "at most 2"
    assert range_text(None, None, "mg") == "any number"
