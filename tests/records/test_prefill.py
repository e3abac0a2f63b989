"""``ketatui prefill``: what a record proposes, and what it must not."""

from __future__ import annotations

from typing import Any

from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import (
    NO_CODES,
    PHQ9,
    amount,
    code,
    observation,
    order,
    patient,
    pressure,
    weight,
)

BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"


def values(said: dict[str, Any]) -> dict[str, Any]:
    return {item["question"]: item["value"] for item in said["proposed"]}


def why(said: dict[str, Any]) -> dict[str, str]:
    return {item["resource"]: item["because"] for item in said["not_used"]}


def test_a_blood_pressure_comes_with_its_source_code_and_date(prefill: Prefill) -> None:
    said = prefill(patient(), pressure("bp", 128, 82, "2026-11-21T08:05:00-05:00"))
    assert said["proposed"][1:] == [
        {
            "question": question,
            "value": value,
            "date": "2026-11-21T08:05:00-05:00",
            "resource": "Observation/bp",
            "code": f"http://loinc.org|{loinc}",
            "stale": False,
        }
        for question, value, loinc in (
            ("vitals.systolic", 128, "8480-6"),
            ("vitals.diastolic", 82, "8462-4"),
        )
    ]
    assert (said["schema"], said["patient"], said["not_used"]) == (1, "Patient/p1", [])


def test_the_older_panel_of_blood_pressure_is_read_too(prefill: Prefill) -> None:
    said = prefill(patient(), pressure("bp", 140, 90, panel="55284-4"))
    assert values(said)["vitals.systolic"] == 140


def test_both_values_come_from_one_reading(prefill: Prefill) -> None:
    half = observation("half", "85354-9", "2026-11-21")
    half["component"] = [{"code": code("8480-6")} | amount(150, "mm[Hg]")]
    said = prefill(patient(), half, pressure("whole", 120, 80, "2026-11-20"))
    assert values(said) == {"patient.age": 46}
    assert why(said)["Observation/half"] == "Diastolic blood pressure: not there"
    assert "older than Observation/half" in why(said)["Observation/whole"]


@each(("upper", "lower"), [(80, 80), (80, 120), (301, 90), (120.5, 80)])
def test_a_pressure_that_no_case_could_hold_is_not_used(
    upper: object, lower: object, prefill: Prefill
) -> None:
    said = prefill(patient(), pressure("bp", upper, lower))
    assert values(said) == {"patient.age": 46}
    assert "Observation/bp" in why(said)


@each(
    ("loinc", "unit", "value", "question", "proposed"),
    [
        ("29463-7", "kg", 81.5, "patient.weight_kg", 81.5),
        ("29463-7", "[lb_av]", 172, "patient.weight_kg", 78.02),
        ("8302-2", "cm", 171, "patient.height_cm", 171),
        ("8302-2", "m", 1.71, "patient.height_cm", 171),
        ("8867-4", "/min", 72, "vitals.heart_rate", 72),
        ("59408-5", "%", 97, "vitals.spo2", 97),
        ("2708-6", "%", 97, "vitals.spo2", 97),
        ("44261-6", "{score}", 19, "scales.phq9", 19),
        ("75626-2", "{score}", 3, "scales.audit_c", 3),
    ],
)
def test_each_value_is_read_in_its_units(
    loinc: str, unit: str, value: object, question: str, proposed: object, prefill: Prefill
) -> None:
    said = prefill(patient(), observation("o", loinc, **amount(value, unit)))
    assert values(said)[question] == proposed


