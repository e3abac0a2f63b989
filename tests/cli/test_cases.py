"""``ketatui cases`` and ``ketatui walk``: saved cases and drafts without the app."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import CASE, Command

FINISH = "e\ny\ns\n1\nDr B\nbecause\ny\nfirst visit\n"
"""End the questions, capacity, no consent, first pathway, who and why, save."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cases"


def saved(ketatui: Command, folder: Path, label: str = "low mood") -> Path:
    done = ketatui("walk", "--cases", folder, stdin=f"{label}\n1\n{FINISH}".encode())
    assert done.status == 0, done.err
    line = next(
        item for item in done.out.splitlines() if item.removeprefix("> ").startswith("Saved: ")
    )
    return Path(line.removeprefix("> ").removeprefix("Saved: "))


def test_an_empty_folder_lists_nothing_and_one_that_is_not_there_is_not_made(
    ketatui: Command, folder: Path
) -> None:
    done = ketatui("cases", "list", "--cases", folder)
    said = f"{folder}: there is no such folder of cases\n"
    assert (done.status, done.out, done.err) == (2, "", said)
    assert not folder.exists()
    folder.mkdir()
    done = ketatui("cases", "list", "--cases", folder)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"No cases in {folder}\n"


def test_a_walk_from_standard_input_saves_a_case_that_list_show_and_verify_find(
    ketatui: Command, folder: Path
) -> None:
    path = saved(ketatui, folder)
    assert path.parent == folder
    listed = ketatui("cases", "list", "--cases", folder).out
    assert path.stem in listed
    assert "low mood" in listed
    assert "provisional" in listed
    shown = ketatui("cases", "show", path.stem, "--cases", folder).out
    for words in (
        "State: final",
        "Prescriber: Psychiatrist",
        "By: Dr B",
        "Reason: because",
        "As assessed on",
    ):
        assert words in shown
    verified = ketatui("cases", "verify", "--cases", folder)
    assert (verified.status, verified.out) == (
        0,
        f"{path}: ok\n1 case verified: 1 sound\n",
    )


def test_the_environment_names_the_folder_of_cases(
    ketatui: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETATUI_CASES", str(folder))
    folder.mkdir()
    assert ketatui("cases", "list").out == f"No cases in {folder}\n"


def test_list_as_json_has_a_document_a_line(ketatui: Command, folder: Path) -> None:
    path = saved(ketatui, folder)
    ketatui("walk", "--cases", folder, stdin=b"called away\n1\n")
    lines = [
        json.loads(line)
        for line in ketatui("cases", "list", "--json", "--cases", folder).out.splitlines()
    ]
    assert lines[0]["id"] == path.stem
    assert lines[0]["standing"] == "provisional"
    assert lines[1]["state"] == "journal"
    assert lines[1]["label"] == "called away"


def test_a_file_that_is_no_case_is_listed_with_its_reason(ketatui: Command, folder: Path) -> None:
    path = saved(ketatui, folder)
    (folder / "broken.toml").write_text("[answers", "utf-8")
    done = ketatui("cases", "list", "--cases", folder)
    assert done.status == 0
    assert "unreadable: broken.toml" in done.out
    assert path.stem in done.out


def test_verify_finds_a_change_made_outside_the_program(ketatui: Command, folder: Path) -> None:
    path = saved(ketatui, folder)
    path.write_text(path.read_text("utf-8").replace("psychiatrist", "anesthesiologist"), "utf-8")
    done = ketatui("cases", "verify", path, "--cases", folder)
    assert done.status == 1
    assert "changed outside the program" in done.out


def test_show_and_verify_of_a_missing_case_are_unusable_input(
    ketatui: Command, folder: Path
) -> None:
    for command in ("show", "verify"):
        done = ketatui("cases", command, "20200101-000000-aaaa", "--cases", folder)
        verified = "1 case verified: 0 sound, 1 with problems\n" if command == "verify" else ""
        assert (done.status, done.out) == (2, verified)
        assert done.err.count("\n") == 1


def test_show_prints_no_terminal_control(ketatui: Command, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(CASE.replace("Blue pills", "\\u001b[31mred"), "utf-8")
    done = ketatui("cases", "show", path, "--cases", folder)
    assert done.status == 0
    assert "\x1b" not in done.out
    assert "red" in done.out


def test_a_walk_that_was_left_is_offered_and_resumed(ketatui: Command, folder: Path) -> None:
    left = ketatui("walk", "--cases", folder, stdin=b"low mood\n1\ny\nq\n")
    assert "The draft is kept" in left.out
    assert f"ketatui walk --cases {folder}" in left.out
    done = ketatui("walk", "--cases", folder, stdin=b"1\n3\n" + FINISH.encode())
    assert "Resumed, 2 changes." in done.out
    assert "Saved: " in done.out
    assert "Drafts that wait" not in ketatui("walk", "--cases", folder, stdin=b"").out


def test_another_window_may_not_have_the_draft_as_well(ketatui: Command, folder: Path) -> None:
    from ketatui.cases.drafts import list_drafts
    from ketatui.cases.journal import Journal

    ketatui("walk", "--cases", folder, stdin=b"low mood\n1\nq\n")
    journal, _ = Journal.resume(list_drafts(folder)[0].path)
    try:
        done = ketatui("walk", "--cases", folder, stdin=b"")
        assert "wait to be resumed" not in done.out
    finally:
        journal.close()


def test_a_saved_case_is_amended_as_a_new_revision(ketatui: Command, folder: Path) -> None:
    path = saved(ketatui, folder)
    lines = "y\ne\ny\ns\n1\nDr C\nstill\ny\nsecond visit\n"
    done = ketatui("walk", "--cases", folder, "--case", path.stem, stdin=lines.encode())
    assert f"Saved: {path}" in done.out, done.out[-1500:]
    shown = ketatui("cases", "show", path.stem, "--cases", folder).out
    assert "State: amended" in shown
    assert "2. " in shown.split("Revisions")[1]
    assert ketatui("cases", "verify", "--cases", folder).status == 0


def test_a_case_from_elsewhere_is_saved_as_a_new_case(
    ketatui: Command, folder: Path, case_file: Path
) -> None:
    before = case_file.read_bytes()
    done = ketatui("walk", "--cases", folder, "--case", case_file, stdin=FINISH.encode())
    assert "it is saved as a new case" in done.out
    assert len(list(folder.glob("*.toml"))) == 1
    assert case_file.read_bytes() == before


def test_a_walk_of_an_unreadable_case_says_why(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[answers.patient]\nage = 200\n", "utf-8")
    done = ketatui("walk", "--cases", folder, "--case", bad, stdin=b"")
    assert (done.status, done.out) == (2, "")
    assert "patient.age" in done.err
    assert not folder.exists()


def test_an_empty_expression_is_refused_and_not_taken_for_all_cases(ketatui: Command) -> None:
    refused = ketatui("cases", "list", "--where", "")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == "--where : a value expected, found the end (column 1)\n"
