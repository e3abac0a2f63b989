"""A case as a FHIR R4 QuestionnaireResponse. It names no patient: a case has none."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape
from typing import Any

from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.cases.model import Case
from ketatui.consultation.words import not_in_criteria
from ketatui.criteria.models import Column, Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge, establish
from ketatui.reports.assessment_shown import Seen, seen
from ketatui.reports.fhir.absent import needs_beside, said_beside
from ketatui.reports.fhir.coding import (
    OURS,
    UNKNOWN,
    Json,
    coding,
    exact,
    narrative,
    option_coding,
    pack_markup,
    pack_text,
    score_coding,
    text_of,
    unknown,
    yes_no,
)
from ketatui.reports.fhir.conditions import TOTAL, has_items, kept_items
from ketatui.reports.fhir.proposed import Proposed
from ketatui.reports.fhir.questionnaire import (
    NOTE,
    NOTES,
    canonical,
    criteria_tags,
    section_link,
    total_text,
)
from ketatui.reports.fhir.reviews import reviews
from ketatui.reports.given import other_days
from ketatui.toml_structs import plain

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEST_DATA = coding(
    "http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST", "test health data"
)
_VALUES = {
    "bool": "valueCoding",
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
        A QuestionnaireResponse; `bundle` gives it its id. Answers to questions that are not asked
        are left out.
    """
    case = reading.case
    found = seen(knowledge, reading, today)
    info = knowledge.pack.info
    made: Json = {"resourceType": "QuestionnaireResponse"}
    made["meta"] = {"tag": _tags(reading, found)}
    days = {item.question: item.day for item in other_days(knowledge.pack, case, found.on)}
    items = _sections(knowledge, reading.counted, days)
    made["text"] = _said(case, items)
    others = _others(knowledge.pack, case)
    if said := [*_integrity(reading), *others, *reviews(reading)]:
        made["extension"] = said
    made["identifier"] = {
        "system": f"{OURS}:case",
        "value": text_of(case.id) or str(uuid.uuid5(uuid.NAMESPACE_URL, repr(case))),
    }
    made["questionnaire"] = f"{canonical(info.id)}|{info.version}"
    made["status"] = "in-progress" if case.state == "draft" else "completed"
    if label := text_of(case.label):
        made["subject"] = {"display": label}
    made["authored"] = _authored(case, found.on, today)
    if items:
        made["item"] = items
    return made


def _authored(case: Case, on: str, today: dt.date) -> str:
    """Return when it was saved; of what never was, the day it is assessed for."""
    if case.record.saved_at is not None:
        return f"{case.record.saved_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return on if _DAY.fullmatch(on) else today.isoformat()


def _said(case: Case, sections: list[Json]) -> Json:
    """Return the answers as people read them."""
    lines = [f"<p>{escape(text_of(case.label) or text_of(case.id) or 'A case')}</p>"]
    for section in sections:
        lines.append(f"<p><b>{escape(section['text'])}</b></p><ul>")
        lines += _points(section["item"])
        lines.append("</ul>")
    return narrative(lines)


def _points(items: list[Json]) -> Iterator[str]:
    for item in items:
        values = [_shown(answer) for answer in item.get("answer", ())]
        if not values and "item" not in item:
            values = ["unknown"] if _is_unknown(item) else []
        value = f": {escape('; '.join(values))}" if values else ""
        inside = "".join(_points(item["item"])) if "item" in item else ""
        more = f"<ul>{inside}</ul>" if inside else ""
        yield f"<li>{pack_markup(item['text'])}{value}{more}</li>"


def _is_unknown(item: Json) -> bool:
    return any(part in item.get("extension", ()) for part in unknown()["extension"])


def _shown(answer: Json) -> str:
    (value,) = answer.values()
    return str(value.get("display", value["code"])) if isinstance(value, dict) else f"{value}"


def _integrity(reading: CaseReading) -> list[Json]:
    """Return what keeps the case from standing as it is: an extension each."""
    url = f"{OURS}:integrity"
    return [{"url": url, "valueString": text_of(line)} for line in integrity_lines(reading)]


def _others(pack: Pack, case: Case) -> list[Json]:
    """Keep what the criteria at hand do not have, and so their questionnaire has no item for."""
    found = [text_of(f"{ident}: {said}") for ident, said in not_in_criteria(pack, case)]
    return [{"url": f"{OURS}:not-in-criteria", "valueString": text} for text in found]


def _tags(reading: CaseReading, found: Seen) -> list[Json]:
    case = reading.case
    tags = criteria_tags(found.pack_id, found.version, found.digest, found.policy)
    tags.append(coding(f"{OURS}:assessed-for", text_of(found.on) or "not-recorded"))
    tags.append(coding(f"{OURS}:assessment", "fresh" if found.fresh else "as-saved"))
    tags.append(coding(f"{OURS}:integrity", reading.integrity.seal.replace("_", "-")))
    tags.append(coding(f"{OURS}:use", "practice" if case.practice else "clinical"))
    return [*tags, _TEST_DATA] if case.practice else tags


def _sections(knowledge: Knowledge, case: Case, days: Mapping[str, dt.date]) -> list[Json]:
    pack, asked = knowledge.pack, establish(knowledge, case).asked
    record = Proposed(case)
    sections: list[Json] = []
    for section in pack.sections:
        items = [
            item
            for question in pack.by_section[section.id]
            for item in (
                _items(pack, case, question, days.get(question.id), record)
                if asked.get(question.id) is not False
                else _kept(pack, case, question)
            )
        ]
        if items:
            title = pack_text(section.title)
            sections.append({"linkId": section_link(section), "text": title, "item": items})
    return [*sections, *_notes(pack, case)]


