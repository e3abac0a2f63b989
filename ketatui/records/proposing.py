"""All that one patient's record proposes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ketatui.cases.model import Case
from ketatui.criteria.models.records import RecordFile, RecordPatient
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.engine import Knowledge
from ketatui.garbage import without_collecting
from ketatui.records.conditions import KIND as CONDITION
from ketatui.records.conditions import Conditions
from ketatui.records.forms import KIND as FORM
from ketatui.records.forms import Forms
from ketatui.records.labs import Labs
from ketatui.records.medicines import ORDER, STATEMENT, propose_medicines
from ketatui.records.merging import one_each
from ketatui.records.model import NotUsed, Proposal, Proposals
from ketatui.records.observations import Observations
from ketatui.records.oldness import marked
from ketatui.records.patients import PATIENT, Held, Subject
from ketatui.records.resources import Patient
from ketatui.records.results import KIND as OBSERVATION
from ketatui.records.sex import sex_of
from ketatui.records.times import ages_on
from ketatui.records.values import Refused, read_resource

_DEATH = ("deceasedBoolean", "deceasedDateTime")
_REPLACED = "replaced-by"
"""Of a link: to the record of the same person that is to be used."""


def kinds_of(mapping: RecordFile) -> frozenset[str]:
    """Return the kinds of resources that are looked at."""
    not_read = {item.resource for item in mapping.not_read}
    read = {PATIENT, OBSERVATION, STATEMENT, ORDER, "Medication"}
    read |= {CONDITION} if mapping.conditions else set()
    read |= {FORM} if mapping.forms else set()
    return frozenset(read | not_read)


class Proposer:
    """Proposes answers from the records of any number of patients.

    Attributes:
        kinds: Kinds of resources that are looked at.
    """

    def __init__(self, knowledge: Knowledge, mapping: RecordFile) -> None:
        """Prepare.

        Args:
            knowledge: The compiled pack.
            mapping: What in a record answers what.
        """
        self._knowledge, self._mapping = knowledge, mapping
        pack = knowledge.pack
        observations, labs = Observations(pack, mapping), Labs(pack, mapping)
        self._readers: list[Observations | Labs | Conditions | Forms] = [observations, labs]
        if mapping.conditions is not None:
            self._readers.append(Conditions(pack, mapping.conditions))
        if mapping.forms is not None:
            self._readers.append(Forms(pack, mapping, mapping.forms))
        self._codes = observations.known | labs.known
        self.kinds = kinds_of(mapping)
        self._because = {item.resource: item.because for item in mapping.not_read}
        self._order = {ident: number for number, ident in enumerate(knowledge.pack.questions)}

    def matters(self, kind: str, resource: Mapping[str, Any]) -> bool:
        """Tell whether a resource is anything but an observation of something else."""
        if kind != OBSERVATION:
            return True
        codes = self._codes
        try:
            coding = resource["code"]["coding"]
            for item in coding:
                if item["code"] in codes:
                    return True
            # Without any code it is words alone, which have to be explained as well.
            return not coding
        except (KeyError, TypeError):
            # Of another form: whoever reads it in full says what is amiss.
            return True

    def propose(self, subject: Subject, on: dt.date, case: Case | None = None) -> Proposals:
        """Propose answers from one patient's record; nothing from what is missing.

        Args:
            subject: The patient with their resources.
            on: The day that ages are counted to.
            case: What is known already: an answer that stands there is not proposed anew.

        Returns:
            Proposals in the order of the consultation, and what was looked at in vain.
        """
        with without_collecting():
            return self._proposed(subject, on, case)

    def _proposed(self, subject: Subject, on: dt.date, case: Case | None) -> Proposals:
        knowledge, mapping = self._knowledge, self._mapping
        proposed: list[Proposal] = []
        not_used: list[NotUsed] = []
        if subject.patient is not None:
            found = _patient(knowledge, mapping.patient, subject.patient, on)
            if isinstance(found, Refused):
                return Proposals(subject.key, (), (NotUsed(subject.key, found.because),))
            proposed, not_used = found
        for reader in self._readers:
            taken, left = reader.propose(subject, on)
            proposed += taken
            not_used += left
        proposed, left = one_each(proposed, not_used)
        not_used += left
        taken, left = propose_medicines(knowledge.medicines, mapping.medicines, subject, on)
        proposed += taken
        not_used += left
        because = self._because
        not_used += [
            NotUsed(held.key, because[held.kind])
            for held in subject.resources
            if held.kind in because
        ]
        if case is not None:
            proposed, known = _unanswered(knowledge, proposed, case)
            not_used += known
        proposed = [marked(knowledge.pack, mapping, item, on) for item in proposed]
        proposed.sort(key=lambda item: self._order.get(item.question, len(self._order)))
        return Proposals(subject.key, tuple(proposed), tuple(not_used))


def propose(
    knowledge: Knowledge, mapping: RecordFile, subject: Subject, on: dt.date, case: Case | None
) -> Proposals:
    """Propose answers from one patient's record; see `Proposer`."""
    return Proposer(knowledge, mapping).propose(subject, on, case)


