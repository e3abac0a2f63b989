"""The entry line of a running session: ``141/88 97 4 mod`` and ``nausea 25 mild``.

A line is read as a whole or not at all. What is not understood is refused with what is allowed,
what cannot be or looks exchanged is asked about, and every word of a line that is taken has become
part of what is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ketatui.cases.courses import Event, Observation
from ketatui.course.entry_words import GRADES, GRADES_SEEN, LIMITS, NAMED, TITLES
from ketatui.printable import folded
from ketatui.structs import Frozen

LONGEST = 200
"""Characters of a line; an event needs no more."""
ALLOWED = (
    "141/88, oxygen 97, sedation 0 to 5, none mild mod severe, hr 72, rr 14, @40; "
    "or an event: nausea 25 mild"
)

_PRESSURE = re.compile(r"([0-9]{1,4})/([0-9]{1,4})\Z")
_NUMBER = re.compile(r"[0-9]{1,6}\Z")
_MINUTE = re.compile(r"@([0-9]{1,6})\Z|([0-9]{1,6})(?:'|min)\Z")
_ATTACHED = re.compile(r"([a-z/]*[a-z])([0-9]{1,6})(?:%|/min|bpm)?\Z")
_WITH_UNIT = re.compile(r"([0-9]{1,6})(%|bpm)\Z")
_NARROW_PULSE_PRESSURE = 15
"""mmHg between the two values of a pressure, below which they are asked about."""


class Entry(Frozen, frozen=True):
    """What a line comes to.

    Attributes:
        observation: What was measured or seen, if the line says so; with the minute it is for.
        event: An adverse event, if the line says so.
        problem: Why the line is not taken, and what is allowed; empty for a line that is.
        check: What has to be asked before it is taken; empty for nothing.
        said: The value shown back.
        taken: The words of the line that became part of it, all of them where it is taken.
    """

    observation: Observation | None = None
    event: Event | None = None
    problem: str = ""
    check: str = ""
    said: str = ""
    taken: tuple[str, ...] = ()


class _RefusedError(Exception):
    """The line is not taken; the text says why."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a line, folded: ``141 / 88`` is one, digits of any width are digits."""
    line = " ".join(folded(text).split()).casefold().replace("’", "'")
    line = re.sub(r"(?<=[0-9]) ?/ ?(?=[0-9])", "/", line)
    return tuple(word for word in re.split(r"[ ,;]+", line) if word)


def parse_line(
    text: str, minute: int | None, usual_events: Sequence[str] = (), *, ahead: bool = False
) -> Entry:
    """Read a line.

    Args:
        text: As typed.
        minute: What the session's clock says; None where it cannot tell.
        usual_events: Terms that need no second look.
        ahead: Whether a minute that has not come yet is taken: the clock cannot be trusted.

    Returns:
        An observation or an event, or why not.
    """
    if len(text) > LONGEST:
        return Entry(problem=f"A line has at most {LONGEST} characters")
    words = words_of(text)
    if not words:
        return Entry(problem=f"Type {ALLOWED}")
    try:
        found = _values(words)
        if found is None:
            return _event(text, words, minute, usual_events, ahead=ahead)
        return _observation(words, found, minute, ahead=ahead)
    except _RefusedError as refused:
        return Entry(problem=str(refused))


# --- observations -------------------------------------------------------------------------------


def _values(words: Sequence[str]) -> dict[str, Any] | None:
    """Return what the words say of an observation; None where they are about an event.

    A bare number, a minute and a grade stand in both kinds of line; a pressure or a value that is
    named stands in an observation only.
    """
    found: dict[str, Any] = {}
    strange: list[str] = []
    twice, certain, place = "", False, 0
    while place < len(words):
        part, value, used = _part(words, place)
        if part is None:
            strange.append(words[place])
        else:
            bare = used == 1 and part in ("spo2", "sedation", "dissociation")
            certain = certain or not (bare or part == "minute")
            twice = twice or (part if part in found else "")
            found[part] = value
        place += used
    if strange and not certain and any(map(_is_word, strange)):
        return None
    if strange:
        raise _RefusedError(_not_understood(strange[0]))
    if twice:
        raise _RefusedError(f"Two values for {TITLES[twice]}: one a line. Allowed: {ALLOWED}")
    return found


