"""What a clinician types, turned into an answer or a sentence that says why not."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from ketatui.cases.model import Case
from ketatui.consultation.edits import SetAnswer, Together
from ketatui.consultation.numbers import feet_text, in_unit, parse_number, read_amount
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.printable import folded
from ketatui.structs import Frozen

_PAIR = re.compile(
    r"(?:bp:? *)?([0-9]{2,3}) *(?:/|over) *([0-9]{2,3})(?: *mm ?hg)?"
    r"(?:,? *\(?(?:sitting|seated|at rest)\)?)?",
    re.IGNORECASE,
)
"""A blood pressure as it is said: ``148/92``, taken as it should be: ``148/92 sitting``."""
_MEANT = {"kg": ("lb", "kg"), "cm": ("in", "ft")}
"""Units in which a number that has none may have been meant."""
_POINTED = re.compile(r"([3-7])[.,](1[01]|[0-9]) *(?:ft|foot|feet|')?", re.IGNORECASE)
"""Feet with a point: "5.10" is five feet ten far oftener than 5.1 feet, whatever its unit."""


class Entry(Frozen, frozen=True):
    """A typed value.

    Attributes:
        value: The answer; None when it cannot be one.
        problem: Why not, and what is allowed.
        check: A value that is possible and unusual: "please check".
        also: Answers to other questions that were typed with it, each with the question's id.
        said: What it was read as, where that is not what was typed.
    """

    value: bool | int | Decimal | str | None
    problem: str | None = None
    check: str | None = None
    also: tuple[tuple[str, int], ...] = ()
    said: str = ""


def edit_of(question: str, entry: Entry) -> SetAnswer | Together:
    """Return the edit that takes a typed value, and what was typed with it, as one.

    Args:
        question: The question's id.
        entry: A value that is one.
    """
    value = entry.value if isinstance(entry.value, bool | int) else str(entry.value)
    answer = SetAnswer(question=question, value=value)
    if not entry.also:
        return answer
    others = (SetAnswer(question=ident, value=other) for ident, other in entry.also)
    return Together(edits=(answer, *others))


def parse_entry(
    pack: Pack, question: Question, text: str, case: Case, *, weight_unit: str = ""
) -> Entry:
    """Parse what was typed for a question.

    Args:
        pack: The criteria pack.
        question: A question of kind int, decimal, scale, bool or choice.
        text: As typed.
        case: For limits that depend on another answer.
        weight_unit: What a weight without a unit is in: ``kg``, ``lb``, or empty: kg, but asked
            about where pounds are likelier.

    Returns:
        The value, or the problem; possibly with something to check.
    """
    text = text.strip()
    if question.kind == "bool":
        return _yes_or_no(text)
    if question.kind == "choice":
        return _choice(question, text)
    return _number(pack, question, _without_name(question, folded(text)), case, weight_unit)


def _without_name(question: Question, text: str) -> str:
    """Take the question's own name off a number: ``HR 72``, ``SpO2: 97%``, ``PHQ-9 19``."""
    for name in sorted(_names(question), key=len, reverse=True):
        found = re.match(rf"{re.escape(name)} ?[ :=] ?(?=[0-9])", text, re.IGNORECASE)
        if found is not None:
            return text[found.end() :]
    return text


def _names(question: Question) -> tuple[str, ...]:
    """Return what may stand before a number; of a scale its full name only.

    The 9 of "PHQ 9" and the 2 of "item 9: 2" are no total.
    """
    names = (question.label, *question.find)
    if question.kind != "scale":
        return names
    own = _letters(question.label.split()[0])
    return (question.label, *(name for name in names if _letters(name) == own))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


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


def _number(pack: Pack, question: Question, text: str, case: Case, bare: str) -> Entry:
    pressures = _PAIR.fullmatch(text)
    if pressures is not None and (pair := _pair_of(pack, question)) is not None:
        return _both(pack, pair, question, (pressures[1], pressures[2]))
    low, high = pack.limits_of(question)
    of_all = re.fullmatch(r"([0-9]+) *(?:/|of|out of) *([0-9]+)", text)
    if question.kind == "scale" and of_all is not None and Decimal(of_all[2]) == high:
        text = of_all[1]  # "21/27"
    mass = in_unit(Decimal(1), question.unit, bare) is not None
    value, problem = parse_number(
        text,
        whole=question.kind != "decimal",
        low=low,
        high=high,
        unit=question.unit,
        also_in=question.also_in,
        bare=bare if mass else "",
    )
    if value is not None:
        problem = _order_problem(pack, question, value, case)
    if value is None or problem:
        return Entry(None, (problem or "") + _meant_otherwise(question, text, bare))
    answer = value if question.kind == "decimal" else int(value)
    check = _unusual(question, value) or (_likelier(question, text, value) if not bare else "")
    if not check and _feet_and_inches(question, text):
        check = f"{number_text(value)} {question.unit}, please check"
    if check:
        check += _meant_otherwise(question, text, bare)
    return Entry(answer, check=check or None, said=_read_as(question, text, value))


