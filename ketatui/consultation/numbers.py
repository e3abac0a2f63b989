"""Numbers as people type them: ``97%``, ``5'10"``, ``150 mg``, ``2 months``, in any unit known.

Units are those of one kind (a mass, a length, a time …); a number in a unit of another kind is
no answer, and the sentence says so. What was converted is told beside the value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ketatui.criteria.models import Column
from ketatui.printable import folded, printable
from ketatui.structs import Frozen

_LONGEST = 40
_QUOTED = 20
"""Characters of what was typed that a refusal repeats."""
_MAX_DECIMALS = 2
_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})"
"""What a person writes; Decimal would also read 5e1, 4_6 and digits of other scripts."""
_PART = re.compile(rf"({_NUMBER}) *([^0-9]*)")
_WHOLE = re.compile(rf"([+-]?)((?:{_NUMBER} *[^0-9]*)+)")
_THOUSANDS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})((?:,[0-9]{3})+)(?![0-9,])")
_UNIT_CHARACTERS = re.compile(r"[a-zµμ°%/'\"#. -]*")

_KINDS: Mapping[str, Mapping[str, tuple[Decimal, str]]] = {
    "mass": {
        "kg": (Decimal(1000), "kg kgs kilo kilos kilogram kilograms"),
        "lb": (Decimal("453.59237"), "lb lbs pound pounds #"),
        "st": (Decimal("6350.29318"), "st stone stones"),
        "oz": (Decimal("28.349523125"), "oz ounce ounces"),
        "g": (Decimal(1), "g gm gms gram grams"),
        "mg": (Decimal("0.001"), "mg mgs milligram milligrams"),
        "mcg": (Decimal("0.000001"), "mcg µg μg ug microgram micrograms"),
    },
    "length": {
        "cm": (Decimal(1), "cm cms centimeter centimeters centimetre centimetres"),
        "m": (Decimal(100), "m meter meters metre metres"),
        "mm": (Decimal("0.1"), "mm"),
        "ft": (Decimal("30.48"), "ft foot feet '"),
        "in": (Decimal("2.54"), 'in ins inch inches "'),
    },
    "time": {
        "years": (Decimal("365.25"), "y yr yrs year years yo y/o yearold yearsold yearsofage"),
        "months": (Decimal("30.4375"), "mo mos mth mths month months"),
        "weeks": (Decimal(7), "w wk wks week weeks"),
        "days": (Decimal(1), "d day days"),
        "hours": (Decimal(1) / 24, "h hr hrs hour hours"),
        "minutes": (Decimal(1) / 1440, "min mins minute minutes"),
    },
    "pressure": {
        "mmHg": (Decimal(1), "mmhg mm torr"),
        "kPa": (Decimal("7.50062"), "kpa"),
    },
    "rate": {
        "/min": (Decimal(1), "/min bpm permin b/min beats/min beatspermin beatsperminute /minute")
    },
    "share": {
        "%": (Decimal(1), "% percent pct ra onra roomair onroomair %ra %onra %roomair %onroomair")
    },
    "temperature": {"°F": (Decimal(1), "f °f degf fahrenheit"), "°C": (Decimal(1), "c °c degc")},
}
_FULL_UNITS = frozenset(("ft", "lb", "st"))
"""Units behind which less than one more of them follows, in a smaller one."""
_TIMES = {"daily": 1, "qd": 1, "od": 1, "qhs": 1, "qam": 1, "qpm": 1, "hs": 1, "nightly": 1}
_TIMES |= {"/day": 1, "/d": 1, "aday": 1, "perday": 1, "bid": 2, "tid": 3, "qid": 4}
_TIMES |= {"twicedaily": 2, "twiceaday": 2}
_COUNTED = frozenset(("", "points", "pts", "trial", "trials", "drug", "drugs", "x", "times"))
"""What may stand behind a number that has no unit."""


class Amount(Frozen, frozen=True):
    """A typed number.

    Attributes:
        value: In the unit that was asked for; None when it cannot be had.
        problem: Why not.
        plain: Whether it was typed without a unit.
        converted: Whether the value is not the number that was typed.
    """

    value: Decimal | None = None
    problem: str = ""
    plain: bool = False
    converted: bool = False


def read_amount(
    text: str, unit: str, factors: Mapping[str, Decimal] | None = None, *, bare: str = ""
) -> Amount:
    """Read a typed number.

    Args:
        text: As typed; a comma is a decimal point, or parts thousands.
        unit: The unit of the value; empty for a count.
        factors: Other units of the pack's own, each with its factor to ``unit``.
        bare: The unit of a number without one, where that is not ``unit``.

    Returns:
        The value in ``unit``, not rounded; or why there is none, empty where it is no number.
    """
    if len(text) > _LONGEST:
        return Amount()
    whole = _WHOLE.fullmatch(_plain(text))
    if whole is None:
        return Amount()
    parts = [(Decimal(number), _word(word)) for number, word in _PART.findall(whole[2])]
    if len(parts) == 1 and parts[0][1] == "":
        return _bare(Decimal(whole[1] + whole[2].strip()), unit, bare)
    if whole[1]:
        return Amount()
    known = {**_units_like(unit), **(factors or {})}
    times = 1
    if len(parts) == 1 and unit == "mg":
        parts, times = _split_times(parts[0])
    return _sum(parts, unit, known, times)


def _bare(value: Decimal, unit: str, bare: str) -> Amount:
    factor = _units_like(unit).get(bare)
    if factor is None or bare == unit:
        return Amount(value, plain=True)
    return Amount(value * factor, plain=True, converted=True)


def _sum(
    parts: list[tuple[Decimal, str]], unit: str, known: Mapping[str, Decimal], times: int
) -> Amount:
    """Add the parts of ``5 ft 10.5 in``, each in a unit of its own."""
    total, seen = Decimal(0), set[str]()
    for number, given in parts:
        # A foot's inches are often left without their sign.
        word = "in" if not given and "ft" in seen and "in" in known else given
        if not unit and word in _COUNTED and len(parts) == 1:
            return Amount(number)
        if word not in known:
            plain = len(parts) == 1 and _UNIT_CHARACTERS.fullmatch(word)
            return Amount(problem=_other_unit(word) if plain and unit else "")
        if _name(word) in seen:
            return Amount()
        if any(number * known[word] >= known[other] for other in seen & _FULL_UNITS):
            # 5'13" is a slip of the finger: more inches than a foot has.
            return Amount()
        seen.add(_name(word))
        total += number * known[word]
    converted = times > 1 or any(known[word or "in"] != 1 for _, word in parts)
    return Amount(total * times, converted=converted)


def _other_unit(word: str) -> str:
    kind = next((kind for kind, units in _KINDS.items() if _name(word) in units), "")
    said = f"a {kind}" if kind else "no unit here"
    return f"“{word}” is {said}"


def _split_times(part: tuple[Decimal, str]) -> tuple[list[tuple[Decimal, str]], int]:
    """Take "tid" off ``600 mg tid``: a daily dose is asked for."""
    number, word = part
    for ending, times in sorted(_TIMES.items(), key=lambda item: -len(item[0])):
        if word.endswith(ending):
            return [(number, word.removesuffix(ending) or "mg")], times
    return [part], 1


def _plain(text: str) -> str:
    """Fold width, case and marks; a comma becomes a point unless it parts thousands."""
    text = folded(text.translate(_MARKS)).casefold().strip()
    text = text.replace("''", '"')
    text = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
    return text.replace(",", ".")


_MARKS = str.maketrans({"′": "'", "’": "'", "‘": "'", "´": "'", "″": '"', "”": '"', "“": '"'})  # noqa: RUF001


def _word(text: str) -> str:
    """Return a unit as it stands in the table: without spaces, points and hyphens."""
    return re.sub(r"[ .-]", "", text)


def _units_like(unit: str) -> Mapping[str, Decimal]:
    """Return the spellings of all units of a unit's kind, each with its factor to the unit."""
    for units in _KINDS.values():
        if unit in units:
            base = units[unit][0]
            return {
                spelling: size / base
                for size, spellings in units.values()
                for spelling in spellings.split()
            }
    return {_word(unit.casefold()): Decimal(1)} if unit else {}


