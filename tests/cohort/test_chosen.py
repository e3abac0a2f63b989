"""Patients chosen from a table have as cases the verdicts that the cohort gave them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars
import pytest

from ketatui.cli import main
from ketatui.cohort.chosen import chosen_cases
from ketatui.cohort.errors import CohortError
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import open_source
from ketatui.engine import Knowledge, assess
from reliability.cohort_rows import Maker
from reliability.cohorts import frame_of

ON = dt.date(2026, 11, 21)
DAY = ("--on", "2026-11-21")


@pytest.fixture(scope="module")
def patients(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cohort") / "patients.parquet"
    rows = list(Maker(knowledge, seed=8, bad=4).rows(120))
    frame_of(knowledge.pack, rows).write_parquet(path)
    return path


@pytest.fixture(scope="module")
def screened(patients: Path) -> dict[str, dict[str, Any]]:
    """What the command says of each, by id."""
    out = patients.parent / "out"
    assert main(["cohort", "screen", str(patients), "--out", str(out), *DAY]) == 0
    found = polars.read_parquet(out / "parts" / "*.parquet").to_dicts()
    return {row["id"]: row for row in found}


def test_chosen_patients_are_assessed_as_the_cohort_was(
    knowledge: Knowledge, patients: Path, screened: dict[str, dict[str, Any]]
) -> None:
    connection = connect(1)
    source = open_source(connection, patients, knowledge.pack)
    assert len(screened) == 120
    for ident, case in chosen_cases(connection, source, knowledge, list(screened)):
        found = assess(knowledge, case, ON, with_changes=False)
        for pathway in found.pathways:
            said = (pathway.verdict, pathway.best, pathway.worst)
            wanted = tuple(
                screened[ident][f"{pathway.id}.{each}"] for each in ("verdict", "best", "worst")
            )
            assert said == wanted, ident


def test_the_files_open_with_the_verdicts_of_the_cohort(
    patients: Path,
    screened: dict[str, dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = ["cohort", "cases", str(patients), "--out", str(tmp_path / "chosen")]
    assert main([*run, "--id", "p3", "--id", "p11", "--id", "p27"]) == 0
    files = dict(line.split("  ") for line in capsys.readouterr().out.splitlines())
    assert list(files) == ["p3", "p11", "p27"]
    for ident, file in files.items():
        assert ident not in Path(file).read_text()
        assert main(["assess", file, "--json", *DAY]) == 0
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
