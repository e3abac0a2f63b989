"""``ketatui cases reassess``: saved cases under other criteria or on another day."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ketatui.criteria.default import default_folder
from ketatui.parallel import MANY
from tests.cli.support import CASE, Command, Done

ROOT = Path(__file__).resolve().parents[2]
CLEAN = "20261121-080000-example01"
PRESSURE = "20261121-144000-example11"
DAY = "2026-11-21"
VERSION = tomllib.loads((ROOT / "criteria" / "pack.toml").read_text("utf-8"))["version"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example cases in a folder of their own."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for path in ROOT.glob("saved_cases/*-example*.toml"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Criteria with a lower threshold, a rule less and a rule more."""
    pack = tmp_path / "criteria"
    shutil.copytree(default_folder({}), pack)
    path = pack / "thresholds.toml"
    text = path.read_text("utf-8")
    mark = 'name = "bp_caution_systolic"\nvalue = 140'
    assert mark in text
    path.write_text(text.replace(mark, mark.replace("140", "130")), "utf-8")
    path = pack / "pack.toml"
    mark = f'version = "{VERSION}"'
    path.write_text(path.read_text("utf-8").replace(mark, 'version = "2027.01"', 1))
    path = pack / "rules" / "vitals.toml"
    path.write_text(
        path.read_text("utf-8")
        + """
[[rules]]
id = "pulse-slow"
title = "Slow pulse"
when = "vitals.heart_rate < 71"
because = "A pulse below 71."
do = "Count it again."
authority = "local"
confidence = "medium"
sources = ["trials-exclusions"]
effects = { iv = "unmet" }
"""
    )
    return pack


def documents(done: Done) -> dict[str, dict[str, Any]]:
    return {item["case"]: item for item in map(json.loads, done.out.splitlines())}


def test_the_same_criteria_on_the_same_day_change_no_verdict(
    ketatui: Command, folder: Path
) -> None:
    done = ketatui("cases", "reassess", "--cases", folder, "--on", DAY)
    assert (done.status, done.err) == (0, "")
    assert "Spravato (decided): ✓ Criteria met, as then" in done.out
    assert done.out.endswith("cases assessed again; no verdict changed\n")
    changed = ketatui("cases", "reassess", "--changed", "--cases", folder, "--on", DAY)
    assert len(changed.out.splitlines()) == 1


def test_changed_criteria_show_then_and_now_with_the_threshold_and_the_rule(
    ketatui: Command, folder: Path, stricter: Path
) -> None:
    done = ketatui(
        *("cases", "reassess", PRESSURE, "--cases", folder, "--criteria", stricter, "--on", DAY)
    )
    assert done.status == 0, done.err
    said = " ".join(done.out.split())
    assert f"under ketamine-us {VERSION}, now 2026-11-21 under ketamine-us 2027.01" in said
    assert "Spravato (decided): ✓ Criteria met -> ! Criteria met, with cautions" in said
    assert "IV infusion: ✓ Criteria met -> ◌ Requirements unmet" in said
    assert "was changed from 140 to 130" in said
    assert "[pulse-slow]: now requirements unmet; on IV infusion" in said
    assert "the rule is new in ketamine-us 2027.01" in said


def test_only_cases_with_a_changed_verdict_are_listed_when_asked(
    ketatui: Command, folder: Path, stricter: Path
) -> None:
    options = ("--json", "--cases", folder, "--criteria", stricter, "--on", DAY)
    all_of_them = documents(ketatui("cases", "reassess", *options))
    changed = documents(ketatui("cases", "reassess", "--changed", *options))
    assert set(changed) == {name for name, item in all_of_them.items() if item["changed"]}
    assert PRESSURE in changed
    assert len(changed) < len(all_of_them)
    pathways = {item["id"]: item for item in changed[PRESSURE]["pathways"]}
    added = {item["rule"]: item for item in pathways["iv"]["rules"]}
    assert added["pulse-slow"]["change"] == "added"
    assert [cause["kind"] for cause in added["pulse-slow"]["causes"]] == ["rule_added"]
    assert [cause["kind"] for cause in added["bp-elevated"]["causes"]] == ["threshold"]
    assert pathways["spravato"]["then"]["verdict"] == "fits"
    assert pathways["spravato"]["now"]["verdict"] == "caution"


