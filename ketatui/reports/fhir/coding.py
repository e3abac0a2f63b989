"""What several FHIR resources of ours share: systems, codings, extensions, values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ketatui.cases.errors import printable
from ketatui.criteria.models import InstrumentItem, Option

Json = dict[str, Any]

OURS = "urn:ketatui"
"""Systems and extensions of our own begin with this: they are explained in docs/exports.md."""
LOINC = "http://loinc.org"
_STRUCTURE = "http://hl7.org/fhir/StructureDefinition"
ABSENT_REASON = f"{_STRUCTURE}/data-absent-reason"
ORDINAL = f"{_STRUCTURE}/ordinalValue"
UNIT = f"{_STRUCTURE}/questionnaire-unit"


def text_of(text: str) -> str:
    """Return a text a FHIR string may hold: no control characters, no blanks around it."""
    return printable(" ".join(text.split()))


def coding(system: str, code: str, display: str = "", version: str = "") -> Json:
    """Return a coding; what is empty is left out."""
    found: Json = {"system": system}
    if version:
        found["version"] = text_of(version)
    found["code"] = code
    if display:
        found["display"] = text_of(display)
    return found


def option_coding(ident: str, option: Option) -> Json:
    """Return the coding of an answer of a choice question or column."""
    return coding(f"{OURS}:answers:{ident}", option.code, option.label)


def score_coding(ident: str, item: InstrumentItem, score: int) -> Json:
    """Return the coding of an answer of a scale's item, with the score it counts for."""
    found = coding(f"{OURS}:answers:{ident}.{item.id}", str(score), item.options[score])
    return {"extension": [{"url": ORDINAL, "valueDecimal": score}], **found}


def number(value: int | Decimal) -> int | float:
    """Return a number as JSON has it."""
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return float(value)
    return int(value)


def bound(name: str, value: Decimal, *, whole: bool) -> Json:
    """Return the standard extension for the least or greatest value (``minValue``)."""
    kind = "valueInteger" if whole else "valueDecimal"
    return {"url": f"{_STRUCTURE}/{name}", kind: number(value)}


def unknown() -> Json:
    """Return the element of a value that was asked for and can not be established."""
    return {"extension": [{"url": ABSENT_REASON, "valueCode": "asked-unknown"}]}
