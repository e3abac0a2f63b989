"""Whether a value may answer a question: kinds, limits and choice codes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ketatui.cases.errors import shown
from ketatui.cases.model import Answer
from ketatui.criteria.models import Column, Instrument, Option, Question


class RefusedError(Exception):
    """The value cannot be stored; the text says why and what is allowed."""


def checked(
    asked: Question | Column,
    value: object,
    limits: tuple[int | Decimal | None, int | Decimal | None] | None = None,
) -> Answer:
    """Check one value as read from a file.

    Args:
        asked: The question, or the column of a table of rows.
        value: What the file says.
        limits: Least and greatest value, where they are not the question's own (a scale's).

    Returns:
        The value as a case stores it: another spelling of a choice turned into its code, a
        measurement as a Decimal.

    Raises:
        RefusedError: If the value is of another kind, out of limits, or no known code.
    """
    least, greatest = limits or (asked.min, asked.max)
    match asked.kind:
        case "bool":
            if isinstance(value, bool):
                return value
            raise RefusedError(f"{shown(value)} is not a yes or no; allowed: true, false")
        case "choice":
            return _code(asked.options, value)
        case "text":
            if isinstance(value, str):
                return value
            raise RefusedError(f"{shown(value)} is not text; allowed: text in quotes")
        case "int" | "scale" | "decimal":
            return _number(value, asked.kind == "decimal", least, greatest, asked.unit)
        case _:
            raise RefusedError(f"{shown(value)} stands where a table of rows belongs")


def limits_text(asked: Question, scale: Instrument | None) -> str:
    """Say what a question allows: numbers within limits, or words; empty for text and rows.

    Args:
        asked: The question.
        scale: What it is scored with, if with anything.
    """
    if asked.kind == "bool":
        return "true, false"
    if asked.kind not in ("int", "scale", "decimal"):
        return ", ".join(option.code for option in asked.options)
    least, greatest = (scale.min, scale.max) if scale else (asked.min, asked.max)
    return _range(least, greatest, asked.unit)


def _code(options: Iterable[Option], value: object) -> str:
    codes = []
    for option in options:
        if isinstance(value, str) and (value == option.code or value in option.also):
            return option.code
        codes.append(option.code)
    raise RefusedError(f"{shown(value)} is not one of the choices; allowed: {', '.join(codes)}")


def _number(
    value: object,
    measured: bool,
    least: int | Decimal | None,
    greatest: int | Decimal | None,
    unit: str,
) -> int | Decimal:
    """Return a measurement, which may be written as a whole number, or a whole number only."""
    # To Python, true is a number too.
    if isinstance(value, bool) or not isinstance(value, int | Decimal if measured else int):
        kind = "number" if measured else "whole number"
        allowed = _range(least, greatest, unit)
        raise RefusedError(f"{shown(value)} is no {kind}; allowed: {allowed}")
    number = Decimal(value) if measured else value
    too_small = least is not None and number < least
    too_great = greatest is not None and number > greatest
    if too_small or too_great:
        allowed = _range(least, greatest, unit)
        raise RefusedError(f"{shown(value)} is outside its limits; allowed: {allowed}")
    return number


def _range(least: int | Decimal | None, greatest: int | Decimal | None, unit: str) -> str:
    if least is not None and greatest is not None:
        text = f"{least} to {greatest}"
    elif least is not None:
        text = f"{least} or more"
    elif greatest is not None:
        text = f"{greatest} or less"
    else:
        text = "any number"
    return f"{text} {unit}".rstrip()
