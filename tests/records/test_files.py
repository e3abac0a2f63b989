"""Records as files: bundles, NDJSON, folders, several patients; drafts; what cannot be read."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.criteria.pack import Pack
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge
from ketatui.records.offered import offered_by
from tests.cli.support import CASE, Command
from tests.each import each
from tests.records.support import (
    ON,
    bundle,
    code,
    condition,
    order,
    patient,
    pressure,
    weight,
    written,
)


def lines(*resources: object) -> str:
    return "".join(f"{json.dumps(item)}\n" for item in resources)


def test_ndjson_of_a_bulk_export_is_joined_over_its_files(ketatui: Command, tmp_path: Path) -> None:
    other = weight("w2", 55) | {"subject": {"reference": "Patient/p2"}}
    (tmp_path / "Patient.ndjson").write_text(lines(patient(), patient(id="p2")), "utf-8")
    (tmp_path / "Observation.ndjson").write_text(lines(other, weight("w", 81)), "utf-8")
    (tmp_path / "notes.txt").write_text("not read", "utf-8")
    done = ketatui("prefill", tmp_path, "--json", "--on", ON)
    said = {item["patient"]: item for item in map(json.loads, done.out.splitlines())}
    found = {
        key: {one["question"]: one["value"] for one in item["proposed"]}["patient.weight_kg"]
        for key, item in said.items()
    }
    assert found == {"Patient/p1": 81, "Patient/p2": 55}


def test_a_subject_may_be_named_by_its_address_in_the_bundle(
    ketatui: Command, tmp_path: Path
) -> None:
    data = bundle(patient(), weight("w", 81) | {"subject": {"reference": "urn:uuid:7"}})
    data["entry"][0]["fullUrl"] = "urn:uuid:7"
    done = ketatui("prefill", written(tmp_path / "b.json", data), "--json", "--on", ON)
    assert json.loads(done.out)["proposed"][1]["value"] == 81


def test_what_names_no_patient_is_not_used_and_said(ketatui: Command, tmp_path: Path) -> None:
    stray = {key: value for key, value in weight("w", 81).items() if key != "subject"}
    path = written(tmp_path / "b.json", bundle(patient(), stray))
    done = ketatui("prefill", path, "--json", "--on", ON)
    assert [item["question"] for item in json.loads(done.out)["proposed"]] == ["patient.age"]
    assert done.err == "warning: not used, for they name no patient: Observation/w\n"


@each(
    ("name", "text", "said"),
    [
        ("a.json", "{", "a.json:1: not JSON"),
        ("a.json", "[]", "a.json:1: no FHIR"),
        ("a.json", '{"resourceType": "Bundle"}', "a.json: holds no resource"),
        ("a.json", '{"resourceType": "Bundle", "entry": {}}', "entry of a Bundle"),
        ("a.json", '{"resourceType": "Basic", "n": NaN}', "not JSON: invalid character"),
        ("a.json", "[" * 100_000, "not JSON"),
        ("a.ndjson", '{"resourceType": "Patient", "id": "p"}\n{"x', "a.ndjson:2: not JSON"),
        ("a.xml", "<Bundle/>", "a.xml:1: not JSON"),
        ("a.json", "", "not JSON"),
        ("a.json", '{"resourceType": "Basic"}', "no patient"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_in_one_line(
    name: str, text: str, said: str, ketatui: Command, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    done = ketatui("prefill", tmp_path / name, "--json")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


@pytest.mark.parametrize("data", [b"\xff\xfe", None])
def test_what_is_no_text_or_not_there_is_told_in_one_line(
    data: bytes | None, ketatui: Command, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    if data is not None:
        path.write_bytes(data)
    done = ketatui("prefill", path)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"{path}: ")


def test_folders_within_a_folder_are_not_read_and_said_in_one_line(
    ketatui: Command, tmp_path: Path, knowledge: Knowledge
) -> None:
    written(tmp_path / "a.json", bundle(patient()))
    within = tmp_path / "2025"
    within.mkdir()
    written(within / "b.json", bundle(patient(), weight("w", 81)))
    done = ketatui("prefill", tmp_path, "--json", "--on", ON)
    assert [item["question"] for item in json.loads(done.out)["proposed"]] == ["patient.age"]
    assert done.err == f"warning: not read, for only the folder itself is: {within}\n"
    assert ketatui("prefill", within, "--json", "--on", ON).err == ""
    offered = offered_by(knowledge, load_records(knowledge.pack), tmp_path, ON, Case(id="x"))
    assert [left.resource for left in offered.not_used] == ["2025/"]


def test_half_a_record_proposes_nothing(ketatui: Command, tmp_path: Path) -> None:
    written(tmp_path / "a.json", bundle(patient()))
    (tmp_path / "b.json").write_text("{", "utf-8")
    done = ketatui("prefill", tmp_path, "--json")
    assert (done.status, done.out) == (2, "")


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_holds_proposals_and_no_answers(
    ketatui: Command, tmp_path: Path, pack: Pack
) -> None:
    path = written(tmp_path / "b.json", bundle(patient(), pressure("bp", 190, 82)))
    out = tmp_path / "draft.toml"
    assert ketatui("prefill", path, "--out", out, "--on", ON).status == 0
    text = out.read_text("utf-8")
    case = read_case(text, path="draft.toml", pack=pack)
    assert (case.answers, case.dates, case.scale_items) == ({}, {}, {})
    rows = tomllib.loads(text)["proposals"]
    assert [(row["question"], row["value"]) for row in rows] == [
        ("patient.age", 46),
        ("vitals.systolic", 190),
        ("vitals.diastolic", 82),
    ]
    assert "p1" not in text
    assert "1980" not in text
    assessed = json.loads(ketatui("assess", "--json", out, "--on", ON).out)
    findings = [item for one in assessed["pathways"] for item in one["findings"]]
    assert not [item for item in findings if item["facts"]]
    assert assessed["derived"]["bmi"] is None


def test_what_the_case_answers_is_not_proposed_anew(ketatui: Command, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text(CASE, "utf-8")
    record = (patient(), pressure("bp", 128, 82), order("m", "Lorazepam 0.5 MG Oral Tablet"))
    path, out = written(tmp_path / "b.json", bundle(*record)), tmp_path / "draft.toml"
    done = ketatui("prefill", path, "--case", case, "--out", out, "--json", "--on", ON)
    said = json.loads(done.out)
    assert said["proposed"] == []
    assert len(said["not_used"]) == 4
    drafted = tomllib.loads(out.read_text("utf-8"))
    assert drafted["answers"]["vitals"] == {"systolic": 165, "diastolic": 84}


def test_no_file_is_written_over_unless_told(ketatui: Command, tmp_path: Path) -> None:
    path, out = written(tmp_path / "b.json", bundle(patient())), tmp_path / "draft.toml"
    out.write_text("mine", "utf-8")
    done = ketatui("prefill", path, "--out", out)
    assert (done.status, out.read_text("utf-8")) == (2, "mine")
    assert ketatui("prefill", path, "--out", out, "--force").status == 0


def test_a_draft_is_of_one_patient(ketatui: Command, tmp_path: Path) -> None:
    path = written(tmp_path / "b.json", bundle(patient(), patient(id="p2")))
    done = ketatui("prefill", path, "--out", tmp_path / "draft.toml")
    assert (done.status, done.out) == (2, "")
    assert "2 patients in the record" in done.err


def test_the_table_says_value_date_and_source(ketatui: Command, tmp_path: Path) -> None:
    name = "Zzyx\u001b[31m"
    record = bundle(patient(), pressure("bp", 128, 82, "2026-11-20"), order("m", name))
    done = ketatui("prefill", written(tmp_path / "b.json", record), "--on", ON)
    assert done.out.splitlines() == [
        "Patient/p1",
        "  proposed, for a person to confirm",
        "    Age                         46 years      undated     Patient/p1",
        "    Systolic blood pressure     128 mmHg      2026-11-20  "
        "Observation/bp, too old to count",
        "    Diastolic blood pressure    82 mmHg       2026-11-20  "
        "Observation/bp, too old to count",
        "    Medications and substances  Zzyx\\x1b[31m  2026-11-01  MedicationRequest/m",
    ]


@each(
    ("name", "text", "said"),
    [
        ("a.json", '{"resourceType": "Patient",\n "id": "p", "id": "q"}', "a.json:2: "),
        ("a.json", '{"entry": [], "resourceType": "Bundle",\n\n "entry": []}', "a.json:3: "),
        ("a.ndjson", '{"resourceType": "Patient"}\n{"id": {"id": 1, "id": 1}}', "a.ndjson:2: "),
        ("a.json", '{"resourceType": "Basic", "id": "a", "\\u0069d": "b"}', "a.json:1: "),
    ],
)
def test_what_is_said_twice_is_refused_with_its_line_and_name(
    name: str, text: str, said: str, ketatui: Command, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    done = ketatui("prefill", tmp_path / name, "--json")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    name_twice = "entry" if "entry" in text else "id"
    assert f"{said}stands more than once in one object: {name_twice}" in done.err


@each(
    "text",
    [
        '{"resourceType": "Patient", "id": "a:b", "x": {"x": [{"x": "\\u003a"}, {"x": ":"}]}}',
        '{"resourceType": "Patient", "id": "p", "n": [1e400, 123456789012345678901234567890, -0]}',
        '{"resourceType": "Patient", "id": "p", "x\\\\": "\\"", "x": "\\\\", "X": 1}',
    ],
)
def test_what_only_looks_as_if_it_was_said_twice_is_read(
    text: str, ketatui: Command, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text(text, "utf-8")
    done = ketatui("prefill", tmp_path / "a.json", "--json")
    assert (done.status, done.err) == (0, "")


def test_what_is_not_used_is_called_as_the_record_calls_it_and_counted(
    ketatui: Command, tmp_path: Path
) -> None:
    several = [
        condition(f"c{number}", "http://snomed.info/sct", f"{number}", f"Gingivitis {number % 4}")
        for number in range(9)
    ]
    worded = several[8]["code"] | {"text": "Gums\x1b[31m\n sore " + "x" * 80}
    older = [weight(f"w{number}", 70, f"2026-01-{number + 10}") for number in range(3)]
    data = bundle(patient(), weight("w", 81), *older, *several[:8], several[8] | {"code": worded})
    done = ketatui("prefill", written(tmp_path / "a.json", data), "--on", ON)
    *_, first, second = done.out.splitlines()
    assert (
        "“Gingivitis 0”, “Gingivitis 1”, “Gingivitis 2” and 2 more (9 times), Condition/c0" in first
    )
    assert first.endswith("and 8 more: it has no code that answers a question; ask")
    assert second == "    3 older values and repetitions of what is proposed (--json lists all)"
    assert "\x1b" not in done.out


def test_a_resource_that_a_reason_names_is_called_by_its_name_as_well(
    ketatui: Command, tmp_path: Path
) -> None:
    newer = weight("n", 81, status="preliminary") | {"code": code("29463-7") | {"text": "On scale"}}
    data = bundle(patient(), newer, weight("o", 70, "2026-01-01"))
    done = ketatui("prefill", written(tmp_path / "a.json", data), "--on", ON)
    assert "“On scale”, Observation/n: its status is preliminary" in done.out
    assert "Observation/o: older than “On scale”, which cannot be taken" in done.out


def test_a_pipe_among_the_files_of_a_folder_is_refused_and_not_waited_for(
    ketatui: Command, tmp_path: Path
) -> None:
    written(tmp_path / "a.json", bundle(patient()))
    os.mkfifo(tmp_path / "b.json")
    done = ketatui("prefill", tmp_path, "--json", "--on", ON)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{tmp_path}/b.json: this is a pipe or device, not a file\n"