def pressure_in(pack: Pack, text: str) -> Question | None:
    """Return the question of the upper pressure where a text is a blood pressure: ``148/92``."""
    if _PAIR.fullmatch(text.strip()) is None:
        return None
    lower = next((item for item in pack.questions.values() if item.below is not None), None)
    return None if lower is None else pack.questions[lower.below or ""]


def _pair_of(pack: Pack, question: Question) -> tuple[Question, Question] | None:
    """Return the two questions of a blood pressure, upper first, if the question is one."""
    for lower in pack.questions.values():
        if lower.below is not None and question.id in (lower.id, lower.below):
            return pack.questions[lower.below], lower
    return None


def _both(
    pack: Pack, pair: tuple[Question, Question], question: Question, typed: tuple[str, str]
) -> Entry:
    """Read ``148/92``: both pressures, whichever of them is asked for."""
    values: dict[str, int] = {}
    for part, text in zip(pair, typed, strict=True):
        entry = _number(pack, part, text, Case(), "")
        if not isinstance(entry.value, int):
            return Entry(None, f"{part.label.lower()}: {entry.problem}")
        values[part.id] = entry.value
    upper, lower = pair
    if values[lower.id] >= values[upper.id]:
        return Entry(None, f"{lower.label.lower()} has to be below {upper.label.lower()}")
    checks = [_unusual(part, Decimal(values[part.id])) for part in pair]
    also = tuple((part.id, values[part.id]) for part in pair if part.id != question.id)
    both = f"{values[upper.id]}/{values[lower.id]} {question.unit}".strip()
    said = f"{both}, upper and lower value"
    check = "; ".join(text for text in checks if text)
    return Entry(values[question.id], check=check or None, also=also, said=said)


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


def _unusual(question: Question, value: Decimal) -> str:
    if question.soft_min is not None and value < question.soft_min:
        return f"unusually low: below {question.soft_min} {question.unit}, please check".strip()
    if question.soft_max is not None and value > question.soft_max:
        return f"unusually high: above {question.soft_max} {question.unit}, please check".strip()
    return ""


def _likelier(question: Question, text: str, value: Decimal) -> str:
    """Ask about a number without a unit that is nearer to the usual in pounds."""
    low, high = question.soft_min, question.soft_max
    other = in_unit(value, "lb", question.unit)
    if other is None or low is None or high is None or not _is_bare(text):
        return ""
    usual = (low * high).sqrt()
    if value <= usual or usual / other >= value / usual or not low <= other <= high:
        return ""
    return f"{number_text(value)} {question.unit}, please check"


def _meant_otherwise(question: Question, text: str, bare: str) -> str:
    """Say what a number without a unit would be in another one, where that is usual."""
    low, high = question.soft_min, question.soft_max
    feet = _feet_and_inches(question, text)
    if low is None or high is None or not (feet or _is_bare(text)):
        return ""
    taken = bare or question.unit
    text = feet or text
    for unit in (unit for unit in _MEANT.get(question.unit, ()) if unit != taken):
        amount = read_amount(text, question.unit, bare=unit)
        if amount.value is not None and low <= amount.value <= high:
            value = number_text(amount.value.quantize(Decimal("0.1"), ROUND_HALF_UP))
            typed = text.strip()
            if feet:
                return f"; as {typed}″ it is {value} {question.unit}: type {typed}"
            return f"; as {typed} {unit} it is {value} {question.unit}: type {typed}{unit}"
    return ""


def _feet_and_inches(question: Question, text: str) -> str:
    """Return a height in feet with a point as feet and inches: ``5'10``; empty for any other."""
    feet = _POINTED.fullmatch(text.strip()) if question.unit == "cm" else None
    return "" if feet is None else f"{feet[1]}'{feet[2]}"


def _is_bare(text: str) -> bool:
    return read_amount(text, "").plain


def _read_as(question: Question, text: str, value: Decimal) -> str:
    """Say what a number was read as, where that is not what was typed."""
    shown = with_units(question, value)
    return "" if shown in (text, f"{text} {question.unit}".strip()) else shown


def with_units(question: Question, value: Decimal) -> str:
    """Write a value with its unit, a weight and a height also in the other unit in use."""
    said = f"{number_text(value)} {question.unit}".strip()
    # A dose in mg is a mass too, and nobody says it in pounds.
    pounds = in_unit(value, question.unit, "lb") if question.unit == "kg" else None
    if pounds is not None:
        return f"{said} ({number_text(pounds)} lb)"
    if in_unit(value, question.unit, "ft") is not None:
        return f"{said} ({feet_text(value)})"
    return said
