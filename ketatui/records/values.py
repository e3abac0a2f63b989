"""One value of a resource as an answer to a question: its unit known, within its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

import msgspec

from ketatui.criteria.models import Instrument, Question
from ketatui.criteria.models.records import RecordPart
from ketatui.printable import printable
from ketatui.records.resources import Concept, HasValue, Quantity, Readable
from ketatui.structs import Frozen

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
_KEPT = Decimal("0.01")
_VALUE = ("value",)
_EXACT = (Decimal,)
"""Numbers with a point come exact, and text is none."""
_INDEX = re.compile(r"\[([0-9.]+)\]")
_Resource = TypeVar("_Resource", bound=Readable)


class Refused(Frozen, frozen=True):
    """Why a value is not taken.

    Attributes:
        because: The reason.
        ask: Whether something is there that bears on a question, and somebody has to ask.
    """

    because: str
    ask: bool = False


def read_resource(data: Mapping[str, Any], model: type[_Resource]) -> _Resource | Refused:
    """Read a resource.

    Returns:
        Its parts that are read; or which of them is not what FHIR says, or turns its meaning.
    """
    try:
        found = msgspec.convert(data, model, builtin_types=_EXACT)
    except msgspec.ValidationError as error:
        _, _, place = str(error).partition(" - at `$.")
        shown = printable(_INDEX.sub(r".\1", place.removesuffix("`")))
        return Refused(f"cannot be read: {shown[:80] or 'it'} is not as FHIR R4 has it")
    except RecursionError:
        return Refused("cannot be read: nested too deeply")
    twice = _chosen_twice(data, model.CHOICES) if model.CHOICES else ""
    twice = twice or _part_chosen_twice(data.get("component") or ())
    if twice:
        return Refused(f"cannot be read: it holds {twice}[x] more than once")
    if found.altered or found.implicit_rules:
        return Refused("something in it may change its meaning: modifierExtension, implicitRules")
    if found.partial:
        return Refused("only a part of it was handed out (SUBSETTED)")
    return found


def _chosen_twice(data: Mapping[str, Any], choices: tuple[str, ...]) -> str:
    """Return the first element of several types that is there in two of them."""
    there = [key for key in data if key.startswith(choices) and data[key] is not None]
    if len(there) > 1:
        for name in choices:
            types = (key[len(name) :][:1] for key in there if key.startswith(name))
            if sum(map(str.isupper, types)) > 1:
                return name
    return ""


def _part_chosen_twice(parts: Any) -> str:
    return next((name for part in parts if (name := _chosen_twice(part, _VALUE))), "")


def codes_of(concept: Concept) -> frozenset[str]:
    """Return the codes of LOINC that a concept carries."""
    return frozenset(
        item.code for item in concept.coding if item.system == LOINC and item.code is not None
    )


def measured(question: Question, held: HasValue, part: RecordPart) -> int | Decimal | Refused:
    """Read a measured value in the unit of its question.

    Args:
        question: What it answers; says the limits.
        held: The observation or component.
        part: Says which units are taken, each with its factor, and whether it is rounded.

    Returns:
        The value; exact, and to two decimals where another unit was converted.
    """
    quantity, units = held.value_quantity, part.units
    if held.data_absent_reason is not None or quantity is None or quantity.value is None:
        return Refused("it holds no measured value")
    factor = units.get(quantity.code or "") if quantity.system == UCUM else None
    if factor is None:
        return Refused(f"its unit is not one of UCUM's {', '.join(units)}")
    if quantity.comparator is not None:
        return Refused(f"it is a bound ({quantity.comparator}) and no value")
    if not quantity.value.is_finite() or abs(quantity.value.adjusted()) > 9:
        return Refused("its value is out of all range")
    if factor == 1:
        value = quantity.value
    else:
        value = (quantity.value * factor).quantize(_KEPT, ROUND_HALF_UP)
        value = value.to_integral_value() if value == value.to_integral_value() else value
    if part.rounded and question.kind == "int":
        value = value.to_integral_value(ROUND_HALF_UP)
    return _within(question, value)


def _within(question: Question, value: Decimal) -> int | Decimal | Refused:
    low, high = question.min, question.max
    if (low is not None and value < low) or (high is not None and value > high):
        return Refused(f"{value:f} is out of range; allowed: {low} to {high}")
    if question.kind == "int":
        if value != value.to_integral_value():
            return Refused(f"{value:f} is no whole number")
        return int(value)
    if Decimal(repr(float(value))) != value:
        return Refused("it has more digits than can be kept")
    return value


def total_of(
    instrument: Instrument, held: HasValue, units: tuple[str, ...]
) -> int | Refused | None:
    """Read the total of a scale; None where there is none."""
    value = _whole(held, units)
    if value is None or isinstance(value, Refused):
        return value
    if not instrument.min <= value <= instrument.max:
        return Refused(f"{value} is out of range; allowed: {instrument.min} to {instrument.max}")
    return value


def _whole(held: HasValue, units: tuple[str, ...]) -> int | Refused | None:
    if held.data_absent_reason is not None:
        return None
    if held.value_integer is not None:
        return held.value_integer
    quantity = held.value_quantity
    if quantity is None or quantity.value is None:
        return None
    return _score(quantity, units)


def _score(quantity: Quantity, units: tuple[str, ...]) -> int | Refused:
    value = quantity.value
    if value is None or quantity.comparator is not None:
        return Refused("it is a bound and no value")
    if quantity.code is not None and (quantity.system != UCUM or quantity.code not in units):
        return Refused(f"its unit is not one of UCUM's {', '.join(units)}")
    if abs(value.adjusted()) > 9 or value != value.to_integral_value():
        return Refused(f"{value} is no whole number")
    return int(value)


def items_of(
    instrument: Instrument, members: tuple[HasValue, ...], units: tuple[str, ...]
) -> dict[str, int] | Refused:
    """Read the items of a scale: by their answers' codes, or as whole numbers.

    Returns:
        Scores by item; those that are there, none twice.
    """
    found: dict[str, int] = {}
    by_code = {item.loinc: item for item in instrument.items if item.loinc}
    for held in members:
        item = next((by_code[code] for code in codes_of(held.code) if code in by_code), None)
        if item is None or held.data_absent_reason is not None:
            continue
        if held.value_codeable_concept is not None:
            said = codes_of(held.value_codeable_concept)
            scores = [n for n, code in enumerate(item.loinc_answers) if code in said]
            score = scores[0] if len(scores) == 1 else None
        else:
            read = _whole(held, units)
            if isinstance(read, Refused):
                return read
            score = read
        if score is None or not 0 <= score < len(item.options) or item.id in found:
            return Refused(f"its item {item.id} cannot be read")
        found[item.id] = score
    return found
