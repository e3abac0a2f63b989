"""The questions of a criteria pack as a FHIR R4 Questionnaire."""

from __future__ import annotations

from html import escape

from ketatui.criteria.models import Column, Instrument, Option, Question, Section
from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.absent import asked_beside, needs_beside
from ketatui.reports.fhir.coding import (
    LOINC,
    OURS,
    UNKNOWN,
    Json,
    bound,
    coding,
    narrative,
    option_coding,
    score_coding,
    text_of,
    unit_extension,
    yes_no,
)
from ketatui.reports.fhir.conditions import TOTAL, enabling, expression, has_items, total_path

TYPES = {
    "bool": "choice",
    "choice": "choice",
    "int": "integer",
    "decimal": "decimal",
    "scale": "integer",
    "text": "string",
}
"""Types of items by kind of question or column; a yes or no can be unknown, as a choice can."""
_YES_NO = (yes_no(True), yes_no(False))
NOTES = "notes"
"""Link id of the group of notes, and what begins those of its items."""
NOTE = "Note on a question"
"""What each of them is called."""
_LOINC_NOTICE = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright © "
    "Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) "
    "Committee and is available at no cost under the license at http://loinc.org/license. LOINC® "
    "is a registered United States trademark of Regenstrief Institute, Inc."
)


def questionnaire(pack: Pack) -> Json:
    """Return the questions of a pack.

    Args:
        pack: The criteria.

    Returns:
        A Questionnaire whose link ids are the ids of sections and questions.
    """
    info = pack.info
    return {
        "resourceType": "Questionnaire",
        "meta": {"tag": criteria_tags(info.id, info.version, pack.digest, _policy(pack))},
        "text": narrative(
            [
                f"<p>{escape(text_of(info.title))}, version {escape(text_of(info.version))}</p>",
                f"<p>{escape(text_of(info.about))}</p>",
            ]
        ),
        "url": canonical(info.id),
        "version": info.version,
        "name": "".join(part.capitalize() for part in info.id.split("-")),
        "title": text_of(info.title),
        "status": "active",
        "subjectType": ["Patient"],
        "date": info.effective.isoformat(),
        "description": text_of(info.about),
        "jurisdiction": [{"text": text_of(info.jurisdiction)}],
        "copyright": _copyright(pack),
        "item": [*(_section(pack, section) for section in pack.sections), _notes()],
    }


def canonical(pack_id: str) -> str:
    """Return the name of a pack's Questionnaire, without its version."""
    return f"{OURS}:questionnaire:{pack_id}"


def criteria_tags(pack_id: str, version: str, digest: str, policy: str) -> list[Json]:
    """Return the tags that say which criteria a resource was made under."""
    tags = [
        coding(f"{OURS}:criteria", pack_id or "not-recorded", version=version),
        coding(f"{OURS}:criteria-digest", digest or "not-recorded"),
    ]
    return tags + ([coding(f"{OURS}:local-policy", "local-policy", policy)] if policy else [])


def _policy(pack: Pack) -> str:
    return pack.policy.title if pack.policy else ""


def _copyright(pack: Pack) -> str:
    """Say whose the scales and codes are."""
    said = [f"{scale.title}: {scale.licence}" for scale in pack.instruments.values()]
    return text_of(" ".join([*said, _LOINC_NOTICE]))


def _notes() -> Json:
    """Return the group of notes: a client that knows no extension keeps it all the same."""
    return {
        "linkId": NOTES,
        "text": "Notes on questions",
        "type": "group",
        "item": [
            {
                # Within a group of their own: clients keep one of several groups at the top.
                "linkId": f"{NOTES}.note",
                "text": NOTE,
                "type": "group",
                "repeats": True,
                "item": [
                    {"linkId": f"{NOTES}.question", "text": "Question", "type": "string"},
                    {"linkId": f"{NOTES}.text", "text": "Text", "type": "text"},
                ],
            }
        ],
    }


def _section(pack: Pack, section: Section) -> Json:
    return {
        "linkId": section_link(section),
        "text": text_of(section.title),
        "type": "group",
        "item": [
            item for question in pack.by_section[section.id] for item in _asked(pack, question)
        ],
    }