def _name(word: str) -> str:
    """Return the unit that a spelling is of; the spelling where it is of none."""
    for units in _KINDS.values():
        for name, (_, spellings) in units.items():
            if word in spellings.split():
                return name
    return word


def parse_number(
    text: str,
    *,
    whole: bool,
    low: Decimal | None,
    high: Decimal | None,
    unit: str,
    also_in: Mapping[str, Decimal] | None = None,
    bare: str = "",
) -> tuple[Decimal | None, str | None]:
    """Read a typed number within limits, in its own unit or another one.

    Args:
        text: As typed (``172lb``, ``5ft10in``, ``72/min``).
        whole: Whether only whole numbers will do.
        low: Least value allowed.
        high: Greatest value allowed.
        unit: The unit of the value.
        also_in: Other units, each with its factor to ``unit``.
        bare: The unit of a number without one, where that is not ``unit``.

    Returns:
        The value and no problem, or None and what is allowed.
    """
    allowed = range_text(low, high, unit)
    amount = read_amount(text, unit, also_in, bare=bare)
    value = amount.value
    if value is None:
        more = f" (or in {', '.join(also_in)})" if also_in else ""
        reason = amount.problem or f"{_quoted(text)} is no number"
        return None, f"{reason}; allowed: {allowed}{more}"
    if amount.converted:
        value = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
        if whole:
            # So many whole years old; a pressure is rounded.
            way = ROUND_FLOOR if unit == "years" else ROUND_HALF_UP
            value = value.quantize(Decimal(1), way)
    exponent = value.as_tuple().exponent
    if whole and value != value.to_integral_value():
        return None, f"{_quoted(text)} is no whole number; allowed: {allowed}"
    if isinstance(exponent, int) and -exponent > _MAX_DECIMALS:
        return None, f"{_quoted(text)} has too many decimals; allowed: {_MAX_DECIMALS}"
    if (low is not None and value < low) or (high is not None and value > high):
        return None, f"{_quoted(text)} is out of range; allowed: {allowed}"
    return value, None


