"""Proposals for one consultation: read from a record, or kept in a draft, to be confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.consultation.confirming import PROPOSALS, Confirmed
from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.problems import PackError
from ketatui.criteria.records import load_records
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.engine import Knowledge
from ketatui.engine.staleness import counts_on
from ketatui.records.assumed import day_of
from ketatui.records.model import NotUsed, Proposal, Proposals
from ketatui.records.naming import named
from ketatui.records.oldness import marked
from ketatui.records.patients import group_by_patient, of_others
from ketatui.records.proposing import Proposer
from ketatui.records.reading import RecordError, folders_within, read_records
from ketatui.records.searches import searches
from ketatui.records.server import Place


def offered_by(
    knowledge: Knowledge, mapping: RecordFile, path: Path, on: dt.date, case: Case
) -> Proposals:
    """Read a record of one patient.

    Args:
        knowledge: The compiled pack.
        mapping: What in a record answers what.
        path: A file or folder.
        on: The day that ages are counted to.
        case: What is known already.

    Raises:
        RecordError: It cannot be read, or is not of one patient.
    """
    proposer = Proposer(knowledge, mapping)
    subjects, nobody = group_by_patient(read_records([path]), proposer.kinds, proposer.matters)
    if len(subjects) != 1:
        count = "no patient" if not subjects else f"{len(subjects)} patients"
        raise RecordError(f"{path}: {count} in it; allowed: a record of one patient")
    found = named(proposer.propose(subjects[0], on, case), subjects[0])
    unnamed = tuple(NotUsed(item, "it names no patient") for item in nobody)
    because = "a folder within the folder of a record is not read; it can be opened by itself"
    within = tuple(NotUsed(f"{each.name}/", because) for each in folders_within([path]))
    return found.replaced(not_used=found.not_used + unnamed + within)


def offered_by_server(
    knowledge: Knowledge, mapping: RecordFile, place: Place, on: dt.date, case: Case
) -> Proposals:
    """Read one patient's record of a server.

    Args:
        knowledge: The compiled pack.
        mapping: What in a record answers what.
        place: The server, and whose record.
        on: The day that ages are counted to.
        case: What is known already.

    Raises:
        RecordError: It cannot be read.
    """
    proposer = Proposer(knowledge, mapping)
    wanted = searches(knowledge.pack, mapping, place.patient)
    entries, missing = place.server.record(place.patient, wanted)
    subjects, nobody = group_by_patient(entries, proposer.kinds, proposer.matters)
    key = f"Patient/{place.patient}"
    own = next(item for item in subjects if item.key == key)
    strange = [*of_others(subjects, own), *nobody]
    found = named(proposer.propose(own, on, case), own)
    lacking = tuple(NotUsed(kind, "the server does not offer it") for kind in missing)
    others = tuple(NotUsed(item, "it does not say that it is of this patient") for item in strange)
    return found.replaced(not_used=found.not_used + others + lacking)


def kept_in(knowledge: Knowledge, case: Case, on: dt.date) -> Proposals:
    """Return the proposals that a draft holds and nobody has confirmed.

    Args:
        knowledge: The compiled pack; what its questions do not take is left out, with the reason.
        case: The draft.
        on: The day that ages are counted to.
    """
    rows = case.extra.get(PROPOSALS)
    wait = [
        row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping) and "confirmed_by" not in row
    ]
    if not wait:
        return Proposals("")
    try:
        mapping = load_records(knowledge.pack)
    except PackError as error:
        # How old they may be nobody can say then.
        return Proposals("", (), (NotUsed("proposals", error.problems[0].message),))
    proposed: list[Proposal] = []
    not_used: list[NotUsed] = []
    for row in wait:
        said = _kept(knowledge, row, on)
        if isinstance(said, Proposal):
            proposed.append(marked(knowledge.pack, mapping, said, on))
        else:
            not_used.append(said)
    return Proposals("", tuple(proposed), tuple(not_used))


def _kept(knowledge: Knowledge, row: Mapping[str, Any], on: dt.date) -> Proposal | NotUsed:
    resource = str(row.get("resource", "a proposal"))
    question = knowledge.pack.questions.get(str(row.get("question")))
    value, date = row.get("value"), row.get("date")
    if question is None or not isinstance(value, bool | int | Decimal | str):
        return NotUsed(resource, "these criteria do not ask what it answers")
    if question.id == MEDICATIONS:
        stale = bool(row.get("stale", True))
    elif (why := _unusable(knowledge, question.id, value)) is not None:
        return NotUsed(resource, why)
    else:
        stale = bool(row.get("stale"))
    items, also = row.get("items"), row.get("also")
    kept = Proposal(
        question=question.id,
        value=value,
        resource=resource,
        code=str(row.get("code", "")),
        stale=stale,
        date=date if isinstance(date, str) else None,
        items={str(k): v for k, v in items.items() if isinstance(v, int)}
        if isinstance(items, Mapping)
        else {},
        also=tuple(map(str, also)) if isinstance(also, list) else (),
        recognized=knowledge.medicines.recognize(str(value)).name or None
        if question.id == MEDICATIONS
        else None,
    )
    return _aged(knowledge, kept, row.get("read_on"), on)


def _unusable(knowledge: Knowledge, ident: str, value: object) -> str | None:
    """Say why a question does not take a value; None if it does."""
    *groups, last = ident.split(".")
    table: dict[str, Any] = {last: value}
    for group in reversed(groups):
        table = {group: table}
    try:
        read_case("", path="proposals", pack=knowledge.pack, parsed={"answers": table})
    except CaseError as error:
        return error.problems[0].message
    return None


def _aged(knowledge: Knowledge, item: Proposal, read_on: object, on: dt.date) -> Proposal | NotUsed:
    """Count its age anew: a draft may have lain for a while."""
    try:
        day = day_of(item)
    except ValueError:
        return NotUsed(item.resource, "its date cannot be read")
    if day is None:
        day = read_on if isinstance(read_on, dt.date) else None
    question = knowledge.pack.questions[item.question]
    old = day is None or day > on or not counts_on(question, day, on)
    return item.replaced(stale=item.stale or old)


def to_confirm(item: Proposal) -> Confirmed:
    """Return a proposal as what an edit confirms; who a patient is in the record is left out."""
    value = str(item.value) if isinstance(item.value, Decimal) else item.value
    return Confirmed(
        question=item.question,
        value=value,
        resource="Patient" if item.resource.startswith("Patient/") else item.resource,
        code=item.code,
        date=item.date or "",
        day=day_of(item),
        items=dict(item.items),
        old=item.old,
    )


def may_be_confirmed(case: Case, item: Proposal) -> str:
    """Say why a proposal cannot be confirmed now; empty if it can.

    Args:
        case: The case as it stands.
        item: The proposal.
    """
    if item.stale:
        return "too old to count: ask again"
    if item.question == MEDICATIONS:
        typed = {row.name.casefold() for row in case.medications}
        return "listed already" if str(item.value).casefold() in typed else ""
    answered = item.question in case.answers or item.question in case.scale_items
    return "answered already" if answered else ""
