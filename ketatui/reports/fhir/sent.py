"""What of a case is written into a patient's record: the note, and the answers as a form."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from ketatui.cases.integrity import CaseReading
from ketatui.engine import Knowledge
from ketatui.reports.exports import Export, exported
from ketatui.reports.fhir.coding import LOINC, OURS, Json, coding, text_of, written
from ketatui.reports.fhir.response import response
from ketatui.reports.fhir.reviews import moment
from ketatui.reports.forms import NOTES

SENT = f"{OURS}:sent"
"""System of the identifiers by which what was sent is known again."""
SENT_NOTE = f"{OURS}:sent-note"
"""System of the identifiers that all notes of one kind about one case and patient share."""
_CONSULT_NOTE = coding(LOINC, "11488-4", "Consult note")
_CLINICAL_NOTE = coding(
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
    "clinical-note",
    "Clinical Note",
)
_STATUS = {"final": "final", "reviewed": "final", "amended": "amended"}
Identifier = tuple[str, str]
"""A system, and a value of it."""
_DIGITS = 32
"""Of the digest of a content, as they stand in its identifier."""


class ToSend(NamedTuple):
    """A resource that may be sent.

    Attributes:
        kind: Its ``resourceType``.
        what: What it is, as people call it.
        resource: The resource.
        identifier: Its system and value; the same content has the same one.
        series: The identifier that it shares with what it stands in place of; None for none.
    """

    kind: str
    what: str
    resource: Json
    identifier: Identifier
    series: Identifier | None = None

    @property
    def body(self) -> bytes:
        """Return the resource as JSON."""
        return written(self.resource).encode("ascii")

    def replacing(self, names: Sequence[str]) -> ToSend:
        """Return it as what stands in place of others.

        Args:
            names: What these are called on the server: ``DocumentReference/12``.
        """
        related = [{"code": "replaces", "target": {"reference": name}} for name in names]
        return self._replace(resource={**self.resource, "relatesTo": related})


def to_send(
    knowledge: Knowledge,
    reading: CaseReading,
    today: dt.date,
    patient: str,
    kind: str = NOTES[0],
) -> tuple[ToSend, ...]:
    """Make what is written into a patient's record.

    Args:
        knowledge: The criteria of today.
        reading: The case as read, what looks like an identifier replaced if that is wanted.
        today: The day.
        patient: The id of the patient there.
        kind: Which document is the note.

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
    if reading.case.state == "amended":
        form["status"] = "amended"
    name = f"{text_of(reading.case.id)}.{patient}"
    return (
        _identified(document, name, "the note", (SENT_NOTE, f"{name}.{kind}")),
        _identified(form, name, "the answers as a form"),
    )


def _identified(resource: Json, name: str, what: str, series: Identifier | None = None) -> ToSend:
    """Give a resource the identifier of its content; a form of FHIR R4 has room for one only."""
    bare = {key: value for key, value in resource.items() if key != "identifier"}
    digest = hashlib.sha256(written(bare).encode("ascii")).hexdigest()[:_DIGITS]
    own = (SENT, f"{name}.{digest}")
    given = [{"system": system, "value": value} for system, value in (own, series or own)]
    body = resource | {"identifier": given if series else given[0]}
    return ToSend(resource["resourceType"], what, body, own, series)
