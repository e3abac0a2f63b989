"""What conditions propose: a yes or a choice, and never a no."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from ketatui.criteria.models.records import RecordConditions, RecordMeaning, RecordToAsk
from ketatui.criteria.pack import Pack
from ketatui.engine.staleness import counts_on
from ketatui.printable import printable
from ketatui.records.model import NotUsed, Proposal
from ketatui.records.patients import Held, Subject
from ketatui.records.resources import Concept, Condition
from ketatui.records.results import dated
from ketatui.records.times import When
from ketatui.records.values import Refused, read_resource

KIND = "Condition"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED_CT = "http://snomed.info/sct"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_VERIFICATION = f"{_TERMINOLOGY}/condition-ver-status"
_CLINICAL = f"{_TERMINOLOGY}/condition-clinical"
_UNKNOWN = "it has no code that answers a question; ask"


class _Stated(NamedTuple):
    """A condition that answers a question, or denies what others answer."""

    key: str
    meaning: RecordMeaning
    code: str
    at: When
    denied: str = ""
    """Why it denies it."""


class Conditions:
    """Reads the conditions of one patient."""

    def __init__(self, pack: Pack, rules: RecordConditions) -> None:
        """Prepare.

        Args:
            pack: The questions.
            rules: Which conditions count, and what they answer.
        """
        self._pack, self._rules = pack, rules
        self._known: dict[str, RecordMeaning | RecordToAsk] = {}
        items: list[RecordMeaning | RecordToAsk] = [*rules.meanings, *rules.to_ask]
        for item in items:
            for system, codes in ((ICD_10_CM, item.icd10cm), (SNOMED_CT, item.snomed)):
                self._known |= {f"{system}|{code}": item for code in codes}

    def propose(self, subject: Subject, on: dt.date) -> tuple[list[Proposal], list[NotUsed]]:
        """Propose what the conditions of a patient answer.

        Args:
            subject: The patient.
            on: The day that ages are counted to.
        """
        proposed: list[Proposal] = []
        not_used: list[NotUsed] = []
        stated: defaultdict[str, list[_Stated]] = defaultdict(list)
        for held in subject.resources:
            if held.kind != KIND:
                continue
            said = self._stated(held, on)
            if isinstance(said, Refused):
                not_used.append(NotUsed(held.key, said.because, ask=said.ask))
            else:
                stated[said.meaning.question].append(said)
        for same in stated.values():
            taken, left = self._chosen(same, on)
            proposed += taken
            not_used += left
        return proposed, not_used

    def _stated(self, held: Held, on: dt.date) -> _Stated | Refused:
        read = read_resource(held.resource, Condition)
        if isinstance(read, Refused):
            return read
        if held.unsure:
            return Refused(held.unsure)
        found = self._meaning(read.code)
        if isinstance(found, Refused):
            return found
        meaning, code = found
        standing = self._standing(read, meaning, held)
        if isinstance(standing, Refused):
            return standing
        # One that denies it keeps others from being proposed, whatever its words are.
        if not standing and self._contradicted(read):
            return Refused("its words and its code may say different things; ask", ask=True)
        at = self._time(read, meaning, on)
        if isinstance(at, Refused):
            return at
        return _Stated(held.key, meaning, code, at, standing)

    def _meaning(self, concept: Concept | None) -> tuple[RecordMeaning, str] | Refused:
        """Return what the codes of a condition answer, and the first of them that does."""
        found: dict[int, tuple[RecordMeaning | RecordToAsk, str]] = {}
        for coding in concept.coding if concept else ():
            if not coding.system or not coding.code:
                continue
            item = self._looked_up(coding.system, coding.code)
            if item is not None:
                found.setdefault(id(item), (item, f"{coding.system}|{coding.code}"))
        if not found:
            return Refused(_UNKNOWN)
        said = list(found.values())
        for item, _ in said:
            if isinstance(item, RecordToAsk):
                label = self._pack.questions[item.question].label
                return Refused(f"{label}: {item.because}", ask=True)
        first, code = said[0]
        assert isinstance(first, RecordMeaning)
        if len(said) > 1:
            return Refused("its codes answer differently; neither is taken")
        return first, printable(code)

    def _contradicted(self, read: Condition) -> bool:
        """Tell whether words beside the code, or of its category, are of what is not so."""
        rules = self._rules
        words = [
            text.strip().casefold()
            for concept in (read.code, *read.category)
            if concept is not None
            for text in (concept.text, *(coding.display for coding in concept.coding))
            if text
        ]
        return any(
            f"{text} ".startswith(rules.words_against)
            or text.rstrip(" .)]").endswith(rules.words_against_at_end)
            for text in words
        )

    def _looked_up(self, system: str, code: str) -> RecordMeaning | RecordToAsk | None:
        """Look a code up: itself, then the narrowest that stands for all below it."""
        for name in _names(system, code):
            if (found := self._known.get(f"{system}|{name}")) is not None:
                return found
        return None

    def _standing(self, read: Condition, meaning: RecordMeaning, held: Held) -> str | Refused:
        """Say whether a condition is there; empty if it is, and else how it denies it."""
        rules = self._rules
        sure = _codes(read.verification_status, _VERIFICATION)
        if sure and sure <= set(rules.refuted):
            return "is recorded as refuted"
        if not sure or not sure <= set(rules.verification):
            return Refused(f"its verification status is {', '.join(sorted(sure)) or 'not said'}")
        status = _codes(read.clinical_status, _CLINICAL)
        past = bool(status) and status <= set(rules.past)
        if meaning.ever:
            if status and not past and not status <= set(rules.present):
                return Refused(f"its clinical status is {', '.join(sorted(status))}")
            return ""
        if past:
            return "is recorded as over"
        if not status or not status <= set(rules.present):
            return Refused(f"its clinical status is {', '.join(sorted(status)) or 'not said'}")
        if any(key.lstrip("_").startswith("abatement") for key in held.resource):
            return "is recorded with an end"
        return ""

    def _time(self, read: Condition, meaning: RecordMeaning, on: dt.date) -> When | Refused:
        """Return when it was recorded; of what has to be recent, when it began."""
        began = read.onset_date_time or (read.onset_period.start if read.onset_period else None)
        if meaning.within is None:
            return dated(read.recorded_date or began, on)
        at = dated(began, on)
        if isinstance(at, Refused):
            return Refused(f"when it began: {at.because}")
        if (on - at.day).days > meaning.within:
            return Refused(f"it began more than {meaning.within} days before")
        return at

    def _chosen(self, same: list[_Stated], on: dt.date) -> tuple[list[Proposal], Iterator[NotUsed]]:
        """Choose among conditions that bear on one question: all that stand have to agree."""
        denials = [item for item in same if item.denied]
        standing = [item for item in same if not item.denied]
        standing.sort(key=lambda item: item.at.day, reverse=True)
        left = [(item, f"it {item.denied}") for item in denials]
        if not standing:
            return [], _not_used(left)
        newest = standing[0]
        for item in denials:
            if not all(item.at.before(one.at) for one in standing):
                because = f"{item.key}, no older, {item.denied}"
                return [], _not_used([*left, *((one, because) for one in standing)])
        if len({str(item.meaning.value) for item in standing}) > 1:
            because = "conditions that answer differently; none is taken"
            return [], _not_used([*left, *((one, because) for one in standing)])
        question = self._pack.questions[newest.meaning.question]
        same_as = f"says the same as {newest.key}"
        others = (NotUsed(item.key, same_as, spare=True) for item in standing[1:])
        proposal = Proposal(
            question=question.id,
            value=newest.meaning.value,
            resource=newest.key,
            code=newest.code,
            stale=not counts_on(question, newest.at.day, on),
            date=newest.at.text,
        )
        return [proposal], chain(_not_used(left), others)


def _not_used(items: list[tuple[_Stated, str]]) -> Iterator[NotUsed]:
    return (NotUsed(item.key, because) for item, because in items)


def _codes(concept: Concept | None, system: str) -> set[str]:
    """Return the codes of one system; whatever is of another one stands for what is not known."""
    if concept is None:
        return set()
    found = {
        item.code or "" if item.system == system else "of another system" for item in concept.coding
    }
    return found or {"without a code"}


def _names(system: str, code: str) -> Iterator[str]:
    yield code
    if system == ICD_10_CM:
        for end in range(len(code), 2, -1):
            yield f"{code[:end].rstrip('.')}-"