def test_old_answers_count_no_longer_unless_they_are_kept(ketatui: Command, folder: Path) -> None:
    options = ("cases", "reassess", CLEAN, "--json", "--cases", folder, "--on", "2026-11-22")
    found = documents(ketatui(*options))[CLEAN]
    assert {"question": "vitals.systolic", "since": DAY, "days": 1} in found["stale"]
    assert found["pathways"][0]["now"]["verdict"] == "incomplete"
    kept = documents(ketatui(*options, "--keep-stale"))[CLEAN]
    assert (kept["stale"], kept["changed"]) == ([], False)
    said = ketatui("cases", "reassess", CLEAN, "--cases", folder, "--on", "2026-11-22").out
    assert "Too old to count: " in said
    assert "because too old to count: Systolic blood pressure" in said


def test_reassessing_writes_nothing(ketatui: Command, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ketatui("cases", "reassess", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_files_that_can_not_be_read_are_told_and_the_rest_goes_on(
    ketatui: Command, folder: Path
) -> None:
    (folder / "broken.toml").write_text("[answers", "utf-8")
    (folder / "foreign.toml").write_text("a = 1\n", "utf-8")
    done = ketatui("cases", "reassess", folder, "--json", "--on", DAY)
    assert done.status == 2
    assert CLEAN in documents(done)
    assert len(done.err.splitlines()) == 2
    assert "broken.toml:1" in done.err
    assert "foreign.toml: not a case" in done.err


@pytest.mark.parametrize("name", ["nowhere.toml", "20200101-000000-aaaa"])
def test_a_case_that_is_not_there_is_one_line(ketatui: Command, folder: Path, name: str) -> None:
    done = ketatui("cases", "reassess", name, "--json", "--cases", folder)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_a_folder_without_cases_says_so(ketatui: Command, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = ketatui("cases", "reassess", "--cases", tmp_path / "none")
    assert (done.status, done.out) == (0, f"No cases in {tmp_path / 'none'}\n")


def test_a_file_without_an_assessment_is_assessed_and_has_not_changed(
    ketatui: Command, case_file: Path
) -> None:
    done = ketatui("cases", "reassess", case_file)
    assert "No assessment was saved with it" in done.out
    assert "Spravato: not recorded -> " in done.out
    assert ketatui("cases", "reassess", "--changed", "--json", case_file).out == ""


@pytest.mark.parametrize(
    "assessment", ["pathways = 3", 'on = 5\npathways = [{ id = "iv", verdict = 7 }]', "pack = 1"]
)
def test_an_assessment_of_another_shape_is_no_trouble(
    ketatui: Command, tmp_path: Path, assessment: str
) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(f"{CASE}\n[assessment]\n{assessment}\n", "utf-8")
    done = ketatui("cases", "reassess", path)
    assert (done.status, done.err) == (0, "")


def test_nothing_of_a_file_acts_on_the_terminal(ketatui: Command, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(CASE.replace("CRPS of", "\\u001b[31m\\u202e"), "utf-8")
    done = ketatui("cases", "reassess", path)
    assert done.status == 0
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_a_local_policy_is_named_as_the_cause(ketatui: Command, folder: Path) -> None:
    policy = ROOT / "docs" / "examples" / "policy.toml"
    options = ("--cases", folder, "--policy", policy, "--on", DAY)
    done = ketatui("cases", "reassess", PRESSURE, *options)
    assert "with local policy “North Clinic, invented policy”" in " ".join(done.out.split())
    assert "local policy “North Clinic, invented policy” sets" in " ".join(done.out.split())


@pytest.mark.long
def test_many_cases_on_several_processors_come_out_in_order_and_alike(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    text = (folder / f"{PRESSURE}.toml").read_text("utf-8")
    for number in range(MANY + 5):
        ident = f"20261121-{number:06}-many"
        (many / f"{ident}.toml").write_text(text.replace(PRESSURE, ident), "utf-8")
    (many / "20261121-000100-zzzz.toml").write_text("[answers", "utf-8")
    done = ketatui("cases", "reassess", many, "--json", "--on", DAY)
    found = documents(done)
    assert done.status == 2
    assert list(found) == sorted(found, reverse=True)
    assert len(found) == MANY + 5
    one = documents(ketatui("cases", "reassess", many / f"{ident}.toml", "--json", "--on", DAY))
    assert one[ident] == found[ident]


def test_its_help_has_an_example(ketatui: Command) -> None:
    done = ketatui("cases", "reassess", "--help")
    assert done.status == 0
    assert "example:" in done.out