def number_in(column: Column, text: str) -> Decimal | None:
    """Read a number for a column of rows; None where it is none, or not allowed there."""
    value, _ = parse_number(
        text, whole=column.kind == "int", low=column.min, high=column.max, unit=column.unit
    )
    return value


def _quoted(text: str) -> str:
    """Quote what was typed, no longer than a line has room for."""
    known = printable(text.strip())
    return f"“{known}”" if len(known) <= _QUOTED else f"“{known[:_QUOTED]}…”"


def letter_behind(text: str, unit: str, also_in: Collection[str] = ()) -> str:
    """Return the one letter behind a number if nothing that may stand there begins with it.

    Args:
        text: As typed so far.
        unit: The unit of the value; empty for a count.
        also_in: Other units of the pack's own.

    Returns:
        The letter, in lower case; empty for all else: ``172l`` may become ``172lb``.
    """
    found = re.fullmatch(rf"{_NUMBER} ?([a-z])", _plain(text))
    if found is None:
        return ""
    known = {*_units_like(unit), *also_in, *_COUNTED, *(_TIMES if unit == "mg" else ())}
    return "" if any(word.startswith(found[1]) for word in known) else found[1]


def in_unit(value: Decimal, unit: str, other: str) -> Decimal | None:
    """Return a value in another unit of the same kind, to one decimal; None if it is of none."""
    factor = _units_like(unit).get(other)
    return None if factor is None else (value / factor).quantize(Decimal("0.1"), ROUND_HALF_UP)


def feet_text(value: Decimal) -> str:
    """Write centimeters as feet and inches, with their marks."""
    inches = int((value / Decimal("2.54")).to_integral_value(ROUND_HALF_UP))
    return f"{inches // 12}′{inches % 12}″"  # noqa: RUF001


def range_text(low: Decimal | None, high: Decimal | None, unit: str = "") -> str:
    """Say a range: ``50 to 300 mmHg``."""
    if low is None and high is None:
        return "any number"
    if low is None or high is None:
        return f"at most {high} {unit}".strip() if low is None else f"at least {low} {unit}".strip()
    return f"{low} to {high} {unit}".strip()
