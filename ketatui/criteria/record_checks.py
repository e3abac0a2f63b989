"""Checks of what a pack says about conditions, results and forms in a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ketatui.criteria.consistency import has_check_digit
from ketatui.criteria.models.records import RecordFile, RecordMeaning, RecordToAsk
from ketatui.criteria.pack import Pack
from ketatui.criteria.side_file import Fault

_Place = tuple[str | int, ...]


def condition_faults(pack: Pack, file: RecordFile) -> Iterator[Fault]:
    """Find conditions that answer what is not asked, say a no, or stand twice."""
    conditions = file.conditions
    if conditions is None:
        return
    seen: set[tuple[str, str]] = set()
    for number, meaning in enumerate(conditions.meanings):
        place = ("conditions", "meanings", number)
        yield from _answer_faults(pack, place, meaning.question, (meaning.value,))
        question = pack.questions.get(meaning.question)
        if meaning.value is False or (question and question.none == meaning.value):
            yield place, meaning.question, "a condition that is recorded never says no"
        yield from _code_faults(place, meaning, seen)
    for number, to_ask in enumerate(conditions.to_ask):
        place = ("conditions", "to_ask", number)
        if to_ask.question not in pack.questions:
            yield place, to_ask.question, f"unknown question {to_ask.question!r}"
        yield from _code_faults(place, to_ask, seen)
    statuses = set(conditions.present) & set(conditions.past)
    statuses |= set(conditions.verification) & set(conditions.refuted)
    for status in sorted(statuses):
        yield ("conditions",), status, "says two things that exclude each other"


def _code_faults(
    place: _Place, of: RecordMeaning | RecordToAsk, seen: set[tuple[str, str]]
) -> Iterator[Fault]:
    for system, codes in (("ICD-10-CM", of.icd10cm), ("SNOMED CT", of.snomed)):
        for code in codes:
            if (system, code) in seen:
                yield place, of.question, f"{code} stands twice"
            seen.add((system, code))
    if not of.icd10cm and not of.snomed:
        yield place, of.question, "names no code; allowed: icd10cm, snomed"
    yield from _snomed_faults(place, of.question, of.snomed)


def _snomed_faults(place: _Place, ident: str, codes: Iterable[str]) -> Iterator[Fault]:
    for code in codes:
        if not has_verhoeff_digit(code):
            yield place, ident, f"{code} is no code of SNOMED CT: its check digit does not fit"


def result_faults(pack: Pack, file: RecordFile) -> Iterator[Fault]:
    """Find results and forms that answer what is not asked, or that stand twice."""
    codes = {code for reading in file.readings for code in reading.codes}
    for number, coded in enumerate(file.coded):
        place: _Place = ("coded", number)
        answers = [*coded.loinc.values(), *coded.snomed.values()]
        yield from _answer_faults(pack, place, coded.question, answers)
        yield from _loinc_faults(place, coded.question, (*coded.codes, *coded.loinc))
        yield from _snomed_faults(place, coded.question, coded.snomed)
        yield from _again(place, coded.question, coded.codes, codes)
    for number, limits in enumerate(file.limits):
        place = ("limits", number)
        answers = [limits.within, limits.above, limits.far_above]
        yield from _answer_faults(pack, place, limits.question, answers)
        if len(set(answers)) < len(answers):
            yield place, limits.question, "within, above and far_above are three answers"
        yield from _again(place, limits.question, [test.id for test in limits.tests], set())
        for test in limits.tests:
            yield from _loinc_faults(place, test.id, test.codes)
            yield from _again(place, test.id, test.codes, codes)
    for ident in file.forms.not_from if file.forms else ():
        if ident not in pack.questions:
            yield ("forms", "not_from"), ident, f"unknown question {ident!r}"


def _loinc_faults(place: _Place, ident: str, codes: Iterable[str]) -> Iterator[Fault]:
    for code in codes:
        if not has_check_digit(code):
            yield place, ident, f"{code} is no code of LOINC: its check digit does not fit"


def _again(place: _Place, ident: str, codes: Iterable[str], seen: set[str]) -> Iterator[Fault]:
    for code in codes:
        if code in seen:
            yield place, ident, f"{code} stands twice"
        seen.add(code)


def _answer_faults(
    pack: Pack, place: _Place, ident: str, values: Iterable[bool | str]
) -> Iterator[Fault]:
    question = pack.questions.get(ident)
    if question is None:
        yield place, ident, f"unknown question {ident!r}"
        return
    allowed = [option.code for option in question.options]
    if question.kind == "bool":
        allowed = ["true", "false"]
    for value in values:
        said = str(value).lower() if isinstance(value, bool) else value
        if said not in allowed:
            message = f"no answer {said!r}; allowed: {', '.join(allowed) or 'a yes/no or a choice'}"
            yield place, ident, message


# Verhoeff's check: the group of turns and mirrors of a pentagon, and its rotation by place.
_TURNS = (
    "0123456789 1234067895 2340178956 3401289567 4012395678 "
    "5987604321 6598710432 7659821043 8765932104 9876543210"
).split()
_PLACES = (
    "0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258"
).split()


def has_verhoeff_digit(code: str) -> bool:
    """Tell whether the last digit of a code of SNOMED CT is the one that its check gives."""
    found = 0
    for place, digit in enumerate(reversed(code)):
        found = int(_TURNS[found][int(_PLACES[place % 8][int(digit)])])
    return found == 0
