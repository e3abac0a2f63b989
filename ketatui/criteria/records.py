"""What a pack says about patients' records: ``records.toml``, read when a record is.

It is no part of the digest: it decides nothing about a patient, so a code more changes no case.
"""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.criteria.consistency import has_check_digit
from ketatui.criteria.models.records import RecordFile, RecordPatient, RecordReading
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem
from ketatui.criteria.record_checks import condition_faults, result_faults
from ketatui.criteria.side_file import Fault, check_file, load_file

FILE = "records.toml"


def load_records(pack: Pack) -> RecordFile:
    """Read what answers a question, and check it against the questions.

    Args:
        pack: The pack.

    Raises:
        PackError: There is no such file, or it cannot be used; says every problem.
    """
    return load_file(
        pack, FILE, RecordFile, _faults, "this pack does not say how a patient's record is read"
    )


def units_by_word(file: RecordFile) -> dict[str, str]:
    """Return which unit of UCUM each word for one means, the codes themselves among the words.

    Returns:
        Units by words in small letters.
    """
    return {
        word.lower(): unit for unit, words in file.unit_words.items() for word in (unit, *words)
    }


def check_records(pack: Pack) -> tuple[Problem, ...]:
    """Find everything that is wrong with the file; nothing where a pack has none."""
    return check_file(pack, FILE, load_records)


def _faults(pack: Pack, file: RecordFile) -> Iterator[Fault]:
    yield from _patient_faults(pack, file.patient)
    yield from _kind_faults(pack, ("medicines", "question"), file.medicines.question, ("rows",))
    for number, reading in enumerate(file.readings):
        yield from _reading_faults(pack, ("readings", number), reading)
    for number, scale in enumerate(file.scales):
        place = ("scales", number, "question")
        yield from _kind_faults(pack, place, scale.question, ("scale",))
        named = [one for one in pack.instruments.values() if one.question == scale.question]
        if not any(one.loinc_total for one in named):
            yield place, scale.question, "no instrument with loinc_total is of this question"
    for number, order in enumerate(file.orders):
        for pathway in (*order.pathways, *order.routes.values()):
            if pathway not in pack.pathways:
                message = f"no pathway {pathway!r}; allowed: {', '.join(pack.pathways)}"
                yield ("orders", number), order.ingredient, message
    yield from _word_faults(file)
    yield from _twice(pack, file)
    yield from condition_faults(pack, file)
    yield from result_faults(pack, file)


def _patient_faults(pack: Pack, patient: RecordPatient) -> Iterator[Fault]:
    yield from _kind_faults(pack, ("patient", "age"), patient.age, ("int",))
    yield from _kind_faults(pack, ("patient", "sex"), patient.sex, ("choice",))
    question = pack.questions.get(patient.sex)
    codes = [option.code for option in question.options] if question else []
    for key, values in (("birth_sex", patient.birth_sex), ("gender", patient.gender)):
        for value in values.values():
            if codes and value not in codes:
                message = f"no option {value!r}; allowed: {', '.join(codes)}"
                yield ("patient", key), patient.sex, message
    for number, one in enumerate(patient.recorded_sex):
        for value in one.codes.values():
            if codes and value not in codes:
                message = f"no option {value!r}; allowed: {', '.join(codes)}"
                yield ("patient", "recorded_sex", number), patient.sex, message


def _reading_faults(
    pack: Pack, place: tuple[str | int, ...], reading: RecordReading
) -> Iterator[Fault]:
    for number, part in enumerate(reading.parts):
        at = (*place, "parts", number)
        yield from _kind_faults(pack, at, part.question, ("int", "decimal"))
        question = pack.questions.get(part.question)
        if question and question.ucum and part.units.get(question.ucum) != 1:
            yield at, reading.id, f"the question is in {question.ucum}; its factor has to be 1"
        if part.rounded and question and question.kind != "int":
            yield at, reading.id, "'rounded' is for a question whose answer is a whole number"
    for code in (*reading.codes, *reading.not_with, *(part.code for part in reading.parts)):
        if code is not None and not has_check_digit(code):
            yield place, reading.id, f"{code} is no code of LOINC: its check digit does not fit"
    own = [part for part in reading.parts if part.code is None]
    if len(own) > 1 or (own and len(reading.parts) > 1):
        yield place, reading.id, "of several parts each names its component"
    if bool(reading.not_with) != bool(reading.not_with_because):
        yield place, reading.id, "'not_with' and 'not_with_because' go together"


def _kind_faults(
    pack: Pack, place: tuple[str | int, ...], ident: str, kinds: tuple[str, ...]
) -> Iterator[Fault]:
    question = pack.questions.get(ident)
    if question is None:
        yield place, ident, f"unknown question {ident!r}"
    elif question.kind not in kinds:
        yield place, ident, f"is of kind {question.kind}; allowed: {', '.join(kinds)}"


def _word_faults(file: RecordFile) -> Iterator[Fault]:
    """Find a word that would mean two units."""
    meant: dict[str, str] = {}
    for unit, words in file.unit_words.items():
        for word in (unit, *words):
            other = meant.setdefault(word.lower(), unit)
            if other != unit:
                yield ("unit_words", unit), unit, f"{word!r} is {other} already"


def _twice(pack: Pack, file: RecordFile) -> Iterator[Fault]:
    """Find codes that would answer two questions, and questions with two answers."""
    codes: set[str] = set()
    for number, refused in enumerate(file.refused):
        if refused.code in codes:
            yield ("refused", number), refused.code, "refused twice"
        codes.add(refused.code)
    questions: set[str] = set()
    for number, reading in enumerate(file.readings):
        for code in reading.codes:
            if code in codes:
                yield ("readings", number, "codes"), reading.id, f"{code} stands twice"
            codes.add(code)
        for part in reading.parts:
            if part.question in questions:
                message = f"{part.question} is answered twice"
                yield ("readings", number, "parts"), reading.id, message
            questions.add(part.question)
    for number, scale in enumerate(file.scales):
        for one in pack.instruments.values():
            both = {one.loinc_panel, one.loinc_total} & codes
            if one.question == scale.question and both:
                yield ("scales", number), scale.question, f"{', '.join(map(str, both))} twice"
