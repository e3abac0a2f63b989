"""Valid FHIR that says more than it seems to: nothing is proposed that its source does not say."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import Command
from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import (
    ON,
    amount,
    bundle,
    code,
    condition,
    observation,
    order,
    patient,
    pressure,
    weight,
    written,
)
from tests.records.test_forms import phq9
from tests.records.test_labs import lab
from tests.records.test_prefill import values, why

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
NOT = {"modifierExtension": [{"url": "http://example.org/not-this-one", "valueBoolean": True}]}
SUBSETTED = {
    "tag": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
            "code": "SUBSETTED",
        }
    ]
}
Json = dict[str, Any]


def with_component_that_is_turned_around() -> Json:
    found = pressure("o", 128, 82)
    found["component"][0] |= NOT
    return found


def with_limit_that_is_turned_around() -> Json:
    found = lab("alt", 500) | {"id": "o"}
    found["referenceRange"][0] |= NOT
    return found


def with_answer_that_is_turned_around() -> Json:
    found = phq9([1] * 9, id="o")
    found["item"][0]["item"][3]["answer"][0] |= NOT
    return found


def with_item_that_is_turned_around() -> Json:
    found = phq9([1] * 9, id="o")
    found["item"][0]["item"][8] |= NOT
    return found


@pytest.mark.parametrize(
    "resource",
    [
        with_component_that_is_turned_around(),
        with_limit_that_is_turned_around(),
        with_answer_that_is_turned_around(),
        with_item_that_is_turned_around(),
        order("o", "sertraline", dispenseRequest={"validityPeriod": {}, **NOT}),
        condition("o", ICD, "I61.9", "Intracerebral hemorrhage", **NOT),
    ],
    ids=["component", "range", "answer", "item", "dispense", "condition"],
)
def test_a_modifier_of_any_part_that_is_read_keeps_all_of_it_out(
    resource: Json, prefill: Prefill
) -> None:
    assert len(prefill(patient(), without(resource))["proposed"]) > 1 or is_lab(resource)
    said = prefill(patient(), resource)
    assert values(said) == {"patient.age": 46}
    assert "change its meaning" in why(said)[f"{resource['resourceType']}/o"]


def without(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without(v) for k, v in value.items() if k != "modifierExtension"}
    return [without(item) for item in value] if isinstance(value, list) else value


def is_lab(resource: Json) -> bool:
    return "referenceRange" in resource


@pytest.mark.parametrize(
    "resource",
    [weight("o", 81), order("o", "sertraline"), condition("o", ICD, "I61.9", "Bleeding")],
    ids=lambda item: item["resourceType"],
)
def test_of_a_resource_that_came_in_part_nothing_is_taken(resource: Json, prefill: Prefill) -> None:
    said = prefill(patient(), resource | {"meta": SUBSETTED})
    assert values(said) == {"patient.age": 46}
    assert "SUBSETTED" in why(said)[f"{resource['resourceType']}/o"]


@each(
    ("more", "because"),
    [
        ({"meta": SUBSETTED}, "SUBSETTED"),
        (
            {"link": [{"type": "replaced-by", "other": {"reference": "Patient/new"}}]},
            "another record stands in its place",
        ),
        ({"deceasedDateTime": "2026-01-01"}, "deceased"),
        ({"deceasedBoolean": True}, "deceased"),
        ({"link": [{"type": "seealso", "other": {}, **NOT}]}, "change its meaning"),
    ],
)
def test_a_patient_who_is_not_to_be_taken_as_such_is_proposed_nothing(
    more: Json, because: str, prefill: Prefill
) -> None:
    said = prefill(patient(**more), weight("w", 81))
    assert said["proposed"] == []
    assert because in why(said)["Patient/p1"]


def test_links_that_replace_nothing_change_nothing(prefill: Prefill) -> None:
    link: list[Json] = [{"type": kind, "other": {}} for kind in ("replaces", "seealso", "refer")]
    assert values(prefill(patient(deceasedBoolean=False, link=link))) == {"patient.age": 46}


@each("sex", ["UNK", "ASKU", "OTH", "f", None])
def test_a_birth_sex_that_answers_nothing_is_not_made_up_for(
    sex: str | None, prefill: Prefill
) -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
    birth = {"url": url, "valueCode": sex} if sex else {"url": url, "valueString": "F"}
    said = prefill(patient(gender="female", extension=[birth]))
    assert values(said) == {"patient.age": 46}


@pytest.mark.parametrize(
    ("more", "because"),
    [
        (NOT, "change its meaning"),
        ({"status": "entered-in-error"}, "entered-in-error"),
        ({"implicitRules": "http://example.org/rules"}, "change its meaning"),
        ({"code": "sertraline"}, "not as FHIR R4 has it"),
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_medicine_that_is_named_and_not_meant_is_not_listed(
    more: Json, because: str, inside: bool, prefill: Prefill
) -> None:
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "sertraline"}} | more
    asked = order("o", "") | {
        "medicationReference": {"reference": "#m" if inside else "Medication/m"}
    }
    del asked["medicationCodeableConcept"]
    others = [] if inside else [medicine]
    said = prefill(patient(), asked | ({"contained": [medicine]} if inside else {}), *others)
    assert values(said) == {"patient.age": 46}
    assert because in why(said)["MedicationRequest/o"]


def test_two_medicines_of_one_name_within_an_order_are_not_chosen_from(prefill: Prefill) -> None:
    two = [
        {"resourceType": "Medication", "id": "m", "code": {"text": name}}
        for name in ("sertraline", "phenelzine")
    ]
    asked = order("o", "") | {"medicationReference": {"reference": "#m"}, "contained": two}
    del asked["medicationCodeableConcept"]
    assert values(prefill(patient(), asked)) == {"patient.age": 46}


def test_what_is_contained_is_of_nobody_and_belongs_to_no_panel(prefill: Prefill) -> None:
    inside = weight("w", 81) | {"subject": {"reference": "Patient/p1"}}
    panel = observation("o", "85354-9", hasMember=[{"reference": "#w"}], contained=[inside])
    assert values(prefill(patient(), panel)) == {"patient.age": 46}


@each(
    ("newer", "older"),
    [
        ("2026-11-20T23:30:00-05:00", "2026-11-21T08:00:00+09:00"),
        ("2026-11-20T23:30:00-10:00", "2026-11-21T09:29:59Z"),
        ("2026-11-19T23:59:00-12:00", "2026-11-21T00:30:00+14:00"),
        ("2026-11-21T01:00:00Z", "2026-11-21T01:30:00+01:00"),
    ],
)
def test_of_two_moments_the_later_one_is_newer_whatever_their_clocks_say(
    newer: str, older: str, prefill: Prefill
) -> None:
    for first, second in ((0, 1), (1, 0)):
        both = [weight("new", 81, newer), weight("old", 70, older)]
        said = prefill(patient(), both[first], both[second])
        assert values(said)["patient.weight_kg"] == 81
        assert why(said) == {"Observation/old": "older than Observation/new"}


def test_a_refutal_is_newer_by_its_moment_too(prefill: Prefill) -> None:
    bleeding = condition("yes", ICD, "I61.9", "Bleeding", recordedDate="2026-11-21T08:00:00+09:00")
    refuted = condition("no", ICD, "I61.9", "Bleeding", recordedDate="2026-11-20T23:30:00-05:00")
    refuted["verificationStatus"]["coding"][0]["code"] = "refuted"
    assert values(prefill(patient(), bleeding, refuted)) == {"patient.age": 46}


@pytest.mark.parametrize(
    "gone",
    [
        {"request": {"method": "DELETE", "url": "Observation/w"}},
        {
            "fullUrl": "https://ehr.example.org/fhir/Observation/w",
            "request": {"method": "DELETE", "url": "Observation/w"},
        },
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_a_history_says_was_deleted_is_not_proposed(
    gone: Json, first: bool, ketatui: Command, tmp_path: Path
) -> None:
    data = bundle(patient(), weight("w", 81), pressure("bp", 128, 82)) | {"type": "history"}
    data["entry"].insert(0 if first else 3, gone)
    path = written(tmp_path / "history.json", data)
    done = ketatui("prefill", path, "--on", ON)
    assert (done.status, done.err) == (0, "")
    assert "128 mmHg" in done.out
    assert "81" not in done.out
    assert "Observation/w: the record says that it was deleted" in done.out


def test_a_deletion_of_something_else_changes_nothing(ketatui: Command, tmp_path: Path) -> None:
    data = bundle(patient(), weight("w", 81)) | {"type": "transaction"}
    for url in ("Observation?code=x", "Observation/other", "", "Patient", None, 7):
        data["entry"].append({"request": {"method": "DELETE", "url": url}})
    done = ketatui("prefill", written(tmp_path / "b.json", data), "--on", ON)
    assert (done.status, done.err) == (0, "")
    assert "81 kg" in done.out


@each(
    "quantity",
    [
        {"value": 81, "comparator": "<"},
        {"value": 81, "comparator": ">="},
        {"value": 81, "code": "kg/m2"},
        {"value": 81, "system": "http://example.org/units"},
        {"value": None},
    ],
)
def test_a_bound_and_another_unit_are_no_value(quantity: Json, prefill: Prefill) -> None:
    found = weight("w", 81)
    found["valueQuantity"] |= quantity
    assert values(prefill(patient(), found)) == {"patient.age": 46}


def test_a_component_that_says_why_it_is_absent_is_no_value(prefill: Prefill) -> None:
    found = pressure("bp", 128, 82)
    found["component"][1]["dataAbsentReason"] = {"text": "not performed"}
    assert values(prefill(patient(), found)) == {"patient.age": 46}
    twice = pressure("bp", 128, 82)
    twice["component"].append({"code": code("8480-6")} | amount(150, "mm[Hg]"))
    assert values(prefill(patient(), twice)) == {"patient.age": 46}


def test_what_is_of_two_patients_is_never_mixed(ketatui: Command, tmp_path: Path) -> None:
    other = copy.deepcopy(weight("w2", 99)) | {"subject": {"reference": "Patient/p2"}}
    path = written(
        tmp_path / "two.json", bundle(patient(), patient(id="p2"), weight("w", 81), other)
    )
    done = ketatui("prefill", path, "--on", ON)
    first, second = done.out.split("\n\n")
    assert ("81 kg" in first, "99 kg" in first) == (True, False)
    assert ("81 kg" in second, "99 kg" in second) == (False, True)


def test_what_nothing_else_makes_stale_is_old_after_a_year(
    prefill: Prefill, ketatui: Command, tmp_path: Path
) -> None:
    def aged(day: str) -> Json:
        return observation("o", "75626-2", day, valueInteger=3)

    (fresh,) = prefill(patient(), aged("2025-11-22"))["proposed"][1:]
    assert ("old" in fresh, fresh["stale"]) == (False, False)
    (old,) = prefill(patient(), aged("2025-11-21"))["proposed"][1:]
    assert (old["old"], old["stale"], old["value"]) == (True, False, 3)
    path = written(tmp_path / "old.json", bundle(patient(), aged("1996-05-01")))
    done = ketatui("prefill", path, "--on", ON, "--out", tmp_path / "draft.toml")
    assert "Observation/o, old: may no longer hold" in done.out
    assert "old = true" in (tmp_path / "draft.toml").read_text("utf-8")


def test_a_condition_whose_status_is_of_today_and_what_was_once_for_all_are_not_old(
    prefill: Prefill,
) -> None:
    dementia = condition("a", ICD, "G30.9", "Alzheimer's disease", recordedDate="2012-01-01")
    bleeding = condition("b", ICD, "I61.9", "Intracerebral hemorrhage", recordedDate="1999-01-01")
    found = prefill(patient(), dementia, bleeding)["proposed"][1:]
    assert len(found) == 2
    assert not any("old" in item for item in found)


def test_a_measurement_that_is_stale_is_not_old_beside_it(prefill: Prefill) -> None:
    beats = observation("o", "8867-4", "1999-01-01", **amount(71, "/min"))
    (found,) = prefill(patient(), beats)["proposed"][1:]
    assert ("old" in found, found["stale"]) == (False, True)


@each(
    "death",
    [
        {"_deceasedDateTime": {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}},
        {"_deceasedBoolean": {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}},
    ],
)
def test_a_death_of_an_unknown_day_is_not_passed_over(death: Json, prefill: Prefill) -> None:
    said = prefill(patient(**death), weight("w", 81))
    assert values(said) == {}
    assert "left open" in why(said)["Patient/p1"]
    # What stands beside a value does not take it away.
    alive = patient(deceasedBoolean=False, _deceasedBoolean={"id": "x"})
    assert "patient.weight_kg" in values(prefill(alive, weight("w", 81)))


def stated(**more: Any) -> Json:
    taken = order("o", "Phenelzine 15 MG") | {"resourceType": "MedicationStatement"}
    del taken["intent"], taken["authoredOn"]
    return taken | {"dateAsserted": "2026-11-20"} | more


@each(
    "more", [{"taken": "n"}, {"taken": "unk"}, {"taken": "na"}, {"taken": 1}, {"wasNotTaken": True}]
)
def test_a_statement_of_an_older_fhir_says_whether_it_is_taken(
    more: Json, prefill: Prefill
) -> None:
    said = prefill(patient(), stated(**more))
    assert "medications" not in values(said)
    assert "does not say that it is taken" in why(said)["MedicationStatement/o"]
    for taken in ({}, {"taken": "y"}, {"wasNotTaken": False}):
        assert "medications" in values(prefill(patient(), stated(**taken)))


BEGINS: tuple[Json, ...] = (
    stated(effectiveDateTime="2026-12-24"),
    order("o", "Phenelzine 15 MG", dispenseRequest={"validityPeriod": {"start": "2026-12"}}),
    order(
        "o",
        "Phenelzine 15 MG",
        dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-22"}}}}],
    ),
)


@each("later", BEGINS)
def test_what_begins_later_is_not_taken_yet(later: Json, prefill: Prefill) -> None:
    said = prefill(patient(), later)
    assert "medications" not in values(said)
    assert "begins after" in str(why(said))


def test_instructions_of_which_one_has_begun_are_of_what_is_taken(prefill: Prefill) -> None:
    bounds = ({"start": "2026-11-01"}, {"start": "2026-12-01"})
    how = [{"timing": {"repeat": {"boundsPeriod": each}}} for each in bounds]
    said = prefill(patient(), order("o", "Phenelzine 15 MG", dosageInstruction=how))
    assert "medications" in values(said)


def test_a_batch_of_which_a_part_failed_is_half_a_record(ketatui: Command, tmp_path: Path) -> None:
    whole = bundle(patient(), weight("w", 81)) | {"type": "batch-response"}
    for status, done in (("200 OK", 0), ("404", 2), ("500 Internal Server Error", 2)):
        whole["entry"][1]["response"] = {"status": "200"}
        held = copy.deepcopy(whole)
        held["entry"].append({"response": {"status": status}})
        found = ketatui("prefill", written(tmp_path / "batch.json", held), "--on", ON)
        assert (found.status, "half a record" in found.err) == (done, bool(done))