def _patient(
    knowledge: Knowledge, rules: RecordPatient, held: Held, on: dt.date
) -> tuple[list[Proposal], list[NotUsed]] | Refused:
    if held.unsure:
        return Refused(f"{held.unsure}; nothing is proposed")
    read = read_resource(held.resource, Patient)
    if isinstance(read, Refused):
        return Refused(f"{read.because}; nothing is proposed")
    if read.deceased_boolean or read.deceased_date_time is not None:
        return Refused("recorded as deceased; nothing is proposed")
    if any(f"_{name}" in held.resource and name not in held.resource for name in _DEATH):
        # Its extension says why there is no value: it may well be that the day is not known.
        return Refused("whether the patient is alive is left open; nothing is proposed")
    if any(item.type == _REPLACED for item in read.link):
        return Refused("another record stands in its place; nothing is proposed")
    if read.active is False:
        return Refused("no longer in use in the record; nothing is proposed")
    proposed: list[Proposal] = []
    not_used: list[NotUsed] = []
    for said in (_age(knowledge, rules, read, held.key, on), sex_of(rules, read, held.key)):
        if isinstance(said, Proposal):
            proposed.append(said)
        elif said is not None:
            not_used.append(NotUsed(held.key, said.because, ask=said.ask))
    return proposed, not_used


def _age(
    knowledge: Knowledge, rules: RecordPatient, read: Patient, key: str, on: dt.date
) -> Proposal | Refused | None:
    if read.birth_date is None:
        return None
    ages = ages_on(read.birth_date, on)
    if not ages:
        return Refused("its birth date cannot be read, or is after the day that is asked for")
    if len(ages) > 1:
        return Refused("its birth date is known only in part, and two ages are possible")
    question = knowledge.pack.questions[rules.age]
    if question.max is not None and ages[0] > question.max:
        return Refused(f"an age of {ages[0]} is out of range; allowed: to {question.max}")
    return Proposal(rules.age, ages[0], key, "Patient.birthDate")


def _unanswered(
    knowledge: Knowledge, proposed: list[Proposal], case: Case
) -> tuple[list[Proposal], list[NotUsed]]:
    """Leave out what the case answers already: a record does not overrule whoever asked."""
    listed = {knowledge.medicines.recognize(row.name).name for row in case.medications} - {""}
    typed = {row.name.casefold() for row in case.medications}
    left: list[Proposal] = []
    known: list[NotUsed] = []
    for item in proposed:
        if item.question in case.answers or item.question in case.scale_items:
            label = knowledge.pack.questions[item.question].label
            known.append(NotUsed(item.resource, f"{label}: the case has an answer already"))
        elif item.question == MEDICATIONS and (
            item.recognized in listed or str(item.value).casefold() in typed
        ):
            known.append(NotUsed(item.resource, "the case lists this medicine already"))
        else:
            left.append(item)
    return left, known
