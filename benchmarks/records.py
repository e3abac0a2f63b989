"""Records against the least that reading them can cost: their JSON."""

from __future__ import annotations

import gc
import json
import random
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.clock import in_turn
from benchmarks.material import DAY, knowledge
from benchmarks.table import Row

_GROUP = "Records"
_CALL = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
_OTHER_CODES = "2339-0 38483-4 2947-0 6298-4 2069-3 20565-8 49765-1 2093-3 2571-8 18262-6".split()
_VITALS = (("8867-4", 71, "/min"), ("29463-7", 81.4, "kg"), ("8302-2", 171.2, "cm"))
_NAMES = ("Sertraline 100 MG Oral Tablet", "Lisinopril 10 MG Oral Tablet", "Lorazepam 1 MG")


def resources(count: int, seed: int = 2026) -> list[dict[str, Any]]:
    """Return a patient with so many resources, as record systems write them."""
    of = random.Random(seed)
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},
        "name": [{"use": "official", "family": "Example", "given": ["Invented"]}],
        "gender": "female",
        "birthDate": f"{of.randint(1950, 2000)}-05-17",
    }
    return [patient, *(_resource(of, number) for number in range(count - 1))]


def _resource(of: random.Random, number: int) -> dict[str, Any]:
    day = f"{of.randint(2015, 2026)}-{of.randint(1, 10):02}-{of.randint(1, 28):02}T09:12:44-05:00"
    if number % 20 == 0:
        return _order(number, of.choice(_NAMES), day)
    if number % 7 == 0:
        return _observation(number, "85354-9", day, component=_pressure(of))
    code, value, unit = of.choice([*_VITALS, *((code, 5.4, "mmol/L") for code in _OTHER_CODES)])
    amount = {"value": round(value * of.uniform(0.8, 1.2), 1), "unit": unit}
    return _observation(number, code, day, valueQuantity=amount | _ucum(unit))


def _ucum(unit: str) -> dict[str, str]:
    return {"system": "http://unitsofmeasure.org", "code": unit}


def _pressure(of: random.Random) -> list[dict[str, Any]]:
    unit = {"unit": "mm[Hg]"} | _ucum("mm[Hg]")
    return [
        {"code": _concept(code), "valueQuantity": {"value": of.randint(low, low + 40)} | unit}
        for code, low in (("8480-6", 105), ("8462-4", 60))
    ]


def _concept(code: str) -> dict[str, Any]:
    coding = {"system": "http://loinc.org", "code": code, "display": "What it is called"}
    return {"coding": [coding], "text": "What it is called"}


def _observation(number: int, code: str, day: str, **more: Any) -> dict[str, Any]:
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "meta": {"versionId": "1", "lastUpdated": "2026-11-01T10:00:00.000Z"},
        "status": "final",
        "category": [{"coding": [{"system": system, "code": "vital-signs"}]}],
        "code": _concept(code),
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": f"Encounter/e{number // 5}"},
        "effectiveDateTime": day,
        "issued": day,
    } | more


def _order(number: int, name: str, day: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": f"m{number}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": name},
        "subject": {"reference": "Patient/p1"},
        "authoredOn": day,
    }


def bundle(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return them as a Bundle."""
    held = [{"fullUrl": f"urn:x:{item['id']}", "resource": item} for item in entries]
    return {"resourceType": "Bundle", "type": "searchset", "entry": held}


def call(count: int = 400, seed: int = 2026) -> bytes:
    """Return a call of ``order-sign`` for a patient with so many resources."""
    patient, *rest = resources(count, seed)
    order = _order(0, "Spravato 56 MG", "2026-11-20") | {"id": "draft", "status": "draft"}
    kinds = {"observations": "Observation", "orders": "MedicationRequest"}
    prefetch = {
        key: bundle([item for item in rest if item["resourceType"] == kind])
        for key, kind in kinds.items()
    }
    context = {"userId": "Practitioner/a", "patientId": "p1", "draftOrders": bundle([order])}
    body = {"hook": "order-sign", "hookInstance": _CALL, "context": context}
    return json.dumps(body | {"prefetch": {"patient": patient, **prefetch}}).encode()


def measure() -> list[Row]:
    """Measure a card for 400 resources, and what a record proposes."""
    return [*_card(), *_prefill()]


def _card() -> Iterator[Row]:
    from ketatui.service.calls import Asked, Calls

    calls = Calls(knowledge())
    bodies = [call(400, seed) for seed in range(20)]
    mine, other = cycle(bodies), cycle(bodies)
    # As the service does it: what was loaded stays, and is not looked through with every call.
    gc.collect()
    gc.freeze()
    try:
        ours, theirs = in_turn(
            lambda: calls.answer(Asked("order-sign", next(mine), DAY)),
            lambda: json.loads(next(other)),
            200,
        )
    finally:
        gc.unfreeze()
    what = "a card for a patient with 400 resources"
    yield Row("records.card", _GROUP, what, ours, "reading its JSON alone", theirs)


def _prefill(patients: int = 500, count: int = 120) -> Iterator[Row]:
    from ketatui.criteria.records import load_records
    from ketatui.records import Proposer, group_by_patient, read_records

    known = knowledge()
    mapping = load_records(known.pack)
    proposer = Proposer(known, mapping)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.json" for number in range(patients)]
        for number, path in enumerate(paths):
            path.write_text(json.dumps(bundle(resources(count, number))), "utf-8")
        mine, other = cycle(paths), cycle(paths)

        def prefill() -> None:
            subjects, _ = group_by_patient(
                read_records([next(mine)]), proposer.kinds, proposer.matters
            )
            for subject in subjects:
                proposer.propose(subject, DAY)

        ours, theirs = in_turn(prefill, lambda: json.loads(next(other).read_bytes()), patients)
    what = f"what a bundle of {count} resources proposes"
    yield Row("records.prefill", _GROUP, what, ours, "reading its JSON alone", theirs, aim=1.5)
