"""That an answer cannot be established, where clients look that know no extension of a value.

A number, a text or a table has no answer that says so: an integer is an integer. Each has an item
of its own beside it for that, with the one coded answer "asked but unknown".
Source: HL7 Terminology, data-absent-reason; HL7 Structured Data Capture 3.0.
"""

from __future__ import annotations

from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import UNKNOWN, Json, pack_text
from ketatui.reports.fhir.conditions import enabling, has_items

BEFORE = "unknown:"
"""Begins the link ids of such items; no id of a question or a section does."""


def needs_beside(question: Question) -> bool:
    """Tell whether that a question is unknown stands beside it: no answer of its own can say it."""
    return question.kind not in ("bool", "choice")


def asked_beside(pack: Pack, question: Question) -> Json:
    """Return the item of the Questionnaire, asked while the question is."""
    item: Json = {"linkId": f"{BEFORE}{question.id}"}
    # Within the group of a scale, that group says when.
    if not has_items(pack, question) and (enabled := enabling(pack, question)) is not None:
        item["extension"] = [enabled]
    return item | {
        "text": _text(question),
        "type": "choice",
        "answerOption": [{"valueCoding": UNKNOWN}],
    }


def said_beside(question: Question) -> Json:
    """Return the item of a response to it."""
    return {
        "linkId": f"{BEFORE}{question.id}",
        "text": _text(question),
        "answer": [{"valueCoding": UNKNOWN}],
    }


def _text(question: Question) -> str:
    return pack_text(f"{question.label}: cannot be established")
