"""``ketatui cases send``: written on an explicit act only, once, to the patient that was named."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ketatui.cli import main
from tests.records.record_server import Record, serving

EXAMPLE = Path(__file__).resolve().parents[2] / "saved_cases" / "20261121-080000-example01.toml"
CASE = EXAMPLE.stem


@pytest.fixture
def record() -> Iterator[Record]:
    with serving() as held:
        yield held


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir(mode=0o700)
    shutil.copy(EXAMPLE, folder)
    return folder


@pytest.fixture
def send(cases: Path, record: Record, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*more: str, name: str = CASE, who: str = "p1") -> tuple[int, str, str]:
        words = ["cases", "send", name, record.address, "--patient", who, "--cases", str(cases)]
        status = main([*words, *more])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_without_yes_it_says_what_and_where_to_and_sends_nothing(send: Run, record: Record) -> None:
    status, out, err = send()
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"Case {CASE}: the note and the answers as a form",
        f"To {record.address}/, Patient/p1",
        "Nothing was sent; --yes sends it.",
    ]
    assert record.asked == []


def test_the_note_and_the_answers_are_written_into_the_record(
    send: Run, record: Record, capsys: pytest.CaptureFixture[str], cases: Path
) -> None:
    status, out, err = send("--yes")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Written: DocumentReference/n1, the note",
        "Written: QuestionnaireResponse/n2, the answers as a form",
    ]
    note, form = record.held
    assert {item["subject"]["reference"] for item in (note, form)} == {"Patient/p1"}
    (content,) = note["content"]
    text = base64.b64decode(content["attachment"]["data"]).decode()
    main(["cases", "export", CASE, "--format", "txt", "--kind", "note", "--cases", str(cases)])
    assert text == capsys.readouterr().out
    assert (note["status"], note["docStatus"]) == ("current", "final")
    assert (form["status"], form["questionnaire"].partition("|")[0]) == (
        "completed",
        "urn:ketatui:questionnaire:ketamine-us",
    )


@pytest.mark.parametrize(
    ("conditional", "searchable"), [(True, True), (True, False), (False, True)]
)
def test_a_second_time_doubles_nothing(
    conditional: bool, searchable: bool, send: Run, record: Record
) -> None:
    record.conditional = conditional
    if not searchable:
        record.fails = {
            ("GET", kind): 400 for kind in ("DocumentReference", "QuestionnaireResponse")
        }
    assert send("--yes")[0] == 0
    status, out, _ = send("--yes")
    assert status == 0
    assert out.count("Was there already: ") == 2
    assert len(record.held) == 2


def test_after_a_failure_the_rest_is_sent_and_nothing_twice(send: Run, record: Record) -> None:
    record.fails = {("POST", "QuestionnaireResponse"): 500}
    status, out, err = send("--yes")
    assert (status, out) == (2, "Written: DocumentReference/n1, the note\n")
    assert err == (
        f"{record.address}/: the server says 500: the answers as a form was not sent; sent before: "
        "DocumentReference/n1; the case is as it was, and a second try sends nothing twice\n"
    )
    record.fails = {}
    assert send("--yes")[0] == 0
    assert [item["resourceType"] for item in record.held] == [
        "DocumentReference",
        "QuestionnaireResponse",
    ]


def test_a_note_of_another_kind_stands_beside_the_first(send: Run, record: Record) -> None:
    assert send("--yes")[0] == 0
    assert send("--yes", "--kind", "summary")[0] == 0
    kinds = [item["resourceType"] for item in record.held]
    assert (kinds.count("DocumentReference"), kinds.count("QuestionnaireResponse")) == (2, 1)
    assert not any("relatesTo" in item for item in record.held)


def amend(cases: Path, note: str) -> None:
    path = cases / EXAMPLE.name
    text = path.read_text("utf-8")
    text = re.sub(r'state = "\w+"', 'state = "amended"', text, count=1)
    text = re.sub(r"\[notes\]\n.*\n\n", "", text)
    text = text.replace(
        "[answers.setting]", f'[notes]\n"medical.avm" = "{note}"\n\n[answers.setting]', 1
    )
    path.write_text(text, "utf-8")


def documents(record: Record) -> list[Any]:
    return [item for item in record.held if item["resourceType"] == "DocumentReference"]


def test_the_note_of_an_amended_case_stands_in_place_of_the_one_before(
    send: Run, record: Record, cases: Path
) -> None:
    assert send("--yes")[0] == 0
    amend(cases, "seen again")
    status, out, _ = send("--yes")
    assert (status, out.splitlines()) == (
        0,
        [
            "Written: DocumentReference/n3, the note, in place of DocumentReference/n1",
            "Written: QuestionnaireResponse/n4, the answers as a form",
        ],
    )
    first, second = documents(record)
    assert "relatesTo" not in first
    assert second["relatesTo"] == replaces("DocumentReference/n1")
    assert second["docStatus"] == "amended"
    assert record.held[3]["status"] == "amended"
    amend(cases, "seen a third time")
    assert send("--yes")[0] == 0
    assert documents(record)[2]["relatesTo"] == replaces("DocumentReference/n3")
    status, out, _ = send("--yes")
    assert out.count("Was there already: ") == 2
    assert len(documents(record)) == 3


def replaces(name: str) -> list[dict[str, Any]]:
    return [{"code": "replaces", "target": {"reference": name}}]


def test_a_note_that_was_entered_in_error_is_not_stood_in_for(
    send: Run, record: Record, cases: Path
) -> None:
    assert send("--yes")[0] == 0
    record.held[0]["status"] = "entered-in-error"
    amend(cases, "seen again")
    assert send("--yes")[0] == 0
    assert "relatesTo" not in documents(record)[1]


def test_where_earlier_notes_cannot_be_searched_for_it_is_said(
    send: Run, record: Record, cases: Path
) -> None:
    record.fails = {("GET", "DocumentReference"): 400}
    assert send("--yes")[0] == 0
    amend(cases, "seen again")
    status, out, _ = send("--yes")
    assert status == 0
    assert "cannot be searched for an earlier one that it replaces" in out


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_nothing_is_sent_about_a_patient_that_cannot_be_read(
    status: int, send: Run, record: Record
) -> None:
    record.fails = {("GET", "Patient/p1"): status}
    done, out, err = send("--yes")
    assert (done, out, err.count("\n")) == (2, "", 1)
    assert f"the server says {status}" in err
    assert record.held == []


def test_nothing_is_sent_about_another_patient_than_was_named(send: Run, record: Record) -> None:
    done, _, err = send("--yes", who="p2")
    assert (done, record.held) == (2, [])
    assert "answered with another patient than p2" in err


def test_a_token_is_sent_to_the_server(send: Run, record: Record, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n", "utf-8")
    assert send("--yes", "--token-file", str(tmp_path / "token"))[0] == 0
    assert {token for _, _, token in record.asked} == {"Bearer secret"}


def identified(cases: Path) -> None:
    text = EXAMPLE.read_text("utf-8").replace(
        "[answers.setting]", '[notes]\n"medical.avm" = "MRN 12345678"\n\n[answers.setting]', 1
    )
    (cases / EXAMPLE.name).write_text(text, "utf-8")


def test_what_looks_like_an_identifier_is_looked_for_first(
    send: Run, record: Record, cases: Path
) -> None:
    identified(cases)
    status, out, err = send("--yes")
    assert (status, out, record.asked) == (2, "", [])
    assert "like an identifier of a person" in err
    assert send("--yes", "--replace-identifiers")[0] == 0
    assert "12345678" not in json.dumps(record.held)
    assert send("--yes", "--with-identifiers")[0] == 0
    assert "12345678" in json.dumps(record.held)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('state = "final"', 'state = "draft"', "a draft is not sent"),
        ("practice = false", "practice = true", "a practice case"),
    ],
)
def test_a_draft_and_a_practice_case_are_not_sent(
    old: str, new: str, said: str, send: Run, record: Record, cases: Path
) -> None:
    path = cases / EXAMPLE.name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    status, out, err = send("--yes")
    assert (status, out, record.asked) == (2, "", [])
    assert said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([CASE, "http://127.0.0.1:1/fhir"], "--patient or --login"),
        ([CASE, "http://ehr.example.org/fhir", "--patient", "p1", "--yes"], "not encrypted"),
        ([CASE, "http://127.0.0.1:1/fhir", "--patient", "../p", "--yes"], "no id of a patient"),
        ([CASE, "http://127.0.0.1:1/fhir", "--patient", "p1", "--yes"], "refused"),
    ],
)
def test_what_cannot_be_sent_is_told_in_one_line(
    words: list[str], said: str, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", "send", *words, "--cases", str(cases)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert (shown.out, shown.err.count("\n")) == ("", 1)