@each(
    ("loinc", "unit", "text", "value", "question"),
    [
        ("29463-7", "[lb_av]", "Lbs", 172, "patient.weight_kg"),
        ("8302-2", "[in_i]", "in", 68, "patient.height_cm"),
        ("8867-4", "{beats}/min", "bpm", 72, "vitals.heart_rate"),
        ("8867-4", "/min", "beats per minute, at rest", 72, "vitals.heart_rate"),
        ("59408-5", "%", "", 97, "vitals.spo2"),
    ],
)
def test_a_text_of_the_same_unit_or_of_none_does_not_matter(
    loinc: str, unit: str, text: str, value: object, question: str, prefill: Prefill
) -> None:
    said = prefill(patient(), observation("o", loinc, **amount(value, unit, text)))
    assert question in values(said)


@each(
    ("more", "because"),
    [
        (amount(81, "stone"), "unit"),
        ({"valueQuantity": {"value": 81, "unit": "kg"}}, "unit"),
        (amount(81, "kg", "lbs"), "its unit is written as two (lbs and kg)"),
        (amount(81, "[lb_av]", " KG "), "its unit is written as two (KG and [lb_av])"),
        (amount(1.9, "kg"), "out of range"),
        ({"status": "entered-in-error"}, "status is entered-in-error"),
        ({"status": "cancelled"}, "status is cancelled"),
        ({"status": "preliminary"}, "status is preliminary"),
        ({"status": None}, "status is not said"),
        ({"modifierExtension": [{"url": "http://example.org/not"}]}, "change its meaning"),
        ({"focus": [{"reference": "Patient/p2"}]}, "somebody"),
        ({"dataAbsentReason": {"text": "refused"}}, "nothing was measured"),
        ({"effectiveDateTime": None}, "no date"),
        ({"effectiveDateTime": "2026-11"}, "month or year"),
        ({"effectiveDateTime": "2026-13-40"}, "cannot be read"),
        ({"effectiveDateTime": "2026-11-22"}, "after the day"),
        ({"valueQuantity": {"value": 81, "comparator": "<", "system": "x"}}, "unit"),
        ({"valueQuantity": {"value": "81"}}, "cannot be read: valueQuantity.value"),
        ({"valueQuantity": None, "valueString": "81"}, "no measured value"),
    ],
)
def test_what_is_not_sure_is_not_used_and_said_why(
    more: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), weight("w", 81) | more)
    assert values(said) == {"patient.age": 46}
    assert because in why(said)["Observation/w"]


def test_the_newest_value_counts_by_its_own_date(prefill: Prefill) -> None:
    said = prefill(
        patient(),
        weight("old", 70, "2019-01-01"),
        weight("new", 81, "2024-03-02T10:00:00Z"),
        weight("older", 75, "2024-03-02T09:59:59Z"),
        weight("wrong", 99, "2025-01-01", status="entered-in-error"),
    )
    assert values(said)["patient.weight_kg"] == 81
    assert why(said)["Observation/old"] == "older than Observation/new"
    assert why(said)["Observation/older"] == "older than Observation/new"


def test_a_newer_value_that_cannot_be_taken_hides_the_older_ones(prefill: Prefill) -> None:
    said = prefill(patient(), weight("old", 70, "2019-01-01"), weight("new", 990, "2026-11-01"))
    assert "patient.weight_kg" not in values(said)
    assert "which cannot be taken" in why(said)["Observation/old"]


def test_two_values_of_one_time_that_differ_are_not_chosen_from(prefill: Prefill) -> None:
    said = prefill(
        patient(), weight("a", 70), weight("b", 90, "2026-11-21T08:00:00Z"), weight("c", 70)
    )
    assert "patient.weight_kg" not in values(said)
    assert set(why(said)) == {"Observation/a", "Observation/b", "Observation/c"}


@each(("date", "stale"), [("2026-11-21", False), ("2026-11-20", True)])
def test_a_value_that_is_too_old_says_so(date: str, stale: bool, prefill: Prefill) -> None:
    said = prefill(patient(), pressure("bp", 128, 82, date))
    assert [item["stale"] for item in said["proposed"][1:]] == [stale, stale]


