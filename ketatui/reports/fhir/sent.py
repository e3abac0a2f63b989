"""What of a case is written into a patient's record: the note, and the answers as a form."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import NamedTuple

from ketatui.cases.integrity import CaseReading
from ketatui.engine import Knowledge
from ketatui.reports.exports import Export, Kind, exported
from ketatui.reports.fhir.coding import LOINC, OURS, Json, coding, text_of, written
from ketatui.reports.fhir.response import response
from ketatui.reports.fhir.reviews import moment

SENT = f"{OURS}:sent"
"""System of the identifiers by which what was sent is known again."""
_CONSULT_NOTE = coding(LOINC, "11488-4", "Consult note")
_CLINICAL_NOTE = coding(
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
    "clinical-note",
    "Clinical Note",
)
_STATUS = {"final": "final", "reviewed": "final", "amended": "amended"}
_DIGITS = 32
"""Of the digest of a content, as they stand in its identifier."""


class ToSend(NamedTuple):
    """A resource that may be sent.

    Attributes:
        kind: Its ``resourceType``.
        what: What it is, as people call it.
        body: The resource as JSON.
        identifier: Its system and value; the same content has the same one.
    """

    kind: str
    what: str
    body: bytes
    identifier: tuple[str, str]


def to_send(
    knowledge: Knowledge, reading: CaseReading, today: dt.date, patient: str, kind: Kind = "note"
) -> tuple[ToSend, ...]:
    """Make what is written into a patient's record.

    Args:
        knowledge: The criteria of today.
        reading: The case as read, what looks like an identifier replaced if that is wanted.
        today: The day.
        patient: The id of the patient there.
        kind: Which note.

    Returns:
        The note as a DocumentReference, and the answers as a QuestionnaireResponse.
    """
    subject = {"reference": f"Patient/{patient}"}
    text = exported(knowledge, reading, today, Export("txt", kind))
    saved = reading.case.record.saved_at
    document: Json = {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": _STATUS.get(reading.case.state, "preliminary"),
        "type": {"coding": [_CONSULT_NOTE]},
        "category": [{"coding": [_CLINICAL_NOTE]}],
        "subject": subject,
        **({"date": moment(saved)} if saved else {}),
        "description": "Note of a consultation on ketamine and esketamine",
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "data": base64.b64encode(text).decode("ascii"),
                    "title": "Note",
                }
            }
        ],
    }
    form = response(knowledge, reading, today) | {"subject": subject}
    name = text_of(reading.case.id)
    return (
        _identified(document, f"{name}.{patient}", "the note", listed=True),
        _identified(form, f"{name}.{patient}", "the answers as a form", listed=False),
    )


def _identified(resource: Json, name: str, what: str, *, listed: bool) -> ToSend:
    """Give a resource the identifier of its content."""
    bare = {key: value for key, value in resource.items() if key != "identifier"}
    digest = hashlib.sha256(written(bare).encode("ascii")).hexdigest()[:_DIGITS]
    identifier = {"system": SENT, "value": f"{name}.{digest}"}
    body = resource | {"identifier": [identifier] if listed else identifier}
    value = (identifier["system"], identifier["value"])
    return ToSend(resource["resourceType"], what, written(body).encode("ascii"), value)
