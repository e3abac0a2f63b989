"""What a client prefetches, and what of it came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.pack import Pack
from ketatui.records import Entry, Proposer, Subject, group_by_patient
from ketatui.records.patients import Held
from ketatui.records.reading import failure_in
from ketatui.records.searches import PATIENT, searches
from ketatui.service.orders import MEDICINE, OTHERS, PROCEDURE
from ketatui.service.refusal import Refusal
from ketatui.structs import Frozen

READ = {
    "observations": "measurements and scales",
    "orders": "orders of medicines",
    "statements": "statements of medicines",
    "conditions": "conditions",
    "forms": "forms that were filled in",
}
"""What is read beside the patient, and what it is called."""
_DEEPEST = 8
"""Bundles within bundles."""


def templates(pack: Pack, mapping: RecordFile) -> dict[str, str]:
    """Return the prefetch templates of all services."""
    return searches(pack, mapping, "{{context.patientId}}")


class Record(Frozen, frozen=True):
    """What came of one patient's record.

    Attributes:
        subject: The patient, with what is theirs.
        drafts: Draft orders, if any were sent, by the names of the call.
        gaps: What did not come, or not whole, a sentence each.
    """

    subject: Subject
    drafts: tuple[Held, ...]
    gaps: tuple[str, ...]


def record_of(
    proposer: Proposer,
    patient_id: str,
    prefetch: Mapping[str, Mapping[str, Any] | None],
    drafts: Mapping[str, Any] | None,
    server: str = "",
) -> Record:
    """Read what was prefetched.

    Args:
        proposer: Says what is looked at.
        patient_id: Whose chart it is.
        prefetch: Resources by the keys of `templates`.
        drafts: A Bundle of draft orders.
        server: The address of the FHIR server, by which resources may name the patient.

    Raises:
        Refusal: The patient did not come, is another one, or something is no resource: without
            it nothing can be said.
    """
    patient = prefetch.get(PATIENT)
    if patient is None or patient.get("resourceType") != "Patient":
        raise Refusal(412, "the patient was not prefetched; without it nothing can be said")
    if patient.get("id") != patient_id:
        raise Refusal(422, "prefetch.patient is not the patient of the context")
    entries = [Entry(dict(patient), server and f"{server.rstrip('/')}/Patient/{patient_id}")]
    gaps: list[str] = []
    for key, title in READ.items():
        said = prefetch.get(key)
        gap = _gap(said)
        if gap:
            gaps.append(f"{title.capitalize()} {gap}.")
        kind = said.get("resourceType") if said is not None else None
        if said is not None and kind != "OperationOutcome" and not _has_rules(said):
            entries += _entries(said, f"prefetch.{key}")
    subjects, nobody = group_by_patient(entries, proposer.kinds, proposer.matters)
    own = next(item for item in subjects if item.key == f"Patient/{patient_id}")
    others = sum(len(item.resources) for item in subjects if item is not own) + len(nobody)
    if others:
        what = "1 resource is" if others == 1 else f"{others} resources are"
        gaps.append(f"{what} not of this patient, or of nobody, and left out.")
    return Record(own, _drafts(drafts), tuple(gaps))


def _gap(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return "were not given"
    if said.get("resourceType") == "OperationOutcome":
        return "could not be read by the record system"
    links = said.get("link")
    if isinstance(links, list) and any(
        isinstance(item, Mapping) and item.get("relation") == "next" for item in links
    ):
        return "were given in part: the record holds more"
    entries = said.get("entry")
    for item in entries if isinstance(entries, list) else ():
        resource = item.get("resource") if isinstance(item, Mapping) else None
        if isinstance(resource, Mapping) and failure_in(resource):
            return "were given in part: the record system says that something failed"
    return "come with rules of their own, and are left out" if _has_rules(said) else ""


def _has_rules(said: Mapping[str, Any]) -> bool:
    """Tell whether a Bundle says that it can be understood only by rules of its own."""
    return said.get("resourceType") == "Bundle" and "implicitRules" in said


def _entries(data: Mapping[str, Any], where: str, depth: int = 0) -> Iterator[Entry]:
    """Yield the resources of a search result, or of a draft.

    Raises:
        Refusal: Something in it is no resource of FHIR.
    """
    kind = data.get("resourceType")
    if not isinstance(kind, str) or depth > _DEEPEST:
        raise Refusal(422, f"{where}: no resource of FHIR R4")
    if kind != "Bundle":
        yield Entry(dict(data))
        return
    found = data.get("entry", [])
    if not isinstance(found, list):
        raise Refusal(422, f"{where}: entry of a Bundle is a list")
    for item in found:
        resource = item.get("resource") if isinstance(item, dict) else None
        if not isinstance(resource, dict):
            raise Refusal(422, f"{where}: an entry holds no resource")
        named = item.get("fullUrl")
        url = named if isinstance(named, str) else ""
        kind = resource.get("resourceType")
        if isinstance(kind, str) and kind != "Bundle":
            yield Entry(resource, url)
            continue
        for entry in _entries(resource, where, depth + 1):
            yield entry.replaced(url=url or entry.url)


def _drafts(drafts: Mapping[str, Any] | None) -> tuple[Held, ...]:
    if drafts is None:
        return ()
    if drafts.get("resourceType") != "Bundle":
        raise Refusal(422, "context.draftOrders is no Bundle; allowed: a Bundle")
    if _gap(drafts):
        raise Refusal(422, "context.draftOrders is a part of a Bundle; allowed: a whole one")
    found: list[Held] = []
    for number, entry in enumerate(_entries(drafts, "context.draftOrders"), start=1):
        ident = entry.resource.get("id")
        known = isinstance(ident, str) and ident
        key = f"{entry.kind}/{ident}" if known else entry.url or f"{entry.kind}/ (number {number})"
        found.append(Held(key, entry.resource))
    return tuple(found)


def orders_in(drafts: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return the requests among draft orders, and what else may be one."""
    return tuple(item for item in drafts if item.kind in (MEDICINE, PROCEDURE, *OTHERS))
