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
from tests.records.support import LOINC, UCUM
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


FHIR: dict[str, dict[str, Any]] = {
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
"""What the export of the examples says."""
OMOP: dict[str, dict[str, Any]] = {
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
"""What their database says."""


def test_a_fhir_export_is_mapped_and_the_rest_stays_null(pack: Pack) -> None:
    assert patients("fhir", EXAMPLES / "fhir-export", pack) == FHIR


def test_an_omop_database_is_mapped_and_the_rest_stays_null(pack: Pack) -> None:
    assert patients("omop", EXAMPLES / "omop", pack) == OMOP


def test_a_blood_pressure_of_yesterday_is_too_old(pack: Pack) -> None:
    found = patients("fhir", EXAMPLES / "fhir-export", pack, ON + dt.timedelta(days=1))
    assert "vitals.systolic" not in found["a1"] and "patient.weight_kg" in found["a1"]


NOT_QUITE: tuple[dict[str, Any], ...] = (
    {"status": "preliminary"},
    {"effectiveDateTime": "2026-11-22"},
    {"code": {"coding": [{"system": "urn:other", "code": "59408-5"}]}},
    {"valueQuantity": {"value": 97, "code": "1"}},
    {"valueQuantity": {"code": "%"}},
    {"valueQuantity": {"value": 97, "unit": " mmHg", "code": "%"}},
)
"""What makes of a saturation of 97 % none."""

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


LINES = 'null\n5\n[]\n{"resourceType": "Group", "id": "g"}\n'
"""Lines among the patients of which none is one."""


def saturation(ident: str, hour: int, percent: int) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"{ident}-{hour}",
        "status": "final",
        "subject": {"reference": f"Patient/{ident}"},
        "code": {"coding": [{"system": LOINC, "code": "59408-5"}]},
        "effectiveDateTime": f"2026-11-21T{hour:02}:00:00Z",
        "valueQuantity": {"value": percent, "unit": "%", "system": UCUM, "code": "%"},
    }


@pytest.fixture(scope="module")
def mapped(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The export of the examples, and more people and lines in it."""
    folder = shutil.copytree(EXAMPLES / "fhir-export", tmp_path_factory.mktemp("fhir") / "export")
    people: list[dict[str, Any]] = []
    observed: list[dict[str, Any]] = []
    for number, change in enumerate(NOT_QUITE):
        people.append({"id": f"q{number}"})
        observed.append(saturation(f"q{number}", 8, 97) | change)
    for number, (change, _) in enumerate(NEWER):
        people.append({"id": f"n{number}"})
        observed += [saturation(f"n{number}", 8, 97), saturation(f"n{number}", 9, 93) | change]
    people += [{"id": f"s{number}"} | who for number, (who, _, _) in enumerate(SEXES)]
    elsewhere = saturation("a3", 9, 61) | {"subject": {"reference": "Group/a3"}}
    people = [{"resourceType": "Patient", "birthDate": "1980-05-17"} | each for each in people]
    for kind, resources, more in (
        ("Patient", people, LINES),
        ("Observation", [*observed, elsewhere], ""),
    ):
        with (folder / f"{kind}.ndjson").open("a") as lines:
            lines.write("".join(json.dumps(each) + "\n" for each in resources) + more)
    return patients("fhir", folder, pack)


def test_what_is_not_quite_a_value_is_none(mapped: dict[str, dict[str, Any]]) -> None:
    assert mapped["a3"]["vitals.spo2"] == 97.0
    for number, change in enumerate(NOT_QUITE):
        assert "vitals.spo2" not in mapped[f"q{number}"], change


def test_no_older_value_stands_in_for_one_that_cannot_be_read(
    mapped: dict[str, dict[str, Any]],
) -> None:
    said = {f"n{number}": read for number, (_, read) in enumerate(NEWER)}
    assert {ident: mapped[ident].get("vitals.spo2") for ident in said} == said


def test_a_sex_is_read_as_from_a_single_record(mapped: dict[str, dict[str, Any]]) -> None:
    wanted = {f"s{number}": sex for number, (_, sex, _) in enumerate(SEXES)}
    assert {ident: mapped[ident].get("patient.sex") for ident in wanted} == wanted


def test_a_line_that_is_no_patient_and_a_reference_to_something_else_add_nothing(
    mapped: dict[str, dict[str, Any]],
) -> None:
    assert {ident: row for ident, row in mapped.items() if ident in FHIR} == FHIR
    assert len(mapped) == len(FHIR) + len(NOT_QUITE) + len(NEWER) + len(SEXES)


def test_no_older_measurement_stands_in_and_no_day_is_guessed(pack: Pack, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "omop", tmp_path / "omop")
    with (folder / "person.csv").open("a") as lines:
        lines.write("5,8532,1980,5,2,0,0\n6,8532,1980,5,2,0,0\n")
    with (folder / "measurement.csv").open("a") as lines:
        lines.write("91,1,9000003,2026-11-21,2026-11-21 09:00:00,,151,0\n")
        lines.write("92,1,9000004,2026-11-21,2026-11-21 09:00:00,4171756,150,9000013\n")
        # A day that is not written as one of the CDM, and one that is.
        lines.write("93,5,9000003,05/11/2026,,,68.5,9000012\n")
        lines.write("94,6,9000003,2026-11-05,,,68.5,9000012\n")
    found = patients("omop", folder, pack)
    assert OMOP["1"].keys() - found["1"].keys() == {"patient.weight_kg", "patient.height_cm"}
    assert found["5"]["patient.age"] == 46 and "patient.weight_kg" not in found["5"]
    assert found["6"]["patient.weight_kg"] == 68.5


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
