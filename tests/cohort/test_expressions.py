"""Expressions that the shipped criteria do not use yet come to the same over columns, too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, get_args

import polars
import pytest

from ketatui.cohort.errors import CohortError
from ketatui.cohort.expressions import _PARTS, Choose, Col, Const, Expr, Word
from ketatui.cohort.facts import Facts
from ketatui.cohort.names import name_tables
from ketatui.cohort.polars_frames import collected
from ketatui.cohort.program import Program, arrange
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import distinct_names, open_source
from ketatui.cohort.values import truth_of
from ketatui.cql import compile_expression, parse
from ketatui.engine import Knowledge, establish
from reliability.cohort_rows import Maker, Row, case_of
from reliability.cohorts import frame_of
from tests.each import each

ON = dt.date(2026, 11, 21)
EXPRESSIONS = (
    "patient.age div 7 = 5",
    "(patient.age + 1) div 7 >= 6",
    "patient.weight_kg / (patient.age + 1) > 1.75",
    "Round(patient.weight_kg / (vitals.systolic + 1), 2) = 0.55",
    "patient.weight_kg * 2 - patient.height_cm < 0",
    "Round(patient.weight_kg - 80, 0) = -10",
    "Round(-patient.weight_kg, 0) <= -70",
    "patient.age - vitals.spo2 <= -50.5",
    "-vitals.systolic < -140",
    "+patient.age * +2 > -(+vitals.systolic) + 220",
    "patient.age = 18 + 22",
    "medical.hepatic = medical.renal",
    "medical.hepatic != medical.heart_failure",
    "'none' = medical.hepatic",
    "patient.sex in {'male', null}",
    "patient.age in {40, 41, patient.age}",
    "null in {1, 2}",
    "patient.age in null",
    "derived.phq9_band = 'severe'",
    "derived.phq9_band in {'mild', 'moderate'}",
    "derived.drug_classes contains null",
    "derived.drug_classes is null",
    "'opioid' in derived.drug_classes",
    "vitals.systolic between 120 and vitals.diastolic + 50",
    "patient.pregnant xor medical.avm",
    "medical.avm implies patient.pregnant",
    "medical.avm is true",
    "(medical.avm or patient.pregnant) is not false",
    "(patient.age >= 65) is null",
    "derived.bmi >= 24.5 or derived.bmi < 18.5",
    "setting.dea_ciii = medical.avm",
    "setting.dea_ciii != null",
)


@pytest.fixture(scope="module")
def rows(knowledge: Knowledge) -> list[Row]:
    return list(Maker(knowledge, seed=21).rows(300))


def test_expressions_come_to_the_same_on_every_engine(
    knowledge: Knowledge, rows: list[Row], tmp_path: Path
) -> None:
    path = tmp_path / "patients.parquet"
    frame_of(knowledge.pack, rows).write_parquet(path)
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    names = name_tables(knowledge, distinct_names(connection, source))
    facts = Facts(knowledge, source.given, names)
    outputs: dict[str, Expr] = {"id": Col("id")}
    for text in EXPRESSIONS:
        outputs[text] = truth_of(facts.reader.read(parse(text)))
    program = arrange(facts.steps, outputs, facts.lookups)
    found = collected(program, polars.scan_parquet(path))
    thresholds = knowledge.pack.threshold_values
    conditions = {t: compile_expression(t, parse(t), thresholds) for t in EXPRESSIONS}
    told: dict[str, set[Any]] = {text: set() for text in EXPRESSIONS}
    for row, result in zip(rows, found.to_dicts(), strict=True):
        values = establish(knowledge, case_of(knowledge, row)).values
        for text, condition in conditions.items():
            assert result[text] is condition.value(values), f"{row['id']}: {text}"
            told[text].add(result[text])
    assert sum(len(each) > 1 for each in told.values()) > 24


@each(
    "text",
    [
        "patient.age / (patient.age - 40) > 1",
        "(patient.weight_kg - 80) / patient.age > 0",
        "derived.drug_classes contains medical.hepatic",
        "patient.weight_kg * patient.weight_kg * patient.weight_kg * patient.weight_kg > 1",
    ],
)
def test_what_cannot_be_said_over_columns_is_refused_and_not_guessed(
    knowledge: Knowledge, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,patient.age,patient.weight_kg,medical.hepatic\na,40,70,none\n")
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    facts = Facts(knowledge, source.given, name_tables(knowledge, {}))
    with pytest.raises(CohortError):
        facts.reader.read(parse(text))


def test_rows_stay_in_the_order_of_the_file(tmp_path: Path) -> None:
    number = 400_000
    path = tmp_path / "patients.parquet"
    first_half = polars.int_range(number, eager=True) < number // 2
    polars.DataFrame({"b": first_half}).write_parquet(path, row_group_size=number // 10)
    word = Word(Choose(((Col("b"), Const(0)),), Const(1)), ("yes", "no"))
    program = Program((), {"word": word}, {}, ("b",))
    for _ in range(3):
        found = collected(program, polars.scan_parquet(path))
        assert ((found["word"].cast(polars.String) == "yes") == first_half).all()


def test_of_every_kind_of_expression_the_operands_are_known() -> None:
    assert set(_PARTS) == set(get_args(Expr))
