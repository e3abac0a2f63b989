"""What several FHIR resources of ours share: systems, codings, extensions, values."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from msgspec.json import Encoder

from ketatui.criteria.models import InstrumentItem, Option
from ketatui.printable import printable

Json = dict[str, Any]

OURS = "urn:ketatui"
"""Systems and extensions of our own begin with this; `package` defines them."""
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
_STRUCTURE = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
YES_NO = f"{TERMINOLOGY}/v2-0136"
ABSENT_REASON = f"{_STRUCTURE}/data-absent-reason"
ORDINAL = f"{_STRUCTURE}/ordinalValue"
UNIT = f"{_STRUCTURE}/questionnaire-unit"

_ENCODER = Encoder(decimal_format="number")
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def text_of(text: str) -> str:
    """Return a text a FHIR string may hold: no control characters, no blanks around it."""
    bare = " ".join(text.split())
    return bare if bare.isprintable() else printable(bare)


pack_text = lru_cache(maxsize=1024)(text_of)
"""The same of texts of the criteria, which come up for every case."""


pack_markup = lru_cache(maxsize=1024)(escape)
"""The same as XHTML."""


def exact(value: int | Decimal) -> Decimal:
    """Return a number with the digits it was given with: 81.0 stays 81.0."""
    number = Decimal(value)
    digits = number.as_tuple().exponent
    return Decimal(int(number)) if isinstance(digits, int) and digits > 0 else number


def written(value: Any) -> str:
    """Write JSON in ASCII; a decimal keeps the digits it was given with, as FHIR asks.

    Args:
        value: Tables, lists, texts, truth values, whole numbers and Decimals.
    """
    text = _ENCODER.encode(value).decode()
    return text if text.isascii() else _FOREIGN.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def coding(system: str, code: str, display: str = "", version: str = "") -> Json:
    """Return a coding; what is empty is left out."""
    found: Json = {"system": system}
    if version:
        found["version"] = text_of(version)
    found["code"] = code
    if display:
        found["display"] = text_of(display)
    return found


def answers_system(ident: str) -> str:
    """Return the system of the answers of a choice question or column."""
    return f"{OURS}:answers:{ident}"


@lru_cache(maxsize=1024)
def option_coding(ident: str, option: Option) -> Json:
    """Return the coding of an answer of a choice question or column; it is shared, not changed."""
    return coding(answers_system(ident), option.code, option.label)


def yes_no(value: bool) -> Json:
    """Return a yes or a no as HL7 codes them."""
    return coding(YES_NO, "Y", "Yes") if value else coding(YES_NO, "N", "No")


UNKNOWN = coding(f"{TERMINOLOGY}/data-absent-reason", "asked-unknown", "Asked But Unknown")
"""The answer of a question that was asked and cannot be established."""


def score_coding(ident: str, item: InstrumentItem, score: int) -> Json:
    """Return the coding of an answer of a scale's item, with the score it counts for."""
    if item.loinc_answers:
        found = coding(LOINC, item.loinc_answers[score], item.options[score])
    else:
        found = coding(answers_system(f"{ident}.{item.id}"), str(score), item.options[score])
    return {"extension": [{"url": ORDINAL, "valueDecimal": score}], **found}


def unit_extension(unit: str, ucum: str | None) -> Json:
    """Return the standard extension for the unit of a number."""
    known = coding(UCUM, ucum, unit) if ucum else {"display": unit}
    return {"url": UNIT, "valueCoding": known}


def bound(name: str, value: Decimal, *, whole: bool) -> Json:
    """Return the standard extension for the least or greatest value (``minValue``)."""
    if whole:
        return {"url": f"{_STRUCTURE}/{name}", "valueInteger": int(value)}
    return {"url": f"{_STRUCTURE}/{name}", "valueDecimal": value}


def unknown() -> Json:
    """Return the extensions of an item that was asked for and cannot be established."""
    return {"extension": [{"url": ABSENT_REASON, "valueCode": "asked-unknown"}]}


def narrative(lines: list[str]) -> Json:
    """Return what people read of a resource.

    Args:
        lines: XHTML of paragraphs and lists, their texts escaped.
    """
    inside = "".join(lines)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>',
    }
