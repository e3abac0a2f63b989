"""Courses in what leaves the program: note, record, table of visits, FHIR."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from ketatui.cases.courses import Course, Device, VisitOverride
from ketatui.cases.integrity import CaseReading, reading_of
from ketatui.reports.exports import Export, exported
from ketatui.reports.fhir import bundle, resources
from ketatui.reports.record import record
from ketatui.reports.visits_csv import visit_header
from tests.course.support import (
    DAY,
    course_of,
    earlier,
    score,
    screened,
    screening_knowledge,
    visit_of,
)
from tests.reports.support import NASTY
from tests.reports.test_fhir import Json, problems, walk

AT = dt.datetime(2027, 1, 4, 9, 12, tzinfo=dt.UTC)


def reading(courses: Sequence[Course], **more: Any) -> CaseReading:
    case = screened().replaced(id="20270104-080000-k3f9", courses=tuple(courses), **more)
    return reading_of(case, screening_knowledge().pack)


@pytest.fixture
def treated() -> CaseReading:
    """A stopped course by infusion, then one of Spravato with response, an event, an override."""
    first = course_of("iv", earlier("iv", 90, 80), id="c0", basis="other", stopped=DAY)
    first = first.replaced(stop_reason="no benefit")
    visit = visit_of(
        "spravato",
        number=3,
        dose_mg=84,
        devices_used=3,
        minutes_dosing=10,
        events=[{"term": "fainted", "severity": "severe", "serious": True, "onset_minute": 35}],
    ).replaced(
        first_dose_at=AT,
        devices=(Device(lot="A1", serial="7", used=True),),
        notes={"visit.systolic": "after rest"},
        overrides=(
            VisitOverride(decision="gate", rule="gate-food", reason="ate early", by="BK", at=AT),
        ),
    )
    held = visit_of("spravato", number=2, date=DAY - dt.timedelta(2), dose_mg=0)
    scores = [score("madrs", 30, 32), score("madrs", 0, 15)]
    second = course_of("spravato", [*earlier("spravato", 25), held, visit], scores)
    return reading([first, second])


def text_of(found: CaseReading, form: Any = "txt") -> str:
    return exported(screening_knowledge(), found, DAY, Export(form)).decode()


def said_in(text: str) -> str:
    return " ".join(text.split())


def test_the_note_says_a_course_in_a_few_lines(treated: CaseReading) -> None:
    said = said_in(text_of(treated))
    for part in (
        "Course 1 of treatment",
        "Stopped: 2027-01-04: no benefit",
        "Plan: Spravato, for treatment-resistant depression, outpatient clinic",
        "Visits: 2 with a dose (56, 84 mg); 1 held; 2026-12-10 to 2027-01-04",
        "MADRS: 32 on 2026-12-05, 15 on 2027-01-04: 53.1 % lower (response)",
        "Event: Visit 3, 2027-01-04: fainted (severe, from minute 35, SERIOUS)",
        "OVERRIDDEN: Visit 3, 2027-01-04: rule gate-food (gate), set aside by BK",
        "Assessed for this export, on 2027-01-04, under ketamine-us-course",
        "What has to be sent or recorded: ◌ Not yet",
        "Serious event",
    ):
        assert part in said


def test_a_case_without_a_course_says_nothing_of_one() -> None:
    assert "of treatment" not in text_of(reading([]))


def test_pages_hold_the_course_too(treated: CaseReading) -> None:
    pytest.importorskip("typst")
    found = exported(screening_knowledge(), treated, DAY, Export("pdf"))
    assert found.startswith(b"%PDF")


def test_the_record_shows_what_was_recorded_of_each_visit(treated: CaseReading) -> None:
    said = said_in(record(screening_knowledge().pack, treated))
    assert "Visit 2, 2027-01-02: held" in said
    assert "Systolic pressure before the dose: 124 mmHg" in said
    assert "minute 40: BP 138/86, SpO2 97 %, MOAA/S 4, dissociation moderate" in said
    assert "Note: Visit 3, 2027-01-04, visit.systolic: after rest" in said


def table_of(found: CaseReading) -> list[dict[str, str]]:
    text = exported(screening_knowledge(), found, DAY, Export("visits")).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_of_visits_has_a_row_a_visit(treated: CaseReading) -> None:
    rows = table_of(treated)
    places = [(row["course"], row["visit"], row["date"]) for row in rows]
    assert places == [
        ("c0", "1", "2026-10-06"),
        ("c0", "2", "2026-10-16"),
        ("c1", "1", "2026-12-10"),
        ("c1", "2", "2027-01-02"),
        ("c1", "3", "2027-01-04"),
    ]
    last = rows[-1]
    assert (last["visit.dose_mg"], last["visit.mg_per_kg"]) == ("84", "1.05")
    assert last["visit.infusion_minutes"] == "not_asked"
    assert last["report_verdict"] == "unmet"
    assert "report-serious" in last["report_findings"]
    assert last["events"] == "fainted [onset_minute=35 severity=severe serious=true]"
    assert last["observations"].startswith("minute=40 systolic=138 diastolic=86 spo2=97")
    assert last["devices"] == "lot=A1 serial=7 used=true"
    assert last["scores"] == "madrs=15"
    assert (last["score.change_percent"], last["score.response"]) == ("53.1", "true")


def test_its_columns_are_unique_and_depend_on_the_criteria_only() -> None:
    names = visit_header(screening_knowledge().pack)
    assert len(set(names)) == len(names)
    assert table_of(reading([])) == []


def test_no_cell_is_a_formula_or_makes_a_part_of_its_own() -> None:
    events = [{"term": "=HYPERLINK(1); serious=true\x1b[2J"}]
    course = course_of("iv", [visit_of("iv", events=events, unknown=["mania"])])
    row = table_of(reading([course.replaced(stop_reason="@SUM(1)", stopped=DAY)]))[0]
    assert row["stop_reason"] == "'@SUM(1)"
    assert row["events"].startswith("'=HYPERLINK(1)\\; serious=true")
    assert "\x1b" not in row["events"]
    assert row["visit.mania"] == "unknown"


def bundled(found: CaseReading) -> Json:
    made = resources(screening_knowledge(), found, DAY)
    whole: Json = json.loads(bundle(screening_knowledge().pack, made))
    return whole


def of_kind(whole: Json, kind: str) -> list[Json]:
    found = [entry["resource"] for entry in whole["entry"]]
    return [item for item in found if item["resourceType"] == kind]


def test_fhir_holds_to_the_schema_and_the_models(treated: CaseReading) -> None:
    whole = bundled(treated)
    kinds = {entry["resource"]["resourceType"] for entry in whole["entry"]}
    wanted = {"CarePlan", "Encounter", "MedicationAdministration", "Observation", "AdverseEvent"}
    assert wanted < kinds
    for entry in whole["entry"]:
        assert problems(entry["resource"]) == []
    assert json.loads(Bundle.model_validate(whole).model_dump_json()) == whole


def test_every_reference_of_fhir_leads_to_an_entry_and_every_id_is_one(
    treated: CaseReading,
) -> None:
    whole = bundled(treated)
    urls = [entry["fullUrl"] for entry in whole["entry"]]
    assert len(set(urls)) == len(urls)
    used = [item["reference"] for item in walk(whole) if "reference" in item]
    assert used
    assert set(used) <= set(urls)
    assert not [item for item in walk(whole) if "key" in item or "points" in item]


def test_fhir_says_dose_pressure_event_and_course_in_their_codes(treated: CaseReading) -> None:
    whole = bundled(treated)
    plans = of_kind(whole, "CarePlan")
    assert [plan["status"] for plan in plans] == ["revoked", "active"]
    to_be = course_of("iv", earlier("iv", 90), basis="other", stopped=DAY + dt.timedelta(1))
    assert of_kind(bundled(reading([to_be])), "CarePlan")[0]["status"] == "active"
    assert len(plans[1]["activity"]) == 3
    doses = of_kind(whole, "MedicationAdministration")
    assert [dose["status"] for dose in doses] == [
        *("completed", "completed", "completed", "not-done", "completed")
    ]
    assert doses[-1]["dosage"]["dose"] == {
        "value": 84,
        "unit": "mg",
        "system": "http://unitsofmeasure.org",
        "code": "mg",
    }
    assert doses[-1]["effectiveDateTime"] == "2027-01-04T09:12:00Z"
    pressures = [
        item
        for item in of_kind(whole, "Observation")
        if item["code"].get("coding", [{}])[0].get("code") == "85354-9"
    ]
    assert [
        (part["code"]["coding"][0]["code"], part["valueQuantity"]["value"])
        for part in pressures[-1]["component"]
    ] == [("8480-6", 126), ("8462-4", 80)]
    assert pressures[-1]["effectiveDateTime"] == "2027-01-04T12:07:00Z"
    (event,) = of_kind(whole, "AdverseEvent")
    assert event["seriousness"]["coding"][0]["code"] == "serious"
    assert event["severity"]["coding"][0]["code"] == "severe"
    assert event["suspectEntity"]


def test_fhir_has_a_value_that_was_seen_as_a_quantity_or_a_code(treated: CaseReading) -> None:
    """Some record systems show an observation whose value is an integer as if it had none."""
    found = of_kind(bundled(treated), "Observation")
    kinds = {key for item in found for key in item if key.startswith("value")}
    assert kinds == {"valueQuantity", "valueCodeableConcept"}
    (*_, sedation) = [item for item in found if "sedation" in json.dumps(item["code"])]
    assert sedation["valueQuantity"] == {
        "value": 5,
        "unit": "{score}",
        "system": "http://unitsofmeasure.org",
        "code": "{score}",
    }


def test_of_a_practice_case_no_server_gets_a_dose(treated: CaseReading) -> None:
    case = treated.case.replaced(practice=True)
    whole = bundled(reading_of(case, screening_knowledge().pack))
    kinds = [entry["resource"]["resourceType"] for entry in whole["entry"]]
    assert kinds == ["Questionnaire", "QuestionnaireResponse"]


def test_no_text_makes_fhir_invalid_or_markup() -> None:
    visit = visit_of("iv", dose_mg=Decimal("40.50"), events=[{"term": NASTY, "action": "\x00\x1b"}])
    course = course_of("iv", [visit]).replaced(reasons=NASTY, stopped=DAY, stop_reason="\n\t<b>")
    whole = bundled(reading([course], label=NASTY))
    for entry in whole["entry"]:
        assert problems(entry["resource"]) == []
    assert "<html>" not in json.dumps(whole)
    assert '"value":40.50' in bundle(
        screening_knowledge().pack, resources(screening_knowledge(), reading([course]), DAY)
    )
