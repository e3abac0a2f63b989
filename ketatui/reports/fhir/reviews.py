"""Reviews and signatures of a case in FHIR R4.

What reviewers said is an extension of the response, with the text as an Annotation. A signature
is a Provenance of its own, whose target is the response: that is where FHIR puts who put their
name to what, when, and why. It holds no cryptographic signature, and claims none.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Meaning, Review, Signature
from ketatui.consultation.review_words import fit_of
from ketatui.reports.fhir.coding import OURS, Json, coding, narrative, text_of

SIGNED = "Provenance"
_ASTM = "urn:iso-astm:E1762-95:2013"
_PURPOSES: dict[Meaning, tuple[str, str]] = {
    "reviewed": ("1.2.840.10065.1.12.1.13", "Review Signature"),
    "amended": ("1.2.840.10065.1.12.1.16", "Modification Signature"),
}
"""ASTM's purposes of signatures; co-signing has none that means the same."""


def reviews(reading: CaseReading) -> list[Json]:
    """Return what reviewers said, an extension each."""
    return [_review(reading, item) for item in reading.case.reviews]


def _review(reading: CaseReading, item: Review) -> Json:
    parts: list[Json] = [
        {"url": "kind", "valueCode": item.kind},
        {"url": "on", "valueString": text_of(item.on)},
        {
            "url": "said",
            "valueAnnotation": {
                "authorString": _author(item),
                "time": moment(item.at),
                "text": text_of(item.text) or "-",
            },
        },
        *_bound(reading, item),
    ]
    return {"extension": parts, "url": f"{OURS}:review"}


def signatures(reading: CaseReading) -> list[Json]:
    """Return the signatures of a case, a Provenance each; `bundle` fills in the target."""
    return [_signature(reading, item) for item in reading.case.signatures]


def _signature(reading: CaseReading, item: Signature) -> Json:
    types = [coding(f"{OURS}:signature", item.meaning)]
    if item.meaning in _PURPOSES:
        code, display = _PURPOSES[item.meaning]
        types.insert(0, coding(_ASTM, code, display))
    who = {"display": _author(item)}
    return {
        "resourceType": SIGNED,
        "text": narrative([f"<p>{escape(item.meaning)}: {escape(_author(item))}</p>"]),
        "extension": _bound(reading, item, f"{OURS}:"),
        "target": [],
        "recorded": moment(item.at),
        "agent": [{"who": who}],
        "signature": [{"type": types, "when": moment(item.at), "who": who}],
    }


def _bound(reading: CaseReading, item: Review | Signature, prefix: str = "") -> list[Json]:
    """Say which revision something is of, by number and digest, and whether that stands."""
    return [
        {"url": f"{prefix}revision", "valueInteger": item.revision},
        {"url": f"{prefix}digest", "valueString": text_of(item.digest) or "-"},
        {"url": f"{prefix}fit", "valueCode": fit_of(reading, item)},
    ]


def _author(item: Review | Signature) -> str:
    return f"{text_of(item.by) or '-'} ({text_of(item.role) or '-'})"


def moment(at: dt.datetime) -> str:
    """Return a moment as FHIR has it, in UTC."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
