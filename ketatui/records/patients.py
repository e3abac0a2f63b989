"""Whose a resource is: resources by the patient that their subject names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ketatui.garbage import without_collecting
from ketatui.records.reading import Entry
from ketatui.records.times import When, when
from ketatui.structs import Frozen

PATIENT = "Patient"
_TWO = "the record holds two of this id that differ"
DELETED = "the record says that it was deleted"
ENTERED_IN_ERROR = "entered-in-error"
"""The status of what was never meant, whatever kind of resource it is. Source: HL7 FHIR R4."""
_WHO = ("birthDate", "gender", "extension", "identifier", "name")
"""What tells two patients apart that two systems gave the same id."""


class Held(Frozen, frozen=True):
    """A resource with the name it is told by."""

    key: str
    resource: Mapping[str, Any]
    unsure: str = ""
    """Why nobody can tell what it says: the record holds two of this name that differ, or deletes
    it; empty for all others."""
    kind: str = ""
    """Its ``resourceType``."""

    def __post_init__(self) -> None:
        """Look its kind up once: it is asked for more often than anything else."""
        if not self.kind:
            msgspec.structs.force_setattr(self, "kind", str(self.resource["resourceType"]))


class Subject(Frozen, frozen=True):
    """One patient, and all that is theirs.

    Attributes:
        key: ``Patient/…``; as others name it where the record does not hold it.
        patient: The resource; None where the record does not hold it.
        resources: What names this patient as its subject, in the order of the record.
        named: All resources of the record by the names that others may use.
    """

    key: str
    patient: Held | None
    resources: tuple[Held, ...]
    named: Mapping[str, Held]

    def of(self, kind: str) -> list[Held]:
        """Return the resources of one kind."""
        return [item for item in self.resources if item.kind == kind]


@dataclass
class _Record:
    named: dict[str, Held] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)


Matters = Callable[[str, Mapping[str, Any]], bool]
"""Tells of a resource, by its kind, whether it can propose anything or has to be explained."""


def group_by_patient(
    entries: Iterable[Entry], kinds: frozenset[str], matters: Matters | None = None
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Group resources by the patient that they are about.

    Args:
        entries: All resources.
        kinds: Kinds of resources that are looked at; all others are passed over.
        matters: Which of these; None for all.

    Returns:
        The patients, in the order of the record; and resources that name none.
    """
    with without_collecting():
        return _grouped(_held(entries, kinds, matters))


def _grouped(record: _Record) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    of: dict[str, list[Held]] = {
        item.key: [] for item in record.held.values() if item.kind == PATIENT
    }
    nobody: list[str] = []
    known: dict[str, str | None] = {}
    for item in record.held.values():
        if item.kind in (PATIENT, "Medication"):
            continue
        resource = item.resource
        whose = resource.get("subject") or resource.get("patient")
        said = whose.get("reference") if type(whose) is dict else None
        said = said if type(said) is str else ""
        if said not in known:
            known[said] = _subject_of(said.partition("/_history/")[0], record.named)
        key = known[said]
        if key is None:
            nobody.append(item.key)
        else:
            of.setdefault(key, []).append(item)
    subjects = tuple(
        Subject(key, _patient(record.held.get(key)), tuple(theirs), record.named)
        for key, theirs in of.items()
    )
    return subjects, tuple(nobody)


def of_others(subjects: Iterable[Subject], own: Subject) -> tuple[str, ...]:
    """Return the names of what is of other patients than one."""
    return tuple(held.key for item in subjects if item is not own for held in item.resources)


def _patient(held: Held | None) -> Held | None:
    return held if held is not None and held.kind == PATIENT else None


def _held(entries: Iterable[Entry], kinds: frozenset[str], matters: Matters | None) -> _Record:
    record = _Record()
    held, named = record.held, record.named
    unsure = False
    deleted: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        resource, url = entry.resource, entry.url
        kind = str(resource["resourceType"])
        if kind not in kinds or not (matters is None or matters(kind, resource)):
            continue
        if entry.deleted:
            deleted |= {f"{kind}/{resource['id']}", url}
            continue
        ident = resource.get("id")
        key = f"{kind}/{ident}" if isinstance(ident, str) and ident else url
        key = key or f"{kind}/ (number {number}, without an id)"
        item = Held(key, resource, "", kind)
        there = held.get(key)
        if there is not None:
            unsure = True
            item = _one_of(there, item)
        held[key] = named[key] = item
        if url:
            named[url] = item
    for name in deleted & named.keys():
        unsure = True
        item = named[name]
        held[item.key] = item.replaced(unsure=DELETED)
    if unsure:
        # What came under an address first may have turned out to stand twice.
        record.named = {name: held[item.key] for name, item in named.items()}
    return record


def _one_of(there: Held, item: Held) -> Held:
    """Choose between two of one name: the later version, or neither."""
    if there.unsure or there.resource == item.resource:
        return there
    old, new = _updated(there.resource), _updated(item.resource)
    other = item.kind == PATIENT and any(
        there.resource.get(part) != item.resource.get(part) for part in _WHO
    )
    if other or old is None or new is None or old == new:
        return there.replaced(unsure=_TWO)
    return item if new > old else there


def _updated(resource: Mapping[str, Any]) -> dt.datetime | None:
    """Return when a version was stored; None where nobody says."""
    meta = resource.get("meta")
    said = meta.get("lastUpdated") if isinstance(meta, Mapping) else None
    at = when(said) if isinstance(said, str) else None
    return at.moment if isinstance(at, When) else None


def reference_of(value: Any) -> str:
    """Return what a reference names, without the version; empty for anything else."""
    said = value.get("reference") if isinstance(value, Mapping) else None
    return said.partition("/_history/")[0] if isinstance(said, str) else ""


def _subject_of(said: str, named: Mapping[str, Held]) -> str | None:
    there = named.get(said)
    if there is not None:
        return there.key if there.kind == PATIENT else None
    # Of a patient whose own resource was left out of the record, the name is all there is.
    return said if said.startswith((f"{PATIENT}/", "urn:")) or f"/{PATIENT}/" in said else None
