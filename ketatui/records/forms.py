"""What forms propose that somebody filled in: our own by link id, scales by codes of LOINC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ketatui.criteria.models import Instrument, InstrumentItem, Question
from ketatui.criteria.models.records import RecordFile, RecordForms
from ketatui.criteria.pack import Pack
from ketatui.engine.staleness import counts_on
from ketatui.records.model import KeptOut, NotUsed, Proposal, Value
from ketatui.records.patients import Held, Subject
from ketatui.records.resources import Answer, Item, QuestionnaireResponse
from ketatui.records.results import dated
from ketatui.records.superseded import superseded
from ketatui.records.times import When
from ketatui.records.values import LOINC, Refused, read_resource

KIND = "QuestionnaireResponse"
OURS = "urn:ketatui"
"""What systems, extensions and forms of our own begin with."""
YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
_TOTAL = "total"
_OF_DAY = f"{OURS}:assessed-for"
_GIVEN_ON = f"{OURS}:given-on"
_NO_ANSWERS = {
    (f"{OURS}:use", "practice"): "it is of a practice case",
    (f"{OURS}:integrity", "altered"): "its case was altered by hand after it was saved",
}
"""Tags of a form of ours whose answers are nobody's, or not those that somebody gave."""
_DEEPEST = 8
"""Items within items."""


class _Form(NamedTuple):
    """A form with the day that its answers are from, where they have none of their own."""

    key: str
    items: dict[str, list[Item]]
    at: When
    on: dt.date


