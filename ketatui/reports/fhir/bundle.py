"""The questions and the cases in one FHIR R4 Bundle."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable

from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import OURS, Json
from ketatui.reports.fhir.questionnaire import questionnaire

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, OURS)
"""Where ids of entries come from: the same case has the same id in every export."""


def bundle(pack: Pack, responses: Iterable[Json]) -> str:
    """Write a collection of a pack's questions and what cases answered, as JSON.

    Args:
        pack: The criteria of today.
        responses: As made by `response`; each is written when it comes and then let go of.

    Returns:
        The Bundle in ASCII, an entry a line; the same input gives the same text.
    """
    questions = questionnaire(pack)
    tags = questions["meta"]["tag"]
    entries = [_entry(pack.digest, questions)]
    known: Counter[str] = Counter()
    for item in responses:
        name = item["identifier"]["value"]
        known[name] += 1
        # The tags of a case stand for a bundle of that case, and of no other.
        tags = item["meta"]["tag"] if len(entries) == 1 else questions["meta"]["tag"]
        # A file and its copy are two entries, which may not share an address.
        entries.append(_entry(f"{name} {known[name]}" if known[name] > 1 else name, item))
    head = _json({"resourceType": "Bundle", "meta": {"tag": tags}, "type": "collection"})
    return f'{head[:-1]},"entry":[\n' + ",\n".join(entries) + "\n]}\n"


def _entry(name: str, resource: Json) -> str:
    address = uuid.uuid5(_SPACE, f"{resource['resourceType']} {name}")
    return _json({"fullUrl": f"urn:uuid:{address}", "resource": resource})


def _json(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"))
