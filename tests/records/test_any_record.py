"""Laws that hold for any record, however shuffled, cut up or wrong."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.contract.records import Proposals as Contract
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge, compile_pack
from ketatui.records import Entry, group_by_patient, propose
from ketatui.records.proposing import kinds_of
from tests.effort import tries
from tests.records.support import (
    ON,
    PHQ9,
    amount,
    code,
    condition,
    hold,
    observation,
    order,
    patient,
    pressure,
    weight,
)
from tests.records.test_forms import phq9
from tests.records.test_labs import lab, urine

ICD, SCT = "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct"
DATES = ("2026-11-21", "2026-11-20T23:30:00Z", "2026-11-22", "2019", "2026-11-21T08:00:00-05:00")
RESOURCES: tuple[dict[str, Any], ...] = (
    patient(gender="female"),
    patient(id="p2"),
    *(weight(f"w{n}", 60 + n, date) for n, date in enumerate(DATES)),
    *(pressure(f"b{n}", 120 + n, 80, date) for n, date in enumerate(DATES)),
    pressure("old", 130, 85, panel="55284-4"),
    weight("wrong", 990),
    weight("pounds", 172, **amount(172, "[lb_av]")),
    weight("other", 99, subject={"reference": "Patient/p2"}),
    weight("gone", 99, status="entered-in-error"),
    observation("spo2", "2708-6", **amount(97, "%")),
    observation("teen", "89204-2", valueInteger=9),
    observation("phq", "44261-6", valueInteger=9),
    observation(
        "panel",
        "44249-1",
        component=[{"code": code(item), "valueInteger": 1} for item in PHQ9],
    ),
    condition("aneurysm", ICD, "I71.40", "Abdominal aortic aneurysm"),
    condition("dementia", SCT, "26929004", "Alzheimer's disease", onsetDateTime="2019-02-01"),
    condition("attack", SCT, "22298006", "Myocardial infarction", onsetDateTime="2026-10-01"),
    lab("alt", 130),
    lab("ast", 20),
    urine("urine", "Negative", "260385009"),
    phq9([1] * 9, id="form"),
    order("m", "Phenelzine 15 MG Oral Tablet"),
    order("stopped", "sertraline", status="stopped"),
    order("twice", "Phenelzine 15 MG Oral Tablet", "2026-11-02"),
)
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 0, -1, True, [], {}, [None], [[]], {"coding": [{}]}, {"reference": 7}, "2026"]
)


@cache
def known() -> tuple[Knowledge, RecordFile]:
    pack = load_pack(default_folder({}))
    return compile_pack(pack), load_records(pack)


def proposals(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    knowledge, mapping = known()
    entries = [Entry(item) for item in resources]
    subjects, _ = group_by_patient(entries, kinds_of(mapping))
    return [propose(knowledge, mapping, one, ON, None).to_data() for one in subjects]


def of_the_first(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in found if item["patient"] == "Patient/p1"]


some = st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=12)


@given(some)
@settings(max_examples=tries(150), deadline=None)
def test_all_that_is_proposed_stands_in_the_record(resources: list[dict[str, Any]]) -> None:
    for said in of_the_first(proposals(resources)):
        hold(said, resources)
        Contract.model_validate_json(json.dumps(said))


@given(st.data())
@settings(max_examples=tries(100), deadline=None)
def test_the_order_of_a_record_changes_nothing(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(RESOURCES), unique_by=lambda item: item["id"]))
    shuffled = data.draw(st.permutations(chosen))

    def answers(resources: list[dict[str, Any]]) -> list[Any]:
        return sorted(
            (item["question"], item["value"], item.get("date"), item["stale"])
            for said in of_the_first(proposals(resources))
            for item in said["proposed"]
            if item["question"] != "medications" or item["date"]
        )

    assert answers(chosen) == answers(shuffled)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a resource but its kind."""
    found = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inside in items:
        if (*path, key) != ("resourceType",):
            found.append((*path, key))
        if isinstance(inside, dict | list):
            found += places(inside, (*path, key))
    return found


@cache
def stood_before() -> set[tuple[str, str]]:
    """What the resources as they are propose, each by itself."""
    return {
        (item["question"], str(item["value"]))
        for original in RESOURCES
        for said in proposals([patient(), patient(id="p2"), original])
        for item in said["proposed"]
    }


@given(st.data())
@settings(max_examples=tries(400), deadline=None)
def test_a_part_that_is_missing_or_wrong_never_raises_and_never_adds(data: st.DataObject) -> None:
    resource = json.loads(json.dumps(data.draw(st.sampled_from(RESOURCES))))
    path = data.draw(st.sampled_from(places(resource)))
    inside = resource
    for key in path[:-1]:
        inside = inside[key]
    if data.draw(st.booleans()):
        del inside[path[-1]]
    else:
        inside[path[-1]] = data.draw(JUNK)
    for said in proposals([resource]):
        Contract.model_validate_json(json.dumps(said))
        for item in said["proposed"]:
            # A total of another score stands there as such; all else is what stood there before.
            key = (item["question"], str(item["value"]))
            assert key in stood_before() or str(item["value"]) in json.dumps(resource)
