"""What a record calls its resources: words for people, from which nothing is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.printable import printable
from ketatui.records.model import Proposals
from ketatui.records.patients import Subject

_LONGEST = 60
_CALLED_BY = ("code", "medicationCodeableConcept")


def named(found: Proposals, subject: Subject, *, to_ask: bool = False) -> Proposals:
    """Return proposals that know what the record calls their resources, and those left out.

    Args:
        found: What a record proposes.
        subject: The patient with the resources.
        to_ask: Only those that somebody has to ask about.
    """
    wanted = {item.resource for item in found.not_used if item.ask or not to_ask}
    if not to_ask:
        wanted |= {item.resource for item in found.proposed}
    names = {
        held.key: name
        for held in subject.resources
        if held.key in wanted and (name := next(_words(held.resource), ""))
    }
    return found.replaced(names=names)


def _words(resource: Mapping[str, Any]) -> Iterator[str]:
    for part in _CALLED_BY:
        concept = resource.get(part)
        if not isinstance(concept, Mapping):
            continue
        coding = concept.get("coding")
        words = [concept.get("text")]
        words += [
            item.get("display")
            for item in (coding if isinstance(coding, list) else ())
            if isinstance(item, Mapping)
        ]
        for text in words:
            if isinstance(text, str) and text.strip():
                said = printable(" ".join(text.split()))
                yield said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
