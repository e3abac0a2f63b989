"""What statements and orders propose: medicines as the record names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ketatui.criteria.models.records import RecordMedicines
from ketatui.engine.medicines import MedicineIndex
from ketatui.printable import printable
from ketatui.records.model import NotUsed, Proposal
from ketatui.records.patients import ENTERED_IN_ERROR, Held, Subject
from ketatui.records.resources import (
    Coding,
    Concept,
    Dosage,
    Medication,
    MedicationRequest,
    MedicationStatement,
    Period,
    Prescribed,
)
from ketatui.records.times import When, begins_after, ended_before, when
from ketatui.records.values import Refused, read_resource
from ketatui.structs import Frozen

STATEMENT, ORDER = "MedicationStatement", "MedicationRequest"
_LONGEST_NAME = 200
_NAMELESS = "it has a code and no name"
_ENDED = "it ended before the day that is asked for"
_LATER = "it begins after the day that is asked for"
_TAKEN = "y"


class _Named(Frozen, frozen=True):
    text: str
    code: str
    others: tuple[str, ...] = ()
    """What else its codes and its text call it."""


def propose_medicines(
    index: MedicineIndex, rules: RecordMedicines, subject: Subject, on: dt.date
) -> tuple[list[Proposal], list[NotUsed]]:
    """Propose the medicines that active statements and orders name.

    Args:
        index: Recognizes names; one that nobody knows is proposed as it stands, and stays open.
        rules: Which statements and orders count.
        subject: The patient.
        on: The day.

    Returns:
        Proposals, the newest first where two say the same; and what proposes nothing.
    """
    found: dict[str, tuple[str, Proposal]] = {}
    not_used: list[NotUsed] = []
    for held in subject.resources:
        if held.kind not in (STATEMENT, ORDER):
            continue
        said = _proposal(index, rules, held, subject, on)
        if isinstance(said, Refused):
            not_used.append(NotUsed(held.key, said.because, ask=said.ask))
            continue
        key, day = " ".join(str(said.value).lower().split()), (said.date or "")[:10]
        there = found.get(key)
        if there is None:
            found[key] = (day, said)
            continue
        newer, older = ((day, said), there) if day > there[0] else (there, (day, said))
        found[key] = newer
        because = f"says the same as {newer[1].resource}"
        not_used.append(NotUsed(older[1].resource, because, spare=True))
    return [proposal for _, proposal in found.values()], not_used


def _proposal(
    index: MedicineIndex, rules: RecordMedicines, held: Held, subject: Subject, on: dt.date
) -> Proposal | Refused:
    if held.unsure:
        return Refused(held.unsure)
    read = _read(held, rules, on)
    if isinstance(read, Refused):
        return read
    prescribed, dated = read
    named = _name(prescribed, rules, subject.named)
    if isinstance(named, Refused):
        return named
    recognized = index.recognize(named.text)
    differs = _differs(index, (named.text, *named.others))
    if differs is not None:
        return differs
    at = when(dated) if dated else ""
    if isinstance(at, When) and at.day > on:
        return Refused("dated after the day that is asked for")
    known = at if isinstance(at, When) else None
    return Proposal(
        question=rules.question,
        value=named.text,
        resource=held.key,
        code=named.code,
        stale=known is None or (on - known.day).days >= rules.stale_after,
        date=known.text if known else None,
        recognized=recognized.name or None,
    )


def _differs(index: MedicineIndex, names: tuple[str, ...]) -> Refused | None:
    """Say why the names of one medicine cannot be taken; None if they can."""
    known: dict[tuple[str, ...], str] = {}
    for name in names:
        found = index.recognize(name)
        if found.standing == "not_taken":
            return Refused(f"“{name}” does not say that something is taken")
        if found.ingredients:
            known.setdefault(found.ingredients, name)
    if len(known) < 2:
        return None
    said = ", ".join(f"“{name}”" for name in known.values())
    return Refused(f"its codes and its text name different medicines ({said}); ask", ask=True)


def _read(held: Held, rules: RecordMedicines, on: dt.date) -> tuple[Prescribed, str] | Refused:
    if held.kind == STATEMENT:
        said = read_resource(held.resource, MedicationStatement)
        if isinstance(said, Refused):
            return said
        start = said.effective_period.start if said.effective_period else None
        dated = said.date_asserted or said.effective_date_time or start or ""
        return _not_stated(said, rules, on) or (said, dated)
    order = read_resource(held.resource, MedicationRequest)
    if isinstance(order, Refused):
        return order
    return _not_ordered(order, rules, on) or (order, order.authored_on or "")


def _not_stated(said: MedicationStatement, rules: RecordMedicines, on: dt.date) -> Refused | None:
    """Say why a statement does not say that something is taken on a day; None if it does."""
    if said.effective_period and said.effective_date_time:
        return Refused("cannot be read: it holds effective[x] more than once")
    if said.status not in rules.statements:
        return Refused(f"its status is {said.status or 'not said'}")
    if said.was_not_taken or said.taken not in (None, _TAKEN):
        return Refused("it does not say that it is taken")
    if ended_before(said.effective_period, on) or _all_ended(said.dosage, on):
        return Refused(_ENDED)
    day = Period(start=said.effective_date_time)
    if begins_after(said.effective_period, on) or begins_after(day, on):
        return Refused(_LATER)
    return None


def _not_ordered(order: MedicationRequest, rules: RecordMedicines, on: dt.date) -> Refused | None:
    """Say why an order does not say that something is taken on a day; None if it does."""
    if order.status not in rules.orders:
        return Refused(f"its status is {order.status or 'not said'}")
    if order.intent not in rules.intents:
        return Refused(f"its intent is {order.intent or 'not said'}, which is no order")
    if order.do_not_perform:
        return Refused("it says not to take it")
    supply = order.dispense_request.validity_period if order.dispense_request else None
    if ended_before(supply, on) or _all_ended(order.dosage_instruction, on):
        return Refused(_ENDED)
    if begins_after(supply, on) or _all_later(order.dosage_instruction, on):
        return Refused(_LATER)
    return None


def _all_later(how: Sequence[Dosage], on: dt.date) -> bool:
    """Tell whether all instructions say from when, and none begins by the day."""
    return bool(how) and all(begins_after(item.bounds, on) for item in how)


def _all_ended(how: Sequence[Dosage], on: dt.date) -> bool:
    """Tell whether all instructions say until when, and none reaches the day."""
    return bool(how) and all(ended_before(item.bounds, on) for item in how)


def names_of(
    held: Held, rules: RecordMedicines, named: Mapping[str, Held]
) -> tuple[str, ...] | Refused:
    """Return everything that a request for a medicine or for a procedure names.

    Its codes and its text may name different things; what is read first stands first.

    Args:
        held: ``MedicationRequest``, or ``ServiceRequest``, whose name is its code.
        rules: Says which codes name nothing.
        named: The medicines it may refer to.
    """
    if held.kind == ORDER:
        read = read_resource(held.resource, MedicationRequest)
    else:
        code = {"medicationCodeableConcept": held.resource.get("code", {})}
        read = read_resource(code, MedicationRequest)
    if isinstance(read, Refused):
        return read
    concept = _concept(read, rules, named)
    if isinstance(concept, Refused):
        return concept
    said = [_text(coding.display) for coding in concept.coding] + [_text(concept.text)]
    return tuple(dict.fromkeys(item for item in said if item)) or Refused(_NAMELESS)


def _concept(
    read: Prescribed, rules: RecordMedicines, named: Mapping[str, Held]
) -> Concept | Refused:
    if read.medication_codeable_concept and read.medication_reference:
        return Refused("cannot be read: it holds medication[x] more than once")
    concept = read.medication_codeable_concept or _referred(read, named)
    if isinstance(concept, Refused):
        return concept
    if any(item.system in rules.nothing_said for item in concept.coding):
        return Refused("it says that nothing is known or taken, which answers nothing")
    return concept


def _name(read: Prescribed, rules: RecordMedicines, named: Mapping[str, Held]) -> _Named | Refused:
    concept = _concept(read, rules, named)
    if isinstance(concept, Refused):
        return concept
    codes: dict[str, str] = {}
    for coding in concept.coding:
        if text := _text(coding.display):
            codes.setdefault(text, _code(coding))
    if text := _text(concept.text):
        codes.setdefault(text, next(map(_code, concept.coding), ""))
    if not codes:
        return Refused(_NAMELESS, ask=True)
    first, *others = codes
    return _Named(first, codes[first], tuple(others))


def _referred(read: Prescribed, named: Mapping[str, Held]) -> Concept | Refused:
    said = read.medication_reference.reference if read.medication_reference else None
    if not said:
        return Refused("it names no medicine as FHIR R4 has it", ask=True)
    found = list(_pointed_at(said, read, named))
    if len(found) != 1:
        return Refused("the medicine that it names is not in the record", ask=True)
    medicine = read_resource(found[0], Medication)
    if isinstance(medicine, Refused):
        return Refused(f"the medicine that it names: {medicine.because}")
    if medicine.status == ENTERED_IN_ERROR:
        return Refused(f"the medicine that it names is {ENTERED_IN_ERROR}")
    return medicine.code


def _pointed_at(
    said: str, read: Prescribed, named: Mapping[str, Held]
) -> Iterator[Mapping[str, Any]]:
    if said.startswith("#"):
        yield from (item for item in read.contained if f"#{item.get('id')}" == said)
    else:
        held = named.get(said.partition("/_history/")[0])
        if held is not None and held.kind == "Medication" and not held.unsure:
            yield held.resource


def _text(said: str | None) -> str:
    """Return a name as one line that a terminal and a case file can hold."""
    text = printable(" ".join((said or "").split()))
    return text if len(text) <= _LONGEST_NAME else ""


def _code(coding: Coding) -> str:
    return printable(f"{coding.system or ''}|{coding.code or ''}")
