"""Patients chosen from a table have as cases the verdicts that the cohort gave them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars
import pytest

from ketatui.cli import main
from ketatui.cohort.chosen import chosen_cases
from ketatui.cohort.errors import CohortError
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import open_source
from ketatui.engine import Knowledge, assess
from reliability.cohort_rows import Maker
from reliability.cohorts import frame_of, screen_rows

ON = dt.date(2026, 11, 21)


def test_chosen_patients_are_assessed_as_the_cohort_was(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    rows = list(Maker(knowledge, seed=8, bad=4).rows(150))
    _, results = screen_rows(knowledge, rows)
    path = tmp_path / "patients.parquet"
    frame_of(knowledge.pack, rows).write_parquet(path)
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    ids = [row["id"] for row in rows]
    for (ident, case), result in zip(
        chosen_cases(connection, source, knowledge, ids), results, strict=True
    ):
        found = assess(knowledge, case, ON, with_changes=False)
        for pathway in found.pathways:
            said = (pathway.verdict, pathway.best, pathway.worst)
            wanted = tuple(result[f"{pathway.id}.{each}"] for each in ("verdict", "best", "worst"))
            assert said == wanted, ident


def test_the_files_open_with_the_verdicts_of_the_cohort(
    knowledge: Knowledge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = list(Maker(knowledge, seed=8, bad=0).rows(40))
    path, out = tmp_path / "patients.parquet", tmp_path / "out"
    frame_of(knowledge.pack, rows).write_parquet(path)
    day = ("--on", "2026-11-21")
    assert main(["cohort", "screen", str(path), "--out", str(out), *day]) == 0
    run = ["cohort", "cases", str(path), "--out", str(tmp_path / "chosen")]
    capsys.readouterr()
    assert main([*run, "--id", "p3", "--id", "p11", "--id", "p27"]) == 0
    files = dict(line.split("  ") for line in capsys.readouterr().out.splitlines())
    assert list(files) == ["p3", "p11", "p27"]
    screened = {
        row["id"]: row for row in polars.read_parquet(out / "parts" / "*.parquet").to_dicts()
    }
    for ident, file in files.items():
        assert ident not in Path(file).read_text()
        assert main(["assess", file, "--json", *day]) == 0
        for pathway in json.loads(capsys.readouterr().out)["pathways"]:
            assert pathway["verdict"] == screened[ident][f"{pathway['id']}.verdict"]


def test_an_id_that_is_not_there_is_named(knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,patient.age\na,40\nb,41\nb,42\n")
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    with pytest.raises(CohortError, match="the id 'c' is in no row"):
        list(chosen_cases(connection, source, knowledge, ["c"]))
    with pytest.raises(CohortError, match="the id 'b' is in several rows"):
        list(chosen_cases(connection, source, knowledge, ["b"]))


def test_a_refusal_leaves_no_folder_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "patients.csv", tmp_path / "chosen"
    path.write_text("id,patient.age\na,40\nb,41\n")
    run = ["cohort", "cases", str(path), "--id", "a", "--id", "z", "--out", str(out)]
    assert main(run) == 2
    assert "the id 'z' is in no row" in capsys.readouterr().err
    assert not out.exists()
