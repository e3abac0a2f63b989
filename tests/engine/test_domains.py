"""The few values that stand for all: at, below and above what an expression compares with."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.cql import Condition, compile_expression, parse
from ketatui.criteria.loading import load_pack
from ketatui.criteria.models import Medicine
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack, establish
from ketatui.engine.domains import Domains, domains, in_order
from tests.each import each
from tests.engine.clean import CLEAN, clean

NORLAND = Path(__file__).parents[1] / "data" / "packs" / "norland"


def condition(knowledge: Knowledge, text: str) -> Condition:
    return compile_expression(text, parse(text), knowledge.scope.thresholds)


def behind(knowledge: Knowledge, *texts: str) -> Domains:
    return domains(knowledge, [condition(knowledge, text) for text in texts])


@each(
    ("text", "ident", "values"),
    [
        # The limits of the question come last.
        ("patient.age < 18", "patient.age", [17, 18, 19, 0, 120]),
        ("patient.age < 17.5", "patient.age", [0, 120]),
        ("patient.age < 120 or patient.age > 500", "patient.age", [119, 0, 120]),
        ("patient.age < 0 or patient.age > 119", "patient.age", [1, 118, 119, 0, 120]),
        ("patient.age between 64 and 66", "patient.age", [63, 64, 65, 66, 67, 0, 120]),
        ("patient.age > 60 and vitals.spo2 < 93", "patient.age", [59, 60, 61, 92, 93, 94, 0, 120]),
        ("patient.age > 60 is true", "patient.age", [59, 60, 61, 0, 120]),
        ("scales.phq9 > 9", "scales.phq9", [8, 9, 10, 0, 27]),
        # Unusual values that are asked about once more.
        ("vitals.spo2 < 93", "vitals.spo2", [85, 92, 93, 94, 50, 100]),
        ("vitals.systolic > 100", "vitals.systolic", [80, 99, 100, 101, 200, 50, 300]),
        (
            "patient.weight_kg > 100.5",
            "patient.weight_kg",
            ["35", "99.5", "100.5", "101.5", "200", "2", "400"],
        ),
        ("medical.avm", "medical.avm", [True, False]),
        ("patient.sex = 'male'", "patient.sex", ["female", "male", "other"]),
    ],
)
def test_values_worth_trying(
    knowledge: Knowledge, text: str, ident: str, values: list[str | int]
) -> None:
    found = behind(knowledge, text).values[ident]
    if knowledge.pack.questions[ident].kind == "decimal":
        assert found == tuple(Decimal(value) for value in values)
    else:
        assert found == tuple(values)
        assert [type(value) for value in found] == [type(value) for value in values]


def test_a_condition_that_does_not_read_a_number_gives_it_no_values(knowledge: Knowledge) -> None:
    found = behind(knowledge, "patient.age > 60", "vitals.spo2 < 93")
    assert found.values["patient.age"] == (59, 60, 61, 0, 120)


def test_thresholds_count_like_numbers(knowledge: Knowledge) -> None:
    limit = int(knowledge.pack.threshold_values["bp_hold_systolic"])
    found = behind(knowledge, "vitals.systolic > threshold.bp_hold_systolic")
    assert {limit - 1, limit, limit + 1} <= set(found.values["vitals.systolic"])


@pytest.mark.parametrize(("ident", "highest"), [("patient.age", 10_000), ("scales.phq9", 27)])
def test_a_number_without_limits_has_wide_ones_and_a_scale_those_of_its_instrument(
    pack: Pack, ident: str, highest: int
) -> None:
    open_ended = pack.questions[ident].replaced(min=None, max=None)
    knowledge = compile_pack(pack.replaced(questions={**pack.questions, ident: open_ended}))
    found = behind(knowledge, f"{ident} > 9").values[ident]
    assert found == (8, 9, 10, 0, highest)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("medical.avm", {"medical.avm"}),
        # Through what hides a question, and through derived facts and calculations.
        (
            "patient.can_become_pregnant",
            {"patient.sex", "patient.age", "patient.can_become_pregnant"},
        ),
        ("derived.bmi > 40", {"patient.weight_kg", "patient.height_cm"}),
        ("derived.phq9_band = 'severe'", None),
        ("derived.cns_depressant", {"medications", "medications.reviewed"}),
    ],
)
def test_questions_are_followed_to_where_they_come_from(
    knowledge: Knowledge, text: str, questions: set[str] | None
) -> None:
    found = behind(knowledge, text)
    assert set(found.questions) == set(found.values)
    if questions is None:
        assert "scales.phq9" in found.questions
    else:
        assert questions == set(found.questions)
    order = [ident for ident in knowledge.order if ident in found.values]
    assert list(found.questions) == order


def test_tables_of_trials_come_to_each_number_that_matters(knowledge: Knowledge) -> None:
    def sizes(text: str) -> list[int]:
        rows = behind(knowledge, text).values["antidepressant_trials"]
        assert all(isinstance(table, tuple) for table in rows)
        return [len(table) for table in rows]  # type: ignore[arg-type]

    assert sizes("derived.failed_trials > 1") == [0, 1, 2]
    assert sizes("derived.failed_trials > 5") == [0, 1, 2, 4, 5, 6]
    assert sizes("derived.failed_trials > 5 or patient.age > 9")[-3:] == [8, 9, 10]
    most = len({item.same_drug_as or name for name, item in knowledge.pack.antidepressants.items()})
    assert sizes(f"derived.failed_trials > {most}") == [0, 1, 2, most - 1, most]
    assert sizes("derived.failed_trials > 0") == [0, 1, 2]


def test_each_row_of_those_tables_is_a_failed_trial_of_another_drug(knowledge: Knowledge) -> None:
    tables = behind(knowledge, "derived.failed_trials > 12").values["antidepressant_trials"]
    for table in tables:
        case = clean({"trials.rows_complete": True if table else None}).replaced(trials=table)
        counted = establish(knowledge, case).values["derived.failed_trials"]
        assert counted == (len(table) if table else None)  # type: ignore[arg-type]


def medicines(knowledge: Knowledge, *classes: str) -> list[list[str]]:
    text = " or ".join(f"derived.drug_classes contains '{code}'" for code in classes)
    rows = behind(knowledge, text).values["medications"]
    return [[item.name for item in table] for table in rows]  # type: ignore[union-attr]


def test_medicines_are_tried_alone_and_together(knowledge: Knowledge) -> None:
    assert medicines(knowledge, "lithium") == [[], ["lithium"]]
    one, two = "clopidogrel", "lithium"
    found = medicines(knowledge, "lithium", "cyp2b6_inhibitor")
    assert found == [[], [one], [two], [one, two]]


def test_of_many_classes_all_and_each_alone_are_tried(knowledge: Knowledge) -> None:
    codes = list(knowledge.pack.drug_classes)
    four = medicines(knowledge, *codes[:4])
    assert len(four) == 2**4
    five = medicines(knowledge, *codes[:5])
    assert [len(table) for table in five] == [0, 1, 1, 1, 1, 1, 5]


def test_a_medicine_stands_for_its_class_alone_where_there_is_one(pack: Pack) -> None:
    both, one = Medicine(classes=("lithium", "opioid")), Medicine(classes=("opioid",))
    listed = {"aa": both, "ab": one.replaced(kind="brand"), "bb": one, "cc": one}
    knowledge = compile_pack(pack.replaced(medicines=listed))
    assert medicines(knowledge, "opioid") == [[], ["bb"]]
    assert medicines(knowledge, "lithium") == [[], ["aa"]]
    assert medicines(knowledge, "maoi") == [[]]


@pytest.mark.parametrize(
    ("systolic", "diastolic", "ident", "right"),
    [
        (120, 80, "vitals.systolic", True),
        (80, 80, "vitals.systolic", False),
        (80, 80, "vitals.diastolic", False),
        (70, 80, "vitals.diastolic", False),
        (None, 80, "vitals.diastolic", True),
        (80, None, "vitals.systolic", True),
        # Only a value just put in is looked at.
        (70, 80, "patient.age", True),
    ],
)
def test_diastolic_is_below_systolic(
    knowledge: Knowledge, systolic: int | None, diastolic: int | None, ident: str, right: bool
) -> None:
    case = clean({**CLEAN, "vitals.systolic": systolic, "vitals.diastolic": diastolic})
    assert in_order(knowledge, case, ident) is right


def test_a_part_that_a_calculation_reads_need_not_be_of_a_scale() -> None:
    pack = load_pack(NORLAND)
    fact = pack.derived["derived.courses_of_light"].replaced(item="sessions")
    knowledge = compile_pack(pack.replaced(derived={**pack.derived, fact.id: fact}))
    counted = [condition(knowledge, "derived.courses_of_light > 1")]
    tables = domains(knowledge, counted, with_tables=True).values["history.light"]
    assert [len(rows) for rows in map(tuple, tables)] == [0, 1, 1, 2, 2]  # type: ignore[arg-type]
