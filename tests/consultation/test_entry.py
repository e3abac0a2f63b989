"""What is typed becomes an answer, or a sentence that says why not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case
from ketatui.consultation.edits import apply
from ketatui.consultation.entry import Entry, edit_of, parse_entry
from ketatui.consultation.numbers import parse_number, range_text
from ketatui.criteria.pack import Pack
from tests.each import each
from tests.strategies import shipped


def typed(pack: Pack, question: str, text: str, **answers: Answer) -> Entry:
    case = Case(answers={ident.replace("__", "."): value for ident, value in answers.items()})
    return parse_entry(pack, pack.questions[question], text, case)


@each(
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
    assert (entry.value, entry.problem, entry.check, entry.also) == (value, None, None, ())
    assert type(entry.value) is type(value)


@each(
    ("question", "text", "value"),
    [
        ("patient.weight_kg", "172lb", "78.0"),
        ("patient.weight_kg", "172 LBS", "78.0"),
        ("patient.weight_kg", "78kg", "78.0"),
        ("patient.weight_kg", "11st", "69.9"),
        ("patient.weight_kg", "172", "172"),
        ("patient.weight_kg", "172 pounds", "78.0"),
        ("patient.weight_kg", "172#", "78.0"),
        ("patient.weight_kg", "78.", "78"),
        ("patient.weight_kg", "\uff17\uff18", "78"),
        ("patient.weight_kg", "71,555", None),
        ("patient.height_cm", "5ft10in", "177.8"),
        ("patient.height_cm", "5 ft 10.5 in", "179.1"),
        ("patient.height_cm", "1,78m", "178.0"),
        ("patient.height_cm", "9ft", None),
        ("patient.height_cm", "5'5\"", "165.1"),
        ("patient.height_cm", "5\u203210\u2033", "177.8"),
        ("patient.height_cm", "5\u201910\u201d", "177.8"),
        ("patient.height_cm", "5'10", "177.8"),
        ("patient.height_cm", "5ft5", "165.1"),
        ("patient.height_cm", "5 ft 5 in", "165.1"),
        ("patient.height_cm", "65 inches", "165.1"),
        ("patient.height_cm", "5'5'5", None),
        ("patient.age", "46years", "46"),
        ("patient.age", "46-year-old", "46"),
        ("patient.age", "46 y/o", "46"),
        ("patient.age", "18 months", "1"),
        ("vitals.systolic", "128 mmHg", "128"),
        ("vitals.systolic", "128mm Hg", "128"),
        ("vitals.systolic", "17 kPa", "128"),
        ("vitals.spo2", "97%", "97"),
        ("vitals.heart_rate", "72/min", "72"),
        ("vitals.heart_rate", "72 bpm", "72"),
        ("scales.phq9", "21/27", "21"),
        ("scales.phq9", "21 of 27", "21"),
        ("scales.phq9", "21/28", None),
        ("trials.reported_count", "2 trials", "2"),
    ],
)
def test_a_number_can_be_given_in_another_unit(
    pack: Pack, question: str, text: str, value: str | None
) -> None:
    entry = typed(pack, question, text)
    assert entry.value == (None if value is None else Decimal(value))
    assert (entry.problem is None) == (value is not None)


@each(
    ("question", "text", "problem"),
    [
        ("patient.age", "121", "“121” is out of range; allowed: 0 to 120 years"),
        ("patient.age", "-1", "“-1” is out of range; allowed: 0 to 120 years"),
        ("patient.age", "46.5", "“46.5” is no whole number; allowed: 0 to 120 years"),
        ("patient.age", "old", "“old” is no number; allowed: 0 to 120 years"),
        ("patient.age", "", "“” is no number; allowed: 0 to 120 years"),
        ("patient.age", "NaN", "“NaN” is no number; allowed: 0 to 120 years"),
        ("patient.age", "Infinity", "“Infinity” is no number; allowed: 0 to 120 years"),
        ("patient.age", "1e9999999", "“1e9999999” is no number; allowed: 0 to 120 years"),
        ("patient.age", "5e1", "“5e1” is no number; allowed: 0 to 120 years"),
        ("patient.age", "4_6", "“4_6” is no number; allowed: 0 to 120 years"),
        ("patient.age", "٤٦", "“٤٦” is no number; allowed: 0 to 120 years"),
        ("patient.age", "1.2.3", "“1.2.3” is no number; allowed: 0 to 120 years"),
        ("vitals.systolic", "14²", "“14²” is no number; allowed: 50 to 300 mmHg"),
        ("vitals.systolic", "148½", "“148½” is no number; allowed: 50 to 300 mmHg"),
        (
            "patient.height_cm",
            "5'13\"",
            "“5'13\"” is no number; allowed: 40 to 250 cm (or in ft, in, cm, m)",
        ),
        (
            "patient.weight_kg",
            "172 lb 16 oz",
            "“172 lb 16 oz” is no number; allowed: 2 to 400 kg (or in lb, lbs, kg)",
        ),
        ("patient.age", "0000000046", "“0000000046” is no number; allowed: 0 to 120 years"),
        ("patient.weight_kg", "71.555", "“71.555” has too many decimals; allowed: 2"),
        ("patient.weight_kg", "1", "“1” is out of range; allowed: 2 to 400 kg"),
        ("scales.phq9", "28", "“28” is out of range; allowed: 0 to 27"),
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
    question = pack.questions["patient.weight_kg"]
    entry = parse_entry(pack, question, f"{text} kg", Case())
    assert (entry.value, entry.problem, entry.check) == (Decimal(text), None, check)


def test_the_diastolic_pressure_stays_below_the_systolic_whichever_comes_last(pack: Pack) -> None:
    assert typed(pack, "vitals.diastolic", "79", vitals__systolic=80).value == 79
    later = typed(pack, "vitals.diastolic", "80", vitals__systolic=80)
    assert later.problem == "has to be below systolic blood pressure (80 mmHg)"
    assert typed(pack, "vitals.systolic", "81", vitals__diastolic=80).value == 81
    later = typed(pack, "vitals.systolic", "80", vitals__diastolic=80)
    assert later.problem == "has to be above diastolic blood pressure (80 mmHg)"


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("vitals.heart_rate", "98.6 F", "“f” is a temperature; allowed: "),
        ("vitals.spo2", "40 mmHg", "“mmhg” is a pressure; allowed: "),
        ("patient.age", "46 kg", "“kg” is a mass; allowed: "),
        ("patient.age", "46 F", "“f” is a temperature; allowed: "),
        (
            "patient.height_cm",
            "5",
            "“5” is out of range; allowed: 40 to 250 cm; as 5 ft it is 152.4 cm",
        ),
    ],
)
def test_another_kind_of_unit_is_no_answer_and_is_told(
    pack: Pack, question: str, text: str, said: str
) -> None:
    entry = typed(pack, question, text)
    assert entry.value is None
    assert (entry.problem or "").startswith(said)


@pytest.mark.parametrize(
    "text", ["148/92", "148 / 92 mmHg", "148 over 92", "BP 148/92", "148/92 (sitting)"]
)
@pytest.mark.parametrize("question", ["vitals.systolic", "vitals.diastolic"])
def test_a_blood_pressure_in_either_field_is_both(pack: Pack, question: str, text: str) -> None:
    entry = typed(pack, question, text, vitals__systolic=90, vitals__diastolic=60)
    values = {question: entry.value, **dict(entry.also)}
    assert values == {"vitals.systolic": 148, "vitals.diastolic": 92}
    assert (entry.check, entry.said) == (None, "148/92 mmHg, upper and lower value")
    edit = edit_of(question, entry)
    assert apply(pack, Case(), edit).answers == values


def test_a_blood_pressure_that_can_not_be_is_refused_and_an_unusual_one_is_asked_about(
    pack: Pack,
) -> None:
    upside_down = typed(pack, "vitals.systolic", "92/148")
    assert upside_down.value is None
    assert "has to be below" in (upside_down.problem or "")
    assert typed(pack, "vitals.systolic", "148/300").value is None
    check = typed(pack, "vitals.systolic", "210/130").check
    assert check is not None
    assert check.count("unusually high") == 2
    assert typed(pack, "vitals.heart_rate", "148/92").value is None


@each(
    ("text", "unit", "value", "asked"),
    [
        ("172", "", "172", "172 kg, please check; as 172 lb it is 78 kg: type 172lb"),
        ("172", "kg", "172", None),
        ("172", "lb", "78.0", None),
        ("172kg", "", "172", None),
        ("172lb", "kg", "78.0", None),
        ("78", "", "78", None),
        ("110", "", "110", None),
        ("78", "lb", "35.4", None),
        ("66", "lb", "29.9", "unusually low: below 35 kg, please check; as 66 kg it is 66 kg"),
        ("240", "kg", "240", "unusually high: above 200 kg, please check; as 240 lb it is 108.9"),
    ],
)
def test_a_weight_is_in_the_unit_that_is_set_and_asked_about_where_another_is_likelier(
    pack: Pack, text: str, unit: str, value: str, asked: str | None
) -> None:
    question = pack.questions["patient.weight_kg"]
    entry = parse_entry(pack, question, text, Case(), weight_unit=unit)
    assert entry.value == Decimal(value)
    assert entry.check is None if asked is None else (entry.check or "").startswith(asked)


@each(
    ("text", "asked"),
    [
        ("5.10", "as 5'10″ it is 177.8 cm: type 5'10"),
        ("5.6", "as 5'6″ it is 167.6 cm: type 5'6"),
        ("5.75", "as 5.75 ft it is 175.3 cm: type 5.75ft"),
    ],
)
def test_feet_and_inches_with_a_point_are_asked_about_as_feet_and_inches(
    pack: Pack, text: str, asked: str
) -> None:
    entry = parse_entry(pack, pack.questions["patient.height_cm"], text, Case())
    assert (entry.value, entry.problem) == (
        None,
        f"“{text}” is out of range; allowed: 40 to 250 cm; {asked}",
    )


@each(
    ("text", "read", "asked"),
    [
        ("5.10ft", "155.4", "as 5'10″ it is 177.8 cm: type 5'10"),
        ("5.10 feet", "155.4", "as 5'10″ it is 177.8 cm: type 5'10"),
        ("5.6'", "170.7", "as 5'6″ it is 167.6 cm: type 5'6"),
    ],
)
def test_feet_with_a_point_and_their_unit_are_taken_and_asked_about_too(
    pack: Pack, text: str, read: str, asked: str
) -> None:
    entry = parse_entry(pack, pack.questions["patient.height_cm"], text, Case())
    assert (entry.value, entry.check) == (Decimal(read), f"{read} cm, please check; {asked}")


def test_feet_that_can_be_no_inches_are_taken_as_they_are(pack: Pack) -> None:
    for text in ("5.75ft", "5.10 m", "5ft10"):
        assert typed(pack, "patient.height_cm", text).check is None


def test_what_was_converted_is_shown_in_both_units(pack: Pack) -> None:
    assert typed(pack, "patient.weight_kg", "172lb").said == "78 kg (172 lb)"
    assert typed(pack, "patient.height_cm", "5'5").said == "165.1 cm (5\u20325\u2033)"
    assert typed(pack, "vitals.spo2", "97%").said == "97 %"
    assert typed(pack, "vitals.spo2", "97").said == ""


@each(
    ("text", "unit", "value"),
    [
        ("150 mg", "mg", "150"),
        ("150mg/day", "mg", "150"),
        ("600 mg tid", "mg", "1800"),
        ("75 bid", "mg", "150"),
        (".5", "mg", "0.5"),
        ("300 mcg", "mg", "0.3"),
        ("1,200", "mg", "1200"),
        ("10 wk", "weeks", "10"),
        ("6-week", "weeks", "6"),
        ("2 months", "weeks", "8.7"),
        ("6-8", "weeks", None),
        ("-5", "weeks", None),
        ("5 mg", "weeks", None),
    ],
)
def test_doses_and_times_are_read_as_typed(text: str, unit: str, value: str | None) -> None:
    low, high = Decimal(0), Decimal(2000)
    found, problem = parse_number(text, whole=False, low=low, high=high, unit=unit)
    assert found == (None if value is None else Decimal(value))
    assert (problem is None) == (value is not None)


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
    low, high = pack.limits_of(question)
    if isinstance(entry.value, int | Decimal) and not isinstance(entry.value, bool):
        assert low is None or entry.value >= low
        assert high is None or entry.value <= high


def test_a_range_says_what_it_is() -> None:
    assert range_text(Decimal(1), Decimal(2), "mg") == "1 to 2 mg"
    assert range_text(Decimal(1), None, "mg") == "at least 1 mg"
    assert range_text(None, Decimal(2)) == "at most 2"
    assert range_text(None, None, "mg") == "any number"


@each(
    ("question", "text", "value"),
    [
        ("vitals.heart_rate", "HR 72", 72),
        ("vitals.heart_rate", "pulse: 72/min", 72),
        ("vitals.spo2", "SpO2 97%", 97),
        ("patient.age", "age 46", 46),
        ("vitals.systolic", "BP 128", 128),
        ("vitals.heart_rate", "SpO2 97", None),
        ("vitals.heart_rate", "HR 72-76", None),
        ("scales.phq9", "PHQ 9", None),
        ("scales.phq9", "item 9: 2", None),
        ("scales.phq9", "PHQ-9 19", 19),
        ("scales.phq9", "phq9: 19/27", 19),
        ("scales.madrs", "MADRS 31", 31),
        ("scales.audit_c", "AUDIT-C: 3/12", 3),
        ("scales.audit_c", "drinks 3", None),
        ("vitals.spo2", "97% RA", 97),
        ("vitals.spo2", "97 on room air", 97),
        ("vitals.spo2", "97% on 2 L", None),
        ("vitals.spo2", "o2 2", None),
    ],
)
def test_a_number_may_come_with_the_name_of_its_question(
    pack: Pack, question: str, text: str, value: int | None
) -> None:
    assert parse_entry(pack, pack.questions[question], text, Case()).value == value
