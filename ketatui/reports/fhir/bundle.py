"""The questions and the cases in one FHIR R4 Bundle, a transaction that a server loads."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ketatui.cases.integrity import CaseReading
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.reports.fhir.coding import OURS, Json, written
from ketatui.reports.fhir.consent import CONSENT, consents
from ketatui.reports.fhir.courses import KEY, POINTER, courses
from ketatui.reports.fhir.questionnaire import questionnaire
from ketatui.reports.fhir.response import response
from ketatui.reports.fhir.reviews import SIGNED, signatures

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, OURS)
"""Where ids of entries come from: the same case has the same id in every export."""


def resources(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> list[Json]:
    """Return everything of a case: its answers first, then consent, signatures and courses.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for, where the case holds none.
    """
    answers = response(knowledge, reading, today)
    said = [{"meta": answers["meta"], **item} for item in consents(knowledge.pack, reading)]
    treated = [
        {"meta": answers["meta"], **item} for item in courses(knowledge.pack, reading, today)
    ]
    return [answers, *said, *signatures(reading), *treated]


def cases_bundle(knowledge: Knowledge, readings: Iterable[CaseReading], today: dt.date) -> str:
    """Write cases as one transaction; see `resources` and `bundle`."""
    items = (item for reading in readings for item in resources(knowledge, reading, today))
    return bundle(knowledge.pack, items)


def bundle(pack: Pack, items: Iterable[Json]) -> str:
    """Write a transaction of a pack's questions and what cases answered, as JSON.

    Args:
        pack: The criteria of today.
        items: As made by `resources`, case by case; each is written when it comes and then let
            go of.

    Returns:
        The Bundle in ASCII, an entry a line; the same input gives the same text. Each entry is
        put under its own id, so that loading it again changes what is there and adds nothing.
    """
    questions = questionnaire(pack)
    tags = questions["meta"]["tag"]
    entries = [_entry(pack.digest, questions)]
    known: Counter[str] = Counter()
    name, signed = "", 0
    for item in items:
        about = {"reference": _address("QuestionnaireResponse", name)}
        if item["resourceType"] == SIGNED:
            signed += 1
            entries.append(_entry(f"{name} {signed}", item | {"target": [about]}))
        elif item["resourceType"] == CONSENT:
            entries.append(_entry(name, item | {"sourceReference": about}))
        elif KEY in item:
            entries.append(_entry(f"{name} {item[KEY]}", _resolved(item, name)))
        else:
            name, signed = item["identifier"]["value"], 0
            # The tags of a case stand for a bundle of that case, and of no other.
            tags = questions["meta"]["tag"] if known else item["meta"]["tag"]
            known[name] += 1
            # A file and its copy are two entries, which may not share an address.
            name = f"{name} {known[name]}" if known[name] > 1 else name
            entries.append(_entry(name, item))
    head = written({"resourceType": "Bundle", "meta": {"tag": tags}, "type": "transaction"})
    return f'{head[:-1]},"entry":[\n' + ",\n".join(entries) + "\n]}\n"


def _entry(name: str, resource: Json) -> str:
    kind = resource["resourceType"]
    ident = str(_id(kind, name))
    return written(
        {
            "fullUrl": f"urn:uuid:{ident}",
            "resource": {"resourceType": kind, "id": ident, **resource},
            "request": {"method": "PUT", "url": f"{kind}/{ident}"},
        }
    )


def _resolved(value: Any, name: str) -> Any:
    """Return a resource of a course without its key, and with references to the others."""
    if isinstance(value, list):
        return [_resolved(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    if POINTER in value:
        kind, key = value[POINTER]
        return {"reference": _address(kind, f"{name} {key}")}
    return {key: _resolved(item, name) for key, item in value.items() if key != KEY}


def _id(kind: str, name: str) -> uuid.UUID:
    return uuid.uuid5(_SPACE, f"{kind} {name}")


def _address(kind: str, name: str) -> str:
    return f"urn:uuid:{_id(kind, name)}"