def _asked(pack: Pack, question: Question) -> list[Json]:
    """Return the item of a question, and beside it the one that says it is unknown."""
    item = _question(pack, question)
    if not needs_beside(question):
        return [item]
    beside = asked_beside(pack, question)
    if not has_items(pack, question):
        return [item, beside]
    return [item | {"item": [*item["item"], beside]}]


def section_link(section: Section) -> str:
    """Return the link id of a section; it cannot be that of a question, or of its rows."""
    return f"section:{section.id}"


def _question(pack: Pack, question: Question) -> Json:
    item: Json = {"linkId": question.id}
    extensions = _extensions(question)
    if question.asked_when is not None:
        extensions.append({"url": f"{OURS}:asked-when", "valueString": question.asked_when})
        if (enabled := enabling(pack, question)) is not None:
            extensions.append(enabled)
    if extensions:
        item["extension"] = extensions
    instrument = pack.instruments[question.instrument] if question.instrument else None
    if code := _code(pack, question, instrument):
        item["code"] = [coding(LOINC, code)]
    item["text"] = text_of(question.text)
    item["type"] = _type(pack, question)
    if question.kind == "rows":
        item["repeats"] = True
        item["item"] = [_column(question, column) for column in question.columns]
    elif instrument is not None and instrument.items:
        item["item"] = _scale(question, instrument)
    elif question.kind == "bool":
        item["answerOption"] = [{"valueCoding": answer} for answer in (*_YES_NO, UNKNOWN)]
    elif question.options:
        item["answerOption"] = [*_options(question.id, question.options), {"valueCoding": UNKNOWN}]
    return item


def _type(pack: Pack, question: Question) -> str:
    if question.kind == "rows" or has_items(pack, question):
        return "group"
    return TYPES[question.kind]


def _code(pack: Pack, question: Question, instrument: Instrument | None) -> str | None:
    if instrument is None:
        return question.loinc
    return instrument.loinc_panel if has_items(pack, question) else instrument.loinc_total


def _extensions(question: Question | Column) -> list[Json]:
    whole = question.kind in ("int", "scale")
    found = [
        bound(name, value, whole=whole)
        for name, value in (("minValue", question.min), ("maxValue", question.max))
        if value is not None
    ]
    if question.unit:
        found.append(unit_extension(question.unit, question.ucum))
    return found


def _options(ident: str, options: tuple[Option, ...]) -> list[Json]:
    return [{"valueCoding": option_coding(ident, option)} for option in options]


def _column(question: Question, column: Column) -> Json:
    ident = f"{question.id}.{column.id}"
    item: Json = {"linkId": ident}
    if extensions := _extensions(column):
        item["extension"] = extensions
    item |= {"text": text_of(column.label), "type": TYPES[column.kind]}
    if column.kind == "bool":
        item["answerOption"] = [{"valueCoding": answer} for answer in _YES_NO]
    elif column.options:
        item["answerOption"] = _options(ident, column.options)
    return item


def _scale(question: Question, instrument: Instrument) -> list[Json]:
    items: list[Json] = []
    for part in instrument.items:
        item: Json = {"linkId": f"{question.id}.{part.id}"}
        if part.loinc:
            item["code"] = [coding(LOINC, part.loinc)]
        item |= {
            "text": text_of(part.text),
            "type": "choice",
            "answerOption": [
                {"valueCoding": score_coding(question.id, part, score)}
                for score in range(len(part.options))
            ],
        }
        items.append(item)
    total: Json = {
        "linkId": f"{question.id}.{TOTAL}",
        "extension": [
            *_extensions(question),
            expression("calculatedExpression", total_path(question, instrument)),
        ],
    }
    if instrument.loinc_total:
        total["code"] = [coding(LOINC, instrument.loinc_total)]
    return [*items, total | {"text": total_text(instrument), "type": "integer"}]


def total_text(instrument: Instrument) -> str:
    """Return what the item of a scale's total is called."""
    return f"{text_of(instrument.title)}: total"