def _notes(pack: Pack, case: Case) -> Iterator[Json]:
    """Yield the notes once more in a group of their own: many clients drop extensions."""
    rows: list[Json] = []
    for ident in pack.questions if case.notes else ():
        if note := text_of(case.notes.get(ident, "")):
            cells = (("question", "Question", ident), ("text", "Text", note))
            items = [
                {"linkId": f"{NOTES}.{key}", "text": text, "answer": [{"valueString": value}]}
                for key, text, value in cells
            ]
            rows.append({"linkId": f"{NOTES}.note", "text": NOTE, "item": items})
    if rows:
        yield {"linkId": NOTES, "text": "Notes on questions", "item": rows}


def _items(
    pack: Pack, case: Case, question: Question, day: dt.date | None, record: Proposed
) -> list[Json]:
    items = _answered(pack, case, question)
    if question.kind == "rows":
        items = [_extended(item, record.of_row(question.id, item)) for item in items]
    note = text_of(case.notes[question.id]) if question.id in case.notes else ""
    more: list[Json] = []
    if day is not None and items:
        more.append({"url": f"{OURS}:given-on", "valueDate": day.isoformat()})
    if note:
        items = items or [_item(question.id, question.text)]
        more.append({"url": f"{OURS}:note", "valueString": note})
    if items and question.kind != "rows":
        more += record.of(question.id)
    return [_extended(items[0], more), *items[1:]] if more else items


def _extended(item: Json, more: list[Json]) -> Json:
    """Return an item with further extensions."""
    if not more:
        return item
    return {
        "linkId": item["linkId"],
        "extension": [*item.get("extension", ()), *more],
        **{key: value for key, value in item.items() if key not in ("linkId", "extension")},
    }


def _kept(pack: Pack, case: Case, question: Question) -> list[Json]:
    """Return what counts of a question that is not asked: items that count by themselves."""
    names = kept_items(pack, question)
    if not names:
        return []
    links = {f"{question.id}.{name}" for name in names}
    parts = [part for part in _scale(pack, case, question) if part["linkId"] in links]
    return [_item(question.id, question.text) | {"item": parts}] if parts else []


def _item(link: str, text: str, answer: Json | None = None) -> Json:
    found: Json = {"linkId": link, "text": pack_text(text)}
    return found if answer is None else found | {"answer": [answer]}


def _unknown_item(link: str, text: str) -> Json:
    return {"linkId": link, **unknown(), "text": pack_text(text)}


def _answered(pack: Pack, case: Case, question: Question) -> list[Json]:
    ident = question.id
    if question.kind == "rows":
        if ident in case.unknown:
            return [_unknown_item(ident, question.text), said_beside(question)]
        return [item for row in _rows(case, ident) if (item := _row(question, row))]
    if has_items(pack, question):
        parts = _scale(pack, case, question)
        return [_item(ident, question.text) | {"item": parts}] if parts else []
    answer = _single(case, question, ident, question.text)
    return _with_beside(case, question, answer) if answer else []


def _with_beside(case: Case, question: Question, item: Json) -> list[Json]:
    """Return an item, and after it the one that says it is unknown, where no answer can."""
    beside = question.id in case.unknown and needs_beside(question)
    return [item, said_beside(question)] if beside else [item]


def _single(case: Case, question: Question, link: str, text: str) -> Json | None:
    """Return the item of a question's answer; that it is unknown stands where clients look."""
    if question.id in case.unknown:
        coded = _VALUES[question.kind] == "valueCoding"
        return _item(link, text, {"valueCoding": UNKNOWN}) if coded else _unknown_item(link, text)
    value = case.answers.get(question.id)
    answer = None if value is None else _value(question.id, question, value)
    return None if answer is None else _item(link, text, answer)


def _value(ident: str, asked: Question | Column, value: Any) -> Json | None:
    kind = _VALUES[asked.kind]
    match value:
        case bool():
            return {kind: yes_no(value)}
        case int() | Decimal():
            return {kind: exact(value) if asked.kind == "decimal" else int(value)}
        case str() if asked.kind == "choice":
            option = next((item for item in asked.options if item.code == value), None)
            return {kind: option_coding(ident, option)} if option else None
        case str():
            return {kind: text_of(value)} if text_of(value) else None
        case _:
            return None


def _scale(pack: Pack, case: Case, question: Question) -> list[Json]:
    assert question.instrument is not None
    instrument = pack.instruments[question.instrument]
    scores = case.scale_items.get(question.id, {})
    parts: list[Json] = [
        _item(
            f"{question.id}.{item.id}",
            item.text,
            {"valueCoding": score_coding(question.id, item, scores[item.id])},
        )
        for item in instrument.items
        if item.id in scores
    ]
    total = _single(case, question, f"{question.id}.{TOTAL}", total_text(instrument))
    return [*parts, *_with_beside(case, question, total)] if total else parts


def _rows(case: Case, ident: str) -> list[Mapping[str, Any]]:
    own = {TRIALS: case.trials, MEDICATIONS: case.medications}
    if ident in own:
        return [plain(row) for row in own[ident]]
    return list(case.tables.get(ident, ()))


def _row(question: Question, row: Mapping[str, Any]) -> Json | None:
    cells: list[Json] = []
    for column in question.columns:
        ident = f"{question.id}.{column.id}"
        answer = _value(ident, column, row.get(column.id))
        if answer:
            cells.append(_item(ident, column.label, answer))
    return _item(question.id, question.text) | {"item": cells} if cells else None
