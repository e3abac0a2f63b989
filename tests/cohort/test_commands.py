"""``ketatui cohort`` from the command line."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import polars
import pytest

from ketatui.cli import main
from ketatui.cohort import manifest, screening
from ketatui.engine import Knowledge
from reliability.cohort_rows import Maker
from reliability.cohorts import frame_of
from tests.cohort.support import digests
from tests.each import each

ON = ("--on", "2026-11-21")


COLUMNS = ("id", "patient.age", "vitals.systolic", "setting.dea_ciii", "medications")
"""Few: to look over all columns takes most of a short screening."""


@pytest.fixture(scope="module")
def patients(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cohort") / "patients.parquet"
    rows = list(Maker(knowledge, bad=0).rows(300))
    frame_of(knowledge.pack, rows).select(COLUMNS).write_parquet(path)
    return path


def test_a_table_is_screened_into_parts_with_a_manifest_and_no_other_takes_its_folder(
    patients: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run = ["cohort", "screen", str(patients), "--out", str(out), "--ids"]
    assert main([*run, *ON]) == 0
    assert "300 patients screened" in capsys.readouterr().out
    told = json.loads((out / manifest.NAME).read_text())
    assert told["finished"] and told["overrides"] == manifest.NO_OVERRIDES
    assert told["input"]["rows"] == 300 and told["sql"].startswith("sha256:")
    found = polars.read_parquet(out / "parts" / "*.parquet")
    assert found["id"].to_list() == [f"p{number}" for number in range(300)]
    column = told["columns"]["rules"]["iv"]["bp-hold"]
    listed = found["iv.findings"].list.contains("bp-hold")
    assert listed.to_list() == found[column].fill_null(value=False).to_list()
    assert 0 < listed.sum() < 300
    before = digests(out)
    assert main([*run, "--on", "2027-01-01"]) == 2
    assert f"{out}: holds another screening (on differs)" in capsys.readouterr().err
    assert digests(out) == before


def test_columns_that_are_not_read_are_said_when_screening(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("id,patient.age,vitals.sistolic\na,46,190\n")
    assert main(["cohort", "screen", str(table), "--out", str(tmp_path / "out"), *ON]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "columns that the criteria do not know, not read: vitals.sistolic" in said


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_run_that_was_cut_short_goes_on_to_the_same_result(
    patients: Path, knowledge: Knowledge, tmp_path: Path, engine: str
) -> None:
    def job(name: str) -> screening.Screening:
        day = dt.date(2026, 11, 21)
        return screening.Screening(
            knowledge, patients, tmp_path / name, day, engine=engine, part_rows=110, threads=1
        )

    def killed(done: int, of: int) -> None:
        if done > 200:
            raise KeyboardInterrupt

    screening.screen(job("whole"))
    with pytest.raises(KeyboardInterrupt):
        screening.screen(job("resumed"), killed)
    # What a killed run leaves half written is not taken for a part.
    parts = tmp_path / "resumed" / "parts"
    (parts / ".part-00002.parquet.begun").write_bytes(b"half")
    assert len(list(parts.iterdir())) == 3
    screening.screen(job("resumed"))
    assert digests(tmp_path / "resumed") == digests(tmp_path / "whole")


def test_check_says_what_is_bad_and_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "patients.csv"
    path.write_text('id,patient.age,medications\na,400,"[{""name"": ""blue pill""}]"\n')
    assert main(["cohort", "check", str(path), *ON]) == 1
    told = capsys.readouterr().out
    assert "patient.age                                1  '400' (1)" in told
    assert "medical.avm                        avm" in told
    assert "'blue pill'                                1" in told
    assert "its answers" not in told
    path.write_text("id,patient.age,unknown\na,40,medical.foo\n")
    assert main(["cohort", "check", str(path), *ON]) == 1
    told = capsys.readouterr().out
    assert "patient.age                                1  '40' (1)" in told
    assert "(a row whose unknown cannot be read has all its questions marked: its answers" in told


def test_a_constant_of_the_site_holds_for_every_patient(patients: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("[answers.setting]\ndea_ciii = false\n")
    table = polars.read_parquet(patients).drop("setting.dea_ciii")
    table.write_parquet(tmp_path / "without.parquet")
    out = tmp_path / "out"
    run = ["cohort", "screen", str(tmp_path / "without.parquet"), "--out", str(out), *ON]
    assert main([*run, "--site", str(site)]) == 0
    found = polars.read_parquet(out / "parts" / "*.parquet")
    assert found["dea-registration"].all()
    assert json.loads((out / "manifest.json").read_text())["constants"] == {
        "setting.dea_ciii": False
    }


SITES = (
    ('[overrides]\niv = "x"\n', 3, "overrides"),
    ('unknown = ["medical.avm"]\n', 1, "unknown"),
    ('[[medications]]\nname = "lithium"\n', 3, "medications"),
    ("[dates]\n", 3, "dates"),
    ("[settings]\n", 3, "settings"),
)


@each(("more", "line", "named"), SITES)
def test_what_a_site_file_cannot_say_for_all_is_refused_and_not_passed_over(
    patients: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: str,
    line: int,
    named: str,
) -> None:
    site = tmp_path / "site.toml"
    answers = "[answers.setting]\ndea_ciii = false\n"
    site.write_text(more + answers if line == 1 else answers + more)
    run = ["cohort", "screen", str(patients), "--out", str(tmp_path / "out"), *ON]
    assert main([*run, "--site", str(site)]) == 2
    told = capsys.readouterr().err
    assert f"{site}:{line}: {named}: not allowed here" in told and "[answers." in told
    assert not (tmp_path / "out").exists()


def test_a_site_that_reviews_lists_needs_a_table_with_lists(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, site = tmp_path / "patients.csv", tmp_path / "site.toml"
    path.write_text("id,patient.age\na,40\n")
    site.write_text("[answers.medications]\nreviewed = true\n")
    assert main(["cohort", "check", str(path), "--site", str(site), *ON]) == 2
    assert "there is no column medications" in capsys.readouterr().err


def test_the_criteria_are_printed_as_one_query(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cohort", "sql", *ON]) == 0
    printed = capsys.readouterr().out
    assert printed.count("CREATE OR REPLACE TEMP TYPE") > 10
    assert '"spravato.verdict"' in printed and printed.rstrip().endswith(";")


def test_without_the_extra_one_line_says_how_to_get_it(
    patients: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert main(["cohort", "check", str(patients)]) == 2
    assert capsys.readouterr().err == (
        "ketatui cohort: the library duckdb is not installed; "
        "install the extra: pip install 'ketatui[cohort]'\n"
    )


def test_other_dialects_are_printed_with_the_warning_that_nobody_ran_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(
        "id,indication.diagnosis,trials.rows_complete,antidepressant_trials\n"
        'a,mdd,true,"[{""drug"": ""sertraline""}]"\n'
    )
    run = ["cohort", "sql", str(path), *ON, "--dialect"]
    assert main([*run, "spark"]) == 0
    assert "`spravato.verdict`" in capsys.readouterr().out
    assert main([*run, "databricks"]) == 0
    assert "never run there" in capsys.readouterr().out
    assert main([*run, "bigquery"]) == 2
    assert "cannot be written for bigquery" in capsys.readouterr().err
    assert main([*run, "nosuch"]) == 2
    assert "no dialect 'nosuch'; allowed:" in capsys.readouterr().err
