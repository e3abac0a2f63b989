"""A case as a FHIR R4 QuestionnaireResponse. It names no patient: a case has none."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.cases.model import Case
from ketatui.criteria.models import Column, Question
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, establish
from ketatui.engine.facts import MEDICATIONS, TRIALS
from ketatui.reports.as_saved import Seen, seen
from ketatui.reports.fhir.coding import (
    OURS,
    Json,
    coding,
    number,
    option_coding,
    score_coding,
    text_of,
    unknown,
)
from ketatui.reports.fhir.conditions import TOTAL, has_items
from ketatui.reports.fhir.questionnaire import canonical, criteria_tags, section_link
from ketatui.reports.fhir.reviews import reviews
from ketatui.tables import plain

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TEST_DATA = coding(
    "http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST", "test health data"
)
_VALUES = {
    "bool": "valueBoolean",
    "choice": "valueCoding",
    "int": "valueInteger",
    "scale": "valueInteger",
    "decimal": "valueDecimal",
    "text": "valueString",
}


def response(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Json:
    """Return a case's answers.

    Args:
        knowledge: The criteria of today, whose Questionnaire is answered.
        reading: The case as read.
        today: The day a fresh assessment is made for, where the case holds none.

    Returns:
        A QuestionnaireResponse. Answers to questions that are not asked are left out.
    """
    case = reading.case
    found = seen(knowledge, reading, today)
    info = knowledge.pack.info
    made: Json = {"resourceType": "QuestionnaireResponse"}
    if _ID.fullmatch(case.id):
        made["id"] = case.id
    made["meta"] = {"tag": _tags(reading, found)}
    if said := [*_integrity(reading), *reviews(reading)]:
        made["extension"] = said
    made["identifier"] = {
        "system": f"{OURS}:case",
        "value": text_of(case.id) or str(uuid.uuid5(uuid.NAMESPACE_URL, repr(case))),
    }
    made["questionnaire"] = f"{canonical(info.id)}|{info.version}"
    made["status"] = "in-progress" if case.state == "draft" else "completed"
    if label := text_of(case.label):
        made["subject"] = {"display": label}
    if case.record.saved_at is not None:
        made["authored"] = f"{case.record.saved_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    if items := _sections(knowledge, reading.counted):
        made["item"] = items
    return made


def _integrity(reading: CaseReading) -> list[Json]:
    """What keeps the case from standing as it is, an extension each; none where nothing does."""
    url = f"{OURS}:integrity"
    return [{"url": url, "valueString": text_of(line)} for line in integrity_lines(reading)]


def _tags(reading: CaseReading, found: Seen) -> list[Json]:
    case = reading.case
    tags = criteria_tags(found.pack_id, found.version, found.digest, found.policy)
    tags.append(coding(f"{OURS}:assessed-for", text_of(found.on) or "not-recorded"))
    tags.append(coding(f"{OURS}:assessment", "fresh" if found.fresh else "as-saved"))
    tags.append(coding(f"{OURS}:integrity", reading.integrity.seal.replace("_", "-")))
    tags.append(coding(f"{OURS}:use", "practice" if case.practice else "clinical"))
    return [*tags, _TEST_DATA] if case.practice else tags


def _sections(knowledge: Knowledge, case: Case) -> list[Json]:
    pack, asked = knowledge.pack, establish(knowledge, case).asked
    sections: list[Json] = []
    for section in pack.sections:
        items = [
            item
            for question in pack.by_section[section.id]
            if asked.get(question.id) is not False
            for item in _items(pack, case, question)
        ]
        if items:
            sections.append({"linkId": section_link(section), "item": items})
    return sections


def _items(pack: Pack, case: Case, question: Question) -> list[Json]:
    items = _answered(pack, case, question)
    note = text_of(case.notes.get(question.id, ""))
    if note:
        items = items or [{"linkId": question.id}]
        extension = {"url": f"{OURS}:note", "valueString": note}
        first = items[0]
        items[0] = {
            "linkId": first["linkId"],
            "extension": [*first.get("extension", ()), extension],
            **{key: value for key, value in first.items() if key not in ("linkId", "extension")},
        }
    return items


def _answered(pack: Pack, case: Case, question: Question) -> list[Json]:
    ident = question.id
    if question.kind == "rows":
        if ident in case.unknown:
            return [{"linkId": ident, **unknown()}]
        return [item for row in _rows(case, ident) if (item := _row(question, row))]
    if has_items(pack, question):
        parts = _scale(pack, case, question)
        return [{"linkId": ident, "item": parts}] if parts else []
    answer = _answer(case, question)
    return [{"linkId": ident, "answer": [answer]}] if answer else []


def _answer(case: Case, question: Question) -> Json | None:
    kind = _VALUES[question.kind]
    if question.id in case.unknown:
        # The extension of a primitive value stands beside it, in a name with an underscore.
        return {kind if kind == "valueCoding" else f"_{kind}": unknown()}
    value = case.answers.get(question.id)
    return None if value is None else _value(question.id, question, value)


def _value(ident: str, asked: Question | Column, value: Any) -> Json | None:
    kind = _VALUES[asked.kind]
    match value:
        case bool():
            return {kind: value}
        case int() | Decimal():
            return {kind: number(value)}
        case str() if asked.kind == "choice":
            option = next((item for item in asked.options if item.code == value), None)
            return {kind: option_coding(ident, option)} if option else None
        case str():
            return {kind: text_of(value)} if text_of(value) else None
        case _:
            return None


def _scale(pack: Pack, case: Case, question: Question) -> list[Json]:
    assert question.instrument is not None
    scores = case.scale_items.get(question.id, {})
    parts: list[Json] = [
        {
            "linkId": f"{question.id}.{item.id}",
            "answer": [{"valueCoding": score_coding(question.id, item, scores[item.id])}],
        }
        for item in pack.instruments[question.instrument].items
        if item.id in scores
    ]
    total = _answer(case, question)
    return [*parts, {"linkId": f"{question.id}.{TOTAL}", "answer": [total]}] if total else parts


def _rows(case: Case, ident: str) -> list[Mapping[str, Any]]:
    rows = {TRIALS: case.trials, MEDICATIONS: case.medications}.get(ident, ())
    return [plain(row) for row in rows]


def _row(question: Question, row: Mapping[str, Any]) -> Json | None:
    cells: list[Json] = []
    for column in question.columns:
        ident = f"{question.id}.{column.id}"
        answer = _value(ident, column, row.get(column.id))
        if answer:
            cells.append({"linkId": ident, "answer": [answer]})
    return {"linkId": question.id, "item": cells} if cells else None
