"""What a clinician types, turned into an answer or a sentence that says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from ketatui.cases.model import Case
from ketatui.consultation.edits import instrument_of
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.structs import Frozen

_MAX_DECIMALS = 2
_LONGEST = 16
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?")
"""What a person writes; Decimal would also read 5e1, 4_6 and digits of other scripts."""
_WITH_UNIT = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?) *([a-z]{1,4})")


class Entry(Frozen, frozen=True):
    """A typed value.

    Attributes:
        value: The answer; None when it can not be one.
        problem: Why not, and what is allowed.
        check: A value that is possible and unusual: "please check".
    """

    value: bool | int | Decimal | str | None
    problem: str | None = None
    check: str | None = None


def parse_entry(pack: Pack, question: Question, text: str, case: Case) -> Entry:
    """Parse what was typed for a question.

    Args:
        pack: The criteria pack.
        question: A question of kind int, decimal, scale, bool or choice.
        text: As typed.
        case: For limits that depend on another answer.

    Returns:
        The value, or the problem; possibly with something to check.
    """
    text = text.strip()
    if question.kind == "bool":
        return _yes_or_no(text)
    if question.kind == "choice":
        return _choice(question, text)
    return _number(pack, question, text, case)


def _yes_or_no(text: str) -> Entry:
    words = {"y": True, "yes": True, "n": False, "no": False}
    if text.casefold() in words:
        return Entry(words[text.casefold()])
    return Entry(None, "answer y (yes) or n (no)")


def _choice(question: Question, text: str) -> Entry:
    folded = text.casefold()
    for number, option in enumerate(question.options, start=1):
        if folded in (str(number), option.code.casefold(), option.label.casefold(), *option.also):
            return Entry(option.code)
    return Entry(None, f"choose 1 to {len(question.options)}")


def limits(pack: Pack, question: Question) -> tuple[Decimal | None, Decimal | None]:
    """Return the hard limits of a numeric question; a scale's come from its instrument."""
    if question.kind == "scale":
        instrument = instrument_of(pack, question)
        return Decimal(instrument.min), Decimal(instrument.max)
    return question.min, question.max


def _number(pack: Pack, question: Question, text: str, case: Case) -> Entry:
    low, high = limits(pack, question)
    value, problem = parse_number(
        text,
        whole=question.kind != "decimal",
        low=low,
        high=high,
        unit=question.unit,
        also_in=question.also_in,
    )
    if value is not None:
        problem = _order_problem(pack, question, value, case)
    if value is None or problem:
        return Entry(None, problem)
    answer = value if question.kind == "decimal" else int(value)
    return Entry(answer, check=_unusual(question, value))


def parse_number(
    text: str,
    *,
    whole: bool,
    low: Decimal | None,
    high: Decimal | None,
    unit: str,
    also_in: Mapping[str, Decimal] | None = None,
) -> tuple[Decimal | None, str | None]:
    """Read a typed number, in its own unit or another one (``172lb``, ``5ft10in``).

    Args:
        text: As typed; a comma is a decimal point.
        whole: Whether only whole numbers will do.
        low: Least value allowed.
        high: Greatest value allowed.
        unit: The unit of the value.
        also_in: Other units, each with its factor to ``unit``.

    Returns:
        The value and no problem, or None and what is allowed.
    """
    allowed = range_text(low, high, unit)
    text = text.strip().replace(",", ".").casefold()
    if len(text) > _LONGEST:
        return None, f"a number is expected, {allowed}"
    value = Decimal(text) if _NUMBER.fullmatch(text) else _in_other_units(text, also_in or {})
    if value is None:
        more = f" (or in {', '.join(also_in)})" if also_in else ""
        return None, f"a number is expected, {allowed}{more}"
    exponent = value.as_tuple().exponent
    if whole and value != value.to_integral_value():
        return None, f"a whole number is expected, {allowed}"
    if isinstance(exponent, int) and -exponent > _MAX_DECIMALS:
        return None, f"at most {_MAX_DECIMALS} decimals"
    if (low is not None and value < low) or (high is not None and value > high):
        return None, f"outside the limits, {allowed}"
    return value, None


def _in_other_units(text: str, factors: Mapping[str, Decimal]) -> Decimal | None:
    parts = _WITH_UNIT.findall(text)
    if "".join(number + unit for number, unit in parts) != text.replace(" ", "") or not parts:
        return None
    units = [unit for _, unit in parts]
    if len(set(units)) != len(units) or not set(units) <= set(factors):
        return None
    total = sum((Decimal(number) * factors[unit] for number, unit in parts), Decimal(0))
    return total.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _order_problem(pack: Pack, question: Question, value: Decimal, case: Case) -> str | None:
    """Check "diastolic below systolic", whichever of the two is typed last."""
    for other in pack.questions.values():
        if other.id == question.below:
            above = case.answers.get(other.id)
            if isinstance(above, int | Decimal) and value >= above:
                return f"has to be below {other.label.lower()} ({above} {other.unit})"
        elif other.below == question.id:
            beneath = case.answers.get(other.id)
            if isinstance(beneath, int | Decimal) and value <= beneath:
                return f"has to be above {other.label.lower()} ({beneath} {other.unit})"
    return None


def _unusual(question: Question, value: Decimal) -> str | None:
    if question.soft_min is not None and value < question.soft_min:
        return f"unusually low: below {question.soft_min} {question.unit}, please check".strip()
    if question.soft_max is not None and value > question.soft_max:
        return f"unusually high: above {question.soft_max} {question.unit}, please check".strip()
    return None


def range_text(low: Decimal | None, high: Decimal | None, unit: str = "") -> str:
    """Say a range: ``50 to 300 mmHg``."""
    if low is None and high is None:
        return "any number"
    if low is None or high is None:
        return f"at most {high} {unit}".strip() if low is None else f"at least {low} {unit}".strip()
    return f"{low} to {high} {unit}".strip()
