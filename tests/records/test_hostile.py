"""What is easily misread in records: nothing is proposed that they do not say, and that is said.

Each of these was tried by hand before it was mended.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ketatui.records import reading
from tests.cli.support import Command
from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import (
    LOINC,
    ON,
    amount,
    bundle,
    condition,
    observation,
    order,
    patient,
    pressure,
    weight,
    written,
)
from tests.records.test_labs import lab
from tests.records.test_prefill import values, why

Json = dict[str, Any]
SCT = "http://snomed.info/sct"
AGE = {"patient.age": 46}
STROKE = "Cerebral infarction"


def without(resource: Json, *names: str) -> Json:
    return {key: value for key, value in resource.items() if key not in names}


# --- what is newer and cannot be taken -----------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"status": "preliminary"}, "status is preliminary"),
        ({"status": "registered"}, "status is registered"),
        ({"status": "unknown"}, "status is unknown"),
        ({"modifierExtension": [{"url": "http://example.org/not"}]}, "change its meaning"),
        ({"implicitRules": "http://example.org/rules"}, "change its meaning"),
        ({"valueQuantity": {"value": "81"}}, "cannot be read"),
        ({"valueString": "70 kg"}, "value[x] more than once"),
        ({"effectiveDateTime": "2026-11"}, "month or year"),
        ({"effectiveDateTime": "2026"}, "month or year"),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"end": "2026-11-20"}, "status": "x"},
            "status is x",
        ),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_newer_and_cannot_be_taken_hides_what_is_older(
    more: Json, because: str, first: bool, prefill: Prefill
) -> None:
    newer = weight("new", 81, "2026-11-20") | more
    older = weight("old", 70, "2026-10-30")
    said = prefill(patient(), *((newer, older) if first else (older, newer)))
    assert values(said) == AGE
    assert because in why(said)["Observation/new"]
    assert why(said)["Observation/old"] == "older than Observation/new, which cannot be taken"


@each(
    "more",
    [
        {"status": "entered-in-error"},
        {"status": "cancelled"},
        {"focus": [{"reference": "Patient/baby"}]},
        {"effectiveDateTime": "2026-11-22"},
        {"effectiveDateTime": "2026-09", "status": "preliminary"},
        {"effectiveDateTime": "2019"},
        {"effectiveDateTime": "0000"},
    ],
)
def test_what_was_no_measurement_or_is_older_hides_nothing(more: Json, prefill: Prefill) -> None:
    said = prefill(
        patient(), weight("new", 81, "2026-11-20") | more, weight("old", 70, "2026-10-30")
    )
    assert values(said) == AGE | {"patient.weight_kg": 70}


def test_what_is_of_today_is_newer_than_what_is_of_this_year(prefill: Prefill) -> None:
    said = prefill(patient(), weight("a", 81, "2026"), weight("b", 70, "2026-11-21"))
    assert values(said) == AGE | {"patient.weight_kg": 70}


def test_of_a_laboratory_a_preliminary_result_hides_the_older_one(prefill: Prefill) -> None:
    older = lab("alt", 500) | {"id": "old", "effectiveDateTime": "2026-11-01"}
    assert len(values(prefill(patient(), older))) == 2
    newer = lab("alt", 20) | {"id": "new", "status": "preliminary"}
    said = prefill(patient(), older, newer)
    assert values(said) == AGE
    assert "which cannot be taken" in why(said)["Observation/old"]


# --- codes, units and words ----------------------------------------------------------------------


@each(
    ("code", "because"),
    [
        ({"text": "Body weight"}, "words alone"),
        ({"coding": []}, "words alone"),
        ({}, "words alone"),
        (None, "words alone"),
        (
            {"coding": [{"system": "https://loinc.org", "code": "29463-7"}]},
            "said to be one of LOINC",
        ),
        ({"coding": [{"code": "29463-7"}]}, "said to be one of LOINC"),
        (
            {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.1", "code": "29463-7"}]},
            "said to be one of LOINC",
        ),
    ],
)
def test_an_observation_that_is_not_coded_as_expected_is_said(
    code: Json | None, because: str, prefill: Prefill
) -> None:
    found = weight("o", 81) | {"code": code}
    said = prefill(patient(), without(found, "code") if code is None else found)
    assert values(said) == AGE
    assert because in why(said)["Observation/o"]


def test_a_code_of_another_system_that_is_no_text_ends_nothing(prefill: Prefill) -> None:
    coding: list[Json] = [
        {"system": "urn:x", "code": ["29463-7"]},
        {"system": LOINC, "code": "1-1"},
    ]
    assert values(prefill(patient(), weight("o", 81) | {"code": {"coding": coding}})) == AGE


@each(
    "quantity",
    [
        {"value": 120, "unit": "mmHg", "code": "mmHg", "system": "http://unitsofmeasure.org"},
        {"value": 120, "unit": "mm[Hg]", "code": "mm[Hg]"},
        {"value": 16, "code": "kPa", "system": "http://unitsofmeasure.org"},
    ],
)
def test_a_pressure_in_another_unit_is_not_guessed_at(quantity: Json, prefill: Prefill) -> None:
    found = pressure("o", 120, 80)
    found["component"][0]["valueQuantity"] = quantity
    said = prefill(patient(), found)
    assert values(said) == AGE
    assert "unit" in why(said)["Observation/o"]


@each(("value", "unit"), [(0.97, "1"), (0.97, "%"), (97, "{fraction}")])
def test_a_saturation_as_a_fraction_is_not_taken(value: float, unit: str, prefill: Prefill) -> None:
    said = prefill(patient(), observation("o", "59408-5", **amount(value, unit)))
    assert values(said) == AGE


@each(
    ("more", "result"),
    [
        ({}, "negative"),
        ({"text": "Negative for hCG"}, "negative"),
        ({"text": "Positive"}, None),
        ({"display": " positive "}, None),
        ({"interpretation": "POS"}, None),
        ({"interpretation": "NEG"}, "negative"),
        ({"interpretation": "H"}, "negative"),
    ],
)
def test_a_coded_result_whose_words_or_flag_say_otherwise_is_open(
    more: dict[str, str], result: str | None, prefill: Prefill
) -> None:
    coding = {"system": SCT, "code": "260385009", "display": more.get("display", "Negative")}
    value: Json = {"coding": [coding]} | ({"text": more["text"]} if "text" in more else {})
    found = observation("o", "2106-3", valueCodeableConcept=value)
    if "interpretation" in more:
        system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
        coding = {"system": system, "code": more["interpretation"]}
        found["interpretation"] = [{"coding": [coding]}]
    assert values(prefill(patient(), found)).get("labs.pregnancy_test") == result


def test_pounds_and_inches_are_converted(prefill: Prefill) -> None:
    said = prefill(
        patient(),
        observation("w", "29463-7", **amount(180, "[lb_av]")),
        observation("h", "8302-2", **amount(70, "[in_i]")),
    )
    assert values(said) == AGE | {"patient.weight_kg": 81.65, "patient.height_cm": 177.8}


def test_components_without_a_code_are_of_nothing(prefill: Prefill) -> None:
    found = pressure("o", 120, 80)
    found["component"] = [without(part, "code") for part in found["component"]]
    assert values(prefill(patient(), found)) == AGE


@each(
    "words",
    [
        {"code": {"text": "No history of stroke"}},
        {"display": "Family history of stroke"},
        {"display": "Suspected cerebral infarction"},
        {"category": [{"text": "Family history"}]},
        {"code": {"text": " R/O stroke"}},
        {"code": {"text": "FHx: stroke"}},
        {"code": {"text": "? stroke"}},
        {"code": {"text": "Stroke (ruled out)."}},
        {"display": "Stroke?"},
        {"code": {"text": "Screening for stroke"}},
        {"code": {"text": "Cannot rule out stroke"}},
        {"code": {"text": "Doesn’t have a stroke"}},
        {"display": "Neither stroke nor bleeding"},
    ],
)
def test_a_condition_whose_words_say_otherwise_is_asked_about(
    words: Json, prefill: Prefill
) -> None:
    found = condition("c", SCT, "432504007", words.get("display", "Cerebral infarction"))
    assert (
        len(values(prefill(patient(), condition("c", SCT, "432504007", "Cerebral infarction"))))
        == 2
    )
    found["code"] |= words.get("code", {})
    found["category"] = words.get("category", [])
    said = prefill(patient(), found)
    assert values(said) == AGE
    assert "say different things" in why(said)["Condition/c"]


def test_a_refutal_keeps_others_out_whatever_its_words_are(prefill: Prefill) -> None:
    refuted = condition("no", SCT, "432504007", "No stroke", recordedDate="2026-01-01")
    refuted["verificationStatus"]["coding"][0]["code"] = "refuted"
    said = prefill(patient(), refuted, condition("c", SCT, "432504007", STROKE))
    assert values(said) == AGE
    assert "is recorded as refuted" in why(said)["Condition/c"]


# --- medicines -----------------------------------------------------------------------------------


def bounds(**period: str) -> Json:
    return {"timing": {"repeat": {"boundsPeriod": period}}}


@each(
    ("how", "taken"),
    [
        ([bounds(start="2026-01-01", end="2026-02-01")], False),
        ([bounds(end="2026-02"), bounds(end="2026-11-20")], False),
        ([bounds(end="2026-02-01"), bounds(start="2026-02-01")], True),
        ([bounds(end="2026-11-21")], True),
        ([bounds(end="2026-02-01"), {"text": "then 50 mg"}], True),
        ([{"text": "50 mg"}], True),
        ([], True),
    ],
)
def test_an_order_whose_instructions_are_all_over_is_over(
    how: list[Json], taken: bool, prefill: Prefill
) -> None:
    asked = order("o", "sertraline", dosageInstruction=how)
    stated = {
        "resourceType": "MedicationStatement",
        "id": "o",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-01",
        "medicationCodeableConcept": {"text": "sertraline"},
        "dosage": how,
    }
    assert ("medications" in values(prefill(patient(), asked))) is taken
    assert ("medications" in values(prefill(patient(), stated))) is taken


def test_a_medicine_that_is_named_twice_over_is_not_chosen_from(prefill: Prefill) -> None:
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "phenelzine"}}
    asked = order("o", "sertraline", medicationReference={"reference": "Medication/m"})
    said = prefill(patient(), asked, medicine)
    assert values(said) == AGE
    assert "medication[x] more than once" in why(said)["MedicationRequest/o"]


@each(
    ("displays", "text", "taken", "because"),
    [
        (["sertraline", "phenelzine"], None, None, "name different medicines"),
        (["sertraline 50 MG Oral Tablet"], "Phenelzine", None, "“Phenelzine”); ask"),
        (["sertraline"], "sertraline and lithium", None, "name different medicines"),
        (["sertraline"], "Discontinued: sertraline", None, "does not say that something is taken"),
        (["sertraline"], "Zoloft 50 mg", "sertraline", ""),
        (["sertraline"], "blue pill of the morning", "sertraline", ""),
    ],
)
def test_all_names_of_a_medicine_have_to_name_the_same(
    displays: list[str], text: str | None, taken: str | None, because: str, prefill: Prefill
) -> None:
    concept: Json = {"coding": [{"system": "urn:x", "code": "1", "display": d} for d in displays]}
    concept |= {"text": text} if text else {}
    said = prefill(patient(), order("o", "") | {"medicationCodeableConcept": concept})
    assert values(said).get("medications") == taken
    assert because in why(said).get("MedicationRequest/o", "")


def test_a_statement_that_begins_later_is_of_nothing_that_is_taken(prefill: Prefill) -> None:
    stated = without(order("o", "sertraline"), "intent", "authoredOn") | {
        "resourceType": "MedicationStatement",
        "dateAsserted": "2026-11-20",
        "effectivePeriod": {"start": "2026-12"},
    }
    said = prefill(patient(), stated)
    assert values(said) == AGE
    assert "begins after" in why(said)["MedicationStatement/o"]


@each("kind", ["MedicationDispense", "MedicationAdministration", "MedicationOrder"])
def test_lists_of_medicines_that_are_not_read_are_said(kind: str, prefill: Prefill) -> None:
    found = order("o", "phenelzine") | {"resourceType": kind}
    said = prefill(patient(), found)
    assert values(said) == AGE
    assert "not read" in why(said)[f"{kind}/o"]


# --- whole records -------------------------------------------------------------------------------

TWO = [patient(), weight("w", 81)]
LINES = [json.dumps(item).encode() for item in TWO]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ndjson", b"\xef\xbb\xbf" + b"\r\n".join(LINES) + b"\r\n\r\n"),
        ("a.json", b"\xef\xbb\xbf" + json.dumps(bundle(*TWO)).encode()),
        ("a.ndjson.gz", gzip.compress(b"\n".join(LINES))),
        ("a.json.gz", gzip.compress(json.dumps(bundle(*TWO)).encode())),
        ("a.ndjson", gzip.compress(b"\n".join(LINES))),
    ],
    ids=["bom and crlf", "bom", "packed lines", "packed bundle", "packed by another name"],
)
def test_a_record_is_read_however_it_was_stored(
    name: str, data: bytes, ketatui: Command, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    for path in (tmp_path / name, tmp_path):
        done = ketatui("prefill", path, "--on", ON)
        assert (done.status, done.err) == (0, "")
        assert "81 kg" in done.out


def test_a_record_comes_through_a_pipe_as_well(ketatui: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "a.ndjson"
    os.mkfifo(pipe)
    Thread(target=pipe.write_bytes, args=(b"\n".join(LINES),), daemon=True).start()
    assert "81 kg" in ketatui("prefill", pipe, "--on", ON).out


def test_what_has_no_end_is_refused(ketatui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LARGEST", 2_000_000)
    done = ketatui("prefill", "/dev/zero", "--on", ON)
    assert (done.status, done.err) == (2, "/dev/zero: larger than 2000000 bytes\n")


def outcome(severity: str) -> Json:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": "timeout"}],
    }


def page(*resources: Json, **links: str) -> Json:
    link = [{"relation": name.strip("_"), "url": url} for name, url in links.items()]
    return bundle(*resources) | {"type": "searchset", "link": link}


@each(
    ("name", "data", "because"),
    [
        ("a.json", bundle(*TWO) | {"implicitRules": "http://example.org"}, "rules of its own"),
        ("a.json", bundle(*TWO, outcome("error")), "something failed (timeout)"),
        ("a.json", bundle(*TWO, outcome("fatal")), "something failed (timeout)"),
        ("a.json", outcome("error"), "something failed (timeout)"),
        ("a.json", page(*TWO, _self="u:1", next="u:2"), "one page of several"),
        ("a.ndjson.gz", gzip.compress(b"\n".join(LINES))[:-9], "cannot be unpacked whole"),
        ("a.json", b"", "it is empty"),
        ("a.xml", b"<Bundle xmlns='http://hl7.org/fhir'/>", "it is XML"),
        ("a.json", json.dumps(bundle(*TWO)).encode("utf-16"), "not UTF-8"),
    ],
)
def test_half_a_record_or_none_is_refused_in_one_line(
    name: str, data: Json | bytes, because: str, ketatui: Command, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    done = ketatui("prefill", path, "--on", ON)
    assert (done.status, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert because in line


def test_all_pages_of_a_search_are_a_whole_record(ketatui: Command, tmp_path: Path) -> None:
    written(tmp_path / "1.json", page(TWO[0], _self="u:1", next="u:2"))
    written(tmp_path / "2.json", page(TWO[1], outcome("information"), _self="u:2"))
    done = ketatui("prefill", tmp_path, "--on", ON)
    assert (done.status, done.err) == (0, "")
    assert "81 kg" in done.out
