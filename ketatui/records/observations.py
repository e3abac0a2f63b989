"""What observations propose: readings, whose values belong together, and scales."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ketatui.criteria.models import Instrument, Question
from ketatui.criteria.models.records import RecordFile, RecordPart, RecordReading, RecordScale
from ketatui.criteria.pack import Pack
from ketatui.engine.staleness import counts_on
from ketatui.records.choosing import Candidate, choose, keeping_out
from ketatui.records.model import NotUsed, Proposal
from ketatui.records.patients import Held, Subject
from ketatui.records.resources import HasValue, Observation
from ketatui.records.results import KIND, barrier, judged
from ketatui.records.times import When
from ketatui.records.units import UnitWords
from ketatui.records.values import (
    LOINC,
    Refused,
    codes_of,
    items_of,
    measured,
    read_resource,
    total_of,
)
from ketatui.structs import Frozen


class _Scale(Frozen, frozen=True):
    question: str
    instrument: Instrument
    of: RecordScale


class Observations:
    """Reads the observations of one patient."""

    def __init__(self, pack: Pack, mapping: RecordFile) -> None:
        """Prepare.

        Args:
            pack: The questions and instruments.
            mapping: Which codes answer what.
        """
        self.pack, self.mapping, self.on = pack, mapping, dt.date.min
        self.refused = {item.code: item.because for item in mapping.refused}
        self.readings = {code: item for item in mapping.readings for code in item.codes}
        self.parts = {
            part.code for item in mapping.readings for part in item.parts if part.code is not None
        }
        self.words = UnitWords(mapping)
        self.scales: dict[str, _Scale] = {}
        self.items: set[str] = set()
        for scale in mapping.scales:
            for one in pack.instruments.values():
                if one.question == scale.question:
                    self._add_scale(_Scale(scale.question, one, scale))

        self.groups = {code: one.id for code, one in self.readings.items()} | {
            code: one.question for code, one in self.scales.items()
        }
        self.answered = {one.question: (one.question,) for one in self.scales.values()} | {
            item.id: tuple(part.question for part in item.parts) for item in mapping.readings
        }
        self.known = self.refused.keys() | self.groups.keys() | self.parts | self.items

    def _add_scale(self, scale: _Scale) -> None:
        one = scale.instrument
        self.scales |= {code: scale for code in (one.loinc_panel, one.loinc_total) if code}
        self.items |= {item.loinc for item in one.items if item.loinc}

    def propose(self, subject: Subject, on: dt.date) -> tuple[list[Proposal], list[NotUsed]]:
        """Propose what the observations of a patient say.

        Args:
            subject: The patient.
            on: The day that ages are counted to.

        Returns:
            Proposals, and what was looked at and proposes nothing.
        """
        self.on = on
        members = self._members(subject)
        found: defaultdict[str, list[Held]] = defaultdict(list)
        not_used: list[NotUsed] = []
        for held in subject.resources:
            if held.kind != KIND:
                continue
            group = self._group(held)
            if isinstance(group, Refused):
                not_used.append(NotUsed(held.key, group.because))
            elif group:
                found[group].append(held)
        proposed: list[Proposal] = []
        for group, same in found.items():
            candidates, older = self._candidates(same, members, not_used)
            taken, left = choose(candidates, older)
            proposed += taken
            not_used += left if taken else keeping_out(left, candidates, self.answered[group])
        return proposed, not_used

    def _group(self, held: Held) -> str | Refused:
        """Return what an observation answers, by its codes alone; empty for nothing."""
        try:
            (one,) = held.resource["code"]["coding"]
            if one["system"] == LOINC and (group := self.groups.get(one["code"])):
                return group
        except (KeyError, TypeError, ValueError):
            # Of several codes, or of another form: looked at more closely.
            pass
        codes = _plain_codes(held.resource)
        if codes is None:
            read = read_resource(held.resource, Observation)
            if isinstance(read, Refused):
                return read
            codes = codes_of(read.code)
        if not codes & self.known:
            return self._unknown(held.resource)
        if codes & self.refused.keys():
            return Refused(self.refused[min(codes & self.refused.keys())])
        groups = {self.groups[code] for code in codes if code in self.groups}
        if not groups:
            return self._alone(codes) or ""
        return groups.pop() if len(groups) == 1 else Refused("its codes answer several questions")

    def _unknown(self, resource: Mapping[str, Any]) -> str | Refused:
        """Say what is amiss where a code is missing, or looks like one that is known."""
        concept = resource.get("code")
        coding = concept.get("coding") if isinstance(concept, dict) else None
        if not coding:
            return Refused("it has no code; words alone are not read")
        said = [item.get("code") for item in coding if item.get("system") != LOINC]
        if any(isinstance(code, str) and code in self.known for code in said):
            return Refused(f"its code is not said to be one of LOINC ({LOINC})")
        return ""

    def _candidates(
        self, same: Sequence[Held], members: Mapping[str, tuple[HasValue, ...]], left: list[NotUsed]
    ) -> tuple[list[Candidate], list[str]]:
        """Read those that could be the newest; of all others the day is enough.

        Args:
            same: Observations that answer the same.
            members: Of panels.
            left: Is given those that propose nothing, with the reason.

        Returns:
            Those that could be, and the names of those that are older.
        """
        days = [(_plain_day(held.resource), held) for held in same]
        days.sort(key=lambda item: item[0], reverse=True)
        found: list[Candidate] = []
        older: list[str] = []
        latest = ""
        for day, held in days:
            if day < latest:
                older.append(held.key)
                continue
            said = self._candidate(held, members)
            if isinstance(said, Refused):
                left.append(NotUsed(held.key, said.because))
            else:
                found.append(said)
                latest = latest or said.when.surely_before.isoformat()
        return found, older

    def _members(self, subject: Subject) -> Mapping[str, tuple[HasValue, ...]]:
        """Return the observations that panels of this patient name as theirs, by panel."""
        panels = [item for item in subject.resources if item.resource.get("hasMember")]
        if not panels:
            return {}
        own = {item.key for item in subject.resources}
        found: dict[str, tuple[HasValue, ...]] = {}
        for held in panels:
            if held.kind != KIND or held.unsure:
                continue
            panel = read_resource(held.resource, Observation)
            if isinstance(panel, Refused) or not panel.has_member:
                continue
            parts = []
            for reference in panel.has_member:
                part = subject.named.get(reference.reference or "")
                if part is None or part.key not in own or part.unsure or part.kind != KIND:
                    continue
                read = read_resource(part.resource, Observation)
                if isinstance(read, Observation) and barrier(self.mapping, read) is None:
                    parts.append(read)
            found[held.key] = tuple(parts)
        return found

    def _candidate(
        self, held: Held, members: Mapping[str, tuple[HasValue, ...]]
    ) -> Candidate | Refused:
        found = judged(self.mapping, held, self.on)
        if not isinstance(found, tuple):
            return found
        read, at = found
        codes = codes_of(read.code)
        for code, reading in self.readings.items():
            if code in codes:
                if read.data_absent_reason is not None:
                    return Refused("it says that nothing was measured")
                return self._reading(held.key, read, reading, at)
        scale = next(one for code, one in self.scales.items() if code in codes)
        parts = (*read.component, *members.get(held.key, ()))
        return self._scale(held.key, read, scale, parts, at)

    def _alone(self, codes: frozenset[str]) -> Refused | None:
        if codes & self.parts:
            return Refused("stands alone; the values of one reading are taken together")
        if codes & self.items:
            return Refused("an item of a scale; it counts through the panel that names it")
        return None

    def _reading(self, key: str, read: Observation, reading: RecordReading, at: When) -> Candidate:
        if any(codes_of(part.code) & set(reading.not_with) for part in read.component):
            return Candidate(key, at, refusal=reading.not_with_because or "")
        answers: list[Proposal] = []
        for part in reading.parts:
            question = self.pack.questions[part.question]
            said = self._part(read, part, question)
            if isinstance(said, Refused):
                return Candidate(key, at, refusal=f"{question.label}: {said.because}")
            value, code = said
            answers.append(self._proposal(question, value, key, code, at))
        return Candidate(key, at, tuple(answers), self._crossed(answers))

    def _part(
        self, read: Observation, part: RecordPart, question: Question
    ) -> tuple[object, str] | Refused:
        held: list[HasValue] = [read]
        if part.code is not None:
            held = [item for item in read.component if part.code in codes_of(item.code)]
        if len(held) != 1:
            return Refused("not there" if not held else "there more than once")
        value = self.words.against(held[0].value_quantity) or measured(question, held[0], part)
        if isinstance(value, Refused):
            return value
        wanted = {part.code} if part.code else self.readings.keys()
        return value, min(codes_of(held[0].code) & wanted)

    def _crossed(self, answers: list[Proposal]) -> str:
        """Say which value is not below the one that it has to be below of."""
        values = {item.question: item.value for item in answers}
        for ident, value in values.items():
            question = self.pack.questions[ident]
            above = values.get(question.below or "")
            if above is not None and float(value) >= float(above):
                return (
                    f"{question.label}: not below {self.pack.questions[question.below or ''].label}"
                )
        return ""

    def _proposal(
        self, question: Question, value: object, key: str, code: str, at: When
    ) -> Proposal:
        stale = not counts_on(question, at.day, self.on)
        return Proposal(question.id, value, key, f"{LOINC}|{code}", stale, at.text)  # type: ignore[arg-type]

    def _scale(
        self, key: str, read: Observation, scale: _Scale, parts: tuple[HasValue, ...], at: When
    ) -> Candidate:
        one = scale.instrument
        total = total_of(one, read, scale.of.units)
        items = items_of(one, parts, scale.of.units)
        for said in (total, items):
            if isinstance(said, Refused):
                return Candidate(key, at, refusal=said.because)
        assert not isinstance(total, Refused) and not isinstance(items, Refused)
        whole = len(items) == len(one.items)
        if total is None and not whole:
            because = f"holds no total, and {len(items)} of {len(one.items)} items"
            return Candidate(key, at, refusal=because)
        if total is not None and whole and sum(items.values()) != total:
            return Candidate(key, at, refusal=f"its items do not add up to {total}")
        value = sum(items.values()) if total is None else total
        named = codes_of(read.code) & {one.loinc_total, one.loinc_panel}
        code = one.loinc_total if one.loinc_total in named else min(filter(None, named))
        question = self.pack.questions[scale.question]
        answer = self._proposal(question, value, key, str(code), at)
        return Candidate(key, at, (answer.replaced(items=items if whole else {}),))


def _plain_codes(data: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the codes of LOINC that an observation carries; None where it has another form."""
    concept = data.get("code")
    coding = concept.get("coding", ()) if isinstance(concept, dict) else None
    if not isinstance(coding, list | tuple):
        return None
    try:
        return frozenset([item["code"] for item in coding if item.get("system") == LOINC])
    except (AttributeError, KeyError, TypeError):
        return None


_UNSURE = "9999-12-31"
"""Of what has no plain day: it is read first, and says what is amiss."""


def _plain_day(data: Mapping[str, Any]) -> str:
    """Return the day that an observation is from, as its first ten characters say it."""
    said = data.get("effectiveDateTime")
    try:
        day: str = said[:10]  # type: ignore[index]
        _from_iso(day)
    except (KeyError, TypeError, ValueError):
        return _UNSURE
    return day if len(day) == len(_UNSURE) and day[4] == day[7] == "-" else _UNSURE


_from_iso = dt.date.fromisoformat