def test_oxygen_measured_with_added_oxygen_is_not_used(prefill: Prefill) -> None:
    flow: dict[str, Any] = {"component": [{"code": code("3151-8")} | amount(6, "L/min")]}
    said = prefill(patient(), observation("o", "59408-5", **amount(97, "%"), **flow))
    assert "vitals.spo2" not in values(said)
    assert "added oxygen" in why(said)["Observation/o"]


# --- the patient ----------------------------------------------------------------------------------


@each(("born", "age"), [("1980-11-21", 46), ("1980-11-22", 45), ("1980-11", None), ("1979", None)])
def test_the_age_is_of_the_day(born: str, age: int | None, prefill: Prefill) -> None:
    said = prefill(patient(birthDate=born))
    if born == "1979":
        # Whoever is born in 1979 is 46 or 47 on that day.
        assert "two ages" in why(said)["Patient/p1"]
    assert values(said).get("patient.age") == age
    assert "1980" not in str(said["proposed"])


@each(
    ("birth", "gender", "sex"),
    [
        ("F", "male", "female"),
        ("M", None, "male"),
        ("UNK", "male", None),
        (None, "female", "female"),
        (None, "other", "other"),
        (None, "unknown", None),
        (None, None, None),
    ],
)
def test_sex_is_the_birth_sex_and_else_the_gender(
    birth: str | None, gender: str | None, sex: str | None, prefill: Prefill
) -> None:
    more: dict[str, Any] = {"extension": [{"url": BIRTH_SEX, "valueCode": birth}]} if birth else {}
    said = prefill(patient(**more, **({"gender": gender} if gender else {})))
    assert values(said).get("patient.sex") == sex


@each("more", [{"deceasedBoolean": True}, {"deceasedDateTime": "2020"}, {"active": False}])
def test_of_a_patient_who_died_nothing_is_proposed(more: dict[str, Any], prefill: Prefill) -> None:
    said = prefill(patient(**more), weight("w", 81))
    assert said["proposed"] == []
    assert "nothing is proposed" in why(said)["Patient/p1"]


def test_two_patients_of_one_id_are_never_mixed(prefill: Prefill) -> None:
    said = prefill(patient(), patient(birthDate="1950-01-01"), weight("w", 81))
    assert said["proposed"] == []
    assert "two of this id" in why(said)["Patient/p1"]


# --- scales ---------------------------------------------------------------------------------------


def phq9(scores: list[int], loinc: str = "44249-1", **more: Any) -> dict[str, Any]:
    component = [
        {
            "code": code(item),
            "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": answer}]},
        }
        for item, answer in zip(PHQ9, (NO_CODES[score] for score in scores), strict=False)
    ]
    return observation("phq", loinc, component=component, **more)


def test_a_scale_is_read_item_by_item(prefill: Prefill) -> None:
    said = prefill(patient(), phq9([2, 3, 1, 2, 0, 1, 2, 0, 1]))
    (found,) = (item for item in said["proposed"] if item["question"] == "scales.phq9")
    assert (found["value"], found["items"]["self_harm"], len(found["items"])) == (12, 1, 9)


@each(
    ("scale", "because"),
    [
        (phq9([2, 3, 1]), "3 of 9 items"),
        (phq9([1] * 9, "44261-6", valueInteger=10), "do not add up to 10"),
        (observation("phq", "44261-6", valueInteger=28), "out of range"),
        (observation("phq", "89204-2", valueInteger=9), "teenagers"),
        (observation("phq", "44250-9", valueInteger=2), "through the panel"),
    ],
)
def test_a_scale_that_is_not_whole_or_another_is_not_used(
    scale: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), scale)
    assert values(said) == {"patient.age": 46}
    assert because in why(said)["Observation/phq"]


def test_items_that_a_panel_names_are_its_items(prefill: Prefill) -> None:
    items = [observation(f"i{n}", item, valueInteger=n % 4) for n, item in enumerate(PHQ9)]
    members = [{"reference": f"Observation/i{n}"} for n in range(9)]
    said = prefill(patient(), observation("phq", "44249-1", hasMember=members), *items)
    assert values(said)["scales.phq9"] == 12


