"""Records as a table of patients: what a mapping says, and what it leaves null."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ketatui.cli import main
from ketatui.cohort.checking import look_over
from ketatui.cohort.errors import CohortError
from ketatui.cohort.mapping import map_records
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import open_source
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from tests.records.support import UCUM
from tests.records.test_sex import SEXES

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
ON = dt.date(2026, 11, 21)


def patients(form: str, folder: Path, pack: Pack, on: dt.date = ON) -> dict[str, dict[str, Any]]:
    connection = connect(1)
    table = map_records(connection, form, folder, pack, on)
    done = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in done.description]
    rows = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
    return {row["id"]: {k: v for k, v in row.items() if v is not None} for row in rows}


def test_a_fhir_export_is_mapped_and_the_rest_stays_null(pack: Pack) -> None:
    found = patients("fhir", EXAMPLES / "fhir-export", pack)
    assert found == {
        "a1": {
            "id": "a1",
            "patient.age": 46,
            "patient.sex": "female",
            "patient.weight_kg": 68.04,
            "patient.height_cm": 170.0,
            "vitals.systolic": 128.0,
            "vitals.diastolic": 82.0,
            "medications": [{"name": "lorazepam 0.5 mg at night"}],
        },
        # Born in a year; saturation with added oxygen; a pulse entered in error; a stopped
        # medicine; one that is only referred to, whose name stays open.
        "a2": {"id": "a2", "patient.sex": "male", "medications": [{"name": None}]},
        # A plan is no order, and an order of two years ago no longer counts.
        "a3": {
            "id": "a3",
            "patient.age": 25,
            "patient.sex": "other",
            "vitals.spo2": 97.0,
            "scales.phq9": 17.0,
        },
    }


def test_an_omop_database_is_mapped_and_the_rest_stays_null(pack: Pack) -> None:
    found = patients("omop", EXAMPLES / "omop", pack)
    assert found == {
        "1": {
            "id": "1",
            "patient.age": 46,
            "patient.sex": "female",
            "patient.weight_kg": 68.5,
            "patient.height_cm": 170.0,
            "vitals.systolic": 128.0,
            "vitals.diastolic": 82.0,
            "medications": [{"name": "lorazepam 0.5 MG Oral Tablet"}],
        },
        # A year of birth leaves two ages; a rate without a unit is none; a drug without a name
        # stays one that nobody knows.
        "2": {"id": "2", "patient.sex": "male", "medications": [{"name": None}]},
        # Two rates of one moment are none; a sex without a concept is not known.
        "3": {"id": "3", "patient.age": 25, "medications": [{"name": "study drug B"}]},
    }


def test_a_blood_pressure_of_yesterday_is_too_old(pack: Pack) -> None:
    found = patients("fhir", EXAMPLES / "fhir-export", pack, ON + dt.timedelta(days=1))
    assert "vitals.systolic" not in found["a1"] and "patient.weight_kg" in found["a1"]


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"status": "preliminary"}, "vitals.spo2"),
        ({"effectiveDateTime": "2026-11-22"}, "vitals.spo2"),
        ({"code": {"coding": [{"system": "urn:other", "code": "59408-5"}]}}, "vitals.spo2"),
        ({"valueQuantity": {"value": 97, "code": "1"}}, "vitals.spo2"),
        ({"valueQuantity": {"code": "%"}}, "vitals.spo2"),
        ({"valueQuantity": {"value": 97, "unit": " mmHg", "code": "%"}}, "vitals.spo2"),
    ],
)
def test_what_is_not_quite_a_value_is_none(
    pack: Pack, tmp_path: Path, change: dict[str, Any], lost: str
) -> None:
    folder = tmp_path / "export"
    shutil.copytree(EXAMPLES / "fhir-export", folder)
    path = folder / "Observation.ndjson"
    resources = [json.loads(line) for line in path.read_text().splitlines()]
    changed = [each | change if each["id"] == "o7" else each for each in resources]
    path.write_text("".join(json.dumps(each) + "\n" for each in changed))
    assert lost not in patients("fhir", folder, pack)["a3"]


NEWER: tuple[tuple[dict[str, Any], float | None], ...] = (
    ({}, 93.0),
    ({"status": "preliminary"}, None),
    ({"valueQuantity": {"value": 93, "comparator": "<", "system": UCUM, "code": "%"}}, None),
    ({"valueQuantity": {"value": 0.93, "system": UCUM, "code": "1"}}, None),
    ({"valueQuantity": {"value": 93, "code": "%"}}, None),
    ({"valueQuantity": {"value": 93, "unit": "mmHg", "system": UCUM, "code": "%"}}, None),
    ({"component": [{"code": {"coding": [{"code": "3151-8"}]}}]}, None),
    ({"status": "entered-in-error"}, 97.0),
    ({"dataAbsentReason": {"text": "refused"}}, 97.0),
    ({"effectiveDateTime": "2026-11-21T04:00:00-05:00"}, 93.0),
    ({"effectiveDateTime": "2026-11-21T09:00:00.000+05:30"}, 97.0),
)
"""What is newer than 97 %, and what is read of both."""


def test_no_older_value_stands_in_for_one_that_cannot_be_read(pack: Pack, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "fhir-export", tmp_path / "export")
    people, observed = [], []
    for number, (change, _) in enumerate(NEWER):
        people.append({"resourceType": "Patient", "id": f"n{number}", "birthDate": "1980-05-17"})
        for hour, percent, more in ((8, 97, {}), (9, 93, change)):
            quantity = {"value": percent, "unit": "%", "system": UCUM, "code": "%"}
            observed.append(
                {
                    "resourceType": "Observation",
                    "status": "final",
                    "subject": {"reference": f"Patient/n{number}"},
                    "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
                    "effectiveDateTime": f"2026-11-21T{hour:02}:00:00Z",
                    "valueQuantity": quantity,
                }
                | more
            )
    for kind, resources in (("Patient", people), ("Observation", observed)):
        lines = "".join(json.dumps(each) + "\n" for each in resources)
        (folder / f"{kind}.ndjson").write_text(lines)
    found = patients("fhir", folder, pack)
    said = {f"n{number}": read for number, (_, read) in enumerate(NEWER)}
    assert {ident: found[ident].get("vitals.spo2") for ident in said} == said


def test_no_older_measurement_stands_in_for_one_that_cannot_be_read(
    pack: Pack, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLES / "omop", tmp_path / "omop")
    weighed = patients("omop", folder, pack)["1"]
    assert {"patient.weight_kg", "patient.height_cm"} <= weighed.keys()
    with (folder / "measurement.csv").open("a") as lines:
        lines.write("91,1,9000003,2026-11-21,2026-11-21 09:00:00,,151,0\n")
        lines.write("92,1,9000004,2026-11-21,2026-11-21 09:00:00,4171756,150,9000013\n")
    found = patients("omop", folder, pack)["1"]
    assert weighed.keys() - found.keys() == {"patient.weight_kg", "patient.height_cm"}


def test_a_day_that_is_not_written_as_one_of_the_cdm_is_not_guessed(
    pack: Pack, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLES / "omop", tmp_path / "omop")
    path = folder / "measurement.csv"
    header, *_ = path.read_text().splitlines()
    path.write_text(f"{header}\n1,1,9000003,05/11/2026,,,68.5,9000012\n")
    found = patients("omop", folder, pack)["1"]
    assert found["patient.age"] == 46 and "patient.weight_kg" not in found


def test_a_sex_is_read_as_from_a_single_record(
    pack: Pack, knowledge: Knowledge, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLES / "fhir-export", tmp_path / "export")
    resources = [
        {"resourceType": "Patient", "id": f"s{number}", "birthDate": "1980-05-17"} | who
        for number, (who, _, _) in enumerate(SEXES)
    ]
    lines = "".join(json.dumps(each) + "\n" for each in resources)
    (folder / "Patient.ndjson").write_text(lines)
    found = patients("fhir", folder, pack)
    wanted = {f"s{number}": sex for number, (_, sex, _) in enumerate(SEXES)}
    assert {ident: found[ident].get("patient.sex") for ident in wanted} == wanted


@pytest.mark.parametrize("form", ["fhir", pytest.param("omop", marks=pytest.mark.long)])
def test_what_was_mapped_can_be_screened(
    knowledge: Knowledge, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = EXAMPLES / {"fhir": "fhir-export", "omop": "omop"}[form]
    out = tmp_path / "patients.parquet"
    run = ["cohort", "map", form, str(folder), "--out", str(out), "--on", "2026-11-21"]
    assert main(run) == 0
    assert "3 patients written" in capsys.readouterr().out
    connection = connect(1)
    found = look_over(connection, open_source(connection, out, knowledge.pack), knowledge, ON)
    assert found.rows == 3 and found.bad == ()


def test_a_folder_without_patients_says_what_is_lacking(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"no Patient\.ndjson"):
        map_records(connect(1), "fhir", tmp_path, pack, ON)
    (tmp_path / "person.csv").write_text("person_id\n1\n")
    with pytest.raises(CohortError, match="lacks gender_concept_id"):
        map_records(connect(1), "omop", tmp_path, pack, ON)


def test_a_line_that_is_no_patient_and_a_reference_to_something_else_add_nothing(
    pack: Pack, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLES / "fhir-export", tmp_path / "export")
    expected = patients("fhir", folder, pack)
    with (folder / "Patient.ndjson").open("a") as lines:
        lines.write('null\n5\n[]\n{"resourceType": "Group", "id": "g"}\n')
    observation = json.loads((folder / "Observation.ndjson").read_text().splitlines()[0])
    patient = observation["subject"]["reference"].rpartition("/")[2]
    other = observation | {
        "id": "other",
        "subject": {"reference": f"Group/{patient}"},
        "effectiveDateTime": "2026-11-21T23:00:00Z",
        "valueQuantity": observation.get("valueQuantity", {}) | {"value": 61},
    }
    with (folder / "Observation.ndjson").open("a") as lines:
        lines.write(json.dumps(other) + "\n")
    assert patients("fhir", folder, pack) == expected
