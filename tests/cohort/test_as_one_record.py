"""The table of many records says what one record proposes, or less: never another value."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ketatui.cohort.mapping import map_records
from ketatui.cohort.screening import connect
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge
from ketatui.records import Proposals, Proposer, group_by_patient, read_records
from tests.records.support import LOINC, UCUM

ON = dt.date(2026, 11, 21)
Json = dict[str, Any]
MEDICINES = "medications"
DAYS = (
    *("2026-11-21", "2026-11-21T08:00:00Z", "2026-11-21T09:30:00-05:00", "2026-11-21T08:00Z"),
    *("2026-11-21T09:30:00+05:30", "2026-11-21T10:00:00.123Z", "2026-11-20", "2026-11", "2026"),
    *("2026-10", "2026-11-22", "2026-11-21T25:00:00Z", "2026-11-21T08:00:00", "2025-11-21"),
)
STATUSES = "preliminary unknown registered amended corrected entered-in-error cancelled".split()
SUBSETTED = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
SINGLE = {
    "29463-7": ("kg", "[lb_av]"),
    "8302-2": ("cm", "m"),
    "8867-4": ("/min",),
    "59408-5": ("%",),
    "44261-6": ("{score}", "1"),
    "44249-1": ("{score}",),
}


def coded(*codes: str) -> Json:
    return {"coding": [{"system": LOINC, "code": code} for code in codes]}


def amount(value: object, unit: str) -> Json:
    return {"value": value, "system": UCUM, "code": unit}


def measured(of: random.Random, number: int, index: int) -> Json:
    """Return one observation, and now and then what makes it less than a value."""
    held: Json = {
        "resourceType": "Observation",
        "id": f"o{number}-{index}",
        "status": "final",
        "subject": {"reference": f"Patient/n{number}"},
        "effectiveDateTime": of.choice(DAYS[:6] if of.random() < 0.6 else DAYS),
    }
    code = ("85354-9", *SINGLE)[number % 7]
    if code in SINGLE:
        unit = of.choice(SINGLE[code])
        held |= {"code": coded(code), "valueQuantity": amount(of.choice((5, 26, 90.5, 171)), unit)}
        parts = [held]
    else:
        parts = [
            {"code": coded(each), "valueQuantity": amount(of.randint(60, 180), "mm[Hg]")}
            for each in ("8480-6", "8462-4")
        ]
        held |= {"code": coded(of.choice((code, "55284-4"))), "component": [*parts]}
    for change in of.sample(CHANGES, of.choice((0, 0, 0, 1, 1, 3))):
        change(of, held, of.choice(parts))
    return held


Change = Callable[[random.Random, Json, Json], object]


def _period(of: random.Random, held: Json, _: Json) -> None:
    said = held.pop("effectiveDateTime", "2026-11-21")
    whole = {"start": "2026", "end": said}
    held["effectivePeriod"] = of.choice(({"end": said}, {"start": said}, whole))


def _lone(of: random.Random, held: Json, _: Json) -> None:
    if "component" in held:
        of.choice((held["component"].pop, held["component"].clear))()


def _absent(_: random.Random, __: Json, part: Json) -> None:
    part.pop("valueQuantity", None)
    part["dataAbsentReason"] = {"text": "not performed"}


def _versioned(_: random.Random, held: Json, __: Json) -> None:
    held["subject"] = {"reference": held["subject"]["reference"] + "/_history/2"}


def _also_coded(of: random.Random, held: Json, _: Json) -> None:
    held["code"].setdefault("coding", []).extend(coded(of.choice(("8302-2", "2339-0")))["coding"])


def _beside(held: Json, part: Json) -> None:
    held.setdefault("component", []).append(json.loads(json.dumps(part)))


def _quantity(name: str, *said: object) -> Change:
    return lambda of, _, part: part.get("valueQuantity", {}).update({name: of.choice(said)})


CHANGES: list[Change] = [
    lambda of, held, _: held.update(status=of.choice(STATUSES)),
    lambda of, held, _: held.update(status=of.choice(STATUSES)),
    lambda _, held, __: held.pop("status", None),
    lambda _, __, part: part.update(modifierExtension=[{"url": "urn:x", "valueBoolean": True}]),
    lambda _, held, __: held.update(implicitRules="urn:x"),
    lambda _, held, __: held.update(meta={"tag": [{"system": SUBSETTED, "code": "SUBSETTED"}]}),
    lambda _, held, __: held.update(focus=[{"reference": "Patient/other"}]),
    lambda _, __, part: part.update(dataAbsentReason={"text": "refused"}),
    lambda _, held, __: held.update(code={"text": "in words alone"}),
    lambda _, held, __: _beside(held, {"code": coded("3151-8")}),
    lambda _, held, part: _beside(held, {"code": part["code"], "valueQuantity": {}}),
    lambda _, __, part: part.get("valueQuantity", {}).pop("system", 0),
    lambda _, __, part: part.update(valueString="also"),
    lambda _, held, __: held.pop("id", 0),
    _quantity("comparator", "<", ">=", "ad"),
    _quantity("code", "kg", "mm[Hg]", "%"),
    _quantity("unit", "mmHg", " LB ", "foo"),
    _quantity("value", 0, -5, 9999, 1e9, 120.4),
    *(_period, _lone, _absent, _versioned, _also_coded),
]
"""What valid records do to a value, one or more at a time."""
PATIENTS: tuple[Json, ...] = (
    *({}, {}, {}, {}),
    {"birthDate": "1980-05"},
    {"birthDate": "2030-01-01"},
    {"birthDate": "1780-05-17"},
    {"active": False},
    {"link": [{"other": {"reference": "Patient/z"}, "type": "replaced-by"}]},
    {"link": [{"other": {"reference": "Patient/z"}, "type": "seealso"}]},
    {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
    {"implicitRules": "urn:x"},
    {"deceasedDateTime": "2026"},
    {"_deceasedDateTime": {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}},
    {"deceasedBoolean": False, "_deceasedBoolean": {"id": "x"}},
    {"gender": "unknown"},
)


def written(folder: Path, kind: str, resources: list[Json]) -> None:
    lines = "".join(json.dumps(each) + "\n" for each in resources)
    (folder / f"{kind}.ndjson").write_text(lines, "utf-8")


def both(knowledge: Knowledge, folder: Path) -> list[tuple[Json, Json]]:
    """Return of each patient what the table has, and what the record alone proposes."""
    connection = connect(1)
    table = map_records(connection, "fhir", folder, knowledge.pack, ON)
    done = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in done.description]
    rows = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
    assert len({row["id"] for row in rows}) == len(rows)
    proposer = Proposer(knowledge, load_records(knowledge.pack))
    subjects, _ = group_by_patient(read_records([folder]), proposer.kinds, proposer.matters)
    found = {item.key.rpartition("/")[2]: proposer.propose(item, ON) for item in subjects}
    return [(_said(row), _counting(found[row["id"]])) for row in rows]


def _said(row: Json) -> Json:
    left_out = ("id", MEDICINES)
    return {key: value for key, value in row.items() if key not in left_out and value is not None}


def _counting(found: Proposals) -> Json:
    return {item.question: item.value for item in found.proposed if not (item.stale or item.old)}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_value_of_the_table_is_the_one_that_the_record_proposes(
    seed: int, knowledge: Knowledge, tmp_path: Path
) -> None:
    of = random.Random(seed)
    people: list[Json] = []
    observed: list[Json] = []
    for number in range(350 if seed == 1 else 7_000):
        person = {"resourceType": "Patient", "id": f"n{number}", "birthDate": "1980-05-17"}
        people.append(person | {"gender": "female"} | of.choice(PATIENTS))
        if of.random() < 0.05:
            # The same again, and another of that id.
            people.append(people[-1] | of.choice(({}, {"gender": "male"})))
        observed += [measured(of, number, index) for index in range(of.choice((1, 2, 2, 3)))]
        if of.random() < 0.05:
            observed.append(observed[-1] | of.choice(({}, {"status": "preliminary"})))
    written(tmp_path, "Patient", people)
    written(tmp_path, "Observation", observed)
    same = 0
    for table, record in both(knowledge, tmp_path):
        for question, value in table.items():
            assert question in record, (question, value, record)
            expected = record[question]
            assert value == (expected if isinstance(value, str) else float(expected))
            same += question not in ("patient.age", "patient.sex")
    # Enough of them are values for the law to say something.
    assert same > 30


NOT_TAKEN: tuple[Json, ...] = (
    {"doNotPerform": True},
    {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
    {"intent": "proposal"},
    {"status": "on-hold"},
    {"authoredOn": "2024"},
    {"authoredOn": "2027"},
    {"dispenseRequest": {"validityPeriod": {"end": "2026-10"}}},
    {"dispenseRequest": {"validityPeriod": {"start": "2026-12"}}},
    {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-11-20"}}}}]},
)
TAKEN: tuple[Json, ...] = (
    {},
    {"doNotPerform": False},
    {"authoredOn": "2026"},
    {"dispenseRequest": {"validityPeriod": {"start": "2026-11", "end": "2026-11"}}},
    {"dosageInstruction": [{"asNeededBoolean": True, "text": "as needed"}]},
    {
        "dosageInstruction": [
            {"timing": {"repeat": {"boundsPeriod": {"end": "2026-11-20"}}}},
            {"timing": {"repeat": {"boundsPeriod": {"end": "2026-12"}}}},
        ]
    },
)


def test_a_medicine_counts_that_is_taken(knowledge: Knowledge, tmp_path: Path) -> None:
    changes = (*NOT_TAKEN, *TAKEN)
    people = [{"resourceType": "Patient", "id": f"n{number}"} for number in range(len(changes))]
    orders = [
        {
            "resourceType": "MedicationRequest",
            "id": f"m{number}",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "sertraline 100 mg"},
            "subject": {"reference": f"Patient/n{number}"},
            "authoredOn": "2026-11-01",
        }
        | change
        for number, change in enumerate(changes)
    ]
    written(tmp_path, "Patient", people)
    written(tmp_path, "MedicationRequest", orders)
    connection = connect(1)
    table = map_records(connection, "fhir", tmp_path, knowledge.pack, ON)
    rows = connection.execute(f"SELECT id, {MEDICINES} FROM {table}").fetchall()
    taken = {int(ident[1:]) for ident, listed in rows if listed}
    assert taken == set(range(len(NOT_TAKEN), len(changes)))
