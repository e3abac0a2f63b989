"""Identifiers of persons in the free texts of a case: seen, shown, replaced when asked."""

from ketatui.privacy.case_texts import (
    SEALED,
    CaseText,
    Place,
    Sighting,
    key_of,
    look_through,
    place_text,
    replaced_in,
    replaced_in_reading,
    texts_of,
)
from ketatui.privacy.scanner import Scanner, Seen, remark, scanner_of

__all__ = [
    "SEALED",
    "CaseText",
    "Place",
    "Scanner",
    "Seen",
    "Sighting",
    "key_of",
    "look_through",
    "place_text",
    "remark",
    "replaced_in",
    "replaced_in_reading",
    "scanner_of",
    "texts_of",
]