class Forms:
    """Reads the forms of one patient."""

    def __init__(self, pack: Pack, mapping: RecordFile, rules: RecordForms) -> None:
        """Prepare.

        Args:
            pack: The questions and instruments.
            mapping: Says what is measured, and which scales are known by codes.
            rules: Which forms count.
        """
        self._pack, self._rules = pack, rules
        self._refused = {item.code: item.because for item in mapping.refused}
        scales = {item.question for item in mapping.scales}
        self._scales = {
            one.question: one
            for one in pack.instruments.values()
            if one.question in scales and all(item.loinc_answers for item in one.items)
        }
        measured = {part.question for item in mapping.readings for part in item.parts}
        # Values of one measurement belong together: they are read where they were measured.
        left_out = {*measured, *rules.not_from}
        self._asked = {
            ident: question
            for ident, question in pack.questions.items()
            if ident not in left_out and question.kind not in ("rows", "text")
        }

    def propose(self, subject: Subject, on: dt.date) -> tuple[list[Proposal], list[NotUsed]]:
        """Propose what the forms of a patient answer, the same question perhaps by several.

        Args:
            subject: The patient.
            on: The day that ages are counted to.
        """
        proposed: list[Proposal] = []
        not_used: list[NotUsed] = []
        forms = subject.of(KIND)
        replaced = superseded(forms)
        for held in forms:
            if held.key in replaced:
                because = f"{replaced[held.key]} is the same form, changed later"
                not_used.append(NotUsed(held.key, because))
                continue
            said = self._read(held, on)
            if isinstance(said, Refused):
                not_used.append(NotUsed(held.key, said.because))
                continue
            for item in said:
                if isinstance(item, NotUsed):
                    not_used.append(item)
                else:
                    proposed.append(item)
        return proposed, not_used

    def _read(self, held: Held, on: dt.date) -> list[Proposal | NotUsed] | Refused:
        read = read_resource(held.resource, QuestionnaireResponse)
        if isinstance(read, Refused):
            return read
        if held.unsure:
            return Refused(held.unsure)
        if read.status not in self._rules.statuses:
            return Refused(f"its status is {read.status or 'not said'}")
        at = dated(read.authored, on)
        if isinstance(at, Refused):
            return at
        items: dict[str, list[Item]] = {}
        for item in _all_items(read.item):
            items.setdefault(item.link_id or "", []).append(item)
        name = (read.questionnaire or "").partition("|")[0]
        if name.startswith(f"{OURS}:questionnaire:"):
            tags = {(tag.system, tag.code) for tag in read.meta.tag}
            for tag, because in _NO_ANSWERS.items():
                if tag in tags:
                    return Refused(because)
            form = _Form(held.key, items, _earlier(at, read), on)
            return list(self._own(form)) or Refused("it answers nothing that is taken from a form")
        return self._by_codes(_Form(held.key, items, at, on), name)

    def _own(self, form: _Form) -> Iterator[Proposal | NotUsed]:
        for ident, question in self._asked.items():
            said = form.items.get(ident, ())
            if question.kind == "scale" and question.instrument:
                said = said or form.items.get(f"{ident}.{_TOTAL}", ())
            if not said:
                continue
            if len(said) > 1:
                yield _open(form, question, "answered more than once")
                continue
            answered = self._answer(form, question, said[0])
            if answered is not None:
                yield answered

    def _answer(self, form: _Form, question: Question, item: Item) -> Proposal | NotUsed | None:
        value: Value | Refused | None
        scores: dict[str, int] = {}
        if question.kind == "scale" and question.instrument:
            one = self._pack.instruments[question.instrument]
            found = _scale(form, question, one)
            if isinstance(found, Refused):
                value = found
            else:
                value, scores = found
        else:
            value = _single(question, item)
        if value is None:
            return None
        if isinstance(value, Refused):
            return _open(form, question, value.because)
        at = _given_on(item, form)
        if isinstance(at, Refused):
            return _open(form, question, at.because)
        return self._made(form, question, value, f"{OURS}|{question.id}", at).replaced(items=scores)

    def _made(self, form: _Form, question: Question, value: Value, code: str, at: When) -> Proposal:
        stale = not counts_on(question, at.day, form.on)
        return Proposal(question.id, value, form.key, code, stale, at.text)

    def _by_codes(self, form: _Form, name: str) -> list[Proposal | NotUsed] | Refused:
        """Read the scales whose items a form names by their codes of LOINC."""
        links = [(_code_in(link), item) for link, held in form.items.items() for item in held]
        for code in (_code_in(name), *(code for code, _ in links)):
            if code in self._refused:
                return Refused(self._refused[code])
        said: list[Proposal | NotUsed] = []
        for ident, one in self._scales.items():
            scores = _by_loinc(one, links)
            if scores is None:
                continue
            question = self._pack.questions[ident]
            if isinstance(scores, Refused):
                said.append(_open(form, question, scores.because))
                continue
            code = f"{LOINC}|{one.loinc_panel or one.loinc_total}"
            made = self._made(form, question, sum(scores.values()), code, form.at)
            said.append(made.replaced(items=scores))
        return said or Refused("a form that is not known by its link ids")


def _open(form: _Form, question: Question, because: str) -> NotUsed:
    """Say why an answer of a form cannot be taken: nothing older is, either."""
    kept_out = KeptOut((question.id,), form.at.text)
    return NotUsed(form.key, f"{question.label}: {because}", keeps_out=kept_out)


def _all_items(items: list[Item], depth: int = 0) -> Iterator[Item]:
    for item in items:
        yield item
        if depth < _DEEPEST:
            yield from _all_items(item.item, depth + 1)


def _earlier(at: When, read: QuestionnaireResponse) -> When:
    """Return the day that a form of ours is of: what was saved later is no newer for it."""
    for tag in read.meta.tag:
        if tag.system == _OF_DAY and tag.code:
            day = dated(tag.code, at.day)
            if isinstance(day, When):
                return day
    return at


def _given_on(item: Item, form: _Form) -> When | Refused:
    for extension in item.extension:
        if extension.url == _GIVEN_ON:
            return dated(extension.value_date, form.on)
    return form.at


