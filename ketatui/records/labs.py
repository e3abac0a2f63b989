"""What laboratory results propose: coded ones, and blood tests held against their own limits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from ketatui.criteria.models import Question
from ketatui.criteria.models.records import RecordCoded, RecordFile, RecordLimits, RecordTest
from ketatui.criteria.pack import Pack
from ketatui.engine.staleness import counts_on
from ketatui.records.choosing import Candidate, choose, keeping_out
from ketatui.records.conditions import SNOMED_CT
from ketatui.records.model import NotUsed, Proposal
from ketatui.records.patients import Held, Subject
from ketatui.records.resources import Observation, Quantity
from ketatui.records.results import KIND, judged
from ketatui.records.times import When
from ketatui.records.units import UnitWords
from ketatui.records.values import LOINC, UCUM, Refused, codes_of

_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_NORMAL_RANGE = "normal"
_ABOVE = {"H", "HH", "HU", "HX"}
_NOT_ABOVE = {"N", "L", "LL", "LU", "LX"}


class _Test(NamedTuple):
    limits: RecordLimits
    test: RecordTest


class Labs:
    """Reads the laboratory results of one patient."""

    def __init__(self, pack: Pack, mapping: RecordFile) -> None:
        """Prepare.

        Args:
            pack: The questions.
            mapping: Which codes answer what.
        """
        self._pack, self._mapping = pack, mapping
        self._words = UnitWords(mapping)
        self._coded = {code: item for item in mapping.coded for code in item.codes}
        self._tests = {
            code: _Test(limits, test)
            for limits in mapping.limits
            for test in limits.tests
            for code in test.codes
        }
        self.known = frozenset(self._coded.keys() | self._tests.keys())

    def propose(self, subject: Subject, on: dt.date) -> tuple[list[Proposal], list[NotUsed]]:
        """Propose what the laboratory results of a patient answer.

        Args:
            subject: The patient.
            on: The day that ages are counted to.
        """
        found: defaultdict[str, list[Candidate]] = defaultdict(list)
        not_used: list[NotUsed] = []
        for held in subject.resources:
            if held.kind != KIND or not self._may_be(held):
                continue
            codes = _codes_in(held) & self.known
            if not codes:
                continue
            said = self._candidate(held, min(codes), on)
            if isinstance(said, Refused):
                not_used.append(NotUsed(held.key, said.because))
            else:
                group, candidate = said
                found[group].append(candidate)
        levels: dict[str, Proposal] = {}
        proposed: list[Proposal] = []
        for group, candidates in found.items():
            taken, left = choose(candidates)
            asked = (group.partition("/")[0],)
            not_used += left if taken else keeping_out(left, candidates, asked)
            for item in taken:
                if "/" in group:
                    levels[group] = item
                else:
                    proposed.append(item)
        for limits in self._mapping.limits:
            self._together(limits, levels, proposed, not_used)
        return proposed, not_used

    def _may_be(self, held: Held) -> bool:
        """Tell at a glance whether an observation has a code of a laboratory result."""
        known = self.known
        try:
            for item in held.resource["code"]["coding"]:
                if item["code"] in known:
                    return True
        except (KeyError, TypeError):
            return True
        return False

    def _candidate(self, held: Held, code: str, on: dt.date) -> tuple[str, Candidate] | Refused:
        coded = self._coded.get(code)
        if coded is not None:
            group = coded.question
        else:
            limits, test = self._tests[code]
            group = f"{limits.question}/{test.id}"
        found = judged(self._mapping, held, on)
        if isinstance(found, Refused):
            return found
        if isinstance(found, Candidate):
            return group, found
        read, at = found
        if len(codes_of(read.code) & self.known) > 1:
            return Refused("its codes answer several questions")
        if read.data_absent_reason is not None:
            return Refused("it says that nothing was measured")
        if coded is not None:
            value = _coded_value(coded, read, self._question(coded.question))
            return group, self._made(coded.question, value, held, code, at, on)
        limit = (item.high for item in read.reference_range)
        crossed = filter(None, map(self._words.against, (read.value_quantity, *limit)))
        value = next(crossed, None) or _level(limits, test, read)
        if isinstance(value, Refused):
            value = Refused(f"{test.label}: {value.because}")
        return group, self._made(limits.question, value, held, code, at, on)

    def _made(
        self, ident: str, value: str | Refused, held: Held, code: str, at: When, on: dt.date
    ) -> Candidate:
        if isinstance(value, Refused):
            return Candidate(held.key, at, refusal=value.because)
        stale = not counts_on(self._question(ident), at.day, on)
        said = Proposal(ident, value, held.key, f"{LOINC}|{code}", stale, at.text)
        return Candidate(held.key, at, (said,))

    def _question(self, ident: str) -> Question:
        return self._pack.questions[ident]

    def _together(
        self,
        limits: RecordLimits,
        levels: dict[str, Proposal],
        proposed: list[Proposal],
        not_used: list[NotUsed],
    ) -> None:
        """Answer one question from several tests: those that count first, then all of them."""
        held = {
            test.id: levels[f"{limits.question}/{test.id}"]
            for test in limits.tests
            if f"{limits.question}/{test.id}" in levels
        }
        fresh = {name: item for name, item in held.items() if not item.stale}
        for some in (fresh, held):
            said = _answer(limits, some)
            if isinstance(said, Proposal):
                used = {said.resource, *said.also}
                label = self._question(limits.question).label
                not_used += [
                    NotUsed(item.resource, f"{label}: another one settles it", spare=True)
                    for item in held.values()
                    if item.resource not in used
                ]
                proposed.append(said)
                return
        said = _answer(limits, fresh or held)
        assert isinstance(said, Refused)
        not_used += [NotUsed(item.resource, said.because) for item in held.values()]


def _answer(limits: RecordLimits, held: dict[str, Proposal]) -> Proposal | Refused:
    """Say what tests answer together; what was not measured is never taken to be normal."""
    far = [item for item in held.values() if item.value == limits.far_above]
    if far:
        return _newest(far)
    above = [item for item in held.values() if item.value == limits.above]
    needed = [test for test in limits.tests if test.far] if above else limits.tests
    missing = [test.label for test in needed if test.id not in held]
    if missing:
        return Refused(f"nothing that counts of {', '.join(missing)}; without it nothing is said")
    used = sorted(
        (*above, *(held[test.id] for test in needed if held[test.id] not in above)),
        key=lambda item: (item.date or "")[:10],
    )
    first = _newest(above) if above else used[0]
    others = tuple(dict.fromkeys(item.resource for item in used if item.resource != first.resource))
    # As old as the oldest of those that it takes together.
    return first.replaced(also=others, date=used[0].date, stale=any(item.stale for item in used))


def _newest(items: list[Proposal]) -> Proposal:
    return max(items, key=lambda item: (not item.stale, (item.date or "")[:10], item.resource))


def _codes_in(held: Held) -> frozenset[str]:
    """Return the codes of LOINC of an observation, whatever its form."""
    concept = held.resource.get("code")
    coding = concept.get("coding") if isinstance(concept, dict) else None
    found = set()
    for item in coding if isinstance(coding, list | tuple) else ():
        code = item.get("code") if isinstance(item, dict) and item.get("system") == LOINC else None
        if isinstance(code, str):
            found.add(code)
    return frozenset(found)


def _coded_value(rules: RecordCoded, read: Observation, question: Question) -> str | Refused:
    concept = read.value_codeable_concept
    if concept is None:
        return Refused("its result is not coded")
    answers = {LOINC: rules.loinc, SNOMED_CT: rules.snomed}
    said = {
        answers[item.system].get(item.code or "", "")
        for item in concept.coding
        if item.system in answers
    }
    if len(said) != 1 or "" in said:
        return Refused("the code of its result is not one that is known")
    value = said.pop()
    others = tuple(item.label.casefold() for item in question.options if item.code != value)
    words = (concept.text, *(item.display for item in concept.coding))
    flags = {
        rules.interpretation.get(item.code or "", value)
        for concept in read.interpretation
        for item in concept.coding
        if item.system == _INTERPRETATION
    }
    worded_otherwise = any(text and text.strip().casefold().startswith(others) for text in words)
    if worded_otherwise or not flags <= {value}:
        return Refused("the code of its result, its words and its interpretation differ; ask")
    return value


def _level(limits: RecordLimits, test: RecordTest, read: Observation) -> str | Refused:
    """Hold a measured value against the upper limit that stands beside it."""
    value = _amount(read.value_quantity, test)
    if isinstance(value, Refused):
        return value
    usable = [
        item
        for item in read.reference_range
        if item.high is not None
        and not item.applies_to
        and item.age is None
        and (item.type is None or _NORMAL_RANGE in {one.code for one in item.type.coding})
    ]
    if len(usable) != 1:
        return Refused(
            "it gives no upper limit of its own" if not usable else "it gives several limits"
        )
    limit = usable[0].high
    high = _amount(limit, test)
    if isinstance(high, Refused) or high <= 0:
        return Refused("its upper limit is no number in a unit that is known")
    assert read.value_quantity is not None and limit is not None
    if read.value_quantity.code != limit.code:
        return Refused("its upper limit is in another unit")
    codes = {
        one.code
        for item in read.interpretation
        for one in item.coding
        if one.system == _INTERPRETATION
    }
    if codes & (_NOT_ABOVE if value > high else _ABOVE):
        return Refused("its interpretation and its range contradict each other")
    if test.far and value >= limits.times * high:
        return limits.far_above
    return limits.above if value > high else limits.within


def _amount(quantity: Quantity | None, test: RecordTest) -> Decimal | Refused:
    if quantity is None or quantity.value is None:
        return Refused("it holds no measured value")
    if quantity.system != UCUM or quantity.code not in test.units:
        return Refused(f"its unit is not one of UCUM's {', '.join(test.units)}")
    if quantity.comparator is not None:
        return Refused(f"it is a bound ({quantity.comparator}) and no value")
    if abs(quantity.value.adjusted()) > 9 or quantity.value < 0:
        return Refused("its value is out of all range")
    return quantity.value
