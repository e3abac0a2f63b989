"""The questions and the cases in one FHIR R4 Bundle."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable

from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import OURS, Json
from ketatui.reports.fhir.questionnaire import questionnaire
from ketatui.reports.fhir.reviews import SIGNED

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, OURS)
"""Where ids of entries come from: the same case has the same id in every export."""


def bundle(pack: Pack, resources: Iterable[Json]) -> str:
    """Write a collection of a pack's questions and what cases answered, as JSON.

    Args:
        pack: The criteria of today.
        resources: As made by `response`, each followed by what `signatures` made of the same
            case; each is written when it comes and then let go of.

    Returns:
        The Bundle in ASCII, an entry a line; the same input gives the same text.
    """
    questions = questionnaire(pack)
    tags = questions["meta"]["tag"]
    entries = [_entry(pack.digest, questions)]
    known: Counter[str] = Counter()
    name, signed = "", 0
    for item in resources:
        if item["resourceType"] == SIGNED:
            signed += 1
            target = [{"reference": _address("QuestionnaireResponse", name)}]
            entries.append(_entry(f"{name} {signed}", item | {"target": target}))
            continue
        name, signed = item["identifier"]["value"], 0
        # The tags of a case stand for a bundle of that case, and of no other.
        tags = questions["meta"]["tag"] if known else item["meta"]["tag"]
        known[name] += 1
        # A file and its copy are two entries, which may not share an address.
        name = f"{name} {known[name]}" if known[name] > 1 else name
        entries.append(_entry(name, item))
    head = _json({"resourceType": "Bundle", "meta": {"tag": tags}, "type": "collection"})
    return f'{head[:-1]},"entry":[\n' + ",\n".join(entries) + "\n]}\n"


def _entry(name: str, resource: Json) -> str:
    return _json({"fullUrl": _address(resource["resourceType"], name), "resource": resource})


def _address(kind: str, name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, f'{kind} {name}')}"


def _json(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"))