def _single(question: Question, item: Item) -> Value | Refused | None:
    """Return an answer; None for one that says that it cannot be established."""
    if not item.answer:
        return None
    if len(item.answer) > 1:
        return Refused("answered more than once")
    answer = item.answer[0]
    if answer.value_coding is not None:
        return _coded(question, answer)
    number = answer.value_decimal if answer.value_integer is None else answer.value_integer
    if question.kind not in ("int", "decimal", "scale") or number is None:
        return Refused("its answer is not of the kind that is asked for")
    return _number(question, Decimal(number))


def _number(question: Question, value: Decimal) -> Value | Refused:
    low, high = question.min, question.max
    if not value.is_finite() or (low is not None and value < low):
        return Refused(f"its answer is out of range; allowed: {low} to {high}")
    if high is not None and value > high:
        return Refused(f"its answer is out of range; allowed: {low} to {high}")
    if question.kind == "decimal":
        return value
    return int(value) if value == value.to_integral_value() else Refused("it is no whole number")


def _coded(question: Question, answer: Answer) -> Value | Refused | None:
    coding = answer.value_coding
    assert coding is not None
    if question.kind == "bool" and coding.system == YES_NO and coding.code in ("Y", "N"):
        return coding.code == "Y"
    codes = {option.code for option in question.options}
    if coding.system == f"{OURS}:answers:{question.id}" and coding.code in codes:
        return coding.code
    if coding.system and coding.system.endswith("/data-absent-reason"):
        return None
    return Refused("its answer is not one that can be given")


def _scale(
    form: _Form, question: Question, one: Instrument
) -> tuple[int, dict[str, int]] | Refused:
    """Return the total of a scale of ours, and its items where all are there."""
    scores: dict[str, int] = {}
    for item in one.items:
        for part in form.items.get(f"{question.id}.{item.id}", ()):
            score = _score(item, part, f"{OURS}:answers:{question.id}.{item.id}")
            if score is None or item.id in scores:
                return Refused(f"its item {item.id} cannot be read")
            scores[item.id] = score
    totals = form.items.get(f"{question.id}.{_TOTAL}", [])
    total = _single(question, totals[0]) if len(totals) == 1 else None
    if isinstance(total, Refused):
        return total
    if one.items and len(scores) == len(one.items):
        if total is not None and total != sum(scores.values()):
            return Refused(f"its items do not add up to {total}")
        return sum(scores.values()), scores
    if scores or not isinstance(total, int):
        return Refused(f"holds {len(scores)} of {len(one.items)} items, and no total by itself")
    return total, {}


def _by_loinc(one: Instrument, links: list[tuple[str, Item]]) -> dict[str, int] | Refused | None:
    """Read the items of a scale by codes of LOINC; None where there is not one of them."""
    items = {item.loinc: item for item in one.items if item.loinc}
    scores: dict[str, int] = {}
    for code, part in links:
        item = items.get(code)
        if item is None:
            continue
        score = _score(item, part, "")
        if score is None or item.id in scores:
            return Refused(f"its item {item.id} cannot be read")
        scores[item.id] = score
    if not scores:
        return None
    if len(scores) < len(one.items):
        return Refused(f"holds {len(scores)} of {len(one.items)} items")
    for code, part in links:
        if code == one.loinc_total and part.answer:
            said = part.answer[0]
            total = said.value_decimal if said.value_integer is None else said.value_integer
            if len(part.answer) > 1 or total != sum(scores.values()):
                return Refused("its items do not add up to its total")
    return scores


def _score(item: InstrumentItem, part: Item, system: str) -> int | None:
    """Return the score that an item's one answer stands for; None where that is not sure."""
    coding = part.answer[0].value_coding if len(part.answer) == 1 else None
    if coding is None:
        return None
    if item.loinc_answers:
        known = coding.system == LOINC and coding.code in item.loinc_answers
        return item.loinc_answers.index(str(coding.code)) if known else None
    codes = [str(score) for score in range(len(item.options))]
    return int(str(coding.code)) if coding.system == system and coding.code in codes else None


def _code_in(name: str) -> str:
    """Return the code that ends a link id or an address: ``/44249-1/44250-9``."""
    return name.rpartition("/")[2]
