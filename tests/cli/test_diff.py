"""``ketatui cases diff``: two cases, or two revisions of one; only what differs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import CASE, Command, Done

ROOT = Path(__file__).resolve().parents[2]
CLEAN = "20261121-080000-example01"
AMENDED = "20261121-144000-example11"
ANEURYSM = "20261121-104000-example05"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    for path in ROOT.glob("saved_cases/*-example*.toml"):
        shutil.copy(path, folder)
    return folder


def told(done: Done) -> str:
    assert (done.status, done.err) == (0, "")
    return " ".join(done.out.split())


def data(done: Done) -> dict[str, Any]:
    assert (done.status, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_a_case_and_itself_do_not_differ(ketatui: Command, folder: Path) -> None:
    done = ketatui("cases", "diff", CLEAN, folder / f"{CLEAN}.toml", "--cases", folder)
    assert done.out.endswith("\nNothing differs.\n")
    same = data(ketatui("cases", "diff", CLEAN, CLEAN, "--cases", folder, "--json"))
    assert same["same"] is True
    assert same["recorded"]["answers"] == []


def test_two_revisions_show_what_the_later_changed(ketatui: Command, folder: Path) -> None:
    said = told(ketatui("cases", "diff", f"{AMENDED}@1", AMENDED, "--cases", folder))
    for words in (
        f"A: {AMENDED}; revision 1,",
        f"B: {AMENDED}; revision 2,",
        "Systolic blood pressure: 166 mmHg -> 138 mmHg",
        "state: final -> amended",
        "outcome: nothing -> agreed",
        "pathway: none -> Spravato",
        "Spravato: ◌ Requirements unmet -> ✓ Criteria met",
        "[bp-hold]: no longer requirements unmet; on every pathway because answered otherwise: "
        "Systolic blood pressure, Diastolic blood pressure",
    ):
        assert words in said
    assert "Heart rate" not in said


def test_a_revision_is_compared_backwards_as_well(ketatui: Command, folder: Path) -> None:
    options = (f"{AMENDED}@2", f"{AMENDED}@1", "--json", "--cases", folder)
    found = data(ketatui("cases", "diff", *options))
    answers = {item["question"]: item for item in found["recorded"]["answers"]}
    assert answers["vitals.systolic"]["b"] == {"value": 166}
    assert (found["a"]["revision"], found["b"]["revision"]) == (2, 1)
    iv = next(item for item in found["assessed"]["pathways"] if item["id"] == "iv")
    assert (iv["then"]["verdict"], iv["now"]["verdict"]) == ("fits", "unmet")
    assert iv["rules"] == []
    assert found["at_hand"]["changed"] is True


def test_two_cases_show_findings_and_verdicts_with_the_answer_behind_them(
    ketatui: Command, folder: Path
) -> None:
    found = data(ketatui("cases", "diff", CLEAN, ANEURYSM, "--json", "--cases", folder))
    iv = next(item for item in found["assessed"]["pathways"] if item["id"] == "iv")
    added = {item["rule"]: item for item in iv["rules"]}["aneurysmal-disease"]
    assert added["change"] == "added"
    assert {
        "kind": "answer",
        "subject": "medical.aneurysmal_disease",
        "words": "answer changed: Aneurysm (aorta, brain, limbs)",
    } in added["causes"] or [cause["subject"] for cause in added["causes"]] == [
        "medical.aneurysmal_disease"
    ]
    assert found["at_hand"] is None


def test_rows_notes_and_unknown_answers_are_compared(
    ketatui: Command, folder: Path, case_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "other.toml"
    text = CASE.replace('name = "lorazepam"\ndose = "0.5 mg"', 'name = "lorazepam"\ndose = "1 mg"')
    text = text.replace("systolic = 165\n", "").replace(
        "schema = 1", 'schema = 1\nunknown = ["vitals.spo2"]'
    )
    path.write_text(f'{text}\n[notes]\n"patient.age" = "by passport"\n', "utf-8")
    said = told(ketatui("cases", "diff", case_file, path, "--cases", folder))
    for words in (
        "Systolic blood pressure: 165 mmHg -> ·",
        "Oxygen saturation: · -> unknown",
        "Medicines - lorazepam, 0.5 mg + lorazepam, 1 mg",
        "Age: nothing -> by passport",
        "Under the criteria at hand",
    ):
        assert words in said
    assert "Blue pills" not in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (f"{AMENDED}@7", "there is no revision 7; there are: 1, 2"),
        (f"{AMENDED}@0", "there is no revision 0; there are: 1, 2"),
        ("20200101-000000-aaaa", "no such file"),
        ("nowhere.toml@1", "no such file"),
    ],
)
def test_what_can_not_be_compared_is_one_line(
    ketatui: Command, folder: Path, name: str, said: str
) -> None:
    done = ketatui("cases", "diff", name, CLEAN, "--cases", folder)
    assert (done.status, done.out) == (2, "")
    assert said in done.err.lower()
    assert done.err.count("\n") == 1


def test_a_history_that_does_not_lead_back_is_one_line(ketatui: Command, folder: Path) -> None:
    path = folder / f"{AMENDED}.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("systolic = 138", "systolic = 137", 1), "utf-8")
    done = ketatui("cases", "diff", f"{AMENDED}@1", AMENDED, "--cases", folder)
    assert (done.status, done.out) == (2, "")
    assert "revision 1 cannot be reconstructed: revision 2 says" in done.err
    assert done.err.count("\n") == 1


def test_nothing_of_a_file_acts_on_the_terminal(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(CASE.replace("Blue pills", "\\u001b[31mred"), "utf-8")
    done = ketatui("cases", "diff", case_file, path)
    assert "red" in done.out
    assert "\x1b" not in done.out
