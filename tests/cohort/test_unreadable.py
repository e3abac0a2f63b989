"""What a table holds and nobody can read is open and counted, never "nothing there"."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tomllib
from pathlib import Path
from typing import Any

import polars
import pytest

from ketatui.cli import main
from ketatui.cohort import manifest
from ketatui.cohort.chosen import CLASS_NOT_READ, NOT_ALL, chosen_cases
from ketatui.cohort.errors import CohortError
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import open_source
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from reliability.cohorts import frame_of, screen_rows
from tests.each import each

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("medications", "antidepressant_trials")


def fitting() -> dict[str, Any]:
    """Return a patient, the first of the examples, whom Spravato fits."""
    case = tomllib.loads((ROOT / "saved_cases/20261121-080000-example01.toml").read_text())
    row = {
        f"{section}.{name}": value
        for section, answers in case["answers"].items()
        for name, value in answers.items()
    }
    return {"id": "fits", **row, **{name: case[name] for name in LISTS}}


def cell(value: object) -> object:
    return json.dumps(value) if isinstance(value, (list, dict, bool)) else value


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".csv":
        text = io.StringIO()
        table = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
        table.writeheader()
        table.writerows({name: cell(value) for name, value in row.items()} for row in rows)
        path.write_text(text.getvalue())
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def screened(path: Path, engine: str = "polars") -> polars.DataFrame:
    out = path.parent / "screened"
    run = ["cohort", "screen", str(path), "--out", str(out), "--on", "2026-11-21"]
    assert main([*run, "--engine", engine]) == 0
    return polars.read_parquet(out / "parts" / "*.parquet")


def verdicts(path: Path, engine: str = "polars") -> dict[str, str]:
    found = screened(path, engine)
    return dict(zip(found["id"].to_list(), found["spravato.verdict"].to_list(), strict=True))


ODD: dict[str, dict[str, Any]] = {
    "a name": {"medications": "lisinopril"},
    "one medicine": {"medications": {"name": "lisinopril"}},
    "broken": {"medications": '[{"name": "lisinopril"'},
    "true": {"medications": True},
    "names": {"medications": ["lisinopril"]},
    "nothing in it": {"medications": [None]},
    "trials": {"antidepressant_trials": "sertraline"},
    "mark": {"unknown": "medical.avm"},
    "mark of a list": {"unknown": "medications"},
    "marks by name": {"unknown": {"medications": True}},
}


def of_class(*codes: str | None) -> dict[str, Any]:
    return {"medications": [{"name": "lisinopril", "classes": list(codes)}]}


PART_READ: dict[str, dict[str, Any]] = {
    "no mark": {"unknown": ["medication"]},
    "one mark of two": {"unknown": ["medical.avm", "medical.AVM"]},
    "mark of an item": {"unknown": ["scales.phq9.self_harm"]},
    "null mark": {"unknown": [None]},
    "no class": of_class("maoi_inhibitor"),
    "one class of two": of_class("glp1_agonist", "maoi_inhibitor"),
    "a class and none": of_class("glp1_agonist", "none_of_these"),
    "null class": of_class(None),
}
"""Lists of which a part cannot be read, of a patient whom Spravato fits otherwise."""


@pytest.mark.parametrize(
    ("form", "engine"),
    [
        ("ndjson", "polars"),
        *(
            pytest.param(form, engine, marks=pytest.mark.long)
            for form, engine in (("csv", "duckdb"), ("parquet", "polars"), ("parquet", "duckdb"))
        ),
    ],
)
def test_what_cannot_be_read_whole_or_in_part_is_open_and_counted(
    pack: Pack, tmp_path: Path, form: str, engine: str
) -> None:
    # The columns of Parquet have types: what is no list does not get into them.
    odd = PART_READ if form == "parquet" else ODD | PART_READ
    right = {
        "fits": {},
        "none": {"medications": []},
        "read": {"unknown": []} | of_class("glp1_agonist"),
        "bare": of_class(),
    }
    rows = [fitting() | {"id": name} | said for name, said in (right | odd).items()]
    path = tmp_path / f"patients.{form}"
    if form == "parquet":
        frame_of(pack, rows).write_parquet(path)
    else:
        written(path, rows)
    found = verdicts(path, engine)
    assert [found.pop(name) for name in right] == ["fits"] * 4
    assert found == dict.fromkeys(odd, "incomplete")
    bad = manifest.read(tmp_path / "screened")["check"]["bad"]
    more = (0, 0, 0) if form == "parquet" else (6, 1, 3)
    assert [bad.get(name, 0) for name in LISTS] == [*more[:2]]
    assert (bad["unknown"], bad["medications.classes"]) == (4 + more[2], 4)


def test_a_mark_that_is_no_question_leaves_nothing_of_the_row_known(
    knowledge: Knowledge,
) -> None:
    names = [f"scales.phq9.{item.id}" for item in knowledge.pack.instruments["phq9"].items]
    row = fitting() | {"unknown": sorted(knowledge.pack.questions)} | dict.fromkeys(names, 1)
    rows = [
        row | {"unknown": ["medication"]},
        row | dict.fromkeys(names),
        row,
    ]
    _, (misread, without_items, with_items) = screen_rows(knowledge, rows)
    assert misread == without_items
    assert misread != with_items


def test_a_patient_chosen_with_a_part_not_read_stays_open_in_the_app(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    odd = PART_READ | {"marked": {"unknown": ["medications"]} | of_class()}
    rows = [fitting() | {"id": name} | each for name, each in odd.items()]
    path = written(tmp_path / "patients.ndjson", rows)
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    for name, case in chosen_cases(connection, source, knowledge, list(odd)):
        found = assess(knowledge, case, dt.date(2026, 11, 21), with_changes=False)
        verdict = {each.id: each.verdict for each in found.pathways}
        assert verdict["spravato"] == "incomplete", name


@each("name", [CLASS_NOT_READ, NOT_ALL])
def test_what_stands_for_what_was_not_read_is_no_medicine(knowledge: Knowledge, name: str) -> None:
    found = knowledge.medicines.recognize(name)
    assert (found.known, found.so_far, found.may_mean) == (False, (), ())


def test_text_that_is_no_list_is_read_from_a_csv_as_from_json(pack: Pack, tmp_path: Path) -> None:
    odd = ODD | PART_READ
    rows = [{"id": name, "unknown": "", "medications": ""} | said for name, said in odd.items()]
    connection = connect(1)
    found = {}
    for form in ("csv", "ndjson"):
        read = [{k: v for k, v in row.items() if v or form == "csv"} for row in rows]
        source = open_source(connection, written(tmp_path / f"patients.{form}", read), pack)
        found[form] = connection.execute(
            f"SELECT id, medications, antidepressant_trials, unknown FROM {source.sql}"
        ).fetchall()
    assert found["csv"] == found["ndjson"]
    for name, medicines, _, marks in found["csv"]:
        said, is_odd = odd[name], name in ODD
        listed = None if medicines is None else [each["name"] for each in medicines]
        names = [None] if is_odd else ["lisinopril"]
        assert listed == (names if "medications" in said else None)
        assert marks == ([None] if is_odd and "unknown" in said else said.get("unknown"))


def test_a_file_is_read_by_its_name_and_never_as_a_pattern(pack: Pack, tmp_path: Path) -> None:
    for name in ("a*.csv", "ab.csv", "a[b].csv", "a?.csv"):
        (tmp_path / name).write_text(f'id,patient.age\n"{name}",40\n')
        connection = connect(1)
        source = open_source(connection, tmp_path / name, pack)
        assert connection.execute(f"SELECT id FROM {source.sql}").fetchall() == [(name,)]


def test_quotes_count_where_the_first_thousands_of_patients_have_none(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "patients.csv"
    late = 'late,"[{""name"": ""lithium"", ""dose"": ""300 mg""}]",1\n'
    path.write_text("id,medications,z\n" + "#early,,1\n" * 30_000 + late)
    connection = connect(1)
    source = open_source(connection, path, pack)
    found = connection.execute(
        f"SELECT id, medications[1].name FROM {source.sql} WHERE medications IS NOT NULL"
    ).fetchall()
    assert found == [("late", "lithium")]
    assert connection.execute(f"SELECT count(*) FROM {source.sql}").fetchone() == (30_001,)


@each(
    ("text", "said"),
    [
        ("id,patient.age\na,46\nb,47,48\n", ":3: 3 cells; allowed: 2, as in the first line"),
        ("id;patient.age\na;46\n\nb\n", ":4: 1 cells; allowed: 2, as in the first line"),
        ("number,age\n1,46\n", ": no column has the id of a question, like patient.age"),
    ],
)
def test_a_row_of_other_cells_than_the_first_is_named_with_its_line(
    pack: Pack, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(CohortError) as refused:
        open_source(connect(1), path, pack)
    assert str(refused.value) == f"{path}{said}"


@each("name", ["patient.age", "Patient.Age"])
def test_a_column_that_stands_twice_is_refused(pack: Pack, tmp_path: Path, name: str) -> None:
    twice = tmp_path / "patients.csv"
    twice.write_text(f"id,patient.age,{name}\na,40,9\n")
    with pytest.raises(CohortError, match=r"column patient\.age: stands more than once"):
        open_source(connect(1), twice, pack)


def test_names_that_differ_in_case_alone_are_refused(pack: Pack, tmp_path: Path) -> None:
    path = written(tmp_path / "patients.ndjson", [{"patient.age": 40, "Patient.Age": 9}])
    with pytest.raises(CohortError, match=r"in case alone: Patient\.Age, patient\.age"):
        open_source(connect(1), path, pack)


@each("name", ["medications", "antidepressant_trials", "unknown"])
def test_a_table_of_lists_alone_is_looked_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = written(tmp_path / "patients.ndjson", [{"id": "a", name: []}, {"id": "b", name: 5}])
    assert main(["cohort", "check", str(path)]) == 1
    told = capsys.readouterr()
    assert told.err == "" and "2 patients" in told.out