def _is_word(word: str) -> bool:
    return any(letter.isalpha() for letter in word)


def _not_understood(word: str) -> str:
    hint = ""
    if re.fullmatch(r"[0-9]+-[0-9]+", word):
        hint = f" A pressure is written {word.replace('-', '/')}."
    elif _NUMBER.match(word):
        hint = " A pressure is written 141/88, a pulse hr 72, a minute @40."
    return f"“{word}” is not understood.{hint} Allowed: {ALLOWED}"


def _part(words: Sequence[str], place: int) -> tuple[str | None, Any, int]:
    """Return what the word at a place is, its value, and how many words that takes."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if pressure := _PRESSURE.match(word):
        return "pressure", (int(pressure[1]), int(pressure[2])), 1
    if word in GRADES_SEEN:
        return "dissociation", GRADES_SEEN[word], 1
    if minute := _MINUTE.match(word):
        return "minute", int(minute[1] or minute[2]), 1
    if word == "@" and _NUMBER.match(following):
        return "minute", int(following), 2
    if unit := _WITH_UNIT.match(word):
        return ("spo2" if unit[2] == "%" else "heart_rate"), int(unit[1]), 1
    if attached := _ATTACHED.match(word):
        part = NAMED.get(attached[1])
        if part in LIMITS:
            return part, int(attached[2]), 1
    if word in NAMED:
        return _after_name(word, following)
    return _bare_number(word, following)


def _bare_number(word: str, following: str) -> tuple[str | None, Any, int]:
    """Return what a number is that nothing names: its size tells, or it is not understood."""
    if _NUMBER.match(word):
        value = int(word)
        if following in ("min", "minutes"):
            return "minute", value, 2
        if 50 <= value <= 100:
            return "spo2", value, 1
        if 0 <= value <= 5 and len(word) == 1:
            return "sedation", value, 1
    return None, None, 1


def _after_name(word: str, following: str) -> tuple[str | None, Any, int]:
    part = NAMED[word]
    if part == "pressure" and (pressure := _PRESSURE.match(following)):
        return part, (int(pressure[1]), int(pressure[2])), 2
    if part == "dissociation" and following in GRADES_SEEN:
        return part, GRADES_SEEN[following], 2
    bare = following.removesuffix("%") if part == "spo2" else following
    if part in LIMITS and _NUMBER.match(bare):
        return part, int(bare), 2
    return None, None, 1


def _observation(
    words: Sequence[str], found: dict[str, Any], minute: int | None, *, ahead: bool
) -> Entry:
    if set(found) == {"minute"}:
        raise _RefusedError(f"A minute alone says nothing. Allowed: {ALLOWED}")
    values = dict(found)
    check = ""
    if "pressure" in values:
        upper, lower = values.pop("pressure")
        if lower > upper and _is_within("systolic", lower) and _is_within("diastolic", upper):
            turned = f"{lower}/{upper}"
            raise _RefusedError(
                f"{upper}/{lower}: the upper value comes first. Was it {turned}? Then type {turned}"
            )
        values |= {"systolic": upper, "diastolic": lower}
    for part, value in values.items():
        if part in LIMITS and not _is_within(part, value):
            low, high, title, unit = LIMITS[part]
            raise _RefusedError(f"{value} cannot be {title}: {low} to {high} {unit}".rstrip())
    if "systolic" in values:
        upper, lower = values["systolic"], values["diastolic"]
        if lower >= upper:
            raise _RefusedError(f"{upper}/{lower}: the lower value has to be below the upper one")
        if upper - lower < _NARROW_PULSE_PRESSURE:
            check = f"{upper}/{lower} are close together"
    at = _minute(values.pop("minute", None), minute, ahead=ahead)
    observation = Observation(minute=at, **values)
    said = observation_text(observation)
    return Entry(observation=observation, check=check, said=said, taken=tuple(words))


def _is_within(part: str, value: int) -> bool:
    low, high, *_ = LIMITS[part]
    return low <= value <= high


def _minute(typed: int | None, clock: int | None, *, ahead: bool) -> int:
    if typed is None:
        if clock is None:
            raise _RefusedError("Which minute? The clock cannot tell: add it as @40")
        return clock
    if not _is_within("minute", typed):
        raise _RefusedError(f"{typed} cannot be a minute: 0 to 10000")
    if clock is not None and typed > clock and not ahead:
        raise _RefusedError(f"Minute {typed} has not come yet: it is minute {clock}")
    return typed


def observation_text(row: Observation) -> str:
    """Say an observation in words: what the line was read as."""
    parts = [f"minute {row.minute}"]
    if row.systolic is not None or row.diastolic is not None:
        parts.append(f"pressure {_or_dot(row.systolic)}/{_or_dot(row.diastolic)}")
    if row.spo2 is not None:
        parts.append(f"oxygen {row.spo2} %")
    if row.sedation is not None:
        parts.append(f"sedation {row.sedation}")
    if row.dissociation is not None:
        parts.append(f"dissociation {row.dissociation}")
    if row.heart_rate is not None:
        parts.append(f"pulse {row.heart_rate}")
    if row.respiratory_rate is not None:
        parts.append(f"breaths {row.respiratory_rate}")
    return ", ".join(parts)


def _or_dot(value: int | None) -> str:
    return "·" if value is None else str(value)


# --- events -------------------------------------------------------------------------------------


def _event(
    text: str, words: Sequence[str], minute: int | None, usual: Sequence[str], *, ahead: bool
) -> Entry:
    term: list[str] = []
    severity: str | None = None
    serious: bool | None = None
    onset: int | None = None
    place = 0
    while place < len(words):
        word = words[place]
        following = words[place + 1] if place + 1 < len(words) else ""
        used = 1
        if word in GRADES:
            if severity is not None:
                raise _RefusedError("Two severities for one event: mild, mod or severe")
            severity = GRADES[word]
        elif word in ("serious", "nonserious", "non-serious") or (word, following) == (
            "not",
            "serious",
        ):
            if serious is not None:
                raise _RefusedError("Serious or not: say it once")
            serious = word == "serious"
            used = 2 if word == "not" else 1
        elif (found := _onset(word, following)) is not None:
            if onset is not None:
                raise _RefusedError(
                    f"“{word}”: an event has one minute. Allowed: nausea 25 mild, serious where "
                    "it is; or an observation by itself: 141/88 97 4 mod"
                )
            onset, used = found
        elif _is_word(word):
            term.append(word)
        else:
            raise _RefusedError(_not_understood(word))
        place += used
    return _event_of(text, words, term, (severity, serious, onset), (minute, usual, ahead))


def _event_of(
    text: str,
    words: Sequence[str],
    term: Sequence[str],
    said: tuple[str | None, bool | None, int | None],
    given: tuple[int | None, Sequence[str], bool],
) -> Entry:
    severity, serious, onset = said
    minute, usual, ahead = given
    if not term:
        raise _RefusedError(f"What happened? Allowed: {ALLOWED}")
    name = _as_typed(text, term)
    grade: Any = severity
    at = _minute(onset, minute, ahead=ahead)
    event = Event(term=name, onset_minute=at, severity=grade, serious=serious)
    known = " ".join(term) in {item.casefold() for item in usual}
    check = "" if known else f"“{name}” is no usual term: an event"
    return Entry(event=event, check=check, said=event_text(event), taken=tuple(words))


def _onset(word: str, following: str) -> tuple[int, int] | None:
    """Return the minute a word names, and how many words that takes."""
    if found := _MINUTE.match(word):
        return int(found[1] or found[2]), 1
    if word in ("@", "at", "min", "minute") and _NUMBER.match(following):
        return int(following), 2
    if _NUMBER.match(word):
        return int(word), 2 if following in ("min", "minutes") else 1
    return None


def _as_typed(text: str, term: Sequence[str]) -> str:
    """Return the words of a term as they were typed, where they can be found in the text."""
    typed = {word.casefold(): word for word in re.split(r"[\s,;]+", text) if word}
    return " ".join(typed.get(word, word) for word in term)


def event_text(row: Event) -> str:
    """Say an event in words: what the line was read as."""
    at = "at a minute not said" if row.onset_minute is None else f"from minute {row.onset_minute}"
    grade = row.severity or "severity not said"
    serious = {True: "SERIOUS", False: "not serious", None: "serious or not: not said"}
    return f"event {row.term}, {at}, {grade}, {serious[row.serious]}"
