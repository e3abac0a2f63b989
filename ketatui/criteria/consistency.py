"""Checks inside one table, or between two that have to match: ids, scales, wording, limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import get_args

from ketatui.criteria.models import (
    LOCAL,
    Basis,
    Effect,
    Grade,
    Instrument,
    Question,
    Rule,
    Threshold,
    Verdict,
)
from ketatui.criteria.models.course import CourseRule
from ketatui.criteria.models.rules import Afterwards, Variant
from ketatui.criteria.places import Notes
from ketatui.criteria.who import placeholders

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_Note = Callable[[str, str], None]


def check_consistency(notes: Notes) -> None:
    """Check each table in itself and against its counterparts."""
    _duplicates(notes)
    _find_words(notes)
    _instruments(notes)
    _wording(notes)
    check_authorities(notes, notes.pack.thresholds.values(), notes.pack.rules.values())
    for effect in get_args(Effect):
        if effect not in notes.pack.info.weights:
            notes.at("pack.toml", ("weights",), "weights", f"no weight for {effect!r}")
    for rule in notes.pack.rules.values():
        check_placeholders(notes, rule)
    for question in notes.pack.questions.values():
        check_question(notes, question)


def _twice(found: Iterable[str]) -> list[str]:
    return [item for item, count in Counter(found).items() if count > 1]


def _duplicates(notes: Notes) -> None:
    pack = notes.pack
    for ident in pack.derived:
        if ident in pack.questions:
            notes.of("derived fact", ident, "a question has this id as well")
    for section in _twice(section.id for section in pack.sections):
        notes.at("", (), section, "two files of questions have this section id")
    for question in pack.questions.values():
        spellings = [code for option in question.options for code in (option.code, *option.also)]
        for code in _twice(spellings):
            notes.of("question", question.id, f"option {code!r} stands twice", "options")
        for column in _twice(column.id for column in question.columns):
            notes.of("question", question.id, f"column {column!r} stands twice", "columns")
    for instrument in pack.instruments.values():
        for item in _twice(item.id for item in instrument.items):
            notes.of("instrument", instrument.id, f"item {item!r} stands twice", "items")
    for payer in pack.payers.values():
        for rule in _twice(rule.id for rule in payer.rules):
            notes.of("payer", payer.id, f"rule {rule!r} stands twice", "rules")


def _find_words(notes: Notes) -> None:
    pack = notes.pack
    for part in pack.sections:
        file = pack.origins["question", pack.by_section[part.id][0].id].file
        for word in _twice(part.find):
            notes.at(file, ("section", "find"), part.id, f"find: {word!r} stands twice")
    for question in pack.questions.values():
        for word in _twice(question.find):
            notes.of("question", question.id, f"{word!r} stands twice", "find")


def _instruments(notes: Notes) -> None:
    pack = notes.pack
    for instrument in pack.instruments.values():
        question = pack.questions.get(instrument.question)
        if question is None:
            message = f"there is no question {instrument.question!r}"
            notes.of("instrument", instrument.id, message, "question")
        elif question.instrument != instrument.id:
            message = f"the question {question.id} does not name this instrument"
            notes.of("instrument", instrument.id, message, "question")
        _bands(notes, instrument)
        _codes(notes, instrument)
        most = sum(len(item.options) - 1 for item in instrument.items)
        if instrument.items and (instrument.min, instrument.max) != (0, most):
            message = f"the items add up to 0 to {most}, not {instrument.min} to {instrument.max}"
            notes.of("instrument", instrument.id, message, "max")
    for question in pack.questions.values():
        _loinc(notes, "question", question.id, question.loinc, "loinc")
        named = question.instrument
        if (question.kind == "scale") != (named is not None):
            notes.of("question", question.id, "a scale, and only a scale, names an instrument")
        elif named is not None and named not in pack.instruments:
            message = f"there is no instrument {named!r} in instruments/"
            notes.of("question", question.id, message, "instrument")


def _codes(notes: Notes, instrument: Instrument) -> None:
    for number, item in enumerate(instrument.items):
        codes, options = len(item.loinc_answers), len(item.options)
        if codes not in (0, options):
            message = f"{codes} codes for {options} answers; allowed: one each, or none"
            notes.of("instrument", instrument.id, message, "items", number, "loinc_answers")
        _loinc(notes, "instrument", instrument.id, item.loinc, "items", number, "loinc")
    _loinc(notes, "instrument", instrument.id, instrument.loinc_panel, "loinc_panel")
    _loinc(notes, "instrument", instrument.id, instrument.loinc_total, "loinc_total")


def _loinc(notes: Notes, kind: str, ident: str, code: str | None, *keys: str | int) -> None:
    """Note a code whose last digit is not the one that LOINC's check (Luhn's) gives."""
    if code is None:
        return
    if not has_check_digit(code):
        notes.of(kind, ident, f"{code} is no code of LOINC: its check digit does not fit", *keys)


def has_check_digit(code: str) -> bool:
    """Tell whether the last digit of a code of LOINC is the one that its check (Luhn's) gives."""
    if code.startswith("LA"):
        return True
    body, _, last = code.partition("-")
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    total = sum(number - 9 if number > 9 else number for number in doubled)
    return (10 - total % 10) % 10 == int(last)


def _bands(notes: Notes, instrument: Instrument) -> None:
    expected = instrument.min
    for number, band in enumerate(instrument.bands):
        if band.min != expected or band.max < band.min:
            message = f"band {band.code!r} has to begin at {expected} and end above"
            notes.of("instrument", instrument.id, message, "bands", number)
        expected = band.max + 1
    if instrument.bands and expected != instrument.max + 1:
        message = f"the bands end at {expected - 1}, the scale at {instrument.max}"
        notes.of("instrument", instrument.id, message, "bands")


def _wording(notes: Notes) -> None:
    wording = notes.pack.wording
    tables: tuple[tuple[str, Iterable[str], tuple[str, ...]], ...] = (
        ("verdicts", wording.verdicts, get_args(Verdict)),
        ("effects", wording.effects, get_args(Effect)),
        ("authorities", wording.authorities, (LOCAL,)),
        ("bases", wording.bases, get_args(Basis)),
        ("grades", wording.grades, get_args(Grade)),
    )
    for table, said, needed in tables:
        for code in needed:
            if code not in said:
                notes.at("wording.toml", (table,), table, f"no words for {code!r}")
    _who(notes)


def _who(notes: Notes) -> None:
    """Check that the line that says who a case is about names questions and codes that exist."""
    pack, wording = notes.pack, notes.pack.wording
    named = [ident for part in wording.who for ident in placeholders(part.say)]
    for table, idents in (
        ("who", named),
        ("who_words", wording.who_words),
        ("who_oldest", wording.who_oldest),
    ):
        for ident in idents:
            if ident not in pack.questions:
                notes.at("wording.toml", (table,), table, f"no question {ident!r}")
    for ident, words in wording.who_words.items():
        question = pack.questions.get(ident)
        codes = {option.code for option in question.options} if question else set(words)
        for code in sorted(words.keys() - codes):
            notes.at("wording.toml", ("who_words",), ident, f"no option {code!r}")
        for code in sorted(codes - words.keys()):
            notes.at("wording.toml", ("who_words",), ident, f"no word for {code!r}")


def check_authorities(
    notes: Notes, thresholds: Iterable[Threshold], rules: Iterable[Rule | CourseRule]
) -> None:
    """Check that whoever says something has a name.

    Args:
        notes: Where what is wrong goes; its pack says which authorities there are.
        thresholds: The thresholds.
        rules: The rules.
    """
    known = notes.pack.wording.authorities
    allowed = f"allowed: {', '.join(known)}"
    for threshold in thresholds:
        if threshold.authority not in known:
            message = f"unknown authority {threshold.authority!r}; {allowed}"
            notes.of("threshold", threshold.name, message, "authority")
    for rule in rules:
        said: list[tuple[tuple[str, ...], str | None]] = [(("authority",), rule.authority)]
        said += [(("on", ident, "authority"), item.authority) for ident, item in rule.on.items()]
        for keys, authority in said:
            if authority is not None and authority not in known:
                message = f"unknown authority {authority!r}; {allowed}"
                notes.of("rule", rule.id, message, *keys)


def check_placeholders(notes: Notes, rule: Rule | CourseRule) -> None:
    """Check that what stands in braces in the wording of a rule names a threshold."""
    said: dict[tuple[str, ...], Rule | CourseRule | Variant | Afterwards] = {(): rule}
    said |= {("on", pathway): variant for pathway, variant in rule.on.items()}
    if isinstance(rule, Rule) and rule.afterwards is not None:
        said["afterwards",] = rule.afterwards
    for place, item in said.items():
        for key, text in (("because", item.because), ("do", item.do)):
            for name in PLACEHOLDER.findall(text or ""):
                if name not in notes.pack.thresholds:
                    message = f"{'.'.join((*place, key))}: {{{name}}} names no threshold"
                    notes.of("rule", rule.id, message, *place, key)


def check_question(notes: Notes, question: Question) -> None:
    """Check one question in itself: its options, limits, and the value that counts while hidden."""
    codes = {option.code for option in question.options}

    def note(message: str, key: str) -> None:
        notes.of("question", question.id, f"{key}: {message}", key)

    if (question.kind == "choice") != bool(codes):
        note("a choice, and only a choice, has options", "options")
    if (question.kind == "rows") != bool(question.columns):
        note("a table, and only a table, has columns", "columns")
    if question.none is not None and question.none not in codes:
        note(f"{question.none!r} is no option", "none")
    if isinstance(question.modifiable, tuple):
        for code in question.modifiable:
            if code not in codes:
                note(f"{code!r} is no option", "modifiable")
    if question.kind == "rows" and question.stale_after is not None:
        note(
            "a table does not go stale; put it on the question that says it is whole", "stale_after"
        )
    if question.asked_when is None and question.otherwise is not None:
        note("has no effect without asked_when", "else")
    _else_value(question, codes, note)
    if question.asked_when is not None and question.asked_because is None:
        note("say in a line when it is asked", "asked_because")
    below = notes.pack.questions.get(question.below or "")
    if question.below is not None and (below is None or below.kind not in ("int", "decimal")):
        note(f"{question.below!r} is no number that is asked", "below")
    _limits(question, note)


def _else_value(question: Question, codes: set[str], note: _Note) -> None:
    value = question.otherwise
    if value is None:
        return
    fits = {
        "bool": isinstance(value, bool),
        "choice": value in codes,
        "int": isinstance(value, int) and not isinstance(value, bool),
        "decimal": isinstance(value, int) and not isinstance(value, bool),
        "scale": isinstance(value, int) and not isinstance(value, bool),
    }.get(question.kind, False)
    if not fits:
        note(f"{value!r} is no answer to this question", "else")


def _limits(question: Question, note: _Note) -> None:
    numeric = question.kind in ("int", "decimal")
    limits = [question.min, question.soft_min, question.soft_max, question.max]
    if numeric and (question.min is None or question.max is None):
        note("a number needs min and max", "min")
    if not numeric and question.kind != "scale" and any(limit is not None for limit in limits):
        note("only a number has limits", "min")
    known: list[Decimal] = [limit for limit in limits if limit is not None]
    if known != sorted(known):
        note("the order is min, soft_min, soft_max, max", "min")
