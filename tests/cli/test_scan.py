"""``ketatui cases scan``, and what export says and does about identifiers."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from ketatui.consultation.edits import SetNote
from ketatui.consultation.saving import begin
from ketatui.engine import Knowledge
from tests.cli.support import CASE, Command

PLANTED = (
    CASE.replace("CRPS of the left arm", "CRPS, cell 555-0188")
    + """
[[medications]]
name = "lamotrigine from Mrs Quill"
dose = "25 mg"
"""
)
FORMATS = ("md", "csv", "fhir")


@pytest.fixture
def planted(case_file: Path) -> Path:
    case_file.write_text(PLANTED, "utf-8")
    return case_file


def test_it_lists_what_it_saw_and_where(ketatui: Command, planted: Path) -> None:
    done = ketatui("cases", "scan", planted)
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines() == [
        f"{planted}: Label: “555-0188” looks like: telephone number",
        f"{planted}: Medicine 3, name: “Quill” looks like: name of a person",
        "1 case looked through; 2 places to check",
    ]


def test_its_json_says_the_same(ketatui: Command, planted: Path) -> None:
    done = ketatui("cases", "scan", "--json", planted.parent)
    found = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 1
    assert [(item["place"], item["kind"], item["history"]) for item in found] == [
        (["label"], "telephone", False),
        (["medications", 2, "name"], "name", False),
    ]
    assert found[0] == {
        "path": str(planted),
        "place": ["label"],
        "kind": "telephone",
        "text": "555-0188",
        "start": 11,
        "end": 19,
        "replacement": "[telephone removed]",
        "history": False,
    }


def test_nothing_seen_is_said_and_a_file_that_is_no_case_too(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    done = ketatui("cases", "scan", case_file)
    assert (done.status, done.err) == (0, "")
    assert done.out == "1 case looked through; nothing looks like an identifier\n"
    broken = tmp_path / "broken.toml"
    broken.write_text("answers = 3\n", "utf-8")
    done = ketatui("cases", "scan", tmp_path)
    assert done.status == 2
    assert str(broken) in done.err
    assert done.out.startswith("1 case looked through, 1 could not be read; nothing looks like ")


def test_drafts_are_looked_through_with_what_was_taken_back(
    ketatui: Command, case_file: Path, knowledge: Knowledge
) -> None:
    moment = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
    consultation, journal = begin(case_file.parent, knowledge, now=moment, label="cell 555-0188")
    consultation.do(SetNote(question="patient.age", text="asked his wife Tamsin"))
    consultation.undo()
    before = journal.path.read_bytes()
    draft = journal.path
    for names in (["--cases", case_file.parent], [case_file.parent], [case_file, draft]):
        done = ketatui("cases", "scan", *names)
        assert (done.status, done.err) == (1, "")
        assert done.out.splitlines() == [
            f"{draft}: Label: “555-0188” looks like: telephone number",
            f"{draft}: Note, Age, before it was changed: “Tamsin” looks like: name of a person",
            "1 case and 1 draft looked through; 2 places to check, 1 of them only in history or "
            "reviews",
        ]
    found = [
        json.loads(line) for line in ketatui("cases", "scan", "--json", draft).out.splitlines()
    ]
    assert [item["history"] for item in found] == [False, True]
    assert draft.read_bytes() == before
    journal.close()
    draft.write_bytes(b"{")
    assert "holds nothing that can be read" in ketatui("cases", "scan", draft).err


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_warns_and_is_written_all_the_same(
    ketatui: Command, planted: Path, name: str
) -> None:
    done = ketatui("cases", "export", planted, "--format", name)
    assert done.status == 0
    assert done.err == (
        f"{planted}: 2 texts look like an identifier of a person; ketatui cases scan lists them, "
        "--replace-identifiers replaces them\n"
    )
    assert "555-0188" in done.out


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_can_replace_them(ketatui: Command, planted: Path, name: str) -> None:
    done = ketatui("cases", "export", planted, "--format", name, "--replace-identifiers")
    assert (done.status, done.err) == (0, "")
    assert "555-0188" not in done.out
    assert "Quill" not in done.out
    assert "telephone removed" in done.out
    assert planted.read_text("utf-8") == PLANTED


def test_a_pattern_that_is_none_is_told_with_its_file(
    ketatui: Command, case_file: Path, pack_copy: Path
) -> None:
    path = pack_copy / "privacy.toml"
    path.write_text(path.read_text("utf-8").replace(r"\(01\) ?\d{14}", "(01"), "utf-8")
    done = ketatui("cases", "scan", case_file, "--criteria", pack_copy)
    assert (done.status, done.out) == (2, "")
    assert "privacy.toml: device: no regular expression" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(Path(__file__).resolve().parents[2] / "criteria", folder)
    return folder


def test_a_review_that_holds_one_is_kept_and_said(ketatui: Command, tmp_path: Path) -> None:
    examples = Path(__file__).resolve().parents[2] / "saved_cases"
    path = tmp_path / next(examples.glob("*-example01.toml")).name
    shutil.copy(examples / path.name, path)
    said = ("--by", "B", "--role", "nurse", "--comment", "asked his wife Tamsin")
    done = ketatui("cases", "review", path.stem, *said, "--cases", tmp_path)
    assert done.status == 0
    assert done.err == (
        f"{path.stem}: “Tamsin” looks like a name of a person, and is kept forever\n"
    )
    assert "asked his wife Tamsin" in path.read_text("utf-8")
    done = ketatui("cases", "scan", path)
    assert (done.status, done.out.splitlines()[0]) == (
        1,
        f"{path}: Review 1, text: “Tamsin” looks like: name of a person",
    )


def test_of_a_folder_that_is_not_there_nothing_is_said_to_be_clean(
    ketatui: Command, tmp_path: Path
) -> None:
    done = ketatui("cases", "scan", "--cases", tmp_path / "typo")
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{tmp_path / 'typo'}: there is no such folder of cases\n"
