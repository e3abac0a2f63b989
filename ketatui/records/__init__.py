"""Patients' records in FHIR R4: what they propose as answers, each with where it comes from."""

from ketatui.records.draft import with_proposals
from ketatui.records.model import Left, NotUsed, Proposal, Proposals
from ketatui.records.naming import named
from ketatui.records.patients import Subject, group_by_patient
from ketatui.records.proposing import Proposer, propose
from ketatui.records.reading import Entry, RecordError, read_records

__all__ = [
    "Entry",
    "Left",
    "NotUsed",
    "Proposal",
    "Proposals",
    "Proposer",
    "RecordError",
    "Subject",
    "group_by_patient",
    "named",
    "propose",
    "read_records",
    "with_proposals",
]
