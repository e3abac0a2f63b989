"""Bad values are counted and are no answers, whatever form a table comes in."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from itertools import zip_longest
from pathlib import Path

import pytest

from ketatui.cohort.checking import look_over
from ketatui.cohort.errors import CohortError
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import open_source
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge
from reliability.cohort_rows import Maker, Row, case_of
from reliability.cohorts import frame_of

ON = dt.date(2026, 11, 21)


def bad_of(knowledge: Knowledge, rows: list[Row]) -> Counter[str]:
    """What of the rows is no answer, by the checks of case files."""
    found: Counter[str] = Counter()
    for row in rows:
        case = case_of(knowledge, row)
        for name, value in row.items():
            if value is None or name == "id":
                continue
            if name == "unknown":
                found[name] += sum(mark not in knowledge.pack.questions for mark in value)
            elif name == TRIALS:
                for cells, trial in zip(value, case.trials, strict=True):
                    for cell in ("weeks", "daily_dose_mg", "kind", "outcome"):
                        lost = cells.get(cell) is not None and getattr(trial, cell) is None
                        # A kind that is misread takes the outcome with it, to keep the row open.
                        lost = lost and not (cell == "outcome" and cells["outcome"] != "none")
                        found[f"{TRIALS}.{cell}"] += lost
            elif name == MEDICATIONS:
                # Behind them stands a row for each class that cannot be read.
                for cells, medicine in zip(value, case.medications, strict=False):
                    found[f"{MEDICATIONS}.classes"] += bool(cells.get("classes")) and not (
                        medicine.classes
                    )
            elif name in knowledge.pack.questions:
                found[name] += name not in case.answers
            else:
                question, _, item = name.rpartition(".")
                found[name] += item not in case.scale_items.get(question, {})
    return +found


@pytest.mark.parametrize(
    ("form", "patients", "planted"),
    [
        ("parquet", 200, 500),
        pytest.param("ndjson", 120, 250, marks=pytest.mark.long),
        pytest.param("parquet", 4_000, 10_000, marks=pytest.mark.long),
    ],
)
def test_every_bad_value_is_counted_and_none_is_an_answer(
    knowledge: Knowledge, tmp_path: Path, form: str, patients: int, planted: int
) -> None:
    rows = list(Maker(knowledge, seed=5, bad=12).rows(patients))
    path = tmp_path / f"patients.{form}"
    if form == "parquet":
        frame_of(knowledge.pack, rows).write_parquet(path)
    else:
        for row in rows:
            # JSON has no number that is infinite.
            for name, value in row.items():
                row[name] = 1e9 if value == float("inf") else value
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    connection = connect(1)
    found = look_over(connection, open_source(connection, path, knowledge.pack), knowledge, ON)
    assert found.rows == patients
    assert {each.column: each.count for each in found.bad} == dict(bad_of(knowledge, rows))
    assert found.bad_values > planted


RESEMBLING = {
    "medical.hepatic": ("Severe", "severe "),
    "vitals.systolic": ("12", "128.5", " 128", "0x80", "0x80"),
    "patient.weight_kg": ("70 kg", "nan"),
    "medical.avm": ("1", "yes"),
}
SAYING = {
    "medical.renal": "normal",
    "vitals.heart_rate": "128.0",
    "medical.aneurysmal_disease": "True",
    "unknown": '[""patient.pregnant""]',
}


def test_a_cell_of_text_that_only_resembles_an_answer_is_none_and_one_that_says_it_is_one(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "patients.csv"
    columns = {**RESEMBLING, **{cell: (value,) for cell, value in SAYING.items()}}
    lines = [
        ",".join([f"p{number}", *(f'"{value}"' if value else "" for value in row)])
        for number, row in enumerate(zip_longest(*columns.values(), fillvalue=""))
    ]
    path.write_text("\n".join([",".join(["id", *columns]), *lines, f"b{',' * len(columns)}", ""]))
    connection = connect(1)
    found = look_over(connection, open_source(connection, path, knowledge.pack), knowledge, ON)
    assert found.rows == 6
    bad = {each.column: (each.count, each.examples) for each in found.bad}
    # The three that are most frequent are shown.
    told = {cell: Counter(sorted(values)).most_common(3) for cell, values in RESEMBLING.items()}
    assert bad == {cell: (len(RESEMBLING[cell]), (*shown,)) for cell, shown in told.items()}


def test_a_value_that_is_not_below_what_it_has_to_be_below_makes_both_no_answer(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,vitals.systolic,vitals.diastolic\na,80,120\nb,120,80\n")
    connection = connect(1)
    found = look_over(connection, open_source(connection, path, knowledge.pack), knowledge, ON)
    assert {each.column: each.count for each in found.bad} == {
        "vitals.systolic": 1,
        "vitals.diastolic": 1,
    }


def test_a_bad_list_of_marks_is_shown_as_it_stands(knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    cells = ["medical.avm", "medical.avm", "[medical.avm]", '"[""medical.amv""]"', "[null]", "[]"]
    path.write_text("id,unknown\n" + "".join(f"p{n},{c}\n" for n, c in enumerate(cells)))
    connection = connect(1)
    found = look_over(connection, open_source(connection, path, knowledge.pack), knowledge, ON)
    [bad] = found.bad
    assert (bad.column, bad.count) == ("unknown", 5)
    assert bad.examples == (("medical.avm", 2), ("[medical.avm]", 1), ("[null]", 1))


def test_missing_columns_are_named_with_the_rules_they_keep_open(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,patient.age,nickname\na,40,Bo\n")
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack, {"setting.dea_ciii": True})
    found = look_over(connection, source, knowledge, ON)
    assert found.missing["medical.avm"] == ("avm",)
    assert "resuscitation-unstable" in found.missing["medical.recent_mi"]
    assert "patient.age" not in found.missing and "setting.dea_ciii" not in found.missing
    assert found.ignored == ("nickname",)


def test_a_column_that_can_hold_no_answer_is_refused_with_what_is_allowed(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "patients.parquet"
    connection = connect(1)
    connection.execute(f"COPY (SELECT 1 AS \"medical.avm\") TO '{path}'")
    with pytest.raises(CohortError, match=r"column medical\.avm: INTEGER .* true and false"):
        open_source(connection, path, pack)


def test_a_column_and_a_constant_for_one_question_are_refused(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,patient.age\na,40\n")
    with pytest.raises(CohortError, match=r"patient\.age: the site file answers it too"):
        open_source(connect(1), path, pack, {"patient.age": 40})