# --- medicines ------------------------------------------------------------------------------------


def test_a_medicine_is_proposed_as_the_record_names_it(prefill: Prefill) -> None:
    said = prefill(
        patient(), order("m", "Phenelzine 15 MG Oral Tablet"), order("n", "Zzyx", "1955-01-01")
    )
    known, open_ = said["proposed"][1:]
    assert (known["value"], known["recognized"], known["stale"]) == (
        "Phenelzine 15 MG Oral Tablet",
        "phenelzine",
        False,
    )
    assert (open_["value"], open_.get("recognized"), open_["stale"]) == ("Zzyx", None, True)


FAR = {"reference": "Medication/x"}


@each(
    ("more", "because"),
    [
        ({"status": "stopped"}, "status is stopped"),
        ({"status": "cancelled"}, "status is cancelled"),
        ({"status": "entered-in-error"}, "status is entered-in-error"),
        ({"intent": "proposal"}, "intent is proposal"),
        ({"doNotPerform": True}, "not to take it"),
        ({"dispenseRequest": {"validityPeriod": {"end": "2026-11-20"}}}, "it ended"),
        ({"medicationCodeableConcept": {"text": "stopped lithium"}}, "does not say"),
        ({"medicationCodeableConcept": {"coding": [{"code": "1"}]}}, "no name"),
        ({"medicationCodeableConcept": None}, "names no medicine"),
        ({"medicationCodeableConcept": None, "medicationReference": FAR}, "not in the record"),
    ],
)
def test_what_is_not_taken_is_not_proposed(
    more: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), order("m", "sertraline 50 mg") | more)
    assert values(said) == {"patient.age": 46}
    assert because in why(said)["MedicationRequest/m"]


def test_no_known_medicine_is_no_answer(prefill: Prefill) -> None:
    absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    coding = {"system": absent, "code": "no-known-medications", "display": "No known medications"}
    said = prefill(patient(), order("m", "") | {"medicationCodeableConcept": {"coding": [coding]}})
    assert values(said) == {"patient.age": 46}
    assert "answers nothing" in why(said)["MedicationRequest/m"]


# --- what is not read -----------------------------------------------------------------------------


def test_conditions_and_relatives_propose_nothing(prefill: Prefill) -> None:
    of = {"subject": {"reference": "Patient/p1"}}
    said = prefill(
        patient(),
        {"resourceType": "Condition", "id": "c", **of},
        {"resourceType": "FamilyMemberHistory", "id": "f", "patient": of["subject"]},
    )
    assert values(said) == {"patient.age": 46}
    assert set(why(said)) == {"Condition/c", "FamilyMemberHistory/f"}


def test_an_empty_record_proposes_nothing(prefill: Prefill) -> None:
    said = prefill({"resourceType": "Patient", "id": "p1"})
    assert (said["proposed"], said["not_used"]) == ([], [])


@each(
    ("said_there", "proposed"),
    [(68.3, 68), (68.5, 69), (68.49, 68), (69.5, 70), (50, 50), (300.4, None), (0.4, None)],
)
def test_a_heart_rate_is_rounded_to_the_next_whole_beat_a_half_up(
    said_there: float, proposed: int | None, prefill: Prefill
) -> None:
    rate = observation("hr", "8867-4", "2026-11-21", **amount(said_there, "/min"))
    assert values(prefill(patient(), rate)).get("vitals.heart_rate") == proposed


def test_a_pressure_or_a_saturation_is_never_rounded(prefill: Prefill) -> None:
    spo2 = observation("s", "59408-5", "2026-11-21", **amount(91.5, "%"))
    said = prefill(patient(), pressure("bp", 139.6, 80), spo2)
    assert values(said) == {"patient.age": 46}
    assert "is no whole number" in why(said)["Observation/s"]
