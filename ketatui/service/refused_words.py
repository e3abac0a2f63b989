"""What pydantic found wrong with a request, in the words of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WRONG: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "is not text; allowed: text in quotes",
    "bool_type": "is not a yes or no; allowed: true, false",
    "bool_parsing": "is not a yes or no; allowed: true, false",
    "int_type": "is no whole number; allowed: a whole number",
    "int_parsing": "is no whole number; allowed: a whole number",
    "int_from_float": "is no whole number; allowed: a whole number",
    "float_type": "is no number; allowed: a number",
    "float_parsing": "is no number; allowed: a number",
    "decimal_type": "is no number; allowed: a number",
    "decimal_parsing": "is no number; allowed: a number",
    "finite_number": "is no number; allowed: one that is written in digits",
    "date_type": "is no day; allowed: a date like 2026-11-21",
    "date_parsing": "is no day; allowed: a date like 2026-11-21",
    "date_from_datetime_parsing": "is no day; allowed: a date like 2026-11-21",
    "datetime_type": "is no moment; allowed: one like 2026-11-21T21:01:43Z",
    "datetime_parsing": "is no moment; allowed: one like 2026-11-21T21:01:43Z",
    "datetime_from_date_parsing": "is no moment; allowed: one like 2026-11-21T21:01:43Z",
    "timezone_aware": "has no offset; allowed: a moment like 2026-11-21T21:01:43Z",
    "list_type": "is no list; allowed: a list",
    "tuple_type": "is no list; allowed: a list",
    "set_type": "is no list; allowed: a list",
    "dict_type": "is no object; allowed: an object",
    "model_type": "is no object; allowed: an object",
    "model_attributes_type": "is no object; allowed: an object",
    "string_pattern_mismatch": "is not of the form that is allowed: {pattern}",
    "string_too_short": "is too short; allowed: at least {min_length} characters",
    "string_too_long": "is too long; allowed: up to {max_length} characters",
    "too_short": "has too few in it; allowed: at least {min_length}",
    "too_long": "has too many in it; allowed: up to {max_length}",
    "greater_than_equal": "is out of range; allowed: at least {ge}",
    "greater_than": "is out of range; allowed: more than {gt}",
    "less_than_equal": "is out of range; allowed: up to {le}",
    "less_than": "is out of range; allowed: less than {lt}",
    "literal_error": "is not known; allowed: {expected}",
    "enum": "is not known; allowed: {expected}",
}
"""By pydantic's kind of fault; the braces are of its context."""
_OWN = "value_error"


def said_of_fault(fault: Mapping[str, Any]) -> str:
    """Say what is wrong at a place, without the value that was sent: it may be a patient's.

    Args:
        fault: One of ``ValidationError.errors()``, with its context.

    Returns:
        What it is not and what is allowed; for a fault of ours its own sentence, for a kind that
        is not listed pydantic's.
    """
    said = str(fault["msg"])
    if fault["type"] == _OWN:
        return said.removeprefix("Value error, ")
    form = _WRONG.get(fault["type"])
    return said if form is None else form.format_map(fault.get("ctx", {}))
