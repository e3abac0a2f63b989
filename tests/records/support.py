"""Invented records, and a second reader that holds every proposal against its resource.

The second reader shares no code with the program: it looks in the plain JSON for what a proposal
says that it found there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.records.second_reader import OTHER_KINDS, why_not

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
ON = dt.date(2026, 11, 21)
PHQ9 = ("44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8").split()
NO_CODES = "LA6568-5 LA6569-3 LA6570-1 LA6571-9".split()


def code(*codes: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": item} for item in codes]}


def amount(value: object, unit: str, text: str | None = None) -> dict[str, Any]:
    said = unit if text is None else text
    return {"valueQuantity": {"value": value, "unit": said, "system": UCUM, "code": unit}}


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", "birthDate": "1980-05-17"} | more


def observation(ident: str, loinc: str, date: str = "2026-11-21", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": ident,
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": code(loinc),
        "effectiveDateTime": date,
    } | more


def weight(ident: str, kilograms: object, date: str = "2026-11-21", **more: Any) -> dict[str, Any]:
    return observation(ident, "29463-7", date, **(amount(kilograms, "kg") | more))


def pressure(
    ident: str, upper: object, lower: object, date: str = "2026-11-21", panel: str = "85354-9"
) -> dict[str, Any]:
    parts = (("8480-6", upper), ("8462-4", lower))
    component = [{"code": code(part)} | amount(value, "mm[Hg]") for part, value in parts]
    return observation(ident, panel, date, component=component)


def order(ident: str, name: str, date: str = "2026-11-01", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": ident,
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "authoredOn": date,
        "medicationCodeableConcept": {"text": name},
    } | more


def condition(ident: str, system: str, coded: str, shown: str, **more: Any) -> dict[str, Any]:
    """A condition that is active, confirmed and recorded in 2020."""
    status = "http://terminology.hl7.org/CodeSystem/condition"
    return {
        "resourceType": "Condition",
        "id": ident,
        "clinicalStatus": {"coding": [{"system": f"{status}-clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{status}-ver-status", "code": "confirmed"}]},
        "code": {"coding": [{"system": system, "code": coded, "display": shown}]},
        "subject": {"reference": "Patient/p1"},
        "recordedDate": "2020-03-05",
    } | more


def bundle(*resources: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": item} for item in resources],
    }


def written(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data), "utf-8")
    return path


# --- the second reader ----------------------------------------------------------------------------

FACTORS = {
    "patient.weight_kg": {"kg": "1", "g": "0.001", "[lb_av]": "0.45359237"},
    "patient.height_cm": {"cm": "1", "m": "100", "[in_i]": "2.54"},
}
GONE = {"entered-in-error", "cancelled", "preliminary", "registered", "unknown", "stopped"}


def hold(said: Mapping[str, Any], resources: Iterable[Mapping[str, Any]], on: dt.date = ON) -> None:
    """Hold all that is proposed against the resources it names.

    Raises:
        AssertionError: Something is proposed that does not stand there.
    """
    held: dict[str, list[Mapping[str, Any]]] = {}
    for item in resources:
        held.setdefault(f"{item.get('resourceType')}/{item.get('id')}", []).append(item)
    for proposal in said["proposed"]:
        sources = held[proposal["resource"]]
        others = {name: held[name][0] for name in proposal.get("also", ())}
        if proposal["question"].startswith("labs.") or sources[0]["resourceType"] in OTHER_KINDS:
            assert "" in [why_not(proposal, source, others, on) for source in sources], proposal
            continue
        own = [
            source
            for source in sources
            if source.get("subject", {}).get("reference", "Patient/p1") == "Patient/p1"
        ]
        assert any(stands_there(proposal, source, on) for source in own), proposal


def stands_there(proposal: Mapping[str, Any], source: Mapping[str, Any], on: dt.date) -> bool:
    question, value = proposal["question"], proposal["value"]
    if question == "patient.age":
        born = dt.date.fromisoformat(source["birthDate"])
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return bool(value == years)
    if question == "patient.sex":
        codes = json.dumps(source.get("extension", ()))
        opposite = {"female": ('"M"', '"248153007"', '"male"'), "male": ('"F"', '"248152002"')}
        here = {"female": ('"F"', '"248152002"'), "male": ('"M"', '"248153007"', '"male"')}
        if any(code in codes for code in opposite.get(value, ())):
            return False
        stands = any(code in codes for code in here.get(value, ()))
        return stands or bool(source.get("gender") == value)
    if source["status"] in GONE:
        return False
    if question == "medications":
        named = source["medicationCodeableConcept"]
        names = [named.get("text"), *(item.get("display") for item in named.get("coding", ()))]
        if source.get("taken", "y") != "y" or source.get("wasNotTaken"):
            return False
        days = [source.get(name) for name in ("authoredOn", "dateAsserted", "effectiveDateTime")]
        return value in names and proposal.get("date") == next(filter(None, days), None)
    period = source.get("effectivePeriod", {})
    days = [source.get("effectiveDateTime"), period.get("end") or period.get("start")]
    if proposal["date"] not in days:
        return False
    if proposal["date"][:10] > on.isoformat():
        return False
    return number_stands_there(proposal, source)


def number_stands_there(proposal: Mapping[str, Any], source: Mapping[str, Any]) -> bool:
    _, _, loinc = proposal["code"].partition("|")
    places = [source, *source.get("component", ())]
    for place in places:
        if not any(item.get("code") == loinc for item in place["code"].get("coding", ())):
            continue
        if "items" in proposal:
            return bool(sum(proposal["items"].values()) == proposal["value"])
        quantity = place.get("valueQuantity", {"value": place.get("valueInteger")})
        factor = FACTORS.get(proposal["question"], {}).get(quantity.get("code"), "1")
        found = Decimal(str(quantity["value"])) * Decimal(factor)
        # A heart rate is rounded to the next whole beat; all else keeps its two decimals.
        beat = proposal["question"] == "vitals.heart_rate"
        if abs(found - Decimal(str(proposal["value"]))) <= Decimal("0.5" if beat else "0.005"):
            return True
    return False
